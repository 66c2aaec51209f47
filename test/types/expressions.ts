/** The results of expressions, functions, aggregates and windows: their types, and when they can be null. */
import type { Temporal } from "temporal-polyfill";
import type { Decimal } from "../../src/util/decimal.ts";
import type { NumberLookups } from "./api.ts";
import {
  AnyValue,
  Avg,
  BigIntegerField,
  BooleanField,
  CharField,
  Count,
  DateField,
  DateTimeField,
  DecimalField,
  DurationField,
  F,
  FloatField,
  IntegerField,
  JSONField,
  Max,
  Min,
  Model,
  Q,
  Sum,
  TextField,
  TimeField,
  UUIDField,
  Value,
} from "./api.ts";
import { is } from "./check.ts";
import {
  Case,
  Cast,
  Ceil,
  Chr,
  Coalesce,
  Concat,
  CumeDist,
  Exists,
  ExpressionWrapper,
  Extract,
  ExtractYear,
  FirstValue,
  GreaterThan,
  Greatest,
  JSONArray,
  JSONObject,
  KeyTransform,
  KT,
  Lag,
  LastValue,
  Lead,
  Least,
  Left,
  Length,
  Mod,
  Ntile,
  NullIf,
  OuterRef,
  Power,
  Random,
  Repeat,
  Replace,
  Reverse,
  Round,
  RowNumber,
  RowRange,
  SHA256,
  Sign,
  Sqrt,
  StdDev,
  StrIndex,
  StringAgg,
  Subquery,
  Substr,
  Trunc,
  TruncDate,
  TruncDay,
  TruncHour,
  Upper,
  UUID4,
  UUID7,
  Variance,
  When,
  Window,
} from "./functions-api.ts";
import { Box, Pizza, Price } from "./models.ts";

class Event extends Model("local.Event", {
  name: CharField({ maxLength: 9 }),
  day: DateField(),
  at: DateTimeField(),
  end: DateTimeField({ null: true }),
  time: TimeField(),
  took: DurationField(),
  big: BigIntegerField(),
  n: IntegerField(),
  maybe: IntegerField({ null: true }),
  f: FloatField(),
  dec: DecimalField({ maxDigits: 5, decimalPlaces: 2 }),
  flag: BooleanField(),
  data: JSONField<{ a: { b: number }[]; c?: string; d: null | { e: boolean } }>({ null: true }),
  uid: UUIDField(),
}) {}

const a = Event.objects.annotate({
  a1: F("n").add(F("big")),
  a2: F("dec").mul(F("n")),
  a3: F("at").sub(F("end")),
  a4: F("day").add(F("took")),
  a5: F("time").add(F("took")),
  a6: F("time").sub(F("time")),
  a7: F("took").add(F("took")),
  a8: F("took").add(F("at")),
  a9: F("at").sub(F("day")),
  a10: F("n").neg(),
  a11: F("maybe").mul(2),
  a12: F("n").div(2),
  a13: F("took").add(F("time")),
  a14: F("took").add(F("day")),
  a15: F("time").sub(F("took")),
  a16: F("day").sub(F("at")),
  a17: F("maybe").bitand(2),
  a18: F("n").add(Value(null)),
})[0];
is<bigint>()(a.a1);
is<Decimal>()(a.a2);
is<Temporal.Duration | null>()(a.a3);
is<Date>()(a.a4);
is<Temporal.PlainTime>()(a.a5);
is<Temporal.Duration>()(a.a6);
is<Temporal.Duration>()(a.a7);
is<Date>()(a.a8);
is<Temporal.Duration>()(a.a9);
is<number>()(a.a10);
is<number | null>()(a.a11);
is<number>()(a.a12);
is<Temporal.PlainTime>()(a.a13);
is<Date>()(a.a14);
is<Temporal.PlainTime>()(a.a15);
is<Temporal.Duration>()(a.a16);
is<number | null>()(a.a17);

const b = Event.objects.annotate({
  b1: TruncDay("day"),
  b2: TruncHour("time"),
  b3: TruncDate("end"),
  b4: Trunc("at", "day", { outputField: DateField() }),
  b5: Trunc("end", "hour", { outputField: TimeField() }),
  b6: Extract("took", "day"),
  b7: Cast("n", CharField()),
  b8: Cast("maybe", TextField()),
  b9: Cast("name", JSONField()),
  b10: Cast(Value("x"), IntegerField()),
  b11: NullIf("maybe", 3),
  b12: Coalesce("maybe", "n"),
  b13: Coalesce("maybe", Max("n"), 0),
  b14: Greatest("at", "end"),
  b15: Least("n", "big"),
  b16: Greatest("n", Value(3), { outputField: FloatField() }),
  b17: Round("f", 2),
  b18: Ceil("maybe"),
  b19: Sqrt("big"),
  b20: Sqrt("f"),
  b21: Power("dec", "n"),
  b22: Mod("n", 2),
  b23: Sign("dec"),
  b24: Random(),
  b25: Length("data"),
  b26: UUID4(),
  b27: UUID7(),
  b28: SHA256("name"),
  b29: Ceil("dec"),
  b30: Chr("n"),
  b31: Reverse("name"),
  b32: Replace("name", "name"),
  b33: StrIndex("name", "name"),
  b34: Repeat("name", "n" as never),
  b35: Left("name", F("maybe")),
  b36: Substr("name", F("maybe"), 2),
  b37: Concat("name", "maybe", { outputField: TextField() }),
});
is<Temporal.PlainDate>()(b[0].b1);
is<Temporal.PlainTime>()(b[0].b2);
is<Temporal.PlainDate | null>()(b[0].b3);
is<Temporal.PlainDate>()(b[0].b4);
is<Temporal.PlainTime | null>()(b[0].b5);
is<number>()(b[0].b6);
is<string>()(b[0].b7);
is<string | null>()(b[0].b8);
is<unknown>()(b[0].b9);
is<number>()(b[0].b10);
is<number | null>()(b[0].b11);
is<number>()(b[0].b12);
is<number>()(b[0].b13);
is<Date | null>()(b[0].b14);
is<number | bigint>()(b[0].b15);
is<number>()(b[0].b16);
is<number>()(b[0].b17);
is<number | null>()(b[0].b18);
is<number>()(b[0].b19);
is<number>()(b[0].b20);
is<Decimal>()(b[0].b21);
is<number>()(b[0].b22);
is<Decimal>()(b[0].b23);
is<number>()(b[0].b24);
is<number | null>()(b[0].b25);
is<string>()(b[0].b26);
is<string>()(b[0].b28);
is<Decimal>()(b[0].b29);
is<string>()(b[0].b30);
is<string>()(b[0].b32);
is<number>()(b[0].b33);
is<string | null>()(b[0].b35);
is<string | null>()(b[0].b36);
is<string>()(b[0].b37);

const g = Event.objects.aggregate({
  g1: Sum("n"),
  g2: Sum("big"),
  g3: Sum("dec"),
  g4: Sum("took"),
  g5: Sum("f"),
  g6: Avg("n"),
  g7: Avg("big"),
  g8: Avg("dec"),
  g9: Avg("took"),
  g10: Max("name"),
  g11: Min("day"),
  g12: Max("data"),
  g13: Sum("n", { default: 0 }),
  g14: Count("n"),
  g15: Count("*"),
  g16: StdDev("n", { sample: true }),
  g17: Variance("dec"),
  g18: AnyValue("name"),
  g19: StringAgg("name", ","),
  g20: StringAgg("name", Value(","), { orderBy: "-name", distinct: true, default: Value("") }),
  g21: Sum("n", { filter: Q({ name: "x" }) }),
  g22: Avg("n", { outputField: DecimalField({ maxDigits: 5, decimalPlaces: 2 }) }),
  g23: Sum(F("n").mul(F("dec"))),
  g24: Max(Length("name")),
  g25: Sum("n", { default: Value(0) }),
  g26: Max("n", { default: null }),
  g27: Count("n", { filter: Q({ name: "x" }), distinct: true }),
  g28: StdDev("big"),
  g29: Sum("flag" as never),
});
is<number | null>()(g.g1);
is<bigint | null>()(g.g2);
is<Decimal | null>()(g.g3);
is<Temporal.Duration | null>()(g.g4);
is<number | null>()(g.g5);
is<number | null>()(g.g6);
is<number | null>()(g.g7);
is<Decimal | null>()(g.g8);
is<Temporal.Duration | null>()(g.g9);
is<string | null>()(g.g10);
is<Temporal.PlainDate | null>()(g.g11);
is<number>()(g.g13);
is<number>()(g.g14);
is<number>()(g.g15);
is<number | null>()(g.g16);
is<Decimal | null>()(g.g17);
is<string | null>()(g.g18);
is<string | null>()(g.g19);
is<string>()(g.g20);
is<number | null>()(g.g21);
is<Decimal | null>()(g.g22);
is<Decimal | null>()(g.g23);
is<number | null>()(g.g24);
is<number>()(g.g25);
is<number | null>()(g.g26);
is<number>()(g.g27);
is<number | null>()(g.g28);

const w = Event.objects.annotate({
  w1: Window({ expression: FirstValue("n"), orderBy: "id" }),
  w2: Window({ expression: FirstValue("n"), orderBy: "id", frame: RowRange({ start: 1, end: 2 }) }),
  w3: Window({ expression: LastValue("maybe"), partitionBy: [F("name")] }),
  w4: Window({ expression: Count("*"), partitionBy: "name" }),
  w5: Window({ expression: Sum("n", { default: 0 }), partitionBy: "name" }),
  w6: Window({ expression: CumeDist(), orderBy: "id" }),
  w7: Window({ expression: Lag("maybe", { default: 0 }), orderBy: "id" }),
  w8: Window({ expression: Lead("n", { default: "maybe" }), orderBy: "id" }),
  w9: Window({ expression: Ntile(4), orderBy: F("id").desc() }),
  w10: Window({ expression: Avg("n"), orderBy: ExtractYear("day") }),
  w11: Window({ expression: Sum("n"), outputField: FloatField() }),
  w12: Window({ expression: RowNumber(), outputField: FloatField() }),
  w13: Window({ expression: RowNumber(), orderBy: "id" }).add(1),
});
is<number>()(w[0].w1);
is<number | null>()(w[0].w2);
is<number | null>()(w[0].w3);
is<number>()(w[0].w4);
is<number>()(w[0].w5);
is<number>()(w[0].w6);
is<number | null>()(w[0].w7);
is<number | null>()(w[0].w8);
is<number>()(w[0].w9);
is<number | null>()(w[0].w10);
is<number | null>()(w[0].w11);
is<number>()(w[0].w12);
is<number>()(w[0].w13);

// JSON
const j = Event.objects.annotate({
  j1: KT("data__a__0__b"),
  j2: F("data__a__0__b"),
  j3: F("data__c"),
  j4: F("data__d__e"),
  j5: KeyTransform("a", "data"),
  j6: JSONObject({
    day: "day",
    at: "at",
    dec: "dec",
    big: "big",
    maybe: "maybe",
    nested: JSONArray("n", "flag"),
  }),
  j7: JSONObject(),
  j8: JSONArray(),
  j9: KeyTransform("d", KeyTransform("x", "data") as never),
});
is<string | null>()(j[0].j1);
is<number | null>()(j[0].j2);
is<string | null>()(j[0].j3);
is<boolean | null>()(j[0].j4);
is<{ b: number }[] | null>()(j[0].j5);
is<{
  day: string;
  at: string;
  dec: number;
  big: number;
  maybe: number | null;
  nested: [number, boolean | 0 | 1];
}>()(j[0].j6);
is<{}>()(j[0].j7);
is<[]>()(j[0].j8);
is<(string | null)[]>()([...Event.objects.valuesList("data__c", { flat: true })]);
is<{ data__a__0: { b: number } | null }>()(Event.objects.values("data__a__0")[0]!);
Event.objects.filter({
  data__a__0__b__gt: 3,
  data__c__icontains: "x",
  data__d__isnull: true,
  data__has_key: "a",
  data__a__contains: [{ b: 1 }],
});
Event.objects.filter({ "data__a__-1__b": 3 });
Event.objects.filter({ data: null, data__d: null });

// F slicing
const s = Event.objects.annotate({ s1: F("name").slice(0, 2), s2: F("name").at(0) });
is<string>()(s[0].s1);
// F with transforms
is<number>()(Event.objects.annotate({ y: F("at__year") })[0].y);
is<number | null>()(Event.objects.annotate({ y: F("end__year") })[0].y);
is<Temporal.PlainDate | null>()(Event.objects.annotate({ y: F("end__date") })[0].y);
is<number>()(Event.objects.annotate({ y: F("at__date__month") })[0].y);
is<number>()(Event.objects.annotate({ y: ExtractYear("at__date") })[0].y);
is<number>()(Event.objects.annotate({ y: Max("at__year", { default: 0 }) })[0].y);

// conditions
is<boolean>()(Event.objects.annotate({ q: Q({ n__gt: 3 }) })[0].q);
is<boolean>()(
  Event.objects.annotate({ q: ExpressionWrapper(Q({ n__gt: 3 }), { outputField: BooleanField() }) })[0].q,
);
is<boolean>()(Event.objects.annotate({ q: GreaterThan(F("n"), 3).not() })[0].q);
is<boolean>()(Event.objects.annotate({ q: Exists(Event.objects.all()).not() })[0].q);
is<boolean>()(Event.objects.values({ q: Q({ n__gt: 3 }) })[0]!.q);
Event.objects.filter(F("flag").not());
is<boolean>()(Event.objects.annotate({ q: F("flag").not() })[0].q);
Event.objects.annotate({ c: Case(When(F("flag").not(), { then: 1 })) });
Event.objects.orderBy(GreaterThan(F("n"), 3).desc());
Event.objects.aggregate({ n: Count(Case(When({ n__gt: 3 }, { then: 1 }))) });
is<number>()(
  Event.objects.annotate({
    c: Case(When({ n__gt: 3 }, { then: "n" }), When({ n: 0 }, { then: 3 }), { default: Value(0) }),
  })[0].c,
);
is<number | null>()(
  Event.objects.annotate({ c: Case(When({ n__gt: 3 }, { then: "maybe" }), { default: Value(0) }) })[0].c,
);
is<string>()(Event.objects.annotate({ c: Case({ default: Value("x") }) })[0].c);
When(Exists(Event.objects.all()), { then: 1 });
Event.objects.annotate({ c: Case(When(Q({ n: 1 }), { then: F("n").add(1) })) });

// named tuples
const [nt] = Event.objects.valuesList("n", "data__c", Upper("name"), { named: true });
is<number>()(nt!.n);
is<string | null>()(nt!.data__c);
is<string>()(nt![2]);
const [nt2] = Event.objects.annotate({ up: Upper("name") }).valuesList("n", "up", { named: true });
is<string>()(nt2!.up);
is<string>()(nt2![1]);

// subquery
is<number | null>()(
  Box.objects.annotate({
    s: Subquery(
      Pizza.objects
        .filter({ box: OuterRef("pk") })
        .values("id")
        .slice(0, 1),
    ),
  })[0].s,
);
is<number | null>()(
  Box.objects.annotate({
    s: Subquery(
      Pizza.objects
        .annotate({ up: Length("name") })
        .valuesList("up")
        .slice(0, 1),
    ),
  })[0].s,
);
is<number | null>()(
  Box.objects.annotate({ s: Subquery(Pizza.objects.values({ up: Length("name") }).slice(0, 1)).add(1) })[0].s,
);
Box.objects.filter({ id: Subquery(Pizza.objects.values("id").slice(0, 1)) });
Box.objects.filter({ id__in: Subquery(Pizza.objects.values("id")) });
Box.objects.orderBy(Subquery(Pizza.objects.values("id").slice(0, 1)).desc());

// value
is<string>()(Event.objects.annotate({ v: Value("x") })[0].v);
is<null>()(Event.objects.annotate({ v: Value(null) })[0].v);
is<null>()(Event.objects.annotate({ v: Value(null, { outputField: IntegerField() }) })[0].v);
is<unknown>()(Event.objects.annotate({ v: Value({ a: 1 }, { outputField: JSONField() }) })[0].v);
is<string | null>()(Price.objects.annotate({ v: Max("pizza__name") })[0].v);
is<string | null>()(Price.objects.annotate({ v: Upper("pizza__name") })[0].v);
is<string | null>()(Price.objects.annotate({ v: F("pizza__box__name") })[0].v);
is<string>()(Price.objects.annotate({ v: Coalesce("pizza__box__name", Value("")) })[0].v);
is<number | null>()(Box.objects.annotate({ v: F("pizza") })[0].v);

// transforms that a user declares, in every place
declare module "./api.ts" {
  interface TextTransforms {
    counted: NumberLookups;
  }
  interface NumberTransforms<T, Out> {
    absolute: NumberLookups<T, Out>;
  }
}
Event.objects.filter({ name__counted: 3, name__counted__gt: 3, name__counted__absolute__lte: 3 });
Event.objects.orderBy("-name__counted").filter({ dec__absolute: "1.5" });
is<number>()(Event.objects.values("name__counted")[0]!.name__counted);
is<Decimal>()(Event.objects.annotate({ x: F("dec__absolute") })[0].x);
is<bigint>()(Event.objects.annotate({ x: F("big__absolute") })[0].x);
is<string | null>()(Price.objects.annotate({ x: F("pizza__box__name").slice(1).slice(0, 2) })[0].x);
