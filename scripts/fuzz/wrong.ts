/** Makes chains wrong: names that do not exist, values of other types, calls that the chain forbids. */
import { type Call, isRecord, type Json } from "../conformance/format.ts";
import { call, expr, f, literalOfKind, q, querySet, type Tools } from "./generator.ts";
import type { ModelInfo } from "./graph.ts";

const VALUES: readonly Json[] = [
  "abc",
  "",
  null,
  true,
  -1,
  1.5,
  [],
  [null],
  ["a", 1],
  {},
  { a: 1 },
  { $date: "2020-01-01" },
  { $datetime: "2020-01-01T00:00:00Z" },
  { $decimal: "1.5" },
  { $bytes: "AA==" },
];

function wrongName({ random }: Tools, name: string): string {
  return random.pick([
    "bogus",
    `${name}__bogus`,
    `bogus__${name}`,
    `${name}__exact__gt`,
    `${name}__in`,
    `${name}__year`,
    `${name}__isnull`,
    `${name}__contains`,
    `${name}__date__hour`,
    `${name}_id`,
    `${name}_`,
  ]);
}

/** Changes one name or value somewhere in the arguments. */
function spoilNode(tools: Tools, node: Json, odds: number): Json {
  const { random } = tools;
  if (Array.isArray(node)) {
    if (node.length === 0) return node;
    const at = random.int(0, node.length - 1);
    return node.with(at, spoilNode(tools, node[at], odds));
  }
  if (!isRecord(node)) {
    if (typeof node === "string" && random.chance(odds)) return wrongName(tools, node);
    return random.pick(VALUES);
  }
  const [key] = Object.keys(node);
  if (key === "$f") return f(wrongName(tools, String(node["$f"])));
  if (key === "$q") {
    const inner = node["$q"] as { children: Json[] };
    return { $q: { ...inner, children: spoilNode(tools, inner.children, 0.5) } };
  }
  if (key === "$expr") {
    const inner = node["$expr"] as { name: string; args?: Json[]; kwargs?: Record<string, Json> };
    if (!inner.args || inner.args.length === 0) return node;
    return { $expr: { ...inner, args: spoilNode(tools, inner.args, 0.8) } };
  }
  if (key === "$op") {
    const [name, ...operands] = node["$op"] as [string, ...Json[]];
    return { $op: [name, ...(spoilNode(tools, operands, 0.5) as Json[])] };
  }
  if (key?.startsWith("$")) return random.pick(VALUES);
  return random.pick(VALUES);
}

function spoilCall(tools: Tools, made: Call): Call {
  const { random } = tools;
  const names = Object.keys(made.kwargs ?? {});
  if (names.length > 0 && (!made.args || random.chance(0.6))) {
    const name = random.pick(names);
    const entries = Object.entries(made.kwargs ?? {}).map(([key, value]): [string, Json] => {
      if (key !== name) return [key, value];
      return random.chance(0.5) ? [wrongName(tools, key), value] : [key, spoilNode(tools, value, 0.3)];
    });
    return { ...made, kwargs: Object.fromEntries(entries) };
  }
  if (made.args && made.args.length > 0) {
    return { ...made, args: spoilNode(tools, made.args, 0.85) as Json[] };
  }
  return { ...made, args: [random.pick(VALUES)] };
}

/** A call that is often not allowed where it stands. */
function unfitting(tools: Tools, model: ModelInfo): Call {
  const { random, graph } = tools;
  const field = random.pick(model.scalars).name;
  const other = random.pick(graph.models);
  return random.pick<() => Call>([
    () => call("filter", undefined, { [field]: literalOfKind(tools, "int") }),
    () => call("exclude", [q("AND", [[field, null]])]),
    () => call("order_by", [field]),
    () => call("reverse"),
    () => call("distinct"),
    () => call("distinct", [field]),
    () => call("values", [field]),
    () => call("values_list", [field, "pk"], { flat: true }),
    () => call("values_list", [field], { flat: true, named: true }),
    () => call("annotate", undefined, { [field]: expr("Count", ["pk"]) }),
    () => call("annotate", undefined, { "a b": expr("Count", ["pk"]) }),
    () => call("annotate", [f(field)]),
    () => call("annotate", [expr("Max", [field])]),
    () => call("annotate", undefined, { x: 5 }),
    () => call("alias", undefined, { x: expr("Sum", [field]) }),
    () => call("select_related", [field]),
    () => call("select_related", [null]),
    () => call("prefetch_related", [field]),
    () => call("only", [field]),
    () => call("defer", [`${field}__x`]),
    () => call("slice", [1, 3]),
    () => call("slice", [-1, null]),
    () => call("slice", [3, 1]),
    () => call("union", [querySet(other, [])]),
    () => call("union", [querySet(model, [call("values", ["pk"])])]),
    () => call("and", [querySet(other, [])]),
    () => call("or", [querySet(model, [call("slice", [0, 1])])]),
    () => call("xor", [querySet(model, [call("distinct")])]),
    () => call("dates", [field, "year"]),
    () => call("dates", [field, "hour"]),
    () => call("datetimes", [field, "day", "up"]),
    () => call("extra", undefined, { select: { x: "1" }, order_by: ["x"] }),
    () => call("using", ["default"]),
    () => call("none"),
    () => call("all"),
    () => call("complex_filter", [{ [field]: literalOfKind(tools, "str") }]),
    () => call("filter", [querySet(other, [])]),
    () => call("filter", undefined, { [field]: querySet(other, []) }),
    () => call("filter", undefined, { [`${field}__in`]: querySet(other, [call("values", ["pk", "pk"])]) }),
    () => call("filter", undefined, { [field]: { $new: { model: other.label } } }),
    () => call("filter", undefined, { pk: expr("Max", ["pk"]) }),
    () => call("filter", undefined, { pk: { $outerref: field } }),
    () =>
      call("annotate", undefined, {
        fr: expr("FilteredRelation", [random.pick([field, "", "bogus", "a__b"])], {
          condition: q("AND", [[random.pick([field, "bogus__x"]), null]]),
        }),
      }),
    () => call("annotate", undefined, { x: expr("Subquery", [querySet(other, [])]) }),
    () => call("annotate", undefined, { x: expr("Case", [expr("Value", [1])]) }),
    () => call("annotate", undefined, { x: expr("Sum", [expr("Sum", [field])]) }),
    () => call("annotate", undefined, { x: expr("Window", [f(field)]) }),
    () => call("annotate", undefined, { x: expr("Window", [expr("Sum", [field])], { order_by: 5 }) }),
    () => call("annotate", undefined, { x: expr("Extract", [field, "bogus"]) }),
    () => call("annotate", undefined, { x: expr("Trunc", [field, "hour"]) }),
    () => call("annotate", undefined, { x: { $op: ["+", f(field), expr("Value", ["a"])] } }),
    () => call("annotate", undefined, { x: { $op: ["+", f(field), f("pk")] } }),
  ])();
}

/** The chain, wrong somewhere. */
export function spoil(
  tools: Tools,
  model: ModelInfo,
  chain: readonly Call[],
  terminal: Call,
): { chain: Call[]; terminal: Call } {
  const { random } = tools;
  const calls = [...chain];
  if (calls.length === 0 || random.chance(0.5)) {
    calls.splice(random.int(0, calls.length), 0, unfitting(tools, model));
    return { chain: calls, terminal };
  }
  if (random.chance(0.1)) return { chain: calls, terminal: spoilCall(tools, terminal) };
  const at = random.int(0, calls.length - 1);
  calls[at] = spoilCall(tools, calls[at] as Call);
  return { chain: calls, terminal };
}
