/** Builds the library's expressions, Q objects, fields and querysets from the forms of the format. */
import type { ColourName } from "./flow.ts";
import { type Call, camelCase, formOf, isRecord, Unsupported } from "./format.ts";
import { type AnyClass, type Library, make, method } from "./library.ts";
import { decodeScalar } from "./values.ts";

/** What decoding needs: the package, the models, and the objects that were fetched beforehand. */
export interface DecodeContext {
  readonly library: Library;
  readonly colour: ColourName;
  /** The class of a label such as `blog.Content`. */
  model(label: string): AnyClass;
  /** The named or the default manager of a model, in this colour. */
  manager(label: string, name?: string): unknown;
  /** The queryset of a `$qs` form. */
  querySet(node: QuerySetNode): unknown;
  /** Values of `$instance` and `$var` forms, by the node that asked for them. */
  readonly resolved: ReadonlyMap<object, unknown>;
}

const OPERATORS: Record<string, string> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "%": "mod",
  "**": "pow",
  neg: "neg",
  "~": "not",
  bitand: "bitand",
  bitor: "bitor",
  bitxor: "bitxor",
  bitleftshift: "bitleftshift",
  bitrightshift: "bitrightshift",
  slice: "slice",
  index: "at",
};

/** Parameters that Django takes by position and that are options here: where they start, and their names. */
const TRAILING: Record<string, readonly [number, readonly string[]]> = {
  Value: [1, ["output_field"]],
  ExpressionWrapper: [1, ["output_field"]],
  Subquery: [1, ["output_field"]],
  RawSQL: [2, ["output_field"]],
  When: [1, ["then"]],
  Window: [0, ["expression", "partition_by", "order_by", "frame", "output_field"]],
  RowRange: [0, ["start", "end", "exclusion"]],
  ValueRange: [0, ["start", "end", "exclusion"]],
};

/** Keyword arguments that are not options but names of the caller's own. */
const OWN_NAMES = new Set(["JSONObject"]);

function isExpression(value: unknown): boolean {
  return typeof (value as { resolveExpression?: unknown } | null)?.resolveExpression === "function";
}

function isQ(value: unknown): boolean {
  return typeof (value as { and?: unknown } | null)?.and === "function";
}

/** Decodes an argument: scalars, expressions, querysets, lists and plain objects. */
export function decode(node: unknown, context: DecodeContext): unknown {
  if (Array.isArray(node)) return node.map((item) => decode(item, context));
  if (!isRecord(node)) return node;
  const form = formOf(node);
  if (form === undefined) return decodeObject(node, context);
  const inner = node[form];
  const scalar = decodeScalar(form, inner);
  if (scalar !== undefined) return scalar;
  switch (form) {
    case "$tuple":
    case "$set":
      return (inner as unknown[]).map((item) => decode(item, context));
    case "$object":
      return Object.fromEntries(
        (inner as [string, unknown][]).map(([key, value]) => [key, decode(value, context)]),
      );
    case "$map":
      return new Map(
        (inner as [unknown, unknown][]).map(([key, value]) => [decode(key, context), decode(value, context)]),
      );
    case "$f":
      return make(context.library, "F", [inner]);
    case "$outerref":
      return make(context.library, "OuterRef", [decode(inner, context)]);
    case "$q":
      return decodeQ(inner as QNode, context);
    case "$expr":
      return decodeExpression(inner as ExpressionNode, context);
    case "$op":
      return decodeOperator(inner as unknown[], context);
    case "$field":
      return decodeField(inner as FieldNode, context);
    case "$qs":
      return context.querySet(inner as QuerySetNode);
    case "$prefetch":
      return decodePrefetch(inner as PrefetchNode, context);
    case "$new": {
      const { model, kwargs } = inner as { model: string; kwargs?: Record<string, unknown> };
      return new (context.model(model))(decodeObject(kwargs ?? {}, context));
    }
    case "$instance":
    case "$var":
      if (!context.resolved.has(node)) throw new Error(`${form} was not resolved: ${JSON.stringify(inner)}`);
      return context.resolved.get(node);
    case "$validator": {
      const { name, args = [], kwargs } = inner as ExpressionNode;
      return make(context.library, name, [
        ...(decode(args, context) as unknown[]),
        ...options(kwargs, context),
      ]);
    }
    case "$callable":
      return callable(String(inner));
    default:
      throw new Unsupported(`the form ${form} is not known to the runner`);
  }
}

/** Decodes the values of a plain object and keeps its keys. */
export function decodeObject(node: Record<string, unknown>, context: DecodeContext): Record<string, unknown> {
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, decode(value, context)]));
}

/** Python keyword arguments as the last options object, with camelCased keys; none when there are none. */
export function options(
  kwargs: Record<string, unknown> | null | undefined,
  context: DecodeContext,
): unknown[] {
  if (!kwargs || Object.keys(kwargs).length === 0) return [];
  return [
    Object.fromEntries(
      Object.entries(kwargs).map(([key, value]) => [camelCase(key), decode(value, context)]),
    ),
  ];
}

function callable(name: string): () => unknown {
  switch (name) {
    case "uuid4":
      return () => crypto.randomUUID();
    case "dict":
      return () => ({});
    case "list":
      return () => [];
    default:
      throw new Unsupported(`the callable ${name} is not known to the runner`);
  }
}

interface QNode {
  connector: "AND" | "OR" | "XOR";
  negated: boolean;
  children: unknown[];
}

/** Folds the children with the connector; a lookup and a single child get a `Q` around them. */
function decodeQ(node: QNode, context: DecodeContext): unknown {
  const wrap = (child: unknown): unknown => {
    if (!Array.isArray(child)) return make(context.library, "Q", [decode(child, context)]);
    const [lookup, value] = child as [string, unknown];
    return make(context.library, "Q", [{ [lookup]: decode(value, context) }]);
  };
  const join = { AND: "and", OR: "or", XOR: "xor" }[node.connector];
  const [first, ...rest] = node.children;
  let q = first === undefined ? make(context.library, "Q", []) : wrap(first);
  for (const child of rest) {
    q = method(q, join)(formOf(child) === "$q" ? decode(child, context) : wrap(child));
  }
  return node.negated ? method(q, "not")() : q;
}

interface ExpressionNode {
  name: string;
  args?: unknown[];
  kwargs?: Record<string, unknown>;
}

/** Python keeps `2.0` apart from `2`; JavaScript does not, so a whole float names its field. */
function isWholeFloat(node: unknown): boolean {
  return formOf(node) === "$float" && Number.isInteger(Number((node as Record<string, unknown>)["$float"]));
}

function floatValue(node: unknown, context: DecodeContext): unknown {
  return make(context.library, "Value", [
    decode(node, context),
    { outputField: make(context.library, "FloatField", []) },
  ]);
}

function decodeExpression(node: ExpressionNode, context: DecodeContext): unknown {
  const { name } = node;
  const [args, kwargs] = namedArguments(node);
  if (name === "OrderBy") return decodeOrderBy(args, kwargs, context);
  if (name === "When") return decodeWhen(args, kwargs, context);
  if (name === "Value" && args.length === 1 && !kwargs["output_field"] && isWholeFloat(args[0])) {
    return floatValue(args[0], context);
  }
  const positional = args.map((arg) => decode(arg, context));
  if (OWN_NAMES.has(name)) return make(context.library, name, [...positional, decodeObject(kwargs, context)]);
  return make(context.library, name, [...positional, ...options(kwargs, context)]);
}

/** Moves positional arguments that are options here to the keyword arguments. */
function namedArguments({
  name,
  args = [],
  kwargs = {},
}: ExpressionNode): [unknown[], Record<string, unknown>] {
  const trailing = TRAILING[name];
  if (!trailing) return [args, kwargs];
  const [start, names] = trailing;
  const named = args.slice(start).map((arg, index) => [names[index] ?? `argument_${index}`, arg]);
  return [args.slice(0, start), { ...Object.fromEntries(named), ...kwargs }];
}

function decodeOrderBy(args: unknown[], kwargs: Record<string, unknown>, context: DecodeContext): unknown {
  const { descending, ...rest } = kwargs;
  const expression = decode(args[0], context);
  return method(expression, descending ? "desc" : "asc")(...options(rest, context));
}

function decodeWhen(args: unknown[], kwargs: Record<string, unknown>, context: DecodeContext): unknown {
  const { then, ...lookups } = kwargs;
  const last = Object.hasOwn(kwargs, "then") ? [{ then: decode(then, context) }] : [];
  const positional = args.map((arg) => decode(arg, context));
  const condition = Object.keys(lookups).length > 0 ? [decodeObject(lookups, context)] : [];
  if (condition.length > 0 && positional[0] !== undefined) {
    const both = method(positional[0], "and")(make(context.library, "Q", condition));
    return make(context.library, "When", [both, ...last]);
  }
  return make(context.library, "When", [...positional, ...condition, ...last]);
}

function decodeOperator(node: unknown[], context: DecodeContext): unknown {
  const [symbol, ...operands] = node as [string, ...unknown[]];
  const name = OPERATORS[symbol];
  if (name === undefined) throw new Unsupported(`the operator ${symbol} is not known to the runner`);
  const operand = (value: unknown) =>
    isWholeFloat(value) ? floatValue(value, context) : decode(value, context);
  let [left, ...rest] = operands.map(operand);
  // `1 - F("x")` is written `Value(1).sub(F("x"))`.
  if (!isExpression(left) && !isQ(left)) left = make(context.library, "Value", [left]);
  return method(left, name)(...rest);
}

interface FieldNode {
  type: string;
  args?: unknown[];
  kwargs?: Record<string, unknown>;
}

function decodeField(node: FieldNode, context: DecodeContext): unknown {
  return make(context.library, node.type, [
    ...(decode(node.args ?? [], context) as unknown[]),
    ...options(node.kwargs, context),
  ]);
}

export interface QuerySetNode {
  model: string;
  manager?: string;
  chain: Call[];
}

interface PrefetchNode {
  lookup: string;
  queryset?: unknown;
  to_attr?: string;
}

function decodePrefetch(node: PrefetchNode, context: DecodeContext): unknown {
  const { lookup, ...kwargs } = node;
  return make(context.library, "Prefetch", [lookup, ...options(kwargs, context)]);
}
