/** Translates Django's calls to ours: the chain of a queryset, and what ends it. */
import { type DecodeContext, decode, decodeObject, options } from "./expressions.ts";
import type { ColourName, Flow } from "./flow.ts";
import { type Call, camelCase, formOf, Unsupported } from "./format.ts";
import { type AnyClass, type Library, method } from "./library.ts";

/** Methods whose keyword arguments are names of the model's or the caller's: they go into one plain object. */
const NAMED = new Set([
  "filter",
  "exclude",
  "get",
  "create",
  "update",
  "aggregate",
  "annotate",
  "alias",
  "values",
  "complex_filter",
]);

/** Keyword arguments of these methods that are options and not names. */
const OPTIONS: Record<string, readonly string[]> = {
  create: ["through_defaults"],
  get_or_create: ["defaults", "through_defaults"],
  update_or_create: ["defaults", "create_defaults", "through_defaults"],
  update: [],
};

/** The parameters of methods that Django lets one name, but that are positional here. */
const POSITIONAL: Record<string, readonly string[]> = {
  raw: ["raw_query", "params"],
  in_bulk: ["id_list"],
  bulk_create: ["objs"],
  bulk_update: ["objs", "fields"],
  contains: ["obj"],
  dates: ["field_name", "kind", "order"],
  datetimes: ["field_name", "kind", "order"],
};

/** Positional arguments of Django that are options here. */
const TRAILING: Record<string, readonly string[]> = {
  datetimes: ["field_name", "kind", "order", "tzinfo"],
  bulk_create: ["objs", "batch_size", "ignore_conflicts"],
  bulk_update: ["objs", "fields", "batch_size"],
  iterator: ["chunk_size"],
  raw: ["raw_query", "params", "translations", "using"],
  extra: ["select", "where", "params", "tables", "order_by", "select_params"],
  select_for_update: ["nowait", "skip_locked", "of", "no_key"],
};

/** Where decoding finds models and managers. */
interface Models {
  get(label: string): { readonly cls: AnyClass };
  manager(label: string, name: string | undefined, colour: ColourName): unknown;
}

/** What decoding needs in a colour; `resolved` holds the objects that the arguments refer to. */
export function createContext(
  library: Library,
  models: Models,
  colour: ColourName,
  resolved: ReadonlyMap<object, unknown> = new Map(),
): DecodeContext {
  const context: DecodeContext = {
    library,
    colour,
    resolved,
    model: (label) => models.get(label).cls,
    manager: (label, name) => models.manager(label, name, colour),
    querySet: ({ model, manager, chain }) =>
      applyChain(method(models.manager(model, manager, colour), "all")(), chain, context),
  };
  return context;
}

/** The arguments of a call in our spelling. */
export function callArguments(call: Call, context: DecodeContext): unknown[] {
  const { m } = call;
  const args = [...(call.args ?? [])];
  const kwargs = { ...(call.kwargs ?? {}) };
  const own = OPTIONS[m] ?? [];
  if (NAMED.has(m) || OPTIONS[m]) {
    const named = Object.entries(kwargs).filter(([key]) => !own.includes(key));
    const rest = Object.entries(kwargs).filter(([key]) => own.includes(key));
    const result = args.map((arg) => decode(arg, context));
    if (named.length > 0 || rest.length > 0 || (OPTIONS[m] && args.length === 0)) {
      result.push(decodeObject(Object.fromEntries(named), context));
    }
    if (rest.length > 0) {
      result.push(Object.fromEntries(rest.map(([key, value]) => [camelCase(key), decode(value, context)])));
    }
    return result;
  }
  const positional = POSITIONAL[m];
  if (positional) {
    for (const [index, name] of positional.entries()) {
      if (!Object.hasOwn(kwargs, name)) continue;
      args[index] = kwargs[name];
      delete kwargs[name];
    }
  }
  const trailing = TRAILING[m];
  const fixed = positional?.length ?? 0;
  if (trailing && args.length > fixed) {
    for (const [index, value] of args.splice(fixed).entries()) {
      const name = trailing[fixed + index];
      if (name === undefined) throw new Unsupported(`${m}() takes fewer positional arguments`);
      kwargs[name] = value;
    }
  }
  const last = options(kwargs, context);
  if (last.length > 0 && m === "datetimes" && args.length === 2) args.push("ASC");
  const result = Array.from(args, (arg) => decode(arg, context));
  // Python leaves out what comes before a keyword; a position here cannot be left out.
  if (last.length > 0 && m === "in_bulk" && result.length === 0) result.push(null);
  if (last.length > 0 && m === "raw" && result.length === 1) result.push([]);
  return [...result, ...last];
}

/** Applies the calls of a chain to a manager or queryset. Never awaits: an async queryset is thenable. */
export function applyChain(start: unknown, chain: readonly Call[], context: DecodeContext): unknown {
  let queryset = start;
  for (const call of chain) {
    if (call.m === "slice") {
      queryset = applySlice(queryset, call.args ?? [], context);
    } else {
      // The arguments come first, as their errors do in Python.
      const args = callArguments(call, context);
      queryset = method(queryset, camelCase(call.m))(...args);
    }
  }
  return queryset;
}

/** What `qs[start:stop:step]` becomes when there is a step: a step evaluates, in Django too. */
class Stepped {
  readonly queryset: unknown;
  readonly step: number;

  constructor(queryset: unknown, step: number) {
    this.queryset = queryset;
    this.step = step;
  }
}

function applySlice(queryset: unknown, bounds: unknown[], context: DecodeContext): unknown {
  const [start = null, stop = null, step = null] = bounds.map((bound) => decode(bound, context));
  const sliced = method(queryset, "slice")(...(stop === null ? [start ?? 0] : [start ?? 0, stop]));
  return step === null ? sliced : new Stepped(sliced, step as number);
}

async function collect(rows: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/** Evaluates a queryset in its colour. */
export function* evaluate(queryset: unknown, context: DecodeContext): Flow<unknown[]> {
  if (queryset instanceof Stepped) {
    const all = yield* evaluate(queryset.queryset, context);
    return all.filter((_, index) => index % queryset.step === 0);
  }
  if (context.colour === "sync") return Array.from(queryset as Iterable<unknown>);
  return [...((yield queryset) as Iterable<unknown>)];
}

/** Ends a chain: what comes back is the rows (`list`, `iterator`) or the value. */
export function* applyTerminal(queryset: unknown, call: Call, context: DecodeContext): Flow<unknown> {
  switch (call.m) {
    case "list":
      return yield* evaluate(queryset, context);
    case "iterator": {
      const rows = method(queryset, "iterator")(...callArguments(call, context));
      if (context.colour === "sync") return Array.from(rows as Iterable<unknown>);
      return yield collect(rows as AsyncIterable<unknown>);
    }
    case "index":
      return yield* applyIndex(queryset, decode(call.args?.[0], context) as number, context);
    case "ordered":
      return (queryset as { ordered: boolean }).ordered;
    default:
      return yield method(queryset, camelCase(call.m))(...callArguments(call, context));
  }
}

function* applyIndex(queryset: unknown, index: number, context: DecodeContext): Flow<unknown> {
  if (queryset instanceof Stepped) return (yield* evaluate(queryset, context))[index];
  // `at(-1)` counts from the end, as asgimod's `item()`; Django's index is the one in brackets.
  if (index < 0) return yield (queryset as Record<number, unknown>)[index];
  return yield method(queryset, "at")(index);
}

/** The attribute names that the chain's `Prefetch(to_attr)` sets on its objects. */
export function toAttrNames(node: unknown, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(node)) {
    for (const item of node) toAttrNames(item, found);
  } else if (typeof node === "object" && node !== null) {
    if (formOf(node) === "$prefetch") {
      const attr = (node as { $prefetch: { to_attr?: string } }).$prefetch.to_attr;
      if (attr) found.add(attr);
    }
    for (const item of Object.values(node)) toAttrNames(item, found);
  }
  return found;
}
