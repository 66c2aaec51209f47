// biome-ignore-all format: an expected error stands on the line below its comment
/** What must not compile: each `@ts-expect-error` names what is wrong. */
import { Avg, CASCADE, CharField, Count, DateField, DateTimeField, DecimalField, F, ForeignKey, IntegerField, Model, Prefetch, Q, Sum } from "./api.ts";
import { Box, Label, Note, Pizza, Price, Restaurant, Tag, Topping } from "./models.ts";

declare const maybe: string | undefined;
declare const optional: { name?: string };

// lookups
// @ts-expect-error unknown field
Pizza.aobjects.filter({ nam: "x" });
// @ts-expect-error wrong type
Pizza.aobjects.filter({ name: 3 });
// @ts-expect-error unknown nested field
Pizza.aobjects.filter({ box__nam__icontains: "x" });
// @ts-expect-error unknown field behind a reverse relation
Pizza.aobjects.filter({ children__box__nam: "x" });
// @ts-expect-error a lookup that the field does not have
Pizza.aobjects.filter({ created__startswith: "x" });
// @ts-expect-error a lookup that no field has
Pizza.aobjects.filter({ name__like: "x" });
// @ts-expect-error a transform that text does not have
Pizza.aobjects.filter({ name__year__gte: 2000 });
// @ts-expect-error null for a field that cannot be null
Pizza.aobjects.filter({ name: null });
// @ts-expect-error not one of the choices
Pizza.objects.filter({ size: "M" });
// @ts-expect-error not one of the choices in a list
Pizza.objects.filter({ size__in: ["M"] });
// @ts-expect-error a range has two ends
Price.objects.filter({ amount__range: [1] });
// @ts-expect-error undefined
Pizza.objects.filter({ name: undefined });
// @ts-expect-error perhaps undefined
Pizza.objects.filter({ name: maybe });
// @ts-expect-error perhaps missing
Pizza.objects.filter(optional);
// @ts-expect-error an object of another model
Pizza.objects.filter({ box: new Topping({ name: "x" }) });
// @ts-expect-error a key of another type
Label.objects.filter({ tag: 3 });
// @ts-expect-error unknown JSON key
Label.objects.filter({ data__owner__nam: "x" });
// @ts-expect-error wrong type under a JSON key
Label.objects.filter({ data__owner__age: "x" });
// @ts-expect-error the second condition counts too
Pizza.objects.filter({ name: "x" }, { nam: "x" });
// @ts-expect-error isnull takes a boolean
Pizza.objects.exclude({ box__isnull: 1 });
// @ts-expect-error get
Pizza.objects.get({ nope: 1 });

// Q, F, expressions
// @ts-expect-error unknown field in a bound Q
Pizza.Q({ nope: 1 });
// @ts-expect-error unknown field in a free Q
Pizza.objects.filter(Q({ nope: 1 }));
// @ts-expect-error unknown field in a tree
Pizza.objects.filter(Q({ name: "x" }).or(Q({ box__nope: 1 })).not());
// @ts-expect-error wrong value in a tree
Pizza.objects.filter(Q({ name: "x" }).and(Q({ box__name: 1 })));
// @ts-expect-error unknown path in F
Pizza.objects.filter({ name: F("nope") });
// @ts-expect-error unknown path in arithmetic
Price.objects.update({ amount: F("amount").mul(F("amout")) });
// @ts-expect-error unknown path in an aggregate
Pizza.objects.annotate({ n: Count("topings") });
// @ts-expect-error unknown path in an aggregate that names itself
Pizza.objects.annotate(Count("topings"));
// @ts-expect-error unknown path in aggregate()
Price.objects.aggregate({ total: Sum("amout") });
// @ts-expect-error unknown path beside a good one
Price.objects.aggregate(Sum("amount"), Avg("amout"));
// @ts-expect-error an annotation with the name of a field
Pizza.objects.annotate({ name: Count("toppings") });
// @ts-expect-error an annotation is not known before it is made
Pizza.objects.filter({ n__gt: 1 }).annotate({ n: Count("toppings") });
// @ts-expect-error wrong type for an annotation
Pizza.objects.annotate({ n: Count("toppings") }).filter({ n: "x" });

// paths
// @ts-expect-error unknown ordering
Pizza.aobjects.orderBy("nope");
// @ts-expect-error unknown descending ordering
Pizza.aobjects.orderBy("name", "-box__nope");
// @ts-expect-error unknown value path
Pizza.aobjects.values("name", "box__nope");
// @ts-expect-error unknown value path in a list
Pizza.aobjects.valuesList("name", "box__nope");
// @ts-expect-error unknown flat path
Pizza.aobjects.valuesList("nope", { flat: true });
// @ts-expect-error not a relation
Pizza.objects.selectRelated("name");
// @ts-expect-error a relation to many
Pizza.objects.selectRelated("toppings");
// @ts-expect-error not an accessor
Box.objects.prefetchRelated("pizza");
// @ts-expect-error not an accessor behind one
Box.objects.prefetchRelated("pizza_set__name");
// @ts-expect-error not an accessor in a Prefetch
Box.objects.prefetchRelated(Prefetch("pizzas", { toAttr: "some" }));
// @ts-expect-error not an accessor behind what is set
Box.objects.prefetchRelated(Prefetch("pizza_set", { toAttr: "menu" }), "menu__topping");
// @ts-expect-error nothing of that name is set
Box.objects.prefetchRelated(Prefetch("pizza_set", { toAttr: "menu" }), "card__toppings");
// @ts-expect-error an outer path that leads nowhere
Pizza.objects.filter({ box: Box.OuterRef("nope") });
// @ts-expect-error an outer path that leads nowhere behind a relation
Box.objects.filter({ name: Pizza.OuterRef("box__nope") });
// @ts-expect-error raw() is no subquery
Pizza.objects.filter({ id__in: Pizza.aobjects.raw("SELECT 1") });
// @ts-expect-error only() of an unknown field
Pizza.objects.only("nope");
// @ts-expect-error inBulk by an unknown field
Pizza.objects.inBulk(["x"], { fieldName: "nope" });
// @ts-expect-error inBulk with wrong keys
Pizza.objects.inBulk(["x"]);
// @ts-expect-error inBulk with wrong keys after values
Pizza.objects.values("name").inBulk(["x"]);
// @ts-expect-error an option that raw does not have
Pizza.objects.raw("SELECT 1", [], { translation: {} });
// @ts-expect-error the rows of raw are no queryset
Pizza.objects.raw("SELECT 1").filter({ id: 1 });
// @ts-expect-error async rows of raw have no length
Pizza.aobjects.raw("SELECT 1").length;
// @ts-expect-error a single object is no list
Pizza.objects.prefetchRelated(Prefetch("box", { toAttr: "carton" })).eval()[0]!.carton.length;
// @ts-expect-error a plain string may be anything
Pizza.objects.orderBy(maybe as string);

// creating
// @ts-expect-error missing column
Topping.objects.create({});
// @ts-expect-error missing relation
Pizza.aobjects.create({ name: "x" });
// @ts-expect-error unknown name
Topping.objects.create({ name: "x", nam: "y" });
// @ts-expect-error wrong type
Topping.objects.create({ name: 3 });
// @ts-expect-error null where there is none
Topping.objects.create({ name: null });
// @ts-expect-error undefined
Price.objects.create({ amount: 1, currency: undefined });
// @ts-expect-error perhaps undefined
Price.objects.create({ amount: 1, currency: maybe });
// @ts-expect-error not one of the choices
Pizza.objects.create({ name: "x", price_id: 1, size: "M" });
// @ts-expect-error a many-to-many set cannot be given
Pizza.objects.create({ name: "x", price_id: 1, toppings: [] });
// @ts-expect-error the wrong model
Pizza.objects.create({ name: "x", price: new Box({ name: "x" }) });
// @ts-expect-error missing in the constructor
new Topping({});
// @ts-expect-error unknown in the constructor
new Topping({ name: "x", nam: "y" });
// @ts-expect-error missing inherited column
Restaurant.objects.create({ stars: 3 });
// @ts-expect-error unknown default
Topping.objects.getOrCreate({ name: "x" }, { defaults: { nam: "x" } });
// @ts-expect-error unknown column in update
Price.objects.update({ amout: 1 });
// @ts-expect-error no such option of bulkCreate
Pizza.objects.bulkCreate([], { progress: () => {} });
// @ts-expect-error progress is told in numbers
Pizza.aobjects.bulkUpdate([], ["name"], { onProgress: (done: string) => done });
// @ts-expect-error unknown column in bulkUpdate
Pizza.objects.bulkUpdate([], ["nam"]);
// @ts-expect-error no such option of delete
Pizza.objects.delete({ using: "default" });
// @ts-expect-error perhaps undefined in update
Price.objects.update({ currency: maybe });

// instances
const pizza = Pizza.objects.get({ id: 1 });
// @ts-expect-error read only
pizza.abox = Promise.resolve(null);
// @ts-expect-error the wrong model
pizza.box = new Topping({ name: "x" });
// @ts-expect-error no null here
pizza.price = null;
// @ts-expect-error the wrong model in a related manager
pizza.toppings.add(new Box({ name: "x" }));
// @ts-expect-error the wrong model in a reverse manager
Box.objects.get({ id: 1 }).pizza_set.add(new Topping({ name: "x" }));
// @ts-expect-error no reverse accessor of a symmetrical relation
Tag.objects.get({ pk: "a" }).tag_set;
// @ts-expect-error perhaps null
pizza.box.name;
// @ts-expect-error a manager has no add() after filter()
pizza.toppings.filter({ name: "x" }).add(1);
// @ts-expect-error sync querysets are not async iterable
for await (const row of Pizza.objects.all() satisfies AsyncIterable<Pizza>) row.name;
// @ts-expect-error async querysets are not iterable
for (const row of Pizza.aobjects.all()) row.name;
// @ts-expect-error an abstract model has no managers: Note's base
Note.objects.filter({ nope: 1 });

// declarations
// @ts-expect-error no such model in a registered app
ForeignKey("testapp.Bx", { onDelete: CASCADE });
// @ts-expect-error onDelete is required
ForeignKey("testapp.Box", {});
// @ts-expect-error unknown option
CharField({ maxLength: 3, nul: true });
// @ts-expect-error maxDigits is required
DecimalField({ decimalPlaces: 2 });
// @ts-expect-error a default of another type
IntegerField({ default: "x" });
// @ts-expect-error unknown meta option
Model("x.Y", { name: CharField({ maxLength: 3 }) }, { orderin: ["name"] });

// expressions on the right side of a wrong name
// @ts-expect-error unknown field
Pizza.objects.filter({ nope: F("name") });
// @ts-expect-error unknown lookup
Pizza.objects.filter({ name__like: F("name") });
// @ts-expect-error unknown column
Price.objects.update({ nope: F("amount") });
// a lookup of a good name takes an expression
Pizza.objects.filter({ name__gt: F("box__name"), box__name: F("name") });

// neighbours by a date
declare const somePizza: Pizza;
// @ts-expect-error no date
somePizza.get_next_by_name();
// @ts-expect-error unknown field of the neighbour
somePizza.get_next_by_created({ nam: "x" });
// @ts-expect-error wrong type
somePizza.aget_previous_by_created({ name: 3 });

class Dated extends Model("local.Dated", { day: DateField({ null: true }), at: DateTimeField() }) {}
declare const dated: Dated;
dated.get_next_by_at();
// @ts-expect-error a date that may be null has no neighbours
dated.get_next_by_day();
