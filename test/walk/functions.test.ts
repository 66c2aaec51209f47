/** The pages "Database Functions", "Aggregation functions" and "Querying JSONField". */
import {
  Abs,
  ATan2,
  Avg,
  Case,
  Cast,
  Ceil,
  CharField,
  Chr,
  Coalesce,
  Collate,
  Concat,
  Cot,
  Count,
  DateField,
  DecimalField,
  Degrees,
  Extract,
  ExtractDay,
  ExtractHour,
  ExtractIsoWeekDay,
  ExtractIsoYear,
  ExtractMinute,
  ExtractQuarter,
  ExtractSecond,
  ExtractWeek,
  ExtractWeekDay,
  ExtractYear,
  F,
  FloatField,
  Floor,
  Greatest,
  IntegerField,
  JSONArray,
  JSONObject,
  KT,
  Least,
  Left,
  Length,
  Ln,
  Log,
  LPad,
  Max,
  MD5,
  Min,
  Mod,
  Now,
  NullIf,
  Ord,
  overrideTimeZone,
  Pi,
  Power,
  Q,
  Radians,
  Random,
  Repeat,
  Replace,
  Reverse,
  Right,
  Round,
  RPad,
  SHA1,
  SHA256,
  SHA384,
  SHA512,
  Sign,
  Sin,
  Sqrt,
  StdDev,
  StrIndex,
  Substr,
  Sum,
  Temporal,
  TextField,
  TimeField,
  Trunc,
  TruncDate,
  TruncDay,
  TruncHour,
  TruncMinute,
  TruncMonth,
  TruncQuarter,
  TruncSecond,
  TruncTime,
  TruncWeek,
  TruncYear,
  Value,
  Variance,
  When,
} from "asgimod";
import { compareWithDjango, inOrder, names, rows } from "./expression-setup.ts";

/** What a question in the time zone of Berlin answers. */
const berlin = (question: () => unknown) => () => overrideTimeZone("Europe/Berlin", () => rows(question()));

compareWithDjango("dates", ({ Event, all, col }) => ({
  "ISO years and weeks": () =>
    col({
      a: ExtractIsoYear("day"),
      b: ExtractWeek("day"),
      c: ExtractYear("day"),
      d: ExtractWeekDay("day"),
      e: ExtractIsoWeekDay("day"),
      f: ExtractQuarter("day"),
    }),
  "ISO lookups": () => names(all.filter({ day__iso_year: 2025 })),
  "ISO lookups before": () => names(all.filter({ day__iso_year__lte: 2023 })),
  "ISO year of an instant": () => names(all.filter({ starts__iso_year__gt: 2024 })),
  weeks: () => names(all.filter({ day__week: 52 })),
  quarters: () => names(all.filter({ starts__quarter: 1 })),
  "week days": () => names(all.filter({ day__week_day: 1, day__iso_week_day: 7 })),
  "instants in a zone": berlin(() =>
    col({ a: ExtractHour("starts"), b: ExtractDay("starts"), c: ExtractYear("starts") }),
  ),
  "instants in another zone": berlin(() =>
    col({ a: ExtractHour("starts", { tzinfo: "UTC" }), b: Extract("starts", "minute") }),
  ),
  seconds: () => col({ a: ExtractSecond("starts"), b: ExtractSecond("doors"), c: ExtractMinute("doors") }),
  "the day that has no hour": berlin(() =>
    col({ a: TruncHour("starts"), b: TruncDay("starts"), c: TruncMonth("starts") }),
  ),
  "the week": berlin(() =>
    col({
      a: TruncWeek("starts"),
      b: TruncQuarter("starts"),
      c: TruncYear("starts"),
      d: TruncMinute("starts"),
      e: TruncSecond("starts"),
    }),
  ),
  days: () =>
    col({
      a: TruncWeek("day"),
      b: TruncQuarter("day"),
      c: TruncYear("day"),
      d: TruncMonth("day"),
      e: TruncDay("day"),
    }),
  times: () => col({ a: TruncHour("doors"), b: TruncMinute("doors"), c: TruncSecond("doors") }),
  "to days and times": berlin(() =>
    col({ a: TruncDate("starts"), b: TruncTime("starts"), c: TruncDate("ends") }),
  ),
  "Trunc to a day": berlin(() =>
    col({
      a: Trunc("starts", "month", { outputField: DateField() }),
      b: Trunc("starts", "hour", { outputField: TimeField() }),
    }),
  ),
  "hour of a day": () => col({ x: TruncHour("day") }),
  "year of a time": () => col({ x: TruncYear("doors") }),
  "hour from a day": () => col({ x: ExtractHour("day") }),
  "a zone for a day": () => col({ x: ExtractYear("day", { tzinfo: "UTC" }) }),
  "a zone for a day cut": () => col({ x: TruncMonth("day", { tzinfo: "UTC" }) }),
  // @ts-expect-error a part is missing
  "Extract without a part": () => Extract("day"),
  null: () => col({ a: ExtractYear("ends"), b: TruncDay("ends"), c: ExtractHour("took") }),
  now: () =>
    inOrder(
      () => all.filter({ starts__lt: Now() }).count(),
      () => all.filter({ starts__gt: Now() }).count(),
    ),
  "lookups in a zone": berlin(() =>
    names(all.filter({ starts__date: Temporal.PlainDate.from("2024-03-31"), starts__hour: 1 })),
  ),
  "time of an instant": berlin(() => names(all.filter({ starts__time__gte: "20:30" }))),
  "grouped by month": () =>
    Event.annotate({ m: TruncMonth("day") })
      .values("m")
      .annotate({ n: Count("id") })
      .orderBy("m")
      .valuesList("m", "n"),
}));

compareWithDjango("functions", ({ Event, all, col }) => ({
  Cast: () =>
    col({
      a: Cast("seats", FloatField()),
      b: Cast("seats", DecimalField({ maxDigits: 8, decimalPlaces: 2 })),
      c: Cast("name", CharField({ maxLength: 2 })),
      d: Cast("starts", DateField()),
    }),
  NullIf: () => col({ x: NullIf("seats", Value(50)) }),
  "Greatest and Least with nulls": () => col({ a: Greatest("seats", "sold"), b: Least("seats", "sold") }),
  // @ts-expect-error one argument
  "Greatest of one": () => Greatest("seats"),
  // @ts-expect-error one argument
  "Coalesce of one": () => Coalesce("seats"),
  // @ts-expect-error one argument
  "Concat of one": () => Concat("name"),
  "Concat with nulls": () => col({ x: Concat("name", Value("/"), "note", { outputField: TextField() }) }),
  JSONObject: () =>
    col({
      x: JSONObject({
        name: "name",
        sold: "sold",
        half: F("seats").div(2),
        nested: JSONObject({ day: Value("x") }),
      }),
    }),
  JSONArray: () => col({ x: JSONArray("name", "seats", JSONArray("sold")) }),
  Collate: () => Collate("name", "no such; collation"),
  "Left, Right, Substr": () =>
    col({ a: Left("name", 2), b: Right("name", 2), c: Substr("name", 2, 2), d: Left("name", F("sold")) }),
  "Left of nothing": () => Left("name", 0),
  "Substr at nothing": () => Substr("name", 0),
  pads: () => col({ a: LPad("name", 6, Value("ab")), b: RPad("name", 3, Value("ab")) }),
  "Repeat and Replace": () =>
    col({
      a: Repeat("name", 2),
      b: Replace("name", Value("a"), Value("A")),
      c: Replace("name", Value("a")),
    }),
  StrIndex: () => col({ a: StrIndex("name", Value("a")), b: StrIndex("note", Value("o")) }),
  hashes: () =>
    all
      .filter({ name: "Jazz" })
      .valuesList(MD5("name"), SHA1("name"), SHA256("name"), SHA384("name"), SHA512("name")),
  "Reverse, Ord, Chr": () => col({ a: Reverse("name"), b: Ord("name"), c: Chr(F("seats")) }),
  rounding: () =>
    col({
      a: Round("price"),
      b: Round("price", { precision: 1 }),
      c: Ceil("price"),
      d: Floor("rating"),
      e: Round("rating"),
    }),
  mathematics: () =>
    col({
      a: Sqrt("seats"),
      b: Power("seats", 2),
      c: Mod("seats", 30),
      d: Log(10, "seats"),
      e: Ln("rating"),
      f: Sign(F("seats").sub(30)),
      g: Abs(F("seats").sub(30)),
    }),
  angles: () =>
    Event.filter({ name: "Opera" }).valuesList(
      Degrees(Pi()),
      Radians("rating"),
      Sin("rating"),
      Cot("rating"),
      ATan2("rating", Value(2, { outputField: FloatField() })),
    ),
  Random: async () => {
    const values = (await rows(col({ x: Random() }))) as number[];
    return [values.every((x) => x >= 0 && x < 1)];
  },
  // @ts-expect-error no arguments
  "Pi with an argument": () => Pi("seats"),
}));

compareWithDjango("aggregates", ({ Event, Venue }) => ({
  "of a sample": () =>
    Event.aggregate({
      a: StdDev("seats"),
      b: StdDev("seats", { sample: true }),
      c: Variance("seats"),
      d: Variance("seats", { sample: true }),
    }),
  "of a sample of one": () =>
    Event.filter({ name: "Opera" }).aggregate({
      a: StdDev("seats"),
      b: StdDev("seats", { sample: true }),
      c: Variance("seats", { sample: true }),
    }),
  "defaults over nothing": () =>
    Event.filter({ name: "x" }).aggregate({
      a: Sum("price", { default: 0 }),
      b: Avg("rating", { default: 1.5 }),
      c: Max("day", { default: Temporal.PlainDate.from("2024-01-01") }),
      d: Min("name", { default: Value("none") }),
      e: Sum("took", { default: Temporal.Duration.from({ hours: 1 }) }),
      f: Count("id"),
    }),
  "defaults of an emptied queryset": () =>
    Event.none().aggregate({ a: Sum("rating", { default: 1.5 }), b: Max("day"), c: Count("id") }),
  "default of Count": () => Count("id", { default: 3 }),
  "distinct Max": () => Max("id", { distinct: true }),
  distinct: () =>
    Event.aggregate({
      a: Count("venue", { distinct: true }),
      b: Sum("venue_id", { distinct: true }),
      c: Avg("venue_id", { distinct: true }),
    }),
  filters: () =>
    Venue.orderBy("id")
      .annotate({
        a: Count("event", { filter: Q({ event__seats__gt: 60 }) }),
        b: Sum("event__sold", { filter: Q({ event__active: true }), default: 0 }),
      })
      .valuesList("name", "a", "b"),
  "a star with a filter": () => Count("*", { filter: Q({ active: true }) }),
  "of expressions": () =>
    Event.aggregate({
      a: Sum(F("seats").sub(Coalesce("sold", 0))),
      b: Max(Length("name")),
      c: Avg(Case(When({ active: true }, { then: "seats" }))),
    }),
  "no alias": () => Event.aggregate(Sum(F("seats").add(1))),
  "of an aggregate": () =>
    Venue.annotate({ n: Count("event") }).aggregate({ a: Max("n"), b: Sum("n"), c: Avg("n") }),
  "of durations": () => Event.aggregate({ a: Sum("took"), b: Avg("took"), c: Max("took") }),
  "of dates": () => Event.aggregate({ a: Max("starts"), b: Min("doors"), c: Max("day") }),
  "of a boolean": () => Event.aggregate({ a: Max(Cast("active", IntegerField())) }),
}));

compareWithDjango("JSON", ({ Event, all, col }) => ({
  "an index": () => names(all.filter({ data__tags__0: "music" })),
  "null at a key": () => names(all.filter({ data__owner: null })),
  "no key": () => names(all.filter({ data__owner__isnull: true })),
  "a key of null": () => names(all.filter({ data__owner__name__isnull: true })),
  "a key": () => col({ a: F("data__owner__age"), b: KT("data__owner__name"), c: KT("data__tags__1") }),
  keys: () => names(all.filter({ data__has_key: "owner", data__owner__has_keys: ["name", "age"] })),
  "any key": () => names(all.filter({ data__has_any_keys: ["owner", "x"] })),
  contains: () => names(all.filter({ data__contains: { tags: ["music"] } })),
  "contained by": () => names(all.filter({ data__contained_by: { tags: ["music"], owner: null, x: 1 } })),
  "contains of a key": () => names(all.filter({ data__tags__contains: "music" })),
  "comparison of a number": () => names(all.filter({ data__owner__age__gte: 40 })),
  in: () => names(all.filter({ data__owner__age__in: [40, 41] })),
  "text lookups of a key": () =>
    names(all.filter({ data__owner__name__istartswith: "a", data__owner__name__regex: "^A" })),
  "ordered by a key": () => names(Event.filter({ data__isnull: false }).orderBy("-data__owner__age", "id")),
  "grouped by a key": () =>
    Event.filter({ data__isnull: false })
      .values("data__tags__0")
      .annotate({ n: Count("id") }),
  "a sum of a key": () => Event.aggregate({ x: Sum(Cast(KT("data__owner__age"), IntegerField())) }),
  excluded: () => names(all.exclude({ data__owner__age: 40 })),
  "a whole document": () => names(all.filter({ data: { tags: ["music"], owner: null } })),
  "SQL null": () => names(all.filter({ data__isnull: true })),
}));
