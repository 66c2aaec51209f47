/** Random read chains over an app, as cases of the conformance format. */
import type { Call, Json, QueryCase } from "../conformance/format.ts";
import { condition, filterCall } from "./conditions.ts";
import { aggregate, anyExpression, windowFunction } from "./expressions.ts";
import {
  type Annotation,
  call,
  expr,
  f,
  literal,
  op,
  q,
  querySet,
  reference,
  type Scope,
  type Tools,
} from "./generator.ts";
import type { Graph, ModelInfo } from "./graph.ts";
import { Random } from "./random.ts";
import { spoil } from "./wrong.ts";

const ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"];

/** How many chains are made wrong. */
const WRONG = 0.15;

/** A case without Django's answer. */
export type Question = Omit<QueryCase, "expect">;

/** The chain number `index` of a seed: the same for each count and app. */
export function question(graph: Graph, seed: number, index: number): Question {
  const random = new Random(Math.imul(seed, 1_000_003) + index);
  return new Chain({ random, graph }).make(`${graph.app}-${seed}-${index}`);
}

class Chain {
  readonly #tools: Tools;
  readonly #random: Random;
  readonly #graph: Graph;
  readonly #model: ModelInfo;
  readonly #annotations: Annotation[] = [];
  readonly #calls: Call[] = [];

  constructor(tools: Tools) {
    this.#tools = tools;
    this.#random = tools.random;
    this.#graph = tools.graph;
    this.#model = this.#random.pick(tools.graph.models);
  }

  get #scope(): Scope {
    return { model: this.#model, annotations: this.#annotations, depth: 0 };
  }

  make(id: string): Question {
    const random = this.#random;
    const manager =
      this.#model.managers.length > 0 && random.chance(0.4) ? random.pick(this.#model.managers) : null;
    const zone = random.chance(0.08) ? random.pick(ZONES) : null;
    const terminal = random.weighted<() => Call>([
      [9, () => this.#objects()],
      [8, () => this.#rows()],
      [5, () => this.#groups()],
      [3, () => this.#combined()],
      [3, () => this.#aggregates()],
      [1, () => this.#dates()],
      [0.7, () => this.#raw()],
    ])();
    const wrong = random.chance(WRONG) ? spoil(this.#tools, this.#model, this.#calls, terminal) : null;
    return {
      id,
      app: this.#graph.app,
      model: this.#model.name,
      ...(manager && { manager }),
      ...(zone && { timezone: zone }),
      chain: wrong?.chain ?? this.#calls,
      terminal: wrong?.terminal ?? terminal,
    };
  }

  /** Conditions and annotations, mixed. */
  #body(): void {
    const random = this.#random;
    const count = random.weighted([
      [1, 0],
      [4, 1],
      [4, 2],
      [2, 3],
      [1, 4],
    ]);
    for (let index = 0; index < count; index += 1) {
      random.weighted<() => void>([
        [6, () => this.#calls.push(filterCall(this.#tools, this.#scope))],
        [4, () => this.#annotate()],
        [0.5, () => this.#filteredRelation()],
        [0.5, () => this.#operator()],
        [0.4, () => this.#extra()],
      ])();
    }
  }

  #add(node: Json, annotation: Omit<Annotation, "name">): void {
    const name = `x${this.#annotations.length}`;
    const m = this.#random.chance(0.1) ? "alias" : "annotate";
    this.#calls.push(call(m, undefined, { [name]: node }));
    if (m === "alias" && this.#random.chance(0.4))
      this.#calls.push(call("annotate", undefined, { [name]: f(name) }));
    this.#annotations.push({ name, ...annotation });
  }

  #annotate(): void {
    const random = this.#random;
    if (random.chance(0.3)) {
      const { node, kind } = aggregate(this.#tools, this.#scope);
      this.#add(node, { kind, aggregate: true });
    } else if (random.chance(0.14)) {
      const { node, kind } = windowFunction(this.#tools, this.#scope);
      this.#add(node, { kind, aggregate: true });
    } else {
      const made = anyExpression(this.#tools, this.#scope);
      if (made)
        this.#add(made.node, { kind: made.kind, aggregate: JSON.stringify(made.node).includes('"$f":"x') });
    }
  }

  #filteredRelation(): void {
    const random = this.#random;
    const relations = this.#model.relations;
    if (relations.length === 0 || this.#calls.some((made) => made.kwargs?.["fr"])) return;
    const relation = random.pick(relations);
    const target = this.#graph.target(relation);
    const inner = reference(this.#tools, { model: target, annotations: [], depth: 2 }, undefined, {
      many: false,
      depth: 1,
    });
    if (!inner || inner.field.kind === "json") return;
    const literal_ = literal(this.#tools, inner.field);
    const own = q("AND", [[`${relation.name}__${inner.path}`, literal_]], random.chance(0.2));
    this.#calls.push(
      call("annotate", undefined, { fr: expr("FilteredRelation", [relation.name], { condition: own }) }),
    );
    const field = reference(this.#tools, { model: target, annotations: [], depth: 2 }, undefined, {
      many: false,
      depth: 1,
    });
    if (field) {
      this.#calls.push(
        call(random.pick(["filter", "filter", "exclude"]), undefined, {
          [`fr__${field.path}__isnull`]: random.chance(0.4),
        }),
      );
    }
  }

  /** `qs & qs`, `qs | qs`, `qs ^ qs`. */
  #operator(): void {
    const scope: Scope = { model: this.#model, annotations: [], depth: 1 };
    const other = [filterCall(this.#tools, scope, 1)];
    this.#calls.push(call(this.#random.pick(["and", "or", "or", "xor"]), [querySet(this.#model, other)]));
  }

  /** `extra()`: a column, or a condition, of the user's own SQL. */
  #extra(): void {
    const random = this.#random;
    const [table, column] = this.#graph.column(random, this.#model);
    const name = `"${table}"."${column}"`;
    const made = random.pick([
      { select: { e0: `${name} IS NULL` } },
      { select: { e0: name } },
      { select: { e0: `COALESCE(${name}, %s)` }, select_params: ["none"] },
      { where: [`${name} IS NOT NULL`] },
      { where: [`LENGTH(${name}) > %s`], params: [random.int(0, 3)] },
      { order_by: [`-${this.#model.pk.name === "pk" ? "pk" : this.#model.pk.name}`] },
    ]);
    this.#calls.push(call("extra", undefined, made));
  }

  /** `raw()`: all columns or some, with names of the user's own. */
  #raw(): Call {
    const random = this.#random;
    const found = this.#graph.table(this.#model);
    if (!found) return call("count");
    const { table, columns, key } = found;
    const some = [...key, ...random.some(columns, 0, 4)];
    const list = [...new Set(some)].map((column) => `"${column}"`);
    if (random.chance(0.3)) list.push(`"${random.pick(columns)}" AS more`, "1 + 1 AS two");
    const text = `SELECT ${list.join(", ")} FROM "${table}" ORDER BY ${key.map((column) => `"${column}"`).join(", ")}`;
    this.#calls.push(call("raw", [text]));
    if (random.chance(0.3)) this.#prefetch();
    return call("list");
  }

  /** An ordering, mostly down to the key. */
  #order(names?: readonly string[]): void {
    const random = this.#random;
    const terms: Json[] = [];
    const count = random.weighted([
      [4, 0],
      [4, 1],
      [1, 2],
    ]);
    for (let index = 0; index < count; index += 1) {
      const found = names
        ? { path: random.pick(names) }
        : reference(this.#tools, this.#scope, undefined, { many: random.chance(0.3), depth: 2 });
      if (!found) continue;
      if (random.chance(0.25)) {
        const nulls = random.pick([{}, { nulls_first: true }, { nulls_last: true }]);
        terms.push(
          expr("OrderBy", [f(found.path)], { ...(random.chance(0.5) && { descending: true }), ...nulls }),
        );
      } else {
        terms.push(`${random.pick(["", "-"])}${found.path}`);
      }
    }
    if (random.chance(0.03)) terms.push("?");
    if (!names) terms.push(random.pick(["pk", "pk", "-pk"]));
    if (names && terms.length === 0) terms.push(...names);
    this.#calls.push(call("order_by", terms));
    if (random.chance(0.05)) this.#calls.push(call("reverse"));
  }

  #slice(): void {
    const random = this.#random;
    const start = random.pick([null, 0, 1, 2]);
    const stop = random.chance(0.85) ? (start ?? 0) + random.int(0, 4) : null;
    this.#calls.push(call("slice", [start, stop]));
  }

  /** Chains that end in objects. */
  #objects(): Call {
    const random = this.#random;
    this.#body();
    if (random.chance(0.3)) this.#selectRelated();
    if (random.chance(0.3)) this.#prefetch();
    if (random.chance(0.2)) this.#defer();
    if (random.chance(0.15)) this.#calls.push(call("distinct"));
    const ordered = random.chance(0.75);
    if (ordered) this.#order();
    if (random.chance(ordered ? 0.25 : 0.04)) this.#slice();
    return this.#end();
  }

  #end(): Call {
    const random = this.#random;
    const pk = () => literal(this.#tools, this.#model.pk);
    const found = reference(this.#tools, this.#scope, undefined, { many: false, depth: 1 });
    return random.weighted<() => Call>([
      [20, () => call("list")],
      [2, () => call("count")],
      [2, () => call("exists")],
      [2, () => call("first")],
      [2, () => call("last")],
      [2, () => call("get", undefined, { pk: pk() })],
      [0.6, () => call("get")],
      [2, () => (random.chance(0.6) ? call("in_bulk", [[pk(), pk(), pk()]]) : call("in_bulk"))],
      [
        0.5,
        () =>
          this.#model.unique.length > 0
            ? call("in_bulk", undefined, { field_name: random.pick(this.#model.unique) })
            : call("count"),
      ],
      [
        1,
        () =>
          call(random.pick(["latest", "earliest"]), random.chance(0.7) && found ? [found.path, "pk"] : []),
      ],
      [1, () => call("index", [random.int(0, 4)])],
      [
        1,
        () =>
          call(
            "iterator",
            undefined,
            this.#calls.some((made) => made.m === "prefetch_related") || random.chance(0.3)
              ? { chunk_size: random.int(1, 5) }
              : undefined,
          ),
      ],
      [0.3, () => call("ordered")],
      [
        1,
        () =>
          this.#model.pk.values.length > 0
            ? call("contains", [{ $instance: [this.#model.label, pk_(this.#tools, this.#model)] }])
            : call("count"),
      ],
      [2, () => call("aggregate", undefined, this.#aggregateArguments())],
    ])();
  }

  #selectRelated(): void {
    const random = this.#random;
    const paths = Array.from({ length: random.int(1, 2) }, () =>
      this.#graph.relationPath(random, this.#model, 3, false, "accessor").join("__"),
    ).filter((path) => path !== "");
    this.#calls.push(call("select_related", random.chance(0.08) ? [] : paths.length > 0 ? paths : ["bogus"]));
  }

  #prefetch(): void {
    const random = this.#random;
    const lookups = Array.from({ length: random.int(1, 2) }, (_, index): Json => {
      const parts = this.#graph.relationPath(
        random,
        this.#model,
        random.chance(0.3) ? 2 : 1,
        true,
        "accessor",
      );
      const path = parts.join("__");
      if (parts.length !== 1 || random.chance(0.5)) return path;
      return this.#prefetchObject(path, index);
    }).filter((lookup) => lookup !== "");
    if (lookups.length > 0) this.#calls.push(call("prefetch_related", lookups));
  }

  #prefetchObject(path: string, index: number): Json {
    const random = this.#random;
    const relation = this.#model.relations.find((candidate) => candidate.accessor === path);
    if (!relation) return path;
    const target = this.#graph.target(relation);
    const scope: Scope = { model: target, annotations: [], depth: 1 };
    const chain: Call[] = [];
    if (random.chance(0.7)) chain.push(filterCall(this.#tools, scope, 1));
    if (random.chance(0.3)) {
      const { node } = aggregate(this.#tools, scope);
      chain.push(call("annotate", undefined, { p0: node }));
    }
    if (random.chance(0.2) && target.relations.length > 0) {
      const inner = this.#graph.relationPath(random, target, 1, true, "accessor");
      chain.push(call("prefetch_related", inner));
    }
    if (random.chance(0.25)) {
      const inner = this.#graph.relationPath(random, target, 1, false, "accessor");
      if (inner.length > 0) chain.push(call("select_related", inner));
    }
    if (random.chance(0.7)) chain.push(call("order_by", [random.pick(["pk", "-pk"])]));
    if (random.chance(0.15)) chain.push(call("slice", [null, random.int(1, 3)]));
    const toAttr = random.chance(0.4) ? { to_attr: `got${index}` } : {};
    return { $prefetch: { lookup: path, queryset: querySet(target, chain), ...toAttr } };
  }

  #defer(): void {
    const random = this.#random;
    const selected = this.#calls.findLast((made) => made.m === "select_related")?.args ?? [];
    if (selected.length > 0 && random.chance(0.4)) {
      const path = String(selected[0]);
      const relation = this.#model.relations.find(
        (candidate) => candidate.accessor === path && !candidate.many,
      );
      if (relation) {
        const names = random
          .some(this.#graph.target(relation).scalars, 1, 2)
          .map(({ name }) => `${path}__${name}`);
        this.#calls.push(
          call(random.pick(["only", "only", "defer"]), [...names, ...(random.chance(0.8) ? [path] : [])]),
        );
        return;
      }
    }
    const names = random.some(
      this.#model.scalars.map((scalar) => scalar.name),
      1,
      3,
    );
    const forward = this.#model.relations.filter((relation) => !relation.many);
    if (random.chance(0.2) && forward.length > 0) {
      const relation = random.pick(forward);
      const field = random.pick(this.#graph.target(relation).scalars);
      names.push(`${relation.name}__${field.name}`);
    }
    this.#calls.push(call(random.pick(["only", "defer"]), names));
  }

  /** Chains that end in `values()` or `values_list()`. */
  #rows(): Call {
    const random = this.#random;
    this.#body();
    const early = random.chance(0.3);
    if (early && random.chance(0.8)) this.#order();
    const names = this.#columns();
    this.#values(names);
    if (random.chance(0.2)) this.#annotate();
    if (random.chance(0.12)) this.#calls.push(filterCall(this.#tools, this.#scope, 1));
    if (random.chance(0.3)) this.#calls.push(call("distinct"));
    const distinct = this.#calls.some((made) => made.m === "distinct");
    if (!early) this.#order(distinct && names.length > 0 ? names : undefined);
    if (random.chance(0.15)) this.#slice();
    return random.weighted<() => Call>([
      [20, () => call("list")],
      [1, () => call("count")],
      [1, () => call("exists")],
      [1, () => call("first")],
      [1, () => call("last")],
      [1, () => call("iterator")],
      [1, () => call("get", undefined, { pk: literal(this.#tools, this.#model.pk) })],
      [1, () => call("aggregate", undefined, this.#aggregateArguments())],
    ])();
  }

  #columns(): string[] {
    const random = this.#random;
    const names = this.#annotations.filter(() => random.chance(0.8)).map((annotation) => annotation.name);
    const count = random.int(names.length === 0 ? 1 : 0, 3);
    for (let index = 0; index < count; index += 1) {
      const found = this.#graph.path(random, this.#model, undefined, 3, random.chance(0.4));
      if (found) names.push(found.path);
    }
    return [...new Set(names)];
  }

  #values(names: readonly string[]): void {
    const random = this.#random;
    if (random.chance(0.5)) {
      const made = random.chance(0.15) ? anyExpression(this.#tools, this.#scope) : undefined;
      this.#calls.push(call("values", [...names], made && { v9: made.node }));
      return;
    }
    const kwargs: Record<string, Json> = {};
    if (names.length === 1 && random.chance(0.7)) kwargs["flat"] = true;
    else if (random.chance(0.15)) kwargs["named"] = true;
    this.#calls.push(call("values_list", [...names], kwargs));
  }

  /** Groups: `values()` before `annotate()`. */
  #groups(): Call {
    const random = this.#random;
    if (random.chance(0.6)) this.#calls.push(filterCall(this.#tools, this.#scope));
    if (random.chance(0.35)) {
      const made = anyExpression(this.#tools, this.#scope);
      if (made) this.#add(made.node, { kind: made.kind, aggregate: false });
    }
    const plain = this.#annotations.map((annotation) => annotation.name);
    const paths = Array.from({ length: random.int(plain.length > 0 ? 0 : 1, 2) }, () =>
      this.#graph.path(random, this.#model, undefined, 2, random.chance(0.3)),
    ).flatMap((found) => (found && found.field.kind !== "json" ? [found.path] : []));
    const names = [...new Set([...plain, ...paths])];
    if (random.chance(0.3)) this.#calls.push(call("order_by"));
    this.#calls.push(call(random.pick(["values", "values", "values_list"]), names));
    const aggregates = random.int(1, 2);
    for (let index = 0; index < aggregates; index += 1) {
      const { node, kind } = aggregate(this.#tools, this.#scope);
      this.#add(node, { kind, aggregate: true });
    }
    if (random.chance(0.4)) this.#having();
    if (random.chance(0.15)) this.#calls.push(filterCall(this.#tools, this.#scope, 1));
    const columns = [
      ...names,
      ...this.#annotations.filter((annotation) => annotation.aggregate).map(({ name }) => name),
    ];
    if (random.chance(0.8)) this.#order(columns);
    if (random.chance(0.1)) this.#slice();
    return random.weighted<() => Call>([
      [20, () => call("list")],
      [1, () => call("count")],
      [1, () => call("exists")],
      [2, () => call("aggregate", undefined, this.#aggregateArguments())],
    ])();
  }

  #having(): void {
    const random = this.#random;
    const own = this.#annotations.filter((annotation) => annotation.aggregate);
    const scope: Scope = { ...this.#scope, annotations: own };
    const chosen = random.pick(own);
    if (random.chance(0.5) && chosen.kind === "int") {
      const right: Json = random.chance(0.3) ? op("+", f(chosen.name), random.int(-1, 1)) : random.int(0, 3);
      this.#calls.push(
        call(random.pick(["filter", "exclude"]), undefined, {
          [`${chosen.name}__${random.pick(["gt", "gte", "lt", "lte", "in"])}`]:
            right === 0 || typeof right === "number" ? right : right,
        }),
      );
      return;
    }
    this.#calls.push(call("filter", [condition(this.#tools, scope, 1)]));
  }

  #aggregateArguments(): Record<string, Json> {
    const scope: Scope = { ...this.#scope };
    const kwargs: Record<string, Json> = {};
    for (const name of this.#random.some(["a", "b", "c"], 1, 2)) {
      const over =
        this.#annotations.length > 0 && this.#random.chance(0.4)
          ? this.#random.pick(this.#annotations)
          : undefined;
      kwargs[name] = over
        ? expr(this.#random.pick(["Count", "Max", "Min", ...(over.kind === "int" ? ["Sum", "Avg"] : [])]), [
            over.name,
          ])
        : aggregate(this.#tools, scope).node;
    }
    return kwargs;
  }

  #aggregates(): Call {
    const random = this.#random;
    this.#body();
    if (random.chance(0.15)) this.#calls.push(call("distinct"));
    if (random.chance(0.2)) {
      this.#order();
      if (random.chance(0.7)) this.#slice();
    }
    return call("aggregate", undefined, this.#aggregateArguments());
  }

  #dates(): Call {
    const random = this.#random;
    const day = random.chance(0.5);
    const found = this.#model.scalars.filter((scalar) => scalar.kind === (day ? "date" : "dt"));
    if (random.chance(0.6)) this.#calls.push(filterCall(this.#tools, this.#scope, 1));
    if (found.length === 0) return call("count");
    const kinds = ["year", "month", "week", "day", ...(day ? [] : ["hour", "minute"])];
    const args: Json[] = [random.pick(found).name, random.pick(kinds)];
    if (random.chance(0.4)) args.push(random.pick(["ASC", "DESC"]));
    this.#calls.push(call(day ? "dates" : "datetimes", args));
    if (random.chance(0.2)) this.#slice();
    return call(random.chance(0.85) ? "list" : "count");
  }

  /** `union()`, `intersection()`, `difference()`. */
  #combined(): Call {
    const random = this.#random;
    const names = random.chance(0.5)
      ? [
          "pk",
          ...random.some(
            this.#model.scalars.filter(({ kind }) => kind !== "json").map(({ name }) => name),
            0,
            2,
          ),
        ]
      : [];
    const part = (): Call[] => {
      const chain = random.chance(0.85)
        ? [filterCall(this.#tools, { ...this.#scope, annotations: [] }, 1)]
        : [];
      if (random.chance(0.04)) return [call("none")];
      return chain;
    };
    const early = names.length > 0 && random.chance(0.6);
    const columns = early ? [call("values_list", names)] : [];
    this.#calls.push(...part());
    if (random.chance(0.15)) this.#annotate();
    const annotated = this.#calls.filter((made) => made.m === "annotate" || made.m === "alias");
    this.#calls.push(...columns);
    const others = Array.from({ length: random.int(1, 2) }, () =>
      querySet(this.#model, [...part(), ...annotated, ...columns]),
    );
    const m = random.pick(["union", "union", "intersection", "difference"]);
    this.#calls.push(call(m, others, m === "union" && random.chance(0.3) ? { all: true } : undefined));
    if (random.chance(0.7)) {
      const own =
        names.length > 0 ? names : ["pk", ...this.#model.scalars.slice(0, 3).map(({ name }) => name)];
      const terms = random.some(own, 1, 2).map((name) => `${random.pick(["", "-"])}${name}`);
      this.#calls.push(call("order_by", [...terms, "pk"]));
    }
    if (names.length > 0 && !early) this.#calls.push(call(random.pick(["values", "values_list"]), names));
    if (random.chance(0.25)) this.#slice();
    return random.weighted<() => Call>([
      [12, () => call("list")],
      [2, () => call("count")],
      [1, () => call("exists")],
      [1, () => call("first")],
      [0.5, () => call("last")],
      [0.5, () => call("aggregate", undefined, { a: expr("Count", ["pk"]) })],
      [0.4, () => call("get", undefined, { pk: literal(this.#tools, this.#model.pk) })],
    ])();
  }
}

function pk_(tools: Tools, model: ModelInfo): Json {
  return tools.random.pick(model.pk.values);
}
