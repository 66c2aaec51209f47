/** Lookups, paths, rows, expressions: what must compile, with which types. */
import type { Temporal } from "temporal-polyfill";
import type { Decimal } from "../../src/util/decimal.ts";
import type { AsyncQuerySet, QuerySet } from "./api.ts";
import { Avg, Count, F, Max, Min, Prefetch, Q, Sum, Value } from "./api.ts";
import { is } from "./check.ts";
import { Box, Label, Note, Pizza, Price, Restaurant, Tag, Topping } from "./models.ts";

// lookups, in both directions, to any depth
const boxes = await Box.aobjects.filter({ pizza__name: "x", pizza__toppings__name__in: ["a", "b"] });
is<Box[]>()(boxes);
Pizza.aobjects.filter({
  name__startswith: "b",
  box__name__icontains: "m",
  price__amount__gte: "9.99",
  price__amount__range: [1, "2"],
  toppings__name: "Bacon",
  children__name: "z",
  children__box__pizza__name: "z",
  box__isnull: false,
  box: null,
  box__in: [1, boxes[0]!],
  box_id: 3,
  box_id__in: [3, 4],
  pk__in: [1],
  id__gt: 3,
  created__year: 2024,
  created__year__gte: 2020,
  created__date: "2024-01-01",
  created__date__gte: "2024-01-01",
  created__time__hour: 3,
  created: new Date(),
});
Pizza.objects.filter({ toppings__in: Topping.objects.filter({ name: "x" }) });
Pizza.objects.filter({ name__in: new Set(["a"]), id__in: Pizza.objects.valuesList("id", { flat: true }) });
Pizza.objects.filter({ size: "S", size__in: ["S", "L"], pk: 1, id__startswith: "1" });
Label.objects.filter({
  data__owner__name: "Bob",
  data__owner__age__gte: 3,
  data__tags__0: "a",
  data__has_key: "owner",
  any__x__y__0: 3,
  any__a__isnull: true,
  any__a__icontains: "x",
  uid__startswith: "ab",
  tag: "a",
  tag__in: ["a"],
});
Note.objects.filter({ rank: null, rank__isnull: true, rank__exact: null });

// Q, F, conditions
Pizza.aobjects.filter(
  Pizza.Q({ name: "a" })
    .or(Pizza.Q({ box__name: "b" }))
    .not(),
);
Pizza.aobjects.filter(Q({ name: "a" }).or(Q({ box__name: "b" })), { id: 1 });
Pizza.aobjects.filter(Q({ name: "a" }), Q({ name__gt: "b" }), { id__gt: 1 });
Pizza.aobjects.exclude(Q({ box: null }).or(Q({ box: 3 })));
Pizza.objects.filter({ name: F("box__name"), id__gt: F("price__id").add(1) });
Pizza.objects.filter();
Price.objects.update({ amount: F("amount").mul(2), currency: "eur" });

// rows
const counted = Pizza.aobjects.annotate({ n: Count("toppings") });
is<
  {
    name: string;
    box__name: string | null;
    price__amount: Decimal;
    n: number;
    box: number | null;
  }[]
>()(await counted.values("name", "box__name", "price__amount", "n", "box"));
is<number>()((await counted)[0]!.n);
is<string>()((await counted)[0]!.shout);
counted.filter({ n__gt: 1 }).orderBy("-n", "name");
is<[number, string, string | null][]>()(await Pizza.aobjects.valuesList("id", "name", "box__name"));
is<string[]>()(await Pizza.aobjects.valuesList("name", { flat: true }));
is<number[]>()(Pizza.objects.valuesList("created__year", { flat: true }).eval());
const named = Pizza.objects.valuesList("id", "box__name", { named: true })[0];
is<string | null>()(named.box__name);
is<number>()(named[0]);
is<{ id: number; name: string; currency: string; amount: Decimal }>()(
  Price.objects.values("id", "amount", "currency", { name: F("currency") })[0],
);
is<{ id: number; amount: Decimal; currency: string }>()(Price.objects.values()[0]);
is<{ box: number | null; n: number } | null>()(
  await Pizza.aobjects
    .values("box")
    .annotate({ n: Count("id") })
    .orderBy("n")
    .first()
    .then((r) => r && { box: r.box, n: r.n }),
);
is<string>()(Label.objects.values("data__owner__name")[0].data__owner__name!);
is<Temporal.PlainDate>()(Pizza.objects.dates("created", "month")[0]);
is<Date[]>()(await Pizza.aobjects.datetimes("created", "hour", "DESC"));

// expressions
const totals = Price.objects.aggregate({
  total: Sum("amount"),
  n: Count("*"),
  sure: Sum("amount", { default: 0 }),
});
is<Decimal | null>()(totals.total);
is<number>()(totals.n);
is<Decimal>()(totals.sure);
is<Decimal | null>()(Price.objects.aggregate(Sum("amount")).amount__sum);
is<Decimal | null>()((await Price.aobjects.aggregate(Avg("amount"), { m: Max("currency") })).amount__avg);
is<string | null>()((await Price.aobjects.aggregate(Avg("amount"), { m: Max("currency") })).m);
is<Decimal | null>()(Box.objects.annotate(Min("pizza__price__amount"))[0].pizza__price__amount__min);
is<number>()(
  Box.objects.annotate({ n: Count("pizza", { distinct: true, filter: Q({ pizza__name: "x" }) }) })[0].n,
);
is<Decimal>()(Price.objects.annotate({ double: F("amount").mul(2) })[0].double);
is<number>()(Pizza.objects.annotate({ next: F("id").add(1) })[0].next);
is<string>()(Pizza.objects.annotate({ kind: Value("pizza") })[0].kind);
is<number | null>()(Note.objects.annotate({ r: F("rank").add(1) })[0].r);
const twice = Price.objects.annotate({ a: F("amount").mul(2) }).annotate({ b: F("a").add(F("id")) });
is<Decimal>()(twice[0].b);
Price.objects.alias({ a: F("amount").mul(2) }).filter({ a__gt: 3 });
Box.objects.annotate(Count("pizza")).filter({ pizza__count__gt: 3 });

// order and selection
is<Pizza>()(await Pizza.aobjects.orderBy("box__name", "-price__amount")[0]);
Pizza.objects
  .orderBy("?")
  .orderBy()
  .orderBy(F("name").desc({ nullsLast: true }), "-id")
  .reverse();
for await (const topping of Topping.aobjects.orderBy("-name", "id")) is<Topping>()(topping);
Pizza.objects.selectRelated("box", "price", "parent__box").only("name", "box__name").defer("created");
Price.objects.selectRelated("pizza", "pizza__box").selectRelated(null);
Pizza.objects
  .distinct()
  .distinct("name")
  .using("other")
  .selectForUpdate({ of: ["self"], nowait: true });
is<Pizza[]>()(Pizza.objects.prefetchRelated("toppings", "children__toppings", "box__pizza_set").eval());
const [loaded] = Box.objects.prefetchRelated(
  Prefetch("pizza_set", { queryset: Pizza.objects.filter({ name: "x" }), toAttr: "some" }),
  Prefetch("pizza_set", { toAttr: "all_of_them" }),
);
is<Pizza[]>()(loaded!.some);
is<Pizza[]>()(loaded!.all_of_them);
const [single] = Pizza.objects.prefetchRelated(Prefetch("box", { toAttr: "carton" }));
is<Box | null>()(single!.carton);
const [priced] = await Price.aobjects.prefetchRelated(
  Prefetch("pizza", { queryset: Pizza.aobjects.filter({ name: "x" }), toAttr: "sold" }),
);
is<Pizza | null>()(priced!.sold);

// an outer path, checked where it stands
Box.objects.filter({ pizza: Pizza.OuterRef("parent__pk"), name: Pizza.OuterRef("box__name").slice(0, 3) });

// what is set behind other accessors, and paths through what is set
const deep = Box.objects
  .prefetchRelated(
    Prefetch("pizza_set", { queryset: Pizza.objects.annotate({ n: Count("toppings") }), toAttr: "menu" }),
    "menu__toppings",
    Prefetch("menu__toppings", { toAttr: "hams" }),
    Prefetch("pizza_set__parent", { toAttr: "base" }),
  )
  .get();
is<number>()(deep.menu[0]!.n);
is<Topping[]>()(deep.menu[0]!.hams);
is<string>()(deep.menu[0]!.name);
is<Pizza | null>()(deep.pizza_set.all()[0].base);
for (const pizza of deep.pizza_set) is<Pizza | null>()(pizza.base);
for (const pizza of await deep.apizza_set.all()) is<Pizza | null>()(pizza.base);
deep.pizza_set.filter({ name: "x" }).count();
const beside = Pizza.objects.prefetchRelated(Prefetch("box__pizza_set", { toAttr: "together" })).get();
is<Pizza[] | undefined>()(beside.box?.together);
is<Pizza[] | undefined>()((await beside.abox)?.together);
is<Pizza>()(Pizza.objects.raw("SELECT * FROM testapp_pizza")[0]);
is<Pizza>()(await Pizza.aobjects.raw("SELECT * FROM testapp_pizza").at(-1));
is<Pizza[]>()(await Pizza.aobjects.raw("SELECT * FROM testapp_pizza").prefetchRelated(null).slice(1));

// combining and slicing
is<Pizza[]>()(await Pizza.aobjects.slice(0, 2).all());
is<Pizza[]>()(
  Pizza.objects
    .filter({ id: 1 })
    .or(Pizza.objects.filter({ id: 2 }))
    .eval(),
);
Pizza.objects.union(Pizza.objects.all(), { all: true }).intersection(Pizza.objects.all());

// running
is<[object: Topping, created: boolean]>()(Topping.objects.getOrCreate({ name: "x" }));
is<[object: Pizza, created: boolean]>()(
  await Pizza.aobjects.updateOrCreate(
    { name: "x" },
    { defaults: { price_id: 1 }, createDefaults: { price_id: 2 } },
  ),
);
is<Pizza[]>()(
  Pizza.objects.bulkCreate([new Pizza({ name: "x" })], { updateConflicts: true, updateFields: ["name"] }),
);
is<Promise<number>>()(Pizza.aobjects.bulkUpdate([], ["name", "box"]));
Pizza.objects.bulkCreate([], { onProgress: (done, total) => is<number>()(done + total) });
Pizza.aobjects.bulkUpdate([], ["name"], { batchSize: 10, onProgress: async (done) => is<number>()(done) });
Pizza.objects.filter({ id: 1 }).delete({ onProgress: (_done, total) => is<number>()(total) });
is<Map<number, Pizza>>()(Pizza.objects.inBulk([1, 2]));
is<Map<string, Tag>>()(Tag.objects.inBulk());
is<Map<string, Pizza>>()(Pizza.objects.inBulk(["x"], { fieldName: "name" }));
is<Pizza | null>()(await Pizza.aobjects.first());
is<boolean>()(Pizza.objects.exists());
is<Promise<number>>()(Pizza.aobjects.count());
is<Pizza>()(Pizza.objects.latest("created", "-id"));
is<Pizza>()(await Pizza.aobjects.at(-1));
is<Pizza>()(Pizza.objects.item(0));
for await (const p of Pizza.aobjects.iterator({ chunkSize: 10 })) is<Pizza>()(p);
for (const p of Pizza.objects.filter({ id: 1 }).iterator()) is<Pizza>()(p);
is<Pizza[]>()(await Pizza.aobjects.raw("SELECT * FROM testapp_pizza WHERE id = %s", [1]));
is<string>()(await Pizza.aobjects.explain({ format: "JSON" }));

// methods of one's own
is<Pizza[]>()(await Pizza.cheap.orderBy("-name"));
is<Pizza[]>()(Pizza.menu.filter({ name: "x" }).under("5").orderBy("name").under("3").eval());
is<Pizza>()(
  Pizza.menu
    .filter({ name: "x" })
    .annotate({ n: Count("toppings") })
    .filter({ n: 1 })
    .under("5")[0],
);
is<Restaurant[]>()(await Restaurant.good.filter({ name: "x" }).best());

// passing querysets on
function names(pizzas: QuerySet<"testapp.Pizza">): string[] {
  return pizzas.valuesList("name", { flat: true }).eval();
}
names(Pizza.objects.annotate({ n: Count("toppings") }));
names(Pizza.menu.under("5"));
function rows(): QuerySet<"testapp.Pizza", { name: string }> {
  return Pizza.objects.values("name");
}
const tuples: AsyncQuerySet<"testapp.Pizza", [number, string | null]> = Pizza.aobjects.valuesList(
  "id",
  "box__name",
);
is<{ name: string }[]>()(rows().eval());
is<[number, string | null]>()(await tuples[0]);
