/** What the types of expressions say is what comes out: each value has the type that the compiler was told. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  Abs,
  Aggregate,
  BooleanField,
  Case,
  Cast,
  Ceil,
  CharField,
  Coalesce,
  Concat,
  Count,
  callable,
  configure,
  connections,
  createTables,
  DateField,
  DateTimeField,
  Decimal,
  DecimalField,
  DurationField,
  Exists,
  ExpressionWrapper,
  Extract,
  ExtractYear,
  F,
  FilteredRelation,
  FirstValue,
  ForeignKey,
  Func,
  GreaterThan,
  Greatest,
  In,
  IntegerField,
  JSONArray,
  JSONField,
  JSONObject,
  KeyTransform,
  KT,
  Lag,
  Left,
  Length,
  Lower,
  LPad,
  MD5,
  Model,
  Now,
  Ntile,
  NullIf,
  OuterRef,
  Power,
  Q,
  Range,
  RawSQL,
  Repeat,
  Replace,
  Round,
  RowNumber,
  RowRange,
  SET_NULL,
  Sqrt,
  StrIndex,
  Subquery,
  Substr,
  Sum,
  Temporal,
  Trunc,
  TruncDate,
  TruncMonth,
  TruncTime,
  Upper,
  UUID4,
  Value,
  When,
  Window,
} from "asgimod";

class Studio extends Model("typed.Studio", { name: CharField({ maxLength: 20 }) }) {}
class Film extends Model("typed.Film", {
  title: CharField({ maxLength: 20 }),
  minutes: IntegerField(),
  cost: DecimalField({ maxDigits: 8, decimalPlaces: 2 }),
  color: BooleanField({ default: true }),
  day: DateField(),
  shown: DateTimeField(),
  length: DurationField(),
  data: JSONField<{ tags: string[]; director: { name: string } }>(),
  studio: ForeignKey("typed.Studio", { null: true, onDelete: SET_NULL }),
}) {}

declare module "asgimod" {
  interface Apps {
    typed: { Studio: typeof Studio; Film: typeof Film };
  }
}

before(async () => {
  configure({ apps: { typed: { Studio, Film } }, databases: { default: "sqlite::memory:" } });
  await createTables();
  const studio = await Studio.aobjects.create({ name: "Ealing" });
  for (const [title, minutes, studioOrNone] of [
    ["Ladykillers", 91, studio],
    ["Metropolis", 153, null],
  ] as const) {
    await Film.aobjects.create({
      title,
      minutes,
      cost: "12.50",
      day: "1955-12-08",
      shown: new Date("1955-12-08T20:15:30.250Z"),
      length: Temporal.Duration.from({ minutes }),
      data: { tags: ["a", "b"], director: { name: "Fritz" } },
      studio: studioOrNone,
    });
  }
});
after(() => connections.close());

const films = Film.aobjects.orderBy("id");

test("texts", async () => {
  const [first, second] = await films.values({
    upper: Upper("title"),
    studio_upper: Upper("studio__name"),
    size: Length("title"),
    concat: Concat("title", Value("@"), "studio__name"),
    left: Left("title", 2),
    pad: LPad("title", 12, Value("*")),
    twice: Repeat("title", 2),
    replaced: Replace("title", Value("s"), Value("z")),
    without: Replace("title", Value("s")),
    at: StrIndex("title", Value("y")),
    part: Substr("title", 2, 3),
    md5: MD5("title"),
    cut: F("title").slice(0, 4),
    one: F("title").at(1),
    uuid: UUID4(),
  });
  assert(first && second);
  const { md5, uuid, ...rest } = first;
  assert.deepEqual(rest, {
    upper: "LADYKILLERS",
    studio_upper: "EALING",
    size: 11,
    concat: "Ladykillers@Ealing",
    left: "La",
    pad: "*Ladykillers",
    twice: "LadykillersLadykillers",
    replaced: "Ladykillerz",
    without: "Ladykiller",
    at: 4,
    part: "ady",
    cut: "Lady",
    one: "a",
  });
  assert.match(md5, /^[0-9a-f]{32}$/);
  assert.match(uuid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(second.studio_upper, null);
  assert.equal(second.concat, "Metropolis@");
});

test("numbers and conversions", async () => {
  const [first, second] = await films.values({
    cast: Cast("cost", IntegerField()),
    text: Cast("minutes", CharField()),
    sure: Coalesce("studio__name", Value("none")),
    perhaps: Coalesce("studio__name", "studio__name"),
    greatest: Greatest("minutes", 100),
    nullif: NullIf("title", Value("Metropolis")),
    double: F("cost").mul(2),
    half: F("minutes").div(2),
    wrapped: ExpressionWrapper(F("minutes").mul(1.5), { outputField: IntegerField() }),
    abs: Abs("cost"),
    ceil: Ceil("cost"),
    root: Sqrt("cost"),
    power: Power("minutes", 2),
    round: Round("cost", { precision: 1 }),
    raw: RawSQL("minutes + %s", [1], { outputField: IntegerField() }),
    between: F("shown").sub(F("shown")),
    longer: F("length").add(Temporal.Duration.from("PT1M")),
    later: F("day").add(Temporal.Duration.from("P1D")),
  });
  assert(first && second);
  assert.equal(first.cast, 12);
  assert.equal(first.text, "91");
  assert.equal(second.sure, "none");
  assert.equal(second.perhaps, null);
  assert.equal(first.greatest, 100);
  assert.equal(second.nullif, null);
  assert(first.double instanceof Decimal && first.abs instanceof Decimal && first.ceil instanceof Decimal);
  assert(first.root instanceof Decimal && first.round instanceof Decimal);
  assert.equal(first.double.toFixed(2), "25.00");
  assert.equal(first.half, 45);
  assert.equal(first.wrapped, 136);
  assert.equal(first.power, 8281);
  assert.equal(first.raw, 92);
  assert(first.between instanceof Temporal.Duration && first.longer instanceof Temporal.Duration);
  assert(first.later instanceof Date);
});

test("dates", async () => {
  const [first] = await films.values({
    year: ExtractYear("day"),
    hour: Extract("shown", "hour"),
    month: TruncMonth("shown"),
    day_month: TruncMonth("day"),
    as_date: Trunc("shown", "year", { outputField: DateField() }),
    date: TruncDate("shown"),
    time: TruncTime("shown"),
    now: Now(),
  });
  assert(first);
  assert.equal(first.year, 1955);
  assert.equal(first.hour, 20);
  assert.equal(first.month.toISOString(), "1955-12-01T00:00:00.000Z");
  assert.equal(first.day_month.toString(), "1955-12-01");
  assert.equal(first.as_date.toString(), "1955-01-01");
  assert.equal(first.date.toString(), "1955-12-08");
  assert(first.time instanceof Temporal.PlainTime);
  assert(first.now instanceof Date);
});

test("conditions", async () => {
  const kinds = films.annotate({
    kind: Case(When({ minutes__gt: 100 }, { then: Value("long") }), { default: Value("short") }),
    perhaps: Case(When(Q({ studio: null }), { then: "minutes" })),
    flag: Case(When(GreaterThan(F("minutes"), 100), { then: true }), { default: false }),
    long: GreaterThan(Length("title"), 10),
    in_studio: Exists(Studio.objects.filter({ film: OuterRef("pk") })),
  });
  assert.deepEqual(await kinds.valuesList("kind", "perhaps", "flag", "long", "in_studio"), [
    ["short", null, false, true, true],
    ["long", 153, true, false, false],
  ]);
  assert.equal(await kinds.filter({ long: true, kind: "short" }).count(), 1);
  assert.equal(await films.filter(In(F("minutes"), [91, 92]), Range(F("id"), [1, 2])).count(), 1);
  assert.equal(await films.filter(GreaterThan(F("minutes"), 100).not()).count(), 1);
  const { n } = await Film.aobjects.aggregate({ n: Count("id", { filter: { title__startswith: "M" } }) });
  assert.equal(n, 1);
});

test("subqueries and relations with conditions", async () => {
  const own = Film.aobjects.filter({ studio: OuterRef("pk") }).orderBy("-minutes");
  const studios = Studio.aobjects.annotate({
    title: Subquery(own.values("title").slice(0, 1)),
    flat: Subquery(own.valuesList("cost", { flat: true }).slice(0, 1)),
    n: Subquery(
      own
        .orderBy()
        .values("studio")
        .annotate({ n: Count("*") })
        .values("n"),
    ),
    none: Coalesce(Subquery(own.filter({ minutes: 1 }).values("minutes")), 0),
  });
  const [studio] = await studios;
  assert(studio);
  assert.equal(studio.title, "Ladykillers");
  assert(studio.flat instanceof Decimal);
  assert.equal(studio.n, 1);
  assert.equal(studio.none, 0);
  const long = Studio.aobjects.alias({
    long: FilteredRelation("film", { condition: Q({ film__minutes__gt: 100 }) }),
  });
  assert.deepEqual(await long.values("name", "long__title"), [{ name: "Ealing", long__title: null }]);
  assert.equal(await long.filter({ long__minutes__gt: 1 }).count(), 0);
  assert.equal((await long.annotate({ n: Count("long") }))[0]?.n, 0);
});

test("windows", async () => {
  const rows = await films.annotate({
    row: Window({ expression: RowNumber(), orderBy: "-minutes" }),
    before: Window({ expression: Lag("title"), orderBy: "id" }),
    other: Window({ expression: Lag("minutes", { default: 0 }), orderBy: "id" }),
    first: Window({ expression: FirstValue("title"), partitionBy: "studio", orderBy: F("id").desc() }),
    bucket: Window({ expression: Ntile({ numBuckets: 2 }), orderBy: "id" }),
    running: Window({ expression: Sum("cost"), orderBy: "id", frame: RowRange({ end: 0 }) }),
  });
  assert.deepEqual(
    rows.map((r) => [r.row, r.before, r.other, r.first, r.bucket, r.running?.toFixed(2)]),
    [
      [2, null, 0, "Ladykillers", 1, "12.50"],
      [1, "Ladykillers", 91, "Metropolis", 2, "25.00"],
    ],
  );
});

test("JSON", async () => {
  const [first] = await films.values({
    director: KT("data__director__name"),
    tags: KeyTransform("tags", "data"),
    object: JSONObject({ title: Lower("title"), cost: "cost", day: "day", color: "color" }),
    array: JSONArray("title", 3, "studio__name"),
  });
  assert.deepEqual(first, {
    director: "Fritz",
    tags: ["a", "b"],
    object: { title: "ladykillers", cost: 12.5, day: "1955-12-08", color: 1 },
    array: ["Ladykillers", 3, "Ealing"],
  });
});

class HexFunction extends Func {
  static override readonly function = "HEX";
  static override readonly outputField = CharField();
}
const Hex = callable(HexFunction);

class LongestAggregate extends Aggregate {
  static override readonly function = "MAX";
}
const Longest = callable(LongestAggregate);

test("functions of one's own", async () => {
  const [first] = await films.annotate({ hex: Hex(Left("title", 1)), studio_hex: Hex("studio__name") });
  const hex: string | undefined = first?.hex;
  const other: string | null | undefined = first?.studio_hex;
  assert.equal(hex, "4C");
  assert.equal(other, "45616C696E67");
  // @ts-expect-error the second film has no studio
  const wrong: string | undefined = first?.studio_hex;
  assert.equal(wrong, other);
  // @ts-expect-error no such path
  assert.throws(() => films.annotate({ hex: Hex("titel") }), /Cannot resolve keyword 'titel'/);
  const longest: { n: number | null } = await Film.aobjects.aggregate({ n: Longest("minutes") });
  assert.equal(longest.n, 153);
  assert(Hex("title") instanceof Func);
  assert(new HexFunction("title") instanceof Hex);
});
