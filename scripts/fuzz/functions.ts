/** Functions, transforms and lookups as expressions beyond the common ones. */
import type { Json } from "../conformance/format.ts";
import {
  expr,
  f,
  field,
  literalOfKind,
  op,
  piece,
  reference,
  type Scope,
  type Tools,
  value,
} from "./generator.ts";
import type { Kind } from "./graph.ts";

type Maker = () => Json | undefined;
type Self = (kind: Kind) => Json | undefined;

const ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu"];
const PARTS = [
  "year",
  "month",
  "day",
  "week",
  "quarter",
  "week_day",
  "iso_week_day",
  "iso_year",
  "hour",
  "minute",
  "second",
];
const KEYS = ["a", "b", "theme", "0", "k", "n", "name", "nested__x", "a__b", "1__c"];

const map = (node: Json | undefined, make: (node: Json) => Json): Json | undefined =>
  node === undefined ? undefined : make(node);

const both = (
  a: Json | undefined,
  b: Json | undefined,
  make: (a: Json, b: Json) => Json,
): Json | undefined => (a === undefined || b === undefined ? undefined : make(a, b));

/** A text out of a JSON column: `KT("prefs__theme")`. */
function keyText(tools: Tools, scope: Scope): Json | undefined {
  const found = tools.graph.path(tools.random, scope.model, ["json"], 2, true);
  return found && expr("KT", [`${found.path}__${tools.random.pick(KEYS)}`]);
}

function zone({ random }: Tools): Record<string, Json> {
  return random.chance(0.3) ? { tzinfo: { $tz: random.pick(ZONES) } } : {};
}

/** A plain field, for `F("name")[0:3]`. */
function plain(tools: Tools, scope: Scope, kind: Kind): Json | undefined {
  const found = tools.graph.path(tools.random, scope.model, [kind], 2, true);
  return found && f(found.path);
}

export function moreIntegers(tools: Tools, scope: Scope, self: Self): [number, Maker][] {
  const { random } = tools;
  const small = () => map(self("int"), (node) => op("%", node, 7));
  return [
    [0.4, () => map(small(), (node) => op("**", node, random.int(0, 3)))],
    [
      0.4,
      () =>
        map(small(), (node) => op(random.pick(["bitleftshift", "bitrightshift"]), node, random.int(0, 3))),
    ],
    [0.5, () => map(self("dt"), (node) => expr("Extract", [node, random.pick(PARTS)], zone(tools)))],
    [0.4, () => map(self("date"), (node) => expr("Extract", [node, random.pick(PARTS.slice(0, 8))]))],
    [
      0.4,
      () =>
        map(self("time"), (node) =>
          expr(random.pick(["ExtractHour", "ExtractMinute", "ExtractSecond"]), [node]),
        ),
    ],
    [0.3, () => map(self("bool"), (node) => expr("Cast", [node, field("IntegerField")]))],
    [0.3, () => map(keyText(tools, scope), (node) => expr("Cast", [node, field("IntegerField")]))],
    [0.3, () => map(self("int"), (node) => expr(random.pick(["Ceil", "Floor", "Round"]), [node]))],
    [0.3, () => both(self("str"), self("str"), (a, b) => expr("StrIndex", [a, b]))],
  ];
}

export function moreFloats(tools: Tools, self: Self): [number, Maker][] {
  const { random } = tools;
  const positive = () =>
    map(self(random.pick(["int", "float"] as const)), (node) => op("+", expr("Abs", [node]), 1));
  const fraction = () => map(positive(), (node) => op("/", value({ $float: "1.0" }), node));
  return [
    [0.5, () => map(fraction(), (node) => expr(random.pick(["ACos", "ASin", "Tan", "Exp", "Cot"]), [node]))],
    [0.5, () => map(positive(), (node) => expr("Ln", [node]))],
    [0.4, () => both(positive(), positive(), (a, b) => expr("Log", [op("+", a, 1), b]))],
    [0.4, () => both(self("float"), self("int"), (a, b) => expr("ATan2", [a, b]))],
    [0.2, () => expr("Pi")],
    [0.3, () => map(self("float"), (node) => expr("Sign", [node]))],
    [0.3, () => both(positive(), fraction(), (a, b) => expr("Power", [a, b]))],
  ];
}

export function moreTexts(tools: Tools, scope: Scope, self: Self): [number, Maker][] {
  const { random } = tools;
  const text = () => self("str");
  const char = field("CharField");
  return [
    [0.4, () => map(text(), (node) => expr(random.pick(["SHA224", "SHA384", "SHA512"]), [node]))],
    [0.5, () => both(text(), text(), (a, b) => expr("Concat", [a, value("|"), b, value(""), a]))],
    [0.3, () => both(text(), self("int"), (a, b) => expr("Concat", [a, b], { output_field: char }))],
    [
      0.6,
      () =>
        map(plain(tools, scope, "str"), (node) =>
          op("slice", node, random.int(0, 3), random.pick([null, 4, 6])),
        ),
    ],
    [0.3, () => map(plain(tools, scope, "str"), (node) => op("index", node, random.int(0, 3)))],
    [0.6, () => keyText(tools, scope)],
    [
      0.3,
      () =>
        map(self(random.pick(["date", "bool", "dec", "float", "uuid"] as const)), (node) =>
          expr("Cast", [node, char]),
        ),
    ],
    [0.3, () => both(text(), text(), (a, b) => expr("Coalesce", [a, b, value("none")]))],
    [0.3, () => both(text(), text(), (a, b) => expr("Replace", [a, b]))],
    [0.3, () => map(text(), (node) => expr(random.pick(["LPad", "RPad"]), [node, random.int(0, 9)]))],
    [0.3, () => map(text(), (node) => expr("Left", [node, expr("Length", [node])]))],
    [0.2, () => map(text(), (node) => expr("Substr", [node, random.int(1, 4)]))],
  ];
}

export function moreDates(tools: Tools, self: Self): [number, Maker][] {
  const { random } = tools;
  const date = field("DateField");
  return [
    [0.5, () => map(self("dt"), (node) => expr("Cast", [node, date]))],
    [
      0.4,
      () =>
        map(self("dt"), (node) =>
          expr("Trunc", [node, random.pick(["year", "month", "week"])], {
            output_field: date,
            ...zone(tools),
          }),
        ),
    ],
    [
      0.5,
      () =>
        both(self("date"), value({ $duration_us: 86_400_000_000 * random.int(1, 40) }), (a, b) =>
          expr("ExpressionWrapper", [op(random.pick(["+", "-"]), a, b)], {
            output_field: field("DateTimeField"),
          }),
        ),
    ],
  ];
}

export function moreTimes(tools: Tools, self: Self): [number, Maker][] {
  const { random } = tools;
  return [
    [
      0.5,
      () =>
        map(self("time"), (node) => expr(random.pick(["TruncHour", "TruncMinute", "TruncSecond"]), [node])),
    ],
    [0.5, () => map(self("dt"), (node) => expr("TruncTime", [node], zone(tools)))],
  ];
}

export function moreJson(tools: Tools, scope: Scope, self: Self): [number, Maker][] {
  const { random } = tools;
  return [
    [
      1,
      () =>
        both(self("str"), self("int"), (a, b) =>
          expr("JSONObject", [], { a, inner: expr("JSONObject", [], { b }), list: value([1, "x"]) }),
        ),
    ],
    [
      1,
      () =>
        map(tools.graph.path(random, scope.model, ["json"], 2, true), (found) =>
          expr("KeyTransform", [random.pick(["a", "k", "0", "name"]), (found as { path: string }).path]),
        ),
    ],
    [
      0.5,
      () =>
        map(self(random.pick(["bool", "dec", "float"] as const)), (node) =>
          expr("JSONObject", [], { v: node }),
        ),
    ],
  ];
}

/** A lookup as an expression: `In(F("a"), [1, 2])`. */
export function lookupExpression(tools: Tools, scope: Scope): Json | undefined {
  const { random } = tools;
  const kind = random.pick(["int", "str", "dec", "date"] as const);
  const found = reference(tools, scope, [kind], { depth: 2 });
  if (!found) return undefined;
  const left = f(found.path);
  const literal = () => literalOfKind(tools, kind);
  if (kind === "str" && random.chance(0.6)) {
    const name = random.pick([
      "Contains",
      "IContains",
      "StartsWith",
      "IStartsWith",
      "EndsWith",
      "IEndsWith",
      "IExact",
    ]);
    return expr(name, [left, piece(tools, found.field)]);
  }
  return random.pick([
    () => expr("IsNull", [left, random.chance(0.5)]),
    () => expr("In", [left, [literal(), literal()]]),
    () => expr("Range", [left, { $tuple: [literal(), literal()] }]),
    () => expr(random.pick(["Exact", "GreaterThan", "LessThanOrEqual"]), [left, literal()]),
  ])();
}

/** A frame of a window. */
export function frame({ random }: Tools): Json {
  const kwargs: Record<string, Json> = {
    start: random.pick([null, 0, -1, -2]),
    end: random.pick([null, 0, 1, 2]),
  };
  if (random.chance(0.3))
    return expr("ValueRange", [], { start: random.pick([null, 0]), end: random.pick([null, 0]) });
  return expr("RowRange", [], kwargs);
}
