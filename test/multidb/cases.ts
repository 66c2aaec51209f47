/** The cases of django_answers.py, for both colours. */
import { aatomic, aonCommit, atomic, onCommit, Prefetch } from "asgimod";
import { Box, Certificate, Pizza, Topping } from "./models.ts";

/** Anything of either colour, without its types: a case is written once. */
interface Loose {
  // biome-ignore lint/suspicious/noExplicitAny: both colours in one
  readonly [name: string]: any;
}
export type Colour = "sync" | "async";

export interface Cases {
  readonly values: Record<string, () => unknown>;
  readonly asked: Record<string, () => unknown>;
}

export function cases(colour: Colour): Cases {
  const isSync = colour === "sync";
  const of = (model: object): Loose => (model as Loose)[isSync ? "objects" : "aobjects"] as Loose;
  const pizzas = of(Pizza);
  const boxes = of(Box);
  const toppings = of(Topping);
  const list = async (rows: unknown): Promise<Loose[]> => {
    if (isSync) return [...(rows as Iterable<Loose>)];
    const all: Loose[] = [];
    for await (const row of rows as AsyncIterable<Loose>) all.push(row);
    return all;
  };
  const names = async (rows: unknown) => (await list(rows)).map(({ name }) => name);
  const dbs = async (rows: unknown) => (await list(rows)).map(({ _state }) => _state.db);
  /** A related object or manager, a method: `abox` in async code. */
  const its = (item: Loose, name: string) => item[isSync ? name : `a${name}`];
  const call = (item: Loose, name: string, ...args: unknown[]) => its(item, name).call(item, ...args);
  const pizza = async (alias: string, pk = 1): Promise<Loose> => await pizzas.using(alias).get({ pk });
  const box = async (alias: string, pk = 1): Promise<Loose> => await boxes.using(alias).get({ pk });
  const topping = async (alias: string, pk = 1): Promise<Loose> => await toppings.using(alias).get({ pk });
  const assign = (item: Loose, other: Loose) => {
    (item as { box: unknown }).box = other;
    return [item._state.db, other._state.db];
  };
  const raw = "SELECT * FROM shop_pizza WHERE id = 1";

  const values: Cases["values"] = {
    "using reads": async () => [await names(pizzas.using("other")), await names(pizzas.all())],
    "objects know their database": async () => [
      (await pizza("other"))._state.db,
      (await pizza("default"))._state.db,
      new Pizza()._state.db,
    ],
    create: async () => [(await pizzas.using("other").create({ name: "x" }))._state.db, await pizzas.count()],
    dbManager: async () => [
      await names(pizzas.dbManager("other").filter({ pk: 1 })),
      pizzas.dbManager("other").dbManager(null).db,
      pizzas.using("other").using(null).db,
    ],
    getOrCreate: async () => {
      const found: unknown[] = [];
      for (const name of ["other pizza 1", "default pizza 1"]) {
        const [object] = await pizzas.using("other").getOrCreate({ name });
        found.push([object._state.db]);
      }
      return found;
    },
    updateOrCreate: async () => {
      const [object] = await pizzas
        .using("other")
        .updateOrCreate({ pk: 1 }, { defaults: { name: "changed" } });
      return [object.name, (await pizza("default")).name];
    },
    update: async () => [
      await pizzas.using("other").update({ box: null }),
      (await its(await pizza("default"), "box")).name,
    ],
    delete: async () => [(await pizzas.using("other").delete())[0], await pizzas.count()],
    bulkCreate: async () => {
      const made = await pizzas
        .using("other")
        .bulkCreate([new Pizza({ name: "a" }), new Pizza({ name: "b" })]);
      return made.map(({ _state }: Loose) => _state.db);
    },
    forward: async () => {
      const found = await its(await pizza("other"), "box");
      return [found.name, found._state.db];
    },
    "forward, loaded along": async () => {
      const found = await pizzas.using("other").selectRelated("box").get({ pk: 1 });
      return [found.box._state.db];
    },
    "one-to-one back": async () => (await its(await pizza("other"), "certificate")).code,
    "reverse manager": async () => {
      const one = await box("other");
      // Django's manager says 'default' here, but asks 'other'.
      return [await names(its(one, "pizza_set").all()), "default"];
    },
    "many-to-many": async () => {
      const one = await pizza("other");
      return [await names(its(one, "toppings").all()), await its(one, "toppings").count()];
    },
    "many-to-many back": async () => await names(its(await topping("other"), "pizza_set").all()),
    "reverse manager, another database": async () => [
      await names(its(await box("other"), "pizza_set").using("default")),
    ],
    "reverse create": async () =>
      (await its(await box("other"), "pizza_set").create({ name: "n" }))._state.db,
    "many-to-many create": async () => {
      const one = await pizza("other");
      const made = await its(one, "toppings").create({ name: "n" });
      return [made._state.db, await its(one, "toppings").count()];
    },
    "many-to-many set": async () => {
      await its(await pizza("other"), "toppings").set([2]);
      return [
        null,
        await names(its(await pizza("other"), "toppings").all()),
        await names(its(await pizza("default"), "toppings").all()),
      ];
    },
    "reverse clear": async () => {
      await its(await box("other"), "pizza_set").clear();
      const left = async (alias: string) => await its(await box(alias), "pizza_set").count();
      return [null, await left("other"), await left("default")];
    },
    refresh: async () => {
      const one = await pizza("other");
      await call(one, "refreshFromDb");
      return [null, one.name];
    },
    "refresh from another": async () => {
      const one = await pizza("other");
      await call(one, "refreshFromDb", { using: "default" });
      return [null, one.name, one._state.db];
    },
    deferred: async () => {
      const one = await pizzas.using("other").defer("name").get({ pk: 1 });
      if (!isSync) await one.arefreshFromDb({ fields: ["name"] });
      return one.name;
    },
    "save to another": async () => {
      const one = await pizza("default");
      Object.assign(one, { name: "moved" });
      await call(one, "save", { using: "other" });
      return [one._state.db, (await pizza("default")).name, (await pizza("other")).name];
    },
    "save a copy": async () => {
      const one = await pizza("default");
      Object.assign(one, { pk: null, name: "copy" });
      one._state.adding = true;
      await call(one, "save", { using: "other" });
      return [one.pk > 2, one._state.db, await pizzas.count(), await pizzas.using("other").count()];
    },
    "delete from another": async () => {
      const [deleted] = await call(await pizza("other"), "delete", { using: "default" });
      return [deleted, await pizzas.count(), await pizzas.using("other").count()];
    },
    prefetch: async () =>
      Promise.all(
        (await list(pizzas.using("other").prefetchRelated("box", "toppings"))).map(async (one) => [
          one.box._state.db,
          await dbs(its(one, "toppings").all()),
        ]),
      ),
    "prefetch, own queryset": async () => {
      const own = Prefetch("toppings", { queryset: Topping.objects.filter({ pk: 1 }) });
      const found = await list(pizzas.using("other").prefetchRelated(own));
      return Promise.all(found.map((one) => names(its(one, "toppings").all())));
    },
    "prefetch from another": async () => {
      const own = Prefetch("toppings", { queryset: Topping.objects.using("default") });
      const found = await list(pizzas.using("other").prefetchRelated(own));
      return Promise.all(found.map((one) => names(its(one, "toppings").all())));
    },
    "prefetch back": async () => {
      const own = Prefetch("pizza_set", { queryset: Pizza.objects.filter({ pk: 1 }) });
      const found = await list(boxes.using("other").prefetchRelated(own));
      return Promise.all(found.map((one) => names(its(one, "pizza_set").all())));
    },
    raw: async () => [
      await names(pizzas.using("other").raw(raw)),
      await names(pizzas.raw(raw, [], { using: "other" })),
      await names(pizzas.raw(raw).using("other")),
      pizzas.raw(raw).db,
    ],
    inBulk: async () =>
      [...(await pizzas.using("other").inBulk([1])).values()].map(({ name }: Loose) => name),
    iterator: async () => await names(pizzas.using("other").iterator()),
    "subquery of another": async () =>
      await names(pizzas.filter({ box__in: Box.objects.using("other").filter({ pk: 1 }) })),
    "subquery of the same": async () =>
      await names(pizzas.using("other").filter({ box__in: Box.objects.using("other").filter({ pk: 1 }) })),
    "subquery of nowhere": async () =>
      await names(pizzas.using("other").filter({ box__in: Box.objects.filter({ pk: 1 }) })),
    "subquery of related objects": async () =>
      await names(pizzas.filter({ pk__in: its(await box("other"), "pizza_set").all() })),
    "assign across": async () => assign(await pizza("default"), await box("other")),
    "assign unsaved": async () => assign(new Pizza({ name: "n" }) as unknown as Loose, await box("other")),
    "assign to unsaved": async () => assign(await pizza("other"), new Box({ name: "n" }) as unknown as Loose),
    "assign both unsaved": () =>
      assign(new Pizza({ name: "n" }) as unknown as Loose, new Box({ name: "n" }) as unknown as Loose),
    "assign one-to-one across": async () => {
      const certificate = (await of(Certificate).using("other").get({ pk: 1 })) as Certificate;
      ((await pizza("default")) as unknown as { certificate: Certificate }).certificate = certificate;
    },
    "add across, reverse": async () => await its(await box("default"), "pizza_set").add(await pizza("other")),
    "add across, many": async () => await its(await pizza("default"), "toppings").add(await topping("other")),
    "add unsaved": async () => {
      await its(await box("other"), "pizza_set").add(new Pizza({ name: "n" }), { bulk: false });
      return null;
    },
    "unsaved gets the database": async () => {
      const one = new Pizza({ name: "new", box: (await box("other")) as unknown as Box }) as unknown as Loose;
      const earlier = one._state.db;
      await call(one, "save");
      return [earlier, one._state.db, await pizzas.using("other").filter({ name: "new" }).count()];
    },
    "related of unsaved": () => {
      const fresh = new Box({ name: "fresh" });
      new Pizza({ name: "new", box: fresh });
      return fresh._state.db;
    },
    commit: async () => {
      const seen: string[] = [];
      const inside = () => {
        seen.push("inside");
      };
      if (isSync) {
        atomic(
          () => {
            onCommit(() => seen.push("other"), { using: "other" });
            onCommit(() => seen.push("default"));
            inside();
          },
          { using: "other" },
        );
      } else {
        await aatomic(
          async () => {
            await aonCommit(() => seen.push("other"), { using: "other" });
            await aonCommit(() => seen.push("default"));
            inside();
          },
          { using: "other" },
        );
      }
      return seen;
    },
  };

  const p = () => pizza("default");
  const b = () => box("default");
  const asked: Cases["asked"] = {
    list: () => list(pizzas.all()),
    get: () => pizzas.get({ pk: 1 }),
    count: () => pizzas.count(),
    exists: () => pizzas.exists(),
    first: () => pizzas.first(),
    iterator: () => list(pizzas.iterator()),
    raw: () => list(pizzas.raw(raw)),
    selectForUpdate: () => pizzas.selectForUpdate().filter({ pk: 1 }).db,
    create: () => pizzas.create({ name: "n" }),
    getOrCreate: () => pizzas.getOrCreate({ name: "default pizza 1" }),
    "getOrCreate new": () => pizzas.getOrCreate({ name: "n" }),
    updateOrCreate: () => pizzas.updateOrCreate({ pk: 1 }, { defaults: { name: "n" } }),
    bulkCreate: () => pizzas.bulkCreate([new Pizza({ name: "n" })]),
    bulkUpdate: async () => pizzas.bulkUpdate([await p()], ["name"]),
    update: () => pizzas.update({ box: null }),
    delete: () => pizzas.filter({ pk: 1 }).delete(),
    forward: async () => its(await p(), "box"),
    "one-to-one back": async () => its(await p(), "certificate"),
    reverse: async () => list(its(await b(), "pizza_set").all()),
    "reverse count": async () => its(await b(), "pizza_set").count(),
    "reverse create": async () => its(await b(), "pizza_set").create({ name: "n" }),
    "reverse add": async () => its(await b(), "pizza_set").add(await pizza("default", 2)),
    "reverse clear": async () => its(await b(), "pizza_set").clear(),
    "reverse getOrCreate": async () => its(await b(), "pizza_set").getOrCreate({ name: "n" }),
    many: async () => list(its(await p(), "toppings").all()),
    "many count": async () => its(await p(), "toppings").count(),
    "many exists": async () => its(await p(), "toppings").exists(),
    "many add": async () => its(await p(), "toppings").add(await topping("default", 2)),
    "many create": async () => its(await p(), "toppings").create({ name: "n" }),
    "many remove": async () => its(await p(), "toppings").remove(1),
    "many clear": async () => its(await p(), "toppings").clear(),
    save: async () => call(await p(), "save"),
    "delete object": async () => call(await p(), "delete"),
    refresh: async () => call(await p(), "refreshFromDb"),
    deferred: async () => {
      const one = await pizzas.using("default").defer("name").get({ pk: 1 });
      return isSync ? one.name : one.arefreshFromDb({ fields: ["name"] });
    },
    assign: async () => assign(await p(), await b()),
    "assign unsaved": async () => assign(new Pizza() as unknown as Loose, await b()),
    clean: async () => call(await p(), "fullClean"),
    "prefetch forward": () => list(pizzas.using("default").prefetchRelated("box")),
    "prefetch back": () => list(boxes.using("default").prefetchRelated("pizza_set")),
    "prefetch many": () => list(pizzas.using("default").prefetchRelated("toppings")),
    "prefetch own": () =>
      list(
        pizzas.using("default").prefetchRelated(Prefetch("toppings", { queryset: Topping.objects.all() })),
      ),
  };
  return { values, asked };
}
