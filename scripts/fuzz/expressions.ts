/** Random expressions: arithmetic, functions, conditional expressions, aggregates, window functions. */
import type { Json } from "../conformance/format.ts";
import { condition, exists, lookup, scalarSubquery } from "./conditions.ts";
import {
  frame,
  lookupExpression,
  moreDates,
  moreFloats,
  moreIntegers,
  moreJson,
  moreTexts,
  moreTimes,
} from "./functions.ts";
import {
  expr,
  f,
  field,
  literal,
  literalOfKind,
  op,
  q,
  reference,
  type Scope,
  type Tools,
  value,
} from "./generator.ts";
import type { Kind } from "./graph.ts";

const OUTPUT: Record<Kind, Json> = {
  int: field("IntegerField"),
  float: field("FloatField"),
  dec: field("DecimalField", { max_digits: 10, decimal_places: 2 }),
  str: field("CharField"),
  bool: field("BooleanField"),
  date: field("DateField"),
  time: field("TimeField"),
  dt: field("DateTimeField"),
  dur: field("DurationField"),
  uuid: field("UUIDField"),
  bin: field("BinaryField"),
  json: field("JSONField"),
  ip: field("GenericIPAddressField"),
  pair: field("IntegerField"),
};

const TRUNCS = ["TruncYear", "TruncMonth", "TruncDay", "TruncWeek", "TruncQuarter"];
const TIME_TRUNCS = ["TruncHour", "TruncMinute", "TruncSecond"];
const EXTRACTS = [
  "ExtractYear",
  "ExtractMonth",
  "ExtractDay",
  "ExtractWeek",
  "ExtractWeekDay",
  "ExtractIsoYear",
  "ExtractIsoWeekDay",
  "ExtractQuarter",
];
const ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"];

type Maker = () => Json | undefined;

/** The field itself. */
function leaf(tools: Tools, scope: Scope, kind: Kind): Json | undefined {
  const found = reference(tools, scope, [kind], { depth: 3 });
  return found && f(found.path);
}

function any(tools: Tools, makers: readonly (readonly [number, Maker])[]): Json | undefined {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const made = tools.random.weighted(makers)();
    if (made !== undefined) return made;
  }
  return undefined;
}

/** An expression of a kind, or undefined when the model has nothing for it. */
export function expressionOf(tools: Tools, scope: Scope, kind: Kind, depth: number): Json | undefined {
  const { random } = tools;
  const self = (inner: Kind) => expressionOf(tools, scope, inner, depth - 1);
  const field_ = (): Json | undefined => leaf(tools, scope, kind);
  if (depth <= 0) return field_() ?? value(literalOfKind(tools, kind));
  const shared: [number, Maker][] = [
    [3, field_],
    [1, () => map(field_(), (node) => expr("Coalesce", [node, value(literal(tools, { kind, values: [] }))]))],
    [1, () => caseWhen(tools, scope, kind, depth)],
    [0.5, () => (scope.depth < 2 ? scalarSubquery(tools, scope, kind) : undefined)],
    [0.4, () => both(self(kind), self(kind), (a, b) => expr(random.pick(["Greatest", "Least"]), [a, b]))],
    [0.3, () => both(self(kind), self(kind), (a, b) => expr("NullIf", [a, b]))],
  ];
  switch (kind) {
    case "int":
      return any(tools, [...shared, ...integers(tools, scope, self), ...moreIntegers(tools, scope, self)]);
    case "float":
      return any(tools, [...shared, ...floats(tools, self), ...moreFloats(tools, self)]);
    case "dec":
      return any(tools, [...shared, ...decimals(tools, self)]);
    case "str":
      return any(tools, [...shared, ...texts(tools, self), ...moreTexts(tools, scope, self)]);
    case "bool":
      return booleanExpression(tools, scope);
    case "date":
      return any(tools, [
        ...shared,
        [1, () => map(self("date"), (node) => expr(random.pick(TRUNCS), [node]))],
        [1, () => map(leaf(tools, scope, "dt"), (node) => expr("TruncDate", [node], zone(tools)))],
        ...moreDates(tools, self),
      ]);
    case "dt":
      return any(tools, [
        ...shared,
        [
          2,
          () =>
            map(leaf(tools, scope, "dt"), (node) =>
              expr(random.pick([...TRUNCS, ...TIME_TRUNCS]), [node], zone(tools)),
            ),
        ],
        [
          1,
          () =>
            both(leaf(tools, scope, "dt"), self("dur"), (a, b) =>
              arithmetic("dt", random.pick(["+", "-"]), a, b),
            ),
        ],
      ]);
    case "dur":
      return any(tools, [
        ...shared,
        [
          2,
          () =>
            both(leaf(tools, scope, "dt"), leaf(tools, scope, "dt"), (a, b) => arithmetic("dur", "-", a, b)),
        ],
        [
          1,
          () =>
            both(leaf(tools, scope, "date"), leaf(tools, scope, "date"), (a, b) =>
              arithmetic("dur", "-", a, b),
            ),
        ],
      ]);
    case "time":
      return any(tools, [
        ...shared,
        [1, () => map(leaf(tools, scope, "dt"), (node) => expr("TruncTime", [node]))],
        ...moreTimes(tools, self),
      ]);
    case "json":
      return any(tools, [
        [2, field_],
        [1, () => both(self("str"), self("int"), (a, b) => expr("JSONObject", [], { a, b }))],
        ...moreJson(tools, scope, self),
      ]);
    default:
      return field_();
  }
}

function map(node: Json | undefined, make: (node: Json) => Json): Json | undefined {
  return node === undefined ? undefined : make(node);
}

function both(a: Json | undefined, b: Json | undefined, make: (a: Json, b: Json) => Json): Json | undefined {
  return a === undefined || b === undefined ? undefined : make(a, b);
}

function zone({ random }: Tools): Record<string, Json> {
  return random.chance(0.25) ? { tzinfo: { $tz: random.pick(ZONES) } } : {};
}

/** Arithmetic whose type Django may not know by itself. */
function arithmetic(kind: Kind, name: string, a: Json, b: Json): Json {
  return expr("ExpressionWrapper", [op(name, a, b)], { output_field: OUTPUT[kind] });
}

type Self = (kind: Kind) => Json | undefined;

function integers(tools: Tools, scope: Scope, self: Self): [number, Maker][] {
  const { random } = tools;
  return [
    [3, () => map(self("int"), (node) => op(random.pick(["+", "-", "*", "/", "%"]), node, random.int(1, 5)))],
    [2, () => both(self("int"), self("int"), (a, b) => op(random.pick(["+", "-", "*", "/", "%"]), a, b))],
    [0.5, () => map(self("int"), (node) => op("-", random.int(0, 9), node))],
    [0.5, () => map(self("int"), (node) => op("neg", node))],
    [
      0.4,
      () =>
        map(self("int"), (node) => op(random.pick(["bitand", "bitor", "bitxor"]), node, random.int(0, 7))),
    ],
    [1, () => map(self("str"), (node) => expr("Length", [node]))],
    [1, () => map(self("int"), (node) => expr(random.pick(["Abs", "Sign"]), [node]))],
    [
      1,
      () =>
        map(leaf(tools, scope, random.pick(["date", "dt"] as const)), (node) =>
          expr(random.pick(EXTRACTS), [node]),
        ),
    ],
    [0.5, () => map(leaf(tools, scope, "dt"), (node) => expr("ExtractHour", [node], zone(tools)))],
    [
      0.5,
      () => map(self("str"), (node) => expr("StrIndex", [node, value(random.pick(["a", "e", "", "n"]))])),
    ],
    [
      0.5,
      () =>
        map(self(random.pick(["float", "dec", "int"] as const)), (node) => expr("Cast", [node, OUTPUT.int])),
    ],
    [0.3, () => map(self("str"), (node) => expr("Ord", [node]))],
    [0.5, () => map(self("int"), (node) => expr("Mod", [node, value(random.int(1, 5))]))],
  ];
}

function floats({ random }: Tools, self: Self): [number, Maker][] {
  return [
    [
      2,
      () =>
        map(self("float"), (node) =>
          op(random.pick(["+", "-", "*", "/"]), node, random.pick([0.5, 2, 3, { $float: "2.0" }])),
        ),
    ],
    [
      1,
      () =>
        both(self("float"), self(random.pick(["float", "int"] as const)), (a, b) =>
          op(random.pick(["+", "-", "*", "/"]), a, b),
        ),
    ],
    [
      1,
      () =>
        map(self(random.pick(["float", "int"] as const)), (node) =>
          expr(random.pick(["Sqrt", "Sin", "Cos", "ATan", "Radians", "Degrees"]), [expr("Abs", [node])]),
        ),
    ],
    [1, () => map(self("float"), (node) => expr(random.pick(["Ceil", "Floor", "Abs", "Round"]), [node]))],
    [0.5, () => map(self("float"), (node) => expr("Round", [node], { precision: random.int(-1, 2) }))],
    [
      0.5,
      () => map(self(random.pick(["int", "dec"] as const)), (node) => expr("Cast", [node, OUTPUT.float])),
    ],
    [0.4, () => map(self("float"), (node) => expr("Power", [node, 2]))],
  ];
}

function decimals({ random }: Tools, self: Self): [number, Maker][] {
  return [
    [
      2,
      () =>
        map(self("dec"), (node) =>
          op(random.pick(["+", "-", "*"]), node, random.pick([1, 2, { $decimal: "1.50" }])),
        ),
    ],
    [
      1,
      () =>
        both(self("dec"), self(random.pick(["dec", "int"] as const)), (a, b) =>
          op(random.pick(["+", "-", "*", "/"]), a, b),
        ),
    ],
    [1, () => map(self("dec"), (node) => expr(random.pick(["Abs", "Round", "Ceil", "Floor"]), [node]))],
    [0.5, () => map(self("int"), (node) => expr("Cast", [node, OUTPUT.dec]))],
  ];
}

function texts({ random }: Tools, self: Self): [number, Maker][] {
  const text = () => self("str");
  return [
    [
      3,
      () =>
        map(text(), (node) =>
          expr(random.pick(["Lower", "Upper", "Trim", "LTrim", "RTrim", "Reverse"]), [node]),
        ),
    ],
    [2, () => both(text(), text(), (a, b) => expr("Concat", [a, value(random.pick(["-", " ", ""])), b]))],
    [1, () => map(text(), (node) => expr("Substr", [node, random.int(1, 4), random.int(1, 5)]))],
    [
      1,
      () => map(text(), (node) => expr(random.pick(["Left", "Right", "Repeat"]), [node, random.int(1, 3)])),
    ],
    [
      0.7,
      () =>
        map(text(), (node) => expr(random.pick(["LPad", "RPad"]), [node, random.int(0, 12), value("xy")])),
    ],
    [
      0.7,
      () =>
        map(text(), (node) =>
          expr("Replace", [node, value(random.pick(["a", "e", "an"])), value(random.pick(["", "_"]))]),
        ),
    ],
    [0.4, () => map(text(), (node) => expr(random.pick(["MD5", "SHA1", "SHA256"]), [node]))],
    [0.5, () => map(self("int"), (node) => expr("Cast", [node, OUTPUT.str]))],
    [0.3, () => map(self("int"), (node) => expr("Chr", [op("+", expr("Abs", [op("%", node, 26)]), 97)]))],
    [0.3, () => map(text(), (node) => expr("Collate", [node, random.pick(["nocase", "binary"])]))],
  ];
}

/** `Case(When(...), ..., default=...)`. */
function caseWhen(tools: Tools, scope: Scope, kind: Kind, depth: number): Json {
  const { random } = tools;
  const result = (): Json => {
    if (random.chance(0.5)) {
      const inner = expressionOf(tools, scope, kind, depth - 1);
      if (inner !== undefined) return inner;
    }
    return value(literalOfKind(tools, kind));
  };
  const when = (): Json => {
    if (random.chance(0.4)) {
      const [name, right] = lookup(tools, scope);
      return expr("When", [], { [name]: right, then: result() });
    }
    const condition_ =
      (scope.depth < 2 && random.chance(0.1) && exists(tools, scope)) || condition(tools, scope, 1);
    return expr("When", [condition_], { then: result() });
  };
  const kwargs: Record<string, Json> = {};
  if (random.chance(0.7)) kwargs["default"] = result();
  if (random.chance(0.6)) kwargs["output_field"] = OUTPUT[kind];
  return expr("Case", Array.from({ length: random.int(1, 2) }, when), kwargs);
}

/** An expression that is true or false, and can stand in a filter. */
export function booleanExpression(tools: Tools, scope: Scope): Json {
  const { random } = tools;
  const made = any(tools, [
    [2, () => expr("ExpressionWrapper", [condition(tools, scope, 1)], { output_field: OUTPUT.bool })],
    [2, () => (scope.depth < 2 ? exists(tools, scope) : undefined)],
    [2, () => comparison(tools, scope)],
    [1, () => lookupExpression(tools, scope)],
    [1, () => caseWhen(tools, scope, "bool", 1)],
  ]);
  if (made !== undefined) return made;
  return expr("ExpressionWrapper", [q("AND", [["pk__isnull", random.chance(0.5)]])], {
    output_field: OUTPUT.bool,
  });
}

function comparison(tools: Tools, scope: Scope): Json | undefined {
  const { random } = tools;
  const kind = random.pick(["int", "str", "dec", "float", "date", "dt"] as const);
  const left = leaf(tools, scope, kind);
  const right = random.chance(0.5) ? leaf(tools, scope, kind) : value(literalOfKind(tools, kind));
  const name = random.pick(["GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual", "Exact"]);
  return both(left, right, (a, b) => expr(name, [a, b]));
}

/** An expression of a random kind, with its kind. */
export function anyExpression(tools: Tools, scope: Scope): { node: Json; kind: Kind } | undefined {
  const { random } = tools;
  const kind = random.weighted<Kind>([
    [5, "int"],
    [4, "str"],
    [2, "float"],
    [2, "dec"],
    [2, "bool"],
    [1, "date"],
    [1, "dt"],
    [0.7, "dur"],
    [0.3, "time"],
    [0.3, "json"],
    [0.3, "uuid"],
  ]);
  const node = expressionOf(tools, scope, kind, random.int(1, 2));
  return node === undefined ? undefined : { node, kind };
}

/** An aggregate over a path or an expression. */
export function aggregate(tools: Tools, scope: Scope): { node: Json; kind: Kind } {
  const { random, graph } = tools;
  const kwargs: Record<string, Json> = {};
  if (random.chance(0.25)) kwargs["filter"] = condition(tools, scope, 1);
  const plain = { ...scope, annotations: scope.annotations.filter((annotation) => !annotation.aggregate) };
  const count = (): { node: Json; kind: Kind } => {
    if (random.chance(0.4)) kwargs["distinct"] = true;
    const path = graph.relationPath(random, scope.model, 2, true).join("__");
    const found = reference(tools, plain);
    const target = random.chance(0.6) && path ? path : (found?.path ?? "pk");
    return { node: expr("Count", [target], kwargs), kind: "int" };
  };
  if (random.chance(0.45)) return count();
  const kind = random.weighted<Kind>([
    [4, "int"],
    [2, "float"],
    [2, "dec"],
    [1.5, "str"],
    [1, "date"],
    [1, "dt"],
    [0.5, "dur"],
  ]);
  const numeric = ["int", "float", "dec"].includes(kind);
  const name = random.pick(numeric ? ["Sum", "Avg", "Min", "Max", "Sum", "Min", "Max"] : ["Min", "Max"]);
  const found = reference(tools, plain, [kind]);
  let target: Json | undefined = found?.path;
  if (random.chance(0.25)) target = expressionOf(tools, plain, kind, 1) ?? target;
  if (target === undefined) return count();
  if (numeric && random.chance(0.15)) kwargs["distinct"] = true;
  const result: Kind = name === "Avg" && kind === "int" ? "float" : kind;
  if (random.chance(0.15)) kwargs["default"] = value(literalOfKind(tools, result));
  if (numeric && random.chance(0.06)) {
    const { distinct, ...rest } = kwargs;
    return { node: expr(random.pick(["StdDev", "Variance"]), [target], rest), kind: "float" };
  }
  return { node: expr(name, [target], kwargs), kind: result };
}

/** A window function. The ordering ends with the key, so that the answer is determined. */
export function windowFunction(tools: Tools, scope: Scope): { node: Json; kind: Kind } {
  const { random } = tools;
  const kind = random.pick(["int", "float", "dec", "str", "date"] as const);
  const source = reference(tools, scope, [kind], { many: false, depth: 2 });
  const path = source?.path ?? "pk";
  const [node, result] = random.weighted<[Json, Kind]>([
    [2, [expr(random.pick(["Rank", "DenseRank", "RowNumber"])), "int"]],
    [1, [expr(random.pick(["CumeDist", "PercentRank"])), "float"]],
    [0.5, [expr("Ntile", [], { num_buckets: random.int(1, 4) }), "int"]],
    [
      2,
      [
        expr(random.pick(["Lag", "Lead"]), [path], random.chance(0.5) ? { offset: random.int(1, 3) } : {}),
        source ? kind : "int",
      ],
    ],
    [2, [expr(random.pick(["FirstValue", "LastValue"]), [path]), source ? kind : "int"]],
    [0.5, [expr("NthValue", [path], { nth: random.int(1, 3) }), source ? kind : "int"]],
    [2, [expr(random.pick(["Max", "Min", "Count"]), [path]), "int"]],
    [
      1,
      [
        expr(random.pick(["Sum", "Avg"]), [
          reference(tools, scope, ["int", "float"], { many: false, depth: 2 })?.path ?? "pk",
        ]),
        "float",
      ],
    ],
  ]);
  const kwargs: Record<string, Json> = {};
  if (random.chance(0.5)) {
    const by = reference(tools, scope, undefined, { many: false, depth: 2 });
    if (by) kwargs["partition_by"] = random.chance(0.5) ? [f(by.path)] : f(by.path);
  }
  const ordering = reference(tools, scope, undefined, { many: false, depth: 2 });
  const first =
    ordering && ordering.field.kind !== "json" ? [`${random.pick(["", "-"])}${ordering.path}`] : [];
  kwargs["order_by"] = [...first, random.pick(["pk", "-pk"])];
  if (random.chance(0.3)) {
    kwargs["frame"] = frame(tools);
  }
  return { node: expr("Window", [node], kwargs), kind: result };
}
