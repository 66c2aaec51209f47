/** Functions, conditions, subqueries, windows and JSON: what must compile, with which types. */
import type { Temporal } from "temporal-polyfill";
import type { Decimal } from "../../src/util/decimal.ts";
import { Avg, CharField, Count, DateField, DecimalField, F, IntegerField, Q, Sum, Value } from "./api.ts";
import { is } from "./check.ts";
import {
  Abs,
  Case,
  Cast,
  Ceil,
  Coalesce,
  Collate,
  Concat,
  DenseRank,
  Exact,
  Exists,
  ExpressionWrapper,
  Extract,
  ExtractYear,
  FilteredRelation,
  FirstValue,
  Func,
  GreaterThan,
  Greatest,
  In,
  IsNull,
  JSONArray,
  JSONNull,
  JSONObject,
  KeyTransform,
  KT,
  Lag,
  Lead,
  Left,
  Length,
  Log,
  Lower,
  LPad,
  Now,
  NthValue,
  Ntile,
  NullIf,
  OrderBy,
  OuterRef,
  Power,
  Range,
  Rank,
  RawSQL,
  Repeat,
  Replace,
  Round,
  RowNumber,
  RowRange,
  Sqrt,
  StrIndex,
  Subquery,
  Substr,
  Trunc,
  TruncDate,
  TruncMonth,
  TruncTime,
  Upper,
  UUID4,
  ValueRange,
  When,
  Window,
} from "./functions-api.ts";
import { Box, Label, Note, Pizza, Price, Tag, Topping } from "./models.ts";

// texts
const texts = Pizza.objects.annotate({
  upper: Upper("name"),
  box_upper: Upper("box__name"),
  nested: Lower(Upper("box__name")),
  length: Length("name"),
  box_length: Length("box__name"),
  concat: Concat("name", Value(" in "), "box__name"),
  left: Left("name", 2),
  pad: LPad("box__name", 20, Value(".")),
  repeat: Repeat("name", 3),
  replaced: Replace("name", Value("a"), Value("b")),
  found: StrIndex("name", Value("x")),
  part: Substr("name", 1, 3),
  collated: Collate("name", "nocase"),
  first: F("name").slice(0, 1),
  head: F("box__name").at(0),
})[0];
is<string>()(texts.upper);
is<string | null>()(texts.box_upper);
is<string | null>()(texts.nested);
is<number>()(texts.length);
is<number | null>()(texts.box_length);
is<string>()(texts.concat);
is<string>()(texts.left);
is<string | null>()(texts.pad);
is<string>()(texts.repeat);
is<string>()(texts.replaced);
is<number>()(texts.found);
is<string>()(texts.part);
is<string>()(texts.collated);
is<string>()(texts.first);
is<string | null>()(texts.head);

// conversion
const converted = Pizza.objects.values({
  cast: Cast("name", IntegerField()),
  cast_null: Cast("box__name", DecimalField({ maxDigits: 5, decimalPlaces: 2 })),
  first: Coalesce("box__name", "name"),
  perhaps: Coalesce("box__name", "parent__name"),
  value: Coalesce("box__name", Value("none")),
  greatest: Greatest("created", "parent__created"),
  numbers: Greatest("id", 3),
  nullif: NullIf("name", Value("x")),
  sure: Coalesce(Sum("price__amount"), Value(0), {
    outputField: DecimalField({ maxDigits: 9, decimalPlaces: 2 }),
  }),
  double: F("price__amount").mul(2),
  wrapped: ExpressionWrapper(F("id").mul(2), { outputField: IntegerField() }),
  uuid: UUID4(),
  lower: Func("name", { function: "LOWER" }),
  typed: Func("box__name", { function: "LENGTH", outputField: IntegerField() }),
  raw: RawSQL("1 + %s", [1]),
  raw_typed: RawSQL("1 + %s", [1], { outputField: IntegerField() }),
})[0];
is<number>()(converted.cast);
is<Decimal | null>()(converted.cast_null);
is<string>()(converted.first);
is<string | null>()(converted.perhaps);
is<string>()(converted.value);
is<Date | null>()(converted.greatest);
is<number>()(converted.numbers);
is<string | null>()(converted.nullif);
is<Decimal>()(converted.sure);
is<Decimal>()(converted.double);
is<number>()(converted.wrapped);
is<string>()(converted.uuid);
is<string>()(converted.lower);
is<number | null>()(converted.typed);
is<unknown>()(converted.raw);
is<number | null>()(converted.raw_typed);

// dates
const dates = Pizza.objects.annotate({
  year: ExtractYear("created"),
  box_year: ExtractYear("parent__created"),
  hour: Extract("created", "hour", { tzinfo: "Asia/Tokyo" }),
  month: TruncMonth("created"),
  as_date: Trunc("created", "month", { outputField: DateField() }),
  day: TruncDate("created"),
  time: TruncTime("parent__created"),
  now: Now(),
})[0];
is<number>()(dates.year);
is<number | null>()(dates.box_year);
is<number>()(dates.hour);
is<Date>()(dates.month);
is<Temporal.PlainDate>()(dates.as_date);
is<Temporal.PlainDate>()(dates.day);
is<Temporal.PlainTime | null>()(dates.time);
is<Date>()(dates.now);

// numbers
const numbers = Price.objects.annotate({
  abs: Abs("amount"),
  ceil: Ceil("id"),
  root: Sqrt("id"),
  exact: Sqrt("amount"),
  power: Power("id", 2),
  log: Log(10, "amount"),
  round: Round("amount", { precision: 1 }),
})[0];
is<Decimal>()(numbers.abs);
is<number>()(numbers.ceil);
is<number>()(numbers.root);
is<Decimal>()(numbers.exact);
is<number>()(numbers.power);
is<Decimal>()(numbers.log);
is<Decimal>()(numbers.round);

// conditions
const cases = Pizza.objects.annotate({
  kind: Case(When({ price__amount__gt: 10 }, { then: Value("dear") }), { default: Value("cheap") }),
  perhaps: Case(When(Q({ name: "x" }), { then: "id" })),
  path: Case(When(Exists(Box.objects.filter({ id: OuterRef("box") })), { then: "box__name" }), {
    default: "name",
  }),
  mixed: Case(When({ name: "x" }, { then: 1 }), When({ size: "L" }, { then: "name" }), { default: null }),
  flag: Case(When(GreaterThan(F("id"), 3), { then: true }), { default: false }),
  typed: Case(When({ name__in: ["a", "b"] }, { then: 1 }), { default: 0, outputField: IntegerField() }),
  dear: GreaterThan(F("price__amount"), F("id")),
});
is<string>()(cases[0].kind);
is<number | null>()(cases[0].perhaps);
is<string | null>()(cases[0].path);
is<string | number | null>()(cases[0].mixed);
is<boolean>()(cases[0].flag);
is<number>()(cases[0].typed);
is<boolean>()(cases[0].dear);
cases.filter({ kind: "dear", dear: true }).orderBy("-kind", Lower("name").desc({ nullsLast: true }));
Pizza.objects.filter(GreaterThan(F("id"), F("price__id")), { name: "x" });
Pizza.objects.filter(Exact(F("name"), "x"), In(F("id"), [1, 2]), Range(F("id"), [1, 2]));
Pizza.objects.exclude(IsNull(F("box__name"), true).not());
Pizza.objects.filter(Q({ name: "x" }).and(Exists(Topping.objects.all())));
Pizza.objects.filter(Exists(Topping.objects.all()).or(Q({ name: "x" })));
Pizza.objects.filter(Case(When({ name: "x" }, { then: true }), { default: false }));
Pizza.objects.orderBy(Case(When({ name: "x" }, { then: 1 }), { default: 0 }), OrderBy(F("name")));
Price.objects.update({
  currency: Case(When({ amount__lt: 5 }, { then: Value("usd") }), { default: "currency" }),
});
Pizza.objects.filter({ name: Lower("name"), created__year: ExtractYear(Now()) });
is<number>()(Box.objects.annotate({ n: Count("pizza", { filter: { pizza__name__startswith: "x" } }) })[0].n);
Box.objects.aggregate({ n: Sum(Case(When({ pizza__name: "x" }, { then: 1 }), { default: 0 })) });

// subqueries
const newest = Pizza.objects.filter({ box: OuterRef("pk") }).orderBy("-created");
const boxes = Box.objects.annotate({
  newest: Subquery(newest.values("name").slice(0, 1)),
  flat: Subquery(newest.valuesList("created", { flat: true }).slice(0, 1)),
  tuple: Subquery(newest.valuesList("price__amount").slice(0, 1)),
  counted: Subquery(
    Pizza.aobjects
      .filter({ box: OuterRef("pk") })
      .values("box")
      .annotate({ n: Count("*") })
      .values("n"),
  ),
  typed: Subquery(newest.slice(0, 1), { outputField: CharField() }),
  any: Exists(newest),
  deep: Exists(newest.filter(Exists(Topping.objects.filter({ pizza: OuterRef(OuterRef("pk")) })))),
  sure: Coalesce(Subquery(newest.values("name").slice(0, 1)), Value("none")),
})[0];
is<string | null>()(boxes.newest);
is<Date | null>()(boxes.flat);
is<Decimal | null>()(boxes.tuple);
is<number | null>()(boxes.counted);
is<string | null>()(boxes.typed);
is<boolean>()(boxes.any);
is<string>()(boxes.sure);

// windows
const ranked = Pizza.objects.annotate({
  row: Window({ expression: RowNumber(), partitionBy: "box__name", orderBy: "-created" }),
  rank: Window({ expression: Rank(), partitionBy: ["size", F("box")], orderBy: [F("id").desc(), "name"] }),
  before: Window({ expression: Lag("name"), orderBy: "id" }),
  after: Window({ expression: Lead("id", { offset: 2, default: 0 }), orderBy: "id" }),
  first: Window({ expression: FirstValue("box__name"), orderBy: "id" }),
  third: Window({ expression: NthValue("id", { nth: 3 }), frame: RowRange({ start: -2, end: 0 }) }),
  quarter: Window({ expression: Ntile({ numBuckets: 4 }), orderBy: "id" }),
  dense: Window({ expression: DenseRank(), orderBy: "id" }),
  running: Window({ expression: Sum("price__amount"), orderBy: "id", frame: ValueRange({ end: 0 }) }),
  mean: Window({ expression: Avg("id"), partitionBy: "box" }),
});
is<number>()(ranked[0].row);
is<number>()(ranked[0].rank);
is<string | null>()(ranked[0].before);
is<number>()(ranked[0].after);
is<string | null>()(ranked[0].first);
is<number | null>()(ranked[0].third);
is<number>()(ranked[0].quarter);
is<Decimal | null>()(ranked[0].running);
is<number | null>()(ranked[0].mean);
ranked.filter({ row: 1, running__gt: 5 });

// JSON
const json = Label.objects.annotate({
  owner: KT("data__owner__name"),
  key: KeyTransform("tags", "data"),
  object: JSONObject({ code: "tag__code", upper: Upper("tag__code"), flag: "active", n: Count("tag") }),
  array: JSONArray("tag__code", 3, Value("x")),
})[0];
is<string | null>()(json.owner);
is<string[] | null>()(json.key);
is<{ code: string; upper: string; flag: boolean | 0 | 1; n: number }>()(json.object);
is<[string, number, string]>()(json.array);
Label.objects.update({ any: JSONNull() });

// names of annotations, and aggregates over functions
const twice = Note.objects.annotate({ a: Coalesce("rank", 0) }).annotate({ b: F("a").add(1), c: Abs("a") });
is<number>()(twice[0].b);
is<number>()(twice[0].c);
is<number | null>()(Note.objects.aggregate({ longest: Sum(Length("text")) }).longest);
const [years] = Pizza.objects.values({ year: ExtractYear("created") }).annotate({ n: Count("*") });
is<number>()(years!.year);
is<number>()(years!.n);
is<[string, number]>()(Tag.objects.valuesList(Upper("code"), Length("note"))[0]);

// relations with a condition
const cheap = Box.objects.alias({
  cheap: FilteredRelation("pizza", { condition: Q({ pizza__name__startswith: "x" }) }),
});
cheap.filter({ cheap__name: "x", cheap__price__amount__lt: 5, cheap__isnull: false }).orderBy("-cheap__name");
is<{ name: string; cheap__name: string | null }>()(cheap.values("name", "cheap__name")[0]);
is<number>()(cheap.annotate({ n: Count("cheap") })[0].n);
is<Date | null>()(cheap.annotate({ at: F("cheap__created") })[0].at);
is<Box>()(cheap[0]);
