/** Random conditions: lookups, `Q` trees, subqueries as operands. */
import type { Call, Json } from "../conformance/format.ts";
import { booleanExpression, expressionOf } from "./expressions.ts";
import {
  call,
  expr,
  f,
  literal,
  literalOfKind,
  op,
  outerRef,
  piece,
  q,
  querySet,
  reference,
  type Scope,
  type Tools,
} from "./generator.ts";
import type { Kind, ModelInfo, Path, Scalar } from "./graph.ts";

const COMPARABLE = ["gt", "gte", "lt", "lte"] as const;
const TEXT = ["contains", "icontains", "startswith", "istartswith", "endswith", "iendswith"] as const;
const PARTS: Partial<Record<Kind, readonly string[]>> = {
  date: ["year", "month", "day", "week_day", "iso_week_day", "iso_year", "week", "quarter"],
  dt: [
    "year",
    "month",
    "day",
    "week_day",
    "iso_week_day",
    "iso_year",
    "week",
    "quarter",
    "hour",
    "minute",
    "second",
  ],
  time: ["hour", "minute", "second"],
};
const RANGES: Record<string, readonly [number, number]> = {
  year: [1994, 2023],
  iso_year: [1994, 2023],
  month: [1, 12],
  day: [1, 31],
  week_day: [1, 7],
  iso_week_day: [1, 7],
  week: [1, 53],
  quarter: [1, 4],
  hour: [0, 23],
  minute: [0, 59],
  second: [0, 59],
};
const PATTERNS = ["^A", "e$", "[0-9]+", "o.*o", "^$", "(an|in)", "\\w\\s\\w", "^.{3}$"];
const JSON_KEYS = ["a", "b", "theme", "0", "1", "nested", "k", "x y", "name", "lang"];
const ORDERED: readonly Kind[] = ["int", "float", "dec", "str", "date", "time", "dt", "dur", "uuid", "ip"];

type Condition = [string, Json];

/** The right side: a literal, another field, an expression, a subquery. */
function operand(tools: Tools, scope: Scope, scalar: Scalar): Json {
  const { random } = tools;
  const { kind } = scalar;
  const plain = () => literal(tools, scalar);
  if (random.chance(0.72) || kind === "json" || kind === "pair" || kind === "bin") return plain();
  if (scope.outer && random.chance(0.5)) {
    const outer = reference(tools, scope.outer, [kind], { many: false, aggregates: false, depth: 2 });
    if (outer) return outerRef(outer.path);
  }
  if (random.chance(0.5)) {
    const other = reference(tools, scope, [kind], { depth: 2 });
    if (!other) return plain();
    if (kind === "int" && random.chance(0.4))
      return op(random.pick(["+", "-", "*"]), f(other.path), random.int(1, 3));
    return f(other.path);
  }
  if (scope.depth < 2 && random.chance(0.45)) {
    const sub = scalarSubquery(tools, scope, kind);
    if (sub) return sub;
  }
  return expressionOf(tools, scope, kind, 1) ?? plain();
}

/** A date part: `pubdate__year__gt`. */
function partCondition(tools: Tools, scope: Scope, { path, field }: Pick<Path, "path" | "field">): Condition {
  const { random } = tools;
  if (field.kind === "dt" && random.chance(0.2)) {
    const kind = random.pick(["date", "time"] as const);
    const suffix = random.pick(["", ...COMPARABLE.map((name) => `__${name}`)]);
    return [`${path}__${kind}${suffix}`, literalOfKind(tools, kind)];
  }
  const part = random.pick(PARTS[field.kind] ?? []);
  const [low, high] = RANGES[part] ?? [0, 1];
  const number = () => random.int(low, high);
  if (random.chance(0.15)) return [`${path}__${part}__in`, [number(), number(), number()]];
  if (random.chance(0.1)) {
    const other = reference(tools, scope, ["int"], { depth: 2 });
    if (other) return [`${path}__${part}`, f(other.path)];
  }
  return [`${path}__${part}${random.pick(["", "", ...COMPARABLE.map((name) => `__${name}`)])}`, number()];
}

function jsonCondition(tools: Tools, { path, field }: Pick<Path, "path" | "field">): Condition {
  const { random } = tools;
  const keys = keysOf(field.values);
  const key = random.chance(0.75) && keys.length > 0 ? random.pick(keys) : random.pick(JSON_KEYS);
  const inner = random.chance(0.3)
    ? `${path}__${key}__${random.pick([...keys, ...JSON_KEYS])}`
    : `${path}__${key}`;
  return random.weighted<() => Condition>([
    [3, () => [`${path}__has_key`, key]],
    [1, () => [`${path}__has_keys`, random.some([...keys, ...JSON_KEYS], 1, 3)]],
    [1, () => [`${path}__has_any_keys`, random.some([...keys, ...JSON_KEYS], 1, 3)]],
    [2, () => [`${path}__isnull`, random.chance(0.5)]],
    [3, () => [path, literal(tools, field)]],
    [
      6,
      () => [
        inner,
        random.chance(0.6) ? random.pick(valuesAt(field.values, key)) : literalOfKind(tools, "json"),
      ],
    ],
    [3, () => [`${inner}__isnull`, random.chance(0.5)]],
    [2, () => [`${inner}__${random.pick(TEXT)}`, piece(tools, { kind: "str", values: [] })]],
    [2, () => [`${inner}__${random.pick(COMPARABLE)}`, random.pick([0, 1, 2, 10, "a", "m"])]],
    [2, () => [`${inner}__in`, [literalOfKind(tools, "json"), random.pick([1, "a", true, "dark"])]]],
    [1, () => [`${path}__contains`, { a: 1 }]],
  ])();
}

function keysOf(values: readonly Json[]): string[] {
  const objects = values.filter((item) => typeof item === "object" && item !== null && !Array.isArray(item));
  const keys = objects.flatMap((item) => Object.keys(item as object));
  return [...new Set(keys)].filter((key) => /^[a-z0-9 ]+$/i.test(key));
}

function valuesAt(values: readonly Json[], key: string): Json[] {
  const found = values
    .map((item) => (item as Record<string, Json> | null)?.[key])
    .filter((item) => item !== undefined);
  return found.length > 0 ? found : [1, "a", null];
}

/** One lookup with its value. */
export function lookup(tools: Tools, scope: Scope): Condition {
  const { random, graph } = tools;
  const found = reference(tools, scope) ?? { path: "pk", field: scope.model.pk };
  const { path, field } = found;
  const { kind } = field;
  if (field.target && random.chance(0.2)) {
    const target = graph.get(field.target);
    if (random.chance(0.5)) return [`${path}__isnull`, random.chance(0.5)];
    return [`${path}__in`, subquerySet(tools, scope, target, undefined)];
  }
  if (kind === "pair") return pairCondition(tools, path, field);
  if (kind === "json") return jsonCondition(tools, found);
  if (random.chance(0.1)) return [`${path}__isnull`, random.chance(0.5)];
  if (PARTS[kind] && random.chance(0.4)) return partCondition(tools, scope, found);
  if (kind === "bool" || kind === "bin")
    return [random.chance(0.7) ? path : `${path}__exact`, operand(tools, scope, field)];
  if (random.chance(0.14)) return [`${path}__in`, list(tools, scope, field)];
  if (random.chance(0.08))
    return [`${path}__range`, { $tuple: [literal(tools, field), literal(tools, field)] }];
  if (kind === "str" && random.chance(0.5)) return textCondition(tools, scope, found);
  if ((kind === "int" || kind === "uuid" || kind === "ip") && random.chance(0.06)) {
    return [`${path}__${random.pick(TEXT)}`, random.pick(["1", "0", "12", ""])];
  }
  if (random.chance(0.45))
    return [random.chance(0.7) ? path : `${path}__exact`, operand(tools, scope, field)];
  return [`${path}__${random.pick(COMPARABLE)}`, operand(tools, scope, field)];
}

function textCondition(tools: Tools, scope: Scope, { path, field }: Pick<Path, "path" | "field">): Condition {
  const { random } = tools;
  if (random.chance(0.12)) return [`${path}__${random.pick(["regex", "iregex"])}`, random.pick(PATTERNS)];
  if (random.chance(0.2)) return [`${path}__iexact`, piece(tools, field)];
  const name = `${path}__${random.pick(TEXT)}`;
  if (random.chance(0.15)) {
    const other = reference(tools, scope, ["str"], { depth: 2 });
    if (other) return [name, f(other.path)];
  }
  return [name, piece(tools, field)];
}

function pairCondition(tools: Tools, path: string, field: Scalar): Condition {
  const { random } = tools;
  const pair = () => literal(tools, field);
  if (random.chance(0.3)) return [`${path}__in`, [pair(), pair()]];
  if (random.chance(0.2)) return [`${path}__${random.pick(COMPARABLE)}`, pair()];
  return [path, pair()];
}

function list(tools: Tools, scope: Scope, field: Scalar): Json {
  const { random } = tools;
  if (scope.depth < 2 && random.chance(0.35)) {
    const inner = pickSource(tools, field.kind);
    if (inner) return subquerySet(tools, scope, inner.model, inner.field.name);
  }
  const items = Array.from({ length: random.int(0, 4) }, () => literal(tools, field));
  if (random.chance(0.1)) items.push(null);
  // Django compares a foreign key with the text of an expression in the list.
  if (!field.target && random.chance(0.12)) {
    const other = reference(tools, scope, [field.kind], { depth: 1 });
    if (other) items.push(f(other.path));
  }
  return items;
}

function pickSource({ random, graph }: Tools, kind: Kind): { model: ModelInfo; field: Scalar } | undefined {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const model = random.pick(graph.models);
    const fields = model.scalars.filter((field) => field.kind === kind);
    if (fields.length > 0) return { model, field: random.pick(fields) };
  }
  return undefined;
}

/** A queryset as an operand of `in`; with a field's name, its values. */
function subquerySet(tools: Tools, scope: Scope, model: ModelInfo, column: string | undefined): Json {
  const { random } = tools;
  const inner: Scope = { model, annotations: [], depth: scope.depth + 1, outer: scope };
  const chain: Call[] = [];
  if (random.chance(0.8)) chain.push(filterCall(tools, inner, 1));
  if (column) chain.push(call(random.pick(["values", "values_list"]), [column]));
  if (random.chance(0.15)) chain.push(call("order_by", ["pk"]), call("slice", [null, random.int(1, 4)]));
  if (random.chance(0.05)) chain.push(call("distinct"));
  return querySet(model, chain);
}

/** How a related model's rows belong to the outer row: `{book: OuterRef("pk")}`. */
function correlation({ random, graph }: Tools, scope: Scope): { model: ModelInfo; call: Call } | undefined {
  const candidates = graph.models.flatMap((model) =>
    model.scalars
      .filter((field) => field.target && graph.get(field.target).label === scope.model.label)
      .map((field) => ({ model, field })),
  );
  if (scope.model.pk.kind === "pair") return undefined;
  if (candidates.length > 0 && random.chance(0.8)) {
    const { model, field } = random.pick(candidates);
    return { model, call: call("filter", undefined, { [field.name]: outerRef("pk") }) };
  }
  const forward = scope.model.scalars.filter((field) => field.target);
  if (forward.length === 0) return undefined;
  const field = random.pick(forward);
  return {
    model: graph.get(field.target as string),
    call: call("filter", undefined, { pk: outerRef(field.name) }),
  };
}

/** `Exists(...)`, correlated. */
export function exists(tools: Tools, scope: Scope): Json | undefined {
  const related = correlation(tools, scope);
  if (!related) return undefined;
  const { random } = tools;
  const inner: Scope = { model: related.model, annotations: [], depth: scope.depth + 1, outer: scope };
  const chain = [related.call];
  if (random.chance(0.6)) chain.push(filterCall(tools, inner, 1));
  const result = expr("Exists", [querySet(related.model, chain)]);
  return random.chance(0.25) ? op("~", result) : result;
}

/** `Subquery(...)` with one row of one column, correlated, of a kind. */
export function scalarSubquery(tools: Tools, scope: Scope, kind: Kind): Json | undefined {
  const related = correlation(tools, scope);
  if (!related) return undefined;
  const { random } = tools;
  const inner: Scope = { model: related.model, annotations: [], depth: scope.depth + 1, outer: scope };
  const chain = [related.call];
  if (random.chance(0.4)) chain.push(filterCall(tools, inner, 1));
  if (kind === "int" && random.chance(0.25)) {
    const key = related.call.kwargs ? (Object.keys(related.call.kwargs)[0] as string) : "pk";
    chain.push(call("order_by"), call("values", [key]));
    chain.push(call("annotate", undefined, { n: expr("Count", ["pk"]) }), call("values", ["n"]));
    return expr("Subquery", [querySet(related.model, chain)]);
  }
  const found = reference(tools, inner, [kind], { many: false, depth: 2 });
  if (!found) return undefined;
  chain.push(
    call("order_by", [...(random.chance(0.4) ? [`-${found.path}`] : []), random.pick(["pk", "-pk"])]),
  );
  chain.push(call(random.pick(["values", "values_list"]), [found.path]), call("slice", [null, 1]));
  return expr("Subquery", [querySet(related.model, chain)]);
}

/** One child of a `Q`. */
function child(tools: Tools, scope: Scope, depth: number): Json {
  const { random } = tools;
  if (depth > 0 && random.chance(0.35)) return condition(tools, scope, depth - 1);
  if (scope.depth < 2 && random.chance(0.07)) return exists(tools, scope) ?? lookup(tools, scope);
  if (random.chance(0.05)) return booleanExpression(tools, scope);
  return lookup(tools, scope);
}

/** A `Q` tree. */
export function condition(tools: Tools, scope: Scope, depth: number): Json {
  const { random } = tools;
  const connector = random.weighted([
    [5, "AND"],
    [4, "OR"],
    [1, "XOR"],
  ]);
  const count = random.weighted([
    [4, 1],
    [5, 2],
    [2, 3],
  ]);
  const children = Array.from({ length: count }, () => child(tools, scope, depth));
  return q(count === 1 ? "AND" : connector, children, random.chance(0.25));
}

/** `filter(...)` or `exclude(...)`. */
export function filterCall(tools: Tools, scope: Scope, depth = 2): Call {
  const { random } = tools;
  const m = random.chance(0.72) ? "filter" : "exclude";
  if (random.chance(0.4)) {
    const pairs = Array.from({ length: random.int(1, 2) }, () => lookup(tools, scope));
    return call(m, undefined, Object.fromEntries(pairs));
  }
  return call(m, [condition(tools, scope, depth)]);
}

export { ORDERED };
