/** Instances, relations, inheritance and creation: what must compile, with which types. */
import type { Decimal } from "../../src/util/decimal.ts";
import type { AsyncManager, DeleteResult, InstanceOf, Manager, QuerySet } from "./api.ts";
import { Value } from "./api.ts";
import { is } from "./check.ts";
import { Box, Label, MyPlace, Note, Pizza, Place, Price, Restaurant, Tag, Topping } from "./models.ts";

// creating
const price = await Price.aobjects.create({ amount: "9.99" });
is<Price>()(price);
await Pizza.aobjects.create({ name: "x", price });
await Pizza.aobjects.create({ name: "x", price_id: 1, box: null, size: "L" });
await Pizza.aobjects.create({ name: "x", price_id: 1, box_id: 3, id: 7 });
is<Topping>()(Topping.objects.create({ name: Value("Bacon") }));
new Pizza({ name: "x", price });
new Pizza({ name: "x", price_id: 1 });
new Tag({ code: "a" });
new Label({ tag_id: "a", data: { owner: { name: "Bob", age: 3 }, tags: [] } });

// columns
const pizza = await Pizza.aobjects.get({ id: 1 });
is<Pizza>()(pizza);
is<string>()(pizza.name);
is<number>()(pizza.id);
is<number>()(pizza.pk);
is<"S" | "L">()(pizza.size);
is<string>()(pizza.get_size_display());
is<Date>()(pizza.created);
is<number | null>()(pizza.box_id);
is<number>()(pizza.price_id);
is<string>()(pizza.shout);
pizza.name = "y";
pizza.box_id = null;

// neighbours by a date
is<Pizza>()(pizza.get_next_by_created());
is<Pizza>()(pizza.get_previous_by_created({ box__name: "a" }));
is<Pizza>()(await pizza.aget_next_by_created({ name__startswith: "a" }));
is<Promise<Pizza>>()(pizza.aget_previous_by_created());

// relations, both directions, both colours
is<Box | null>()(pizza.box);
is<Box | null>()(await pizza.abox);
is<Price>()(pizza.price);
is<Pizza>()(await price.apizza);
is<Pizza>()(price.pizza);
is<Pizza | null>()(pizza.parent);
pizza.box = await Box.aobjects.get({ pk: 1 });
pizza.box = null;
const box = Box.objects.get({ id: 1 });
is<Pizza[]>()(await box.apizza_set);
is<Pizza[]>()(box.pizza_set.eval());
is<Pizza[]>()(await pizza.achildren.filter({ name: "x" }));
is<Topping[]>()(await pizza.atoppings);
is<Pizza[]>()(await (await Topping.aobjects.get({ id: 1 })).apizza_set.filter({ box__name: "a" }));
for (const topping of pizza.toppings) is<Topping>()(topping);
for await (const topping of pizza.atoppings.filter({ name__in: ["a"] })) is<Topping>()(topping);

// related managers
box.pizza_set.add(pizza, { bulk: false });
is<Promise<void>>()(box.apizza_set.add(pizza));
await box.apizza_set.set([pizza], { clear: true });
box.pizza_set.remove(pizza);
box.pizza_set.clear();
is<Pizza>()(box.pizza_set.create({ name: "x", price }));
is<[object: Pizza, created: boolean]>()(
  await box.apizza_set.getOrCreate({ name: "x" }, { defaults: { price } }),
);
pizza.toppings.add(1, new Topping({ name: "x" }), { throughDefaults: { amount: 1 } });
await pizza.atoppings.set([1, 2]);
is<Topping>()(await pizza.atoppings.create({ name: "x" }, { throughDefaults: {} }));

// methods of instances
pizza.save({ updateFields: ["name"] });
is<Promise<void>>()(pizza.asave({ forceInsert: true }));
is<DeleteResult>()(pizza.delete());
is<Promise<DeleteResult>>()(pizza.adelete({ keepParents: true }));
pizza.refreshFromDb({ fields: ["name"] });
is<boolean>()(pizza.equals(null));
is<Record<string, unknown>>()(pizza.toJSON());

// keys of other types
const tag = Tag.objects.get({ pk: "a" });
is<string>()(tag.pk);
is<Label[]>()(tag.labels.eval());
const label = Label.objects.get({ tag_id: "a", label_free: undefined as never } as never);
is<string>()(label.uid);
is<string>()(label.tag_id);
is<{ owner: { name: string; age: number }; tags: string[] }>()(label.data);
is<unknown>()(label.any);
is<Tag[]>()(tag.related.eval());

// inheritance
const restaurant = Restaurant.objects.get({
  stars__gte: "4",
  name: "x",
  place_ptr_id: 1,
  place_ptr__name: "y",
  id__gt: 0,
});
is<number[]>()(Restaurant.objects.orderBy("-id").valuesList("id", { flat: true }).eval());
is<Place[]>()(Place.objects.filter({ restaurant__id__in: [1] }).eval());
new Restaurant({ id: 3, stars: "3.5", name: "x" });
is<string>()(restaurant.name);
is<string>()(restaurant.hi());
is<string>()(restaurant.yo());
is<Decimal>()(restaurant.stars);
is<number>()(restaurant.pk);
is<number>()(restaurant.id);
is<number>()(restaurant.place_ptr_id);
is<Place>()(restaurant.place_ptr);
is<Restaurant | null>()(await restaurant.anear);
is<Place[]>()(restaurant.near_places.eval());
is<Restaurant>()(Place.objects.get({ restaurant__stars: "3" }).restaurant);
is<string>()(MyPlace.objects.get({ id: 1, near__stars: 3 }).mine());
const note = Note.objects.get({ created__year: 2020, owner__code: "x", text__contains: "a" });
is<string>()(note.text);
is<number>()(note.age());
is<number | null>()(note.rank);
is<Note[]>()(tag.note_owned.eval());
Tag.objects.filter({ note_owned__text: "x", label__active: true });
Note.objects.create({ text: "x", owner: tag });
Restaurant.objects.create({ stars: "3.5", name: "x" });

// naming types
const typed: QuerySet<"testapp.Pizza"> = Pizza.objects.filter({ name: "x" });
const manager: Manager<"testapp.Pizza"> = Pizza.objects;
const amanager: AsyncManager<"testapp.Pizza"> = Pizza.aobjects;
const same: InstanceOf<"testapp.Pizza"> = pizza;
is<Pizza[]>()([...typed, ...manager, ...(await amanager), same]);

// errors of a model
try {
  Pizza.objects.get({ id: 1 });
} catch (error) {
  if (error instanceof Pizza.DoesNotExist) is<string>()(error.code);
}
