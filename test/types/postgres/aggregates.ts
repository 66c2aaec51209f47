// biome-ignore-all format: an expected error stands on the line below its comment
/** Aggregates: compiled, never run. */
import { BooleanField, CASCADE, CharField, type Decimal, DecimalField, ForeignKey, IntegerField, Model, OuterRef, Q } from "asgimod";
import { ArrayAgg, ArraySubquery, BitAnd, BoolAnd, BoolOr, Corr, CovarPop, JSONBAgg, RandomUUID, RegrCount, TransactionNow } from "asgimod/postgres";
import { is } from "../check.ts";

export class Owner extends Model("counted.Owner", { name: CharField({ maxLength: 20 }) }) {}
export class Item extends Model("counted.Item", {
  owner: ForeignKey("counted.Owner", { onDelete: CASCADE, relatedName: "items" }),
  name: CharField({ maxLength: 20 }),
  n: IntegerField({ null: true }),
  price: DecimalField({ maxDigits: 6, decimalPlaces: 2 }),
  paid: BooleanField(),
}) {}

declare module "asgimod" {
  interface Apps {
    counted: typeof import("./aggregates.ts");
  }
}

async function values(): Promise<void> {
  const all = await Item.aobjects.aggregate({
    names: ArrayAgg("name", { orderBy: "-name", distinct: true }),
    ns: ArrayAgg("n", { filter: Q({ paid: true }), default: [] }),
    json: JSONBAgg("price"),
    bits: BitAnd("n"),
    paid: BoolAnd("paid"),
    dear: BoolOr(Q({ price__gt: 5 }), { default: false }),
    corr: Corr("price", "n"),
    covar: CovarPop("price", "n", { sample: true }),
    count: RegrCount("price", "n"),
  });
  is<string[] | null>()(all.names);
  is<(number | null)[]>()(all.ns);
  is<number[] | null>()(all.json);
  is<number | null>()(all.bits);
  is<boolean | null>()(all.paid);
  is<boolean>()(all.dear);
  is<number | null>()(all.corr);
  is<number | null>()(all.covar);
  is<number>()(all.count);
  const byName = await Item.aobjects.aggregate(ArrayAgg("price"));
  is<Decimal[] | null>()(byName.price__arrayagg);
  const [row] = await Owner.aobjects
    .annotate({
      far: ArrayAgg("items__name"),
      near: ArraySubquery(Item.objects.filter({ owner: OuterRef("pk") }).values("price")),
      flat: ArraySubquery(Item.objects.filter({ owner: OuterRef("pk") }).valuesList("n", { flat: true })),
      token: RandomUUID(),
      at: TransactionNow(),
    })
    .valuesList("far", "near", "flat", "token", "at");
  is<[(string | null)[] | null, Decimal[], (number | null)[], string, Date] | undefined>()(row);
}
void values;

// @ts-expect-error no such field
Item.objects.aggregate({ x: ArrayAgg("nam") });
// @ts-expect-error no such field in the order
Item.objects.aggregate({ x: ArrayAgg("name", { orderBy: "nam" }) });
// @ts-expect-error no such field in the condition
Item.objects.aggregate({ x: BoolOr(Q({ prise__gt: 5 })) });
// @ts-expect-error no such field
Item.objects.aggregate({ x: Corr("price", "m") });
// @ts-expect-error two values
Corr("price");
// @ts-expect-error no such option
CovarPop("price", "n", { distinct: true });
// @ts-expect-error a queryset
ArraySubquery("items");
