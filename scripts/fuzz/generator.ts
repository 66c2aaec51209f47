/** What the parts of the generator share: the model that an expression is about, and building blocks of the format. */
import type { Call, Json } from "../conformance/format.ts";
import type { Graph, Kind, ModelInfo, Path, Scalar } from "./graph.ts";
import type { Random } from "./random.ts";

/** A name that `annotate()` gave, with what it holds. */
export interface Annotation {
  readonly name: string;
  readonly kind: Kind;
  readonly aggregate: boolean;
}

/** Where an expression stands: which names it can use. */
export interface Scope {
  readonly model: ModelInfo;
  readonly annotations: readonly Annotation[];
  /** The scope around a subquery. */
  readonly outer?: Scope;
  /** How deep subqueries are nested. */
  readonly depth: number;
}

export interface Tools {
  readonly random: Random;
  readonly graph: Graph;
}

export const f = (name: string): Json => ({ $f: name });
export const outerRef = (name: Json): Json => ({ $outerref: name });
export const op = (name: string, ...operands: Json[]): Json => ({ $op: [name, ...operands] });
export const field = (type: string, kwargs: Record<string, Json> = {}): Json => ({
  $field: { type, kwargs },
});

/** An expression of the format. */
export function expr(name: string, args: Json[] = [], kwargs: Record<string, Json> = {}): Json {
  return { $expr: { name, args, ...(Object.keys(kwargs).length > 0 && { kwargs }) } };
}

export const value = (literal: Json): Json => expr("Value", [literal]);

/** A `Q` as the operators make it: a part that is joined the same way, or has one condition, is no part of its own. */
export function q(connector: string, children: readonly Json[], negated = false): Json {
  const flat = children.flatMap((child) => {
    const inner = (child as { $q?: { connector: string; negated: boolean; children: Json[] } } | null)?.$q;
    if (!inner || inner.negated) return [child];
    const own = (q(inner.connector, inner.children) as { $q: { connector: string; children: Json[] } }).$q;
    return own.connector === connector || own.children.length === 1
      ? own.children
      : [{ $q: { ...own, negated: false } }];
  });
  return { $q: { connector: flat.length === 1 ? "AND" : connector, negated, children: flat } };
}

export function querySet(model: ModelInfo, chain: Call[]): Json {
  return { $qs: { model: model.label, chain } };
}

export function call(m: string, args?: Json[], kwargs?: Record<string, Json>): Call {
  return {
    m,
    ...(args && args.length > 0 && { args }),
    ...(kwargs && Object.keys(kwargs).length > 0 && { kwargs }),
  };
}

const WORDS = ["", "a", "An", "e", "Django", "50%", "under_", "ü", "\\", "'", "x", "s", "1", "the"];

const POOLS: Record<Kind, readonly Json[]> = {
  int: [-3, -1, 0, 1, 2, 3, 4, 5, 7, 10, 34, 300, 1000],
  float: [{ $float: "-1.0" }, { $float: "0.0" }, 0.5, { $float: "1.0" }, 3.25, { $float: "4.0" }, 4.5],
  dec: ["-3.10", "0", "0.00", "1.50", "7.5", "9.99", "29.69", "100"].map((text) => ({ $decimal: text })),
  str: WORDS,
  bool: [true, false],
  date: ["1995-01-15", "2008-02-29", "2009-01-01", "2020-01-01", "2021-12-31"].map((text) => ({
    $date: text,
  })),
  time: ["00:00:00", "10:30:00", "21:30:00", "23:59:59"].map((text) => ({ $time: text })),
  dt: [
    "2008-12-31T23:59:59.999999Z",
    "2009-01-01T00:00:00Z",
    "2020-03-29T01:30:00Z",
    "2021-10-31T02:30:00+02:00",
  ].map((text) => ({ $datetime: text })),
  dur: [0, 1, -1_000_000, 3_600_000_000, 86_400_000_000].map((micros) => ({ $duration_us: micros })),
  uuid: [
    { $uuid: "00000001-0000-0000-0000-000000000001" },
    { $uuid: "12345678-1234-5678-1234-567812345678" },
  ],
  bin: [{ $bytes: "" }, { $bytes: "AAEC" }],
  json: [null, 1, 0, "a", true, [], {}, { a: 1 }, [1, 2], 1.5, "dark"],
  ip: ["127.0.0.1", "::1", "192.168.0.1"],
  pair: [],
};

function swapCase(text: string): string {
  return [...text]
    .map((char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase()))
    .join("");
}

/** A value for a field: mostly one that is stored somewhere in it. */
export function literal({ random }: Tools, scalar: Pick<Scalar, "kind" | "values">): Json {
  const pool = POOLS[scalar.kind];
  if (scalar.values.length > 0 && (pool.length === 0 || random.chance(0.7)))
    return random.pick(scalar.values);
  return pool.length > 0 ? random.pick(pool) : null;
}

/** A piece of text that may occur in the field. */
export function piece(tools: Tools, scalar: Pick<Scalar, "kind" | "values">): string {
  const { random } = tools;
  const whole = literal(tools, { ...scalar, kind: "str" });
  const text = typeof whole === "string" ? whole : random.pick(WORDS);
  const characters = [...text];
  const start = random.int(0, Math.max(0, characters.length - 1));
  const part = random.chance(0.3) ? text : characters.slice(start, start + random.int(0, 4)).join("");
  return random.chance(0.2) ? swapCase(part) : part;
}

export function literalOfKind(tools: Tools, kind: Kind): Json {
  return literal(tools, { kind, values: [] });
}

/** A way to a value in a scope: an annotation, or a path over the model's fields. */
export function reference(
  tools: Tools,
  scope: Scope,
  kinds?: readonly Kind[],
  options: { many?: boolean; aggregates?: boolean; depth?: number } = {},
): Pick<Path, "path" | "field"> | undefined {
  const { random, graph } = tools;
  const fitting = scope.annotations.filter(
    (annotation) =>
      (!kinds || kinds.includes(annotation.kind)) && (options.aggregates !== false || !annotation.aggregate),
  );
  if (fitting.length > 0 && random.chance(0.35)) {
    const { name, kind } = random.pick(fitting);
    return { path: name, field: { name, kind, nullable: true, values: [] } };
  }
  const [depth, many] = [options.depth ?? 3, options.many ?? true];
  if ((!kinds || kinds.includes("int")) && random.chance(0.06)) {
    const found = graph.path(random, scope.model, ["date", "dt"], depth, many);
    if (found)
      return transformed(found.path, random.pick(["year", "month", "day", "quarter", "week_day"]), "int");
  }
  if (kinds?.includes("json") && random.chance(0.5)) {
    const found = graph.path(random, scope.model, ["json"], depth, many);
    if (found)
      return transformed(found.path, random.pick(["theme", "a", "0", "lang", "nested", "k"]), "json");
  }
  return graph.path(random, scope.model, kinds, depth, many);
}

function transformed(path: string, name: string, kind: Kind): Pick<Path, "path" | "field"> {
  return { path: `${path}__${name}`, field: { name, kind, nullable: true, values: [] } };
}
