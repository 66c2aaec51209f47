/** What is done with single objects, in a colour: django_scenarios.py has the same by the same titles. */
import { aatomic, F, IntegrityError } from "asgimod";
import { type Colour, Colours, make, type Row, type Scenarios } from "./loose.ts";
import {
  Answer,
  Author,
  Book,
  Counter,
  Pizzeria,
  PizzeriaProxy,
  Place,
  Question,
  Restaurant,
  Seat,
  Shape,
  Ticket,
} from "./models.ts";

export function createScenarios(colour: Colour): Scenarios {
  const c = new Colours(colour);
  const authors = c.of(Author);
  const told = async (result: unknown, ...names: string[]) => {
    const [object, created] = (await result) as [Record<string, unknown>, boolean];
    return [...names.map((name) => object[name]), created];
  };
  const created = async (result: unknown) => ((await result) as [unknown, boolean])[1];
  return {
    "get or create there": () => told(authors.getOrCreate({ name: "Ann" }, { defaults: { rank: 5 } }), "pk"),
    "get or create made": () => told(authors.getOrCreate({ name: "Zoe" }, { defaults: { rank: 5 } }), "pk"),
    "get or create called": () =>
      told(authors.getOrCreate({ name: "Zoe" }, { defaults: { rank: () => 6 } }), "rank"),
    "get or create lookup": () =>
      told(authors.getOrCreate({ name__iexact: "zoe" }, { defaults: { name: "Zoe" } }), "name"),
    "get or create exact default": () =>
      told(
        authors.getOrCreate({ name: "Zoe", rank__exact: 3 }, { defaults: { rank__exact: 3, rank: 4 } }),
        "rank",
      ),
    "get or create unknown": () => authors.getOrCreate({ name: "Zoe" }, { defaults: { wrong: 5 } }),
    "get or create two": () => c.of(Book).getOrCreate({ author__name: "Ann" }),
    "get or create conflict": () => authors.getOrCreate({ name: "Ann", rank: 77 }),
    "get or create of relation": async () =>
      told(c.rel(await c.author("Ann"), "book_set").getOrCreate({ title: "new" }), "author_id"),
    "get or create of many": async () =>
      told(c.rel(await c.book(2), "tags").getOrCreate({ name: "black" }), "pk"),
    "get or create of many there": async () =>
      told(c.rel(await c.book(0), "tags").getOrCreate({ name: "red" }), "pk"),
    "update or create there": () =>
      told(authors.updateOrCreate({ name: "Ann" }, { defaults: { rank: 5 } }), "rank"),
    "update or create made": () =>
      told(authors.updateOrCreate({ name: "Zoe" }, { defaults: { rank: 5 } }), "rank"),
    "update or create create defaults": () =>
      told(
        authors.updateOrCreate({ name: "Zoe" }, { defaults: { rank: 5 }, createDefaults: { rank: 8 } }),
        "rank",
      ),
    "update or create expression": () =>
      created(
        authors.updateOrCreate(
          { name: "Bea" },
          { defaults: { rank: F("rank").add(5) }, createDefaults: { rank: 8 } },
        ),
      ),
    "update or create inherited": () =>
      told(c.of(Pizzeria).updateOrCreate({ ovens: 2 }, { defaults: { name: "new", stars: 4 } }), "name"),
    "update or create of relation": async () =>
      told(
        c.rel(await c.author("Ann"), "book_set").updateOrCreate({ title: "B0" }, { defaults: { pages: 3 } }),
        "pages",
      ),
    "update or create of many": async () =>
      told(
        c.rel(await c.book(2), "tags").updateOrCreate({ name: "black" }, { defaults: { name: "white" } }),
        "name",
      ),
    "update or create conflict": () => authors.updateOrCreate({ name: "Ann" }, { defaults: { name: "Bea" } }),
    "update or create unknown": () =>
      created(authors.updateOrCreate({ name: "Ann" }, { defaults: { wrong: "Bea" } })),
    "update or create heard": () =>
      c.heard(
        [
          ["preSave", Author, "pre"],
          ["postSave", Author, "post"],
        ],
        () => created(authors.updateOrCreate({ name: "Ann" }, { defaults: { rank: 5 } })),
      ),
    "get or create inside a transaction that fails": () =>
      aatomic(async () => {
        try {
          await c.of(Author).getOrCreate({ name: "Ann", rank: 77 });
        } catch (error) {
          if (!(error instanceof IntegrityError)) throw error;
        }
        return created(c.of(Author).getOrCreate({ name: "Zoe" }));
      }),
  };
}

export function modelScenarios(colour: Colour): Scenarios {
  const c = new Colours(colour);
  const question = () => c.get(Question, {});
  const answer = (text: string) => c.get(Answer, { text });
  const order = async () => c.call(await question(), "get_answer_order");
  const setOrder = async (keys: number[]) => {
    await c.call(await question(), "set_answer_order", keys);
    return [null, await order()];
  };
  const save = (object: unknown, values: Row = {}, options: Row = {}) =>
    c.call(Object.assign(object as object, values), "save", options);
  const pizzeria = () => c.get(Pizzeria, {});
  const seat = () => c.get(Seat, { pk: [1, "a"] });
  const park = () => c.get(Place, { name: "park" });
  return {
    order,
    "order set": () => setOrder([3, 1, 2]),
    "order set partly": () => setOrder([3]),
    "order next": async () => (await c.call(await answer("a"), "get_next_in_order")).text,
    "order previous": async () => (await c.call(await answer("c"), "get_previous_in_order")).text,
    "order next at the end": async () => c.call(await answer("c"), "get_next_in_order"),
    "order new": async () => (await c.of(Answer).create({ question: await question(), text: "d" }))._order,
    "order new of another": async () =>
      (await c.of(Answer).create({ question: await c.of(Question).create({ text: "r" }), text: "d" }))._order,
    "order moved": async () => {
      await save(await answer("a"), { _order: 9 });
      return order();
    },
    "order deleted and new": async () => {
      const [deleted] = (await c.call(await answer("b"), "delete")) as unknown as [number];
      return [deleted, (await c.of(Answer).create({ question: await question(), text: "d" }))._order];
    },
    "order default": async () => (await c.list(c.of(Answer).all())).map((each) => each.text),
    "child created": async () => (await c.of(Pizzeria).create({ name: "new", stars: 1, ovens: 3 })).pk,
    "child saved": async () => save(await pizzeria(), { ovens: 7 }),
    "child saved partly": async () => save(await pizzeria(), { name: "z" }, { updateFields: ["name"] }),
    "child saved partly both": async () =>
      save(await pizzeria(), { name: "z" }, { updateFields: ["name", "ovens"] }),
    "child of parent": async () => {
      const restaurant = await c.rel(await c.get(Place, { name: "napoli" }), "restaurant");
      return (await c.rel(restaurant, "pizzeria")).ovens;
    },
    "child of plain parent": async () => c.rel(await park(), "restaurant"),
    "parent of child": async () =>
      (await c.rel(await c.rel(await pizzeria(), "restaurant_ptr"), "place_ptr")).name,
    "child made of parent": async () =>
      c.call(make(Restaurant, { place_ptr: await park(), stars: 5 }), "saveBase", { raw: true }),
    "child made over parent": async () => {
      const restaurant = make(Restaurant, { place_ptr: await park(), stars: 5 });
      const { _state: _, ...values } = { ...((await park()) as unknown as Row) };
      return save(restaurant, values);
    },
    "child forced": () =>
      save(make(Restaurant, { place_ptr_id: 1, id: 1, name: "park", stars: 5 }), {}, { forceInsert: true }),
    "child forced whole": () =>
      save(
        make(Restaurant, { place_ptr_id: 1, id: 1, name: "park", stars: 5 }),
        {},
        { forceInsert: [Place] },
      ),
    "proxy created": async () => (await c.of(PizzeriaProxy).create({ name: "new", ovens: 3 })).pk,
    "child refreshed": async () => {
      const child = await pizzeria();
      await c.of(Place).update({ name: "all" });
      await c.call(child, "refreshFromDb");
      return child.name;
    },
    "generated created": async () => (await c.of(Shape).create({ side: 6 })).area,
    "generated saved": async () => {
      const shape = await c.get(Shape, {});
      await save(shape, { side: 10 });
      await c.call(shape, "refreshFromDb");
      return shape.area;
    },
    "database default": async () => (await c.of(Counter).create({ key: "z" })).hits,
    "database default given": async () => (await c.of(Counter).create({ key: "z", hits: 1000 })).hits,
    "composite created": async () => (await c.of(Seat).create({ row: 7, place: "q" })).pk,
    "composite saved": async () => save(await seat(), { taken: true }),
    "composite moved": async () => save(await seat(), { row: 50 }),
    "composite half": () => save(make(Seat, { row: 1 })),
    "composite conflict": () => save(make(Seat, { row: 1, place: "a" }), {}, { forceInsert: true }),
    "ticket created": async () => (await c.of(Ticket).create({})).name,
    "ticket saved again": async () => save(await c.of(Ticket).create({}), { name: "done" }),
  };
}
