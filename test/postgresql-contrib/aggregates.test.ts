/** Aggregates, array subqueries and functions against what Django answers: see django_aggregates.py, which has the same cases. */
import {
  aatomic,
  Concat,
  Count,
  F,
  JSONField,
  JSONObject,
  Lower,
  Now,
  OuterRef,
  Q,
  Value,
  Window,
} from "asgimod";
import {
  ArrayAgg,
  ArraySubquery,
  BitAnd,
  BitOr,
  BitXor,
  BoolAnd,
  BoolOr,
  Corr,
  CovarPop,
  JSONBAgg,
  RandomUUID,
  RegrAvgX,
  RegrAvgY,
  RegrCount,
  RegrIntercept,
  RegrR2,
  RegrSlope,
  RegrSXX,
  RegrSXY,
  RegrSYY,
  StringAgg,
  TransactionNow,
} from "asgimod/postgres";
import { Sale, Shop } from "./models.ts";
import { compareWithDjango, setUp } from "./setup.ts";

await setUp("aggregates");

const S = Sale.aobjects;
const H = Shop.aobjects;
const flat = { flat: true } as const;

const [a, b] = [await H.create({ name: "A" }), await H.create({ name: "B" }), await H.create({ name: "C" })];
const day = "2024-01-01";
await S.create({ shop: a, item: "tea", n: 6, price: "1.50", weight: 1, paid: true, day });
await S.create({ shop: a, item: "Bun", n: 3, price: "2", weight: 2.5, paid: false, day });
await S.create({ shop: a, item: "tea", n: null, price: "3", weight: 4, paid: null, day });
await S.create({ shop: b, item: null, n: 5, price: "10", weight: null, paid: true, day: "2024-02-01" });

/** An aggregate over all sales, or over none. */
const one = async (v: unknown) => ((await S.aggregate({ v } as never)) as { v: unknown }).v;
const ofNothing = async (v: unknown) =>
  ((await S.filter({ item: "none" }).aggregate({ v } as never)) as { v: unknown }).v;
interface Rows {
  orderBy(name: "id"): { valuesList(name: "v", options: { flat: true }): PromiseLike<unknown> };
}
/** An expression for each shop. */
const perShop = (v: unknown) =>
  (H.annotate({ v } as never) as unknown as Rows).orderBy("id").valuesList("v", flat);

compareWithDjango("aggregates", {
  array: () => one(ArrayAgg("item", { orderBy: "id" })),
  "array of numbers": () => one(ArrayAgg("n", { orderBy: "-n" })),
  "array of decimals": () => one(ArrayAgg("price", { orderBy: "price" })),
  "array of dates": () => one(ArrayAgg("day", { distinct: true, orderBy: "day" })),
  "array distinct": () => one(ArrayAgg("item", { distinct: true, orderBy: "item" })),
  "array two orders": () =>
    one(ArrayAgg("id", { orderBy: [Lower("item").desc({ nullsLast: true }), "-id"] })),
  "array filter": () => one(ArrayAgg("item", { filter: Q({ paid: true }), orderBy: "id" })),
  "array of nothing": () => ofNothing(ArrayAgg("item")),
  "array default": () => ofNothing(ArrayAgg("item", { default: [] })),
  "array default value": () => ofNothing(ArrayAgg("item", { default: Value(["x"]) })),
  "array per group": () => perShop(ArrayAgg("sales__item", { orderBy: "sales__id" })),
  "array per group default": () =>
    perShop(ArrayAgg("sales__n", { filter: Q({ sales__paid: true }), orderBy: "sales__id", default: [] })),
  "array of expression": () => one(ArrayAgg(Concat("item", Value("!")), { orderBy: "id" })),
  "array length": () =>
    H.annotate({ v: ArrayAgg("sales__id") })
      .filter({ v__len: 3 })
      .valuesList("name", flat),
  "array contains": () =>
    H.annotate({ v: ArrayAgg("sales__item") })
      .filter({ v__contains: ["Bun"] })
      .valuesList("name", flat),
  "array overlap subquery": () =>
    H.annotate({ v: ArrayAgg("sales__item") })
      .filter({ v__overlap: S.filter({ n: 3 }).values("item") })
      .valuesList("name", flat),
  "array slice": () =>
    H.annotate({ v: ArrayAgg("sales__item", { orderBy: "sales__id" }) })
      .orderBy("id")
      .valuesList("v__0_2" as "name", flat),
  "array in window": () =>
    S.annotate({ v: Window({ expression: ArrayAgg("n"), partitionBy: "shop", orderBy: "id" }) })
      .orderBy("id")
      .valuesList("v", flat),
  json: () => one(JSONBAgg("item", { orderBy: "id" })),
  "json of decimals": () => one(JSONBAgg("n", { orderBy: "id" })),
  "json of objects": () => one(JSONBAgg(JSONObject({ i: F("item"), n: F("n") }), { orderBy: "id" })),
  "json distinct": () => one(JSONBAgg("paid", { distinct: true, orderBy: "paid" })),
  "json default": () => ofNothing(JSONBAgg("item", { default: Value(["x"], { outputField: JSONField() }) })),
  "json key": () =>
    H.annotate({ v: JSONBAgg("sales__item", { orderBy: "sales__id" }) })
      .orderBy("id")
      .valuesList("v__0" as "name", flat),
  string: () => one(StringAgg("item", ", ", { orderBy: "id" })),
  "string distinct": () => one(StringAgg("item", "'", { distinct: true, orderBy: "-item" })),
  "string of nothing": () => ofNothing(StringAgg("item", ",")),
  "string default": () => ofNothing(StringAgg("item", ",", { default: "-" })),
  "string per group": () =>
    perShop(StringAgg("sales__item", "-", { orderBy: "sales__id", filter: Q({ sales__n__gt: 3 }) })),
  "bit and": () => one(BitAnd("n")),
  "bit or": () => one(BitOr("n")),
  "bit xor": () => one(BitXor("n")),
  "bit and of nothing": () => ofNothing(BitAnd("n")),
  "bit default": () => ofNothing(BitOr("n", { default: 0 })),
  "bool and": () => one(BoolAnd("paid")),
  "bool or": () => one(BoolOr("paid")),
  "bool or condition": () => one(BoolOr(Q({ n__gt: 5 }))),
  "bool and of nothing": () => ofNothing(BoolAnd("paid")),
  "bool filter": () => one(BoolAnd("paid", { filter: Q({ n__gte: 5 }) })),
  "bool per group": () => perShop(BoolOr("sales__paid")),
  "bool filtered": () =>
    H.annotate({ v: BoolAnd("sales__paid") })
      .filter({ v: true })
      .valuesList("name", flat),
  corr: () => one(Corr("price", "weight")),
  covar: () => one(CovarPop("price", "weight")),
  "covar sample": () => one(CovarPop("price", "weight", { sample: true })),
  avgx: () => one(RegrAvgX("price", "weight")),
  avgy: () => one(RegrAvgY("price", "weight")),
  count: () => one(RegrCount("price", "weight")),
  "count of nothing": () => ofNothing(RegrCount("price", "weight")),
  intercept: () => one(RegrIntercept("price", "weight")),
  r2: () => one(RegrR2("price", "weight")),
  slope: () => one(RegrSlope("price", "weight")),
  sxx: () => one(RegrSXX("price", "weight")),
  sxy: () => one(RegrSXY("price", "weight")),
  syy: () => one(RegrSYY("price", "weight")),
  "corr of nothing": () => ofNothing(Corr("price", "weight")),
  "corr default": () => ofNothing(Corr("price", "weight", { default: 9 })),
  "corr filter": () => one(RegrAvgX("price", "weight", { filter: Q({ n__isnull: false }) })),
  "count default": () => one(RegrCount("price", "weight", { default: 1 })),
  "missing x": () => one(Corr("price", "")),
  "distinct bits": () => one(BitAnd("n", { distinct: true })),
  subquery: () =>
    perShop(
      ArraySubquery(
        S.filter({ shop: OuterRef("pk") })
          .orderBy("-id")
          .values("item"),
      ),
    ),
  "subquery of numbers": () =>
    perShop(
      ArraySubquery(
        S.filter({ shop: OuterRef("pk") })
          .orderBy("id")
          .valuesList("price", flat),
      ),
    ),
  "subquery of objects": () =>
    perShop(
      ArraySubquery(
        S.filter({ shop: OuterRef("pk") })
          .orderBy("id")
          .values({ v: JSONObject({ i: F("item") }) }),
      ),
    ),
  "subquery filtered": () =>
    H.annotate({ v: ArraySubquery(S.filter({ shop: OuterRef("pk") }).values("item")) })
      .filter({ v__contains: ["tea"] })
      .valuesList("name", flat),
  "subquery counted": () =>
    H.annotate({
      v: ArraySubquery(
        S.filter({ shop: OuterRef("pk") })
          .orderBy("n")
          .values("n"),
      ),
    })
      .values("v")
      .annotate({ c: Count("id") })
      .orderBy("c", "v")
      .valuesList("v", "c"),
  "random uuid": async () => [
    await S.update({ token: RandomUUID() }),
    await S.values("token").distinct().count(),
  ],
  "transaction now": () =>
    aatomic(async () => {
      await S.update({ at: TransactionNow() });
      return [await S.filter({ at__lte: Now() }).count(), await S.values("at").distinct().count()];
    }),
});
