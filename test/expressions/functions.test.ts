import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Aggregate,
  Avg,
  Case,
  Cast,
  Coalesce,
  Collate,
  Concat,
  Count,
  callable,
  ExtractYear,
  Func,
  Greatest,
  JSONNull,
  JSONObject,
  Lag,
  Left,
  Length,
  Max,
  Now,
  Ntile,
  Pi,
  Rank,
  Right,
  Round,
  RowNumber,
  RowRange,
  StdDev,
  StringAgg,
  Substr,
  Sum,
  Trunc,
  TruncMonth,
  Upper,
  UUID4,
  UUID7,
  ValueRange,
  When,
  Window,
  WindowFrameExclusion,
} from "./loose.ts";
import {
  CharField,
  DateField,
  DecimalField,
  F,
  FloatField,
  methods,
  Q,
  rows,
  Studio,
  select,
  Value,
  where,
} from "./support.ts";

test("functions are called without new, and are their classes", () => {
  assert.ok(Upper("title") instanceof Upper);
  assert.ok(new Upper("title") instanceof Func);
  assert.equal(Upper.name, "Upper");
  assert.deepEqual(select(Upper("title")), ["UPPER(title)"]);
  assert.deepEqual(select(Func("title", Value(2), { function: "SUBSTR", outputField: CharField!() })), [
    "SUBSTR(title, ?)",
    2,
  ]);
  assert.deepEqual(
    select(
      Func("minutes", { template: "%(function)s(%(expressions)s, %(base)s)", function: "LOG", base: 2 }),
    ),
    ["LOG(minutes, 2)"],
  );
});

test("functions of one's own", () => {
  class Soundex extends Upper {
    static override readonly function: string = "SOUNDEX";
  }
  const soundex = callable(Soundex);
  assert.deepEqual(select(soundex("title")), ["SOUNDEX(title)"]);
  assert.ok(soundex("title") instanceof Upper);
  assert.throws(() => soundex("title", "price"), /'Soundex' takes exactly 1 argument \(2 given\)/);
  assert.throws(() => Pi("title"), /'Pi' takes exactly 0 arguments \(1 given\)/);
});

test("comparison and conversion", () => {
  assert.deepEqual(select(Coalesce("minutes", 0)), ["COALESCE(minutes, ?)", 0]);
  assert.deepEqual(
    select(Coalesce("price", 0, { outputField: DecimalField!() }))[0],
    "(CAST(COALESCE(price, ?) AS NUMERIC))",
  );
  assert.deepEqual(select(Cast("title", FloatField!())), ["CAST(title AS real)"]);
  assert.deepEqual(select(Cast("seen", DateField!())), ["date(seen)"]);
  assert.deepEqual(select(Collate("title", "nocase")), ["title COLLATE nocase"]);
  assert.deepEqual(select(Greatest("minutes", 5)), ["MAX(minutes, ?)", 5]);
  assert.deepEqual(select(JSONObject({ a: "title", b: Value(1) })), [
    "JSON_OBJECT(?, title, ?, ?)",
    "a",
    "b",
    1,
  ]);
  assert.throws(() => Collate("title", "no case"), /Invalid collation name: 'no case'/);
  assert.throws(() => Coalesce("title"), /Coalesce must take at least two expressions/);
});

test("texts", () => {
  assert.deepEqual(select(Concat("title", Value("!"))), [
    "(COALESCE(title, ?) || COALESCE(?, ?))",
    "",
    "!",
    "",
  ]);
  assert.deepEqual(select(Substr("title", 2, 3)), ["SUBSTR(title, ?, ?)", 2, 3]);
  assert.deepEqual(select(Left("title", 2)), ["SUBSTR(title, ?, ?)", 1, 2]);
  assert.deepEqual(select(Right("title", 2)), ["SUBSTR(title, (? * ?), ?)", 2, -1, 2]);
  assert.deepEqual(select(F("title").slice(1, 3)), ["SUBSTR(title, ?, ?)", 2, 2]);
  assert.deepEqual(select(Length("title")), ["LENGTH(title)"]);
  assert.throws(() => Left("title", 0), /'length' must be greater than 0/);
});

test("numbers", () => {
  assert.deepEqual(select(Round("rating", { precision: 2 })), ["ROUND(rating, ?)", 2]);
  assert.deepEqual(select(Round("rating", 1)), ["ROUND(rating, ?)", 1]);
  assert.throws(() => select(Round("rating", -1)), /SQLite does not support negative precision/);
});

test("dates", () => {
  assert.deepEqual(select(ExtractYear("released")), ["django_date_extract(?, released)", "year"]);
  assert.deepEqual(select(ExtractYear("seen")), [
    "django_datetime_extract(?, seen, ?, ?)",
    "year",
    "UTC",
    "UTC",
  ]);
  assert.deepEqual(select(TruncMonth("released")), ["django_date_trunc(?, released, NULL, NULL)", "month"]);
  assert.deepEqual(select(Trunc("seen", "day", { outputField: DateField!(), tzinfo: "Asia/Tokyo" })), [
    "django_date_trunc(?, seen, ?, ?)",
    "day",
    "Asia/Tokyo",
    "UTC",
  ]);
  assert.deepEqual(select(Now()), ["STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')"]);
  assert.throws(
    () => select(Trunc("released", "hour")),
    /Cannot truncate DateField 'released' to DateTimeField/,
  );
  assert.throws(() => select(ExtractYear("title")), /Extract input expression must be DateField/);
});

test("UUIDs and JSON's null", () => {
  assert.match(select(UUID4())[0], /^LOWER\(HEX\(RANDOMBLOB\(6\)\) \|\| '4'/);
  assert.match(select(UUID7())[0], /\|\| '7'/);
  assert.deepEqual(where({ data: JSONNull() }), ["data = ?", "null"]);
});

test("CASE", () => {
  assert.deepEqual(
    select(Case(When({ minutes__gt: 100 }, { then: Value("long") }), { default: Value("short") })),
    ["CASE WHEN minutes > ? THEN ? ELSE ? END", 100, "long", "short"],
  );
  assert.deepEqual(
    select(Case(When(Q({ minutes__in: [] }), { then: 1 }), When({ color: true }, { then: 2 }))),
    ["CASE WHEN color THEN ? ELSE NULL END", 2],
  );
  assert.deepEqual(select(Case(When(Q({ minutes__in: [] }), { then: 1 }), { default: 3 })), ["?", 3]);
  assert.throws(() => When(Q(), { then: 1 }), /An empty Q\(\) can't be used as a When\(\) condition/);
  assert.throws(() => When("title", { then: 1 }), /When\(\) supports a Q object/);
  assert.throws(() => Case(Value(1)), /Positional arguments must all be When objects/);
});

test("aggregates", () => {
  const one = (expression: unknown) => {
    const { sql, params } = rows(Studio).annotate({ x: expression }).valuesList("x", { flat: true }).sent;
    return [
      /^SELECT (.*?) AS "x"/
        .exec(sql as string)?.[1]
        ?.replaceAll('"expr_film".', "")
        .replaceAll('"', ""),
      ...params,
    ];
  };
  assert.deepEqual(one(Count("film")), ["COUNT(id)"]);
  assert.deepEqual(one(Count("film__title", { distinct: true, filter: { film__color: true } })), [
    "COUNT(DISTINCT title) FILTER (WHERE color)",
  ]);
  assert.deepEqual(one(Sum("film__minutes", { default: 0 })), ["COALESCE(SUM(minutes), ?)", 0]);
  assert.deepEqual(one(Sum("film__price")), ["(CAST(SUM(price) AS NUMERIC))"]);
  assert.deepEqual(one(StdDev("film__minutes", { sample: true })), ["STDDEV_SAMP(minutes)"]);
  assert.deepEqual(one(StringAgg("film__title", ", ")), ["GROUP_CONCAT(title, ?)", ", "]);
  assert.equal(Max("film__minutes").defaultAlias, "film__minutes__max");
  assert.throws(() => Count("*").defaultAlias, /Complex expressions require an alias/);
  assert.throws(() => Max("film__minutes", { distinct: true }), /Max does not allow distinct/);
  assert.throws(() => Count("film", { default: 1 }), /Count does not allow default/);
  assert.throws(() => Count("*", { filter: Q({ color: true }) }), /Star cannot be used with filter/);
  assert.throws(
    () =>
      rows(Studio)
        .annotate({ n: Count("film") })
        .annotate({ x: Sum("n") }),
    /Cannot compute Sum\('n'\): 'n' is an aggregate/,
  );
  assert.throws(() => one(Avg("film__released")), /You cannot use Sum, Avg, StdDev, and Variance/);
  class Median extends Aggregate {
    static override readonly function: string = "MEDIAN";
  }
  assert.deepEqual(one(callable(Median)("film__minutes")), ["MEDIAN(minutes)"]);
});

test("windows", () => {
  assert.deepEqual(select(Window({ expression: RowNumber(), orderBy: ["-minutes", "id"] })), [
    "ROW_NUMBER() OVER (ORDER BY minutes DESC, id)",
  ]);
  assert.deepEqual(
    select(
      Window({
        expression: Sum("price"),
        partitionBy: "studio",
        orderBy: "id",
        frame: RowRange({ start: -2, end: 0 }),
      }),
    ),
    [
      "(CAST(SUM(price) OVER (PARTITION BY studio_id ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS NUMERIC))",
    ],
  );
  assert.deepEqual(
    select(
      Window({
        expression: Rank(),
        orderBy: methods(F("minutes")).desc?.(),
        frame: ValueRange({ exclusion: WindowFrameExclusion.TIES }),
      }),
    ),
    [
      "RANK() OVER (ORDER BY minutes DESC RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES)",
    ],
  );
  assert.deepEqual(select(Window({ expression: Lag("minutes", { offset: 2, default: 0 }), orderBy: "id" })), [
    "LAG(minutes, ?, ?) OVER (ORDER BY id)",
    2,
    0,
  ]);
  assert.throws(
    () => Window({ expression: Upper("title") }),
    /Expression 'Upper' isn't compatible with OVER clauses/,
  );
  assert.throws(() => Window({ expression: Rank(), orderBy: 3 }), /Window.orderBy must be either a string/);
  assert.throws(
    () => select(Window({ expression: Rank(), frame: RowRange({ start: 2, end: 1 }) })),
    /start cannot be greater than end/,
  );
  assert.throws(() => Ntile({ numBuckets: 0 }), /numBuckets must be greater than 0/);
  assert.throws(() => Lag(null), /Lag requires a non-null source expression/);
});
