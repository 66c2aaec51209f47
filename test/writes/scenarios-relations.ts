import { type Boxed, type Colour, Colours, deletion, make, type Scenarios, throughOf } from "./loose.ts";
import { Book, Group, Membership, Note, Person, Publisher, Tag } from "./models.ts";

export function manyScenarios(colour: Colour): Scenarios {
  const c = new Colours(colour);
  const through = throughOf(Book, "tags");
  const friendships = throughOf(Person, "friends");
  const tags = (n: number) => c.manager(c.book(n), "tags");
  const ofPerson = (n: number, name: string) => c.manager(c.person(n), name);
  const tag = (name: string) => c.get(Tag, { name });
  const add = async ([target]: Boxed, ...items: unknown[]) => {
    await target.add(...items);
    return c.keys(target);
  };
  const heard = (act: () => unknown) => c.heard([["m2mChanged", through]], act);
  const peopleKeys = async (n: number, name: string) => c.keys((await ofPerson(n, name))[0]);
  return {
    add: async () => add(await tags(2), 1, 2),
    "add objects": async () => add(await tags(2), ...(await c.list(c.of(Tag).all()))),
    "add there": async () => add(await tags(0), 1, 2),
    "add there and new": async () => add(await tags(1), 1, 2),
    "add twice": async () => add(await tags(2), 1, 1, "1"),
    "add nothing": async () => add(await tags(2)),
    "add wrong model": async () => add(await tags(2), await c.book(1)),
    "add unsaved": async () => add(await tags(2), make(Tag, { name: "x" })),
    "add to unsaved": async () => add(await c.manager(make(Book, { title: "x" }), "tags"), 1),
    "add heard": async () => heard(async () => add(await tags(1), 1, 2)),
    "add reverse heard": async () =>
      heard(async () => add(await c.manager(tag("red"), "books"), await c.book(3), await c.book(0))),
    "add symmetrical": async () => add(await ofPerson(2, "friends"), await c.person(0), await c.person(3)),
    "add symmetrical heard": async () =>
      c.heard([["m2mChanged", friendships]], async () =>
        add(await ofPerson(2, "friends"), await c.person(0), await c.person(1)),
      ),
    "add self": async () => add(await ofPerson(2, "friends"), await c.person(2)),
    "add asymmetrical": async () => [
      await add(await ofPerson(2, "follows"), await c.person(0)),
      await peopleKeys(0, "followers"),
    ],
    "add asymmetrical reverse": async () => [
      await add(await ofPerson(2, "followers"), await c.person(0), await c.person(1)),
      await peopleKeys(1, "follows"),
    ],
    "add through": async () =>
      add(await ofPerson(1, "groups"), 1, 2, {
        throughDefaults: { since: 2020, inviter: await c.person(0) },
      }),
    "add through called": async () =>
      add(await ofPerson(1, "groups"), 1, { throughDefaults: { since: () => 2021 } }),
    "add through again": async () =>
      add(await ofPerson(0, "groups"), 1, 2, { throughDefaults: { since: 2020 } }),
    "add through wrong": async () =>
      add(await ofPerson(0, "groups"), 2, { throughDefaults: { wrong: 2020 } }),
    "add through heard": async () =>
      c.heard([["m2mChanged", Membership]], async () => add(await ofPerson(0, "groups"), 1, 2)),
    "add through symmetrical": async () => [
      await add(await ofPerson(0, "rivals"), await c.person(1), { throughDefaults: { heat: 5 } }),
      await peopleKeys(1, "rivals"),
    ],
    "add reverse through": async () =>
      add(await c.manager(c.get(Group, { name: "g1" }), "members"), await c.person(3), {
        throughDefaults: { since: 3 },
      }),
    remove: async () => (await tags(0))[0].remove(1, await tag("blue")),
    "remove absent": async () => (await tags(1))[0].remove(3),
    "remove nothing": async () => (await tags(1))[0].remove(),
    "remove symmetrical": async () => {
      await (await ofPerson(1, "friends"))[0].remove(await c.person(0));
      return [null, await peopleKeys(0, "friends")];
    },
    "remove reverse": async () => c.rel(await tag("red"), "books").remove(await c.book(0), await c.book(1)),
    "remove heard": async () => heard(async () => (await tags(0))[0].remove(1, 2)),
    "remove deletion heard": async () =>
      c.heard(deletion(through), async () => (await tags(0))[0].remove(1, 2)),
    "remove through": async () => (await ofPerson(0, "groups"))[0].remove(1),
    clear: async () => (await tags(0))[0].clear(),
    "clear symmetrical": async () => (await ofPerson(0, "friends"))[0].clear(),
    "clear asymmetrical": async () => (await ofPerson(0, "follows"))[0].clear(),
    "clear reverse": async () => (await ofPerson(1, "followers"))[0].clear(),
    "clear heard": async () => heard(async () => (await tags(0))[0].clear()),
    set: async () => (await tags(0))[0].set([2, 3]),
    "set mixed": async () => (await tags(1))[0].set([3, await tag("green")]),
    "set same": async () => (await tags(0))[0].set([1, 2, 3]),
    "set same objects": async () => (await tags(0))[0].set(c.of(Tag).all()),
    "set empty": async () => (await tags(0))[0].set([]),
    "set from empty": async () => (await tags(5))[0].set([1]),
    "set both empty": async () => (await tags(5))[0].set([]),
    "set clearing": async () => (await tags(0))[0].set([2], { clear: true }),
    "set heard": async () => heard(async () => (await tags(1))[0].set([2, 3])),
    "set clearing heard": async () => heard(async () => (await tags(1))[0].set([2, 3], { clear: true })),
    "set symmetrical": async () => {
      await (await ofPerson(0, "friends"))[0].set([await c.person(2), await c.person(3)]);
      return [null, await peopleKeys(1, "friends"), await peopleKeys(2, "friends")];
    },
    "set through": async () =>
      (await ofPerson(0, "groups"))[0].set([2, 3], { throughDefaults: { since: 5 } }),
    "set reverse": async () => c.rel(await tag("red"), "books").set([await c.book(1), await c.book(2)]),
    "set wrong": async () => (await tags(0))[0].set([await c.book(1)]),
    "create in many": async () => (await (await tags(5))[0].create({ name: "black" })).pk,
    "create in through": async () =>
      (await (await ofPerson(3, "groups"))[0].create({ name: "new" }, { throughDefaults: { since: 7 } })).pk,
    "assign many": async () => Object.assign(await c.book(0), { tags: [1] }),
    "count many": async () => (await tags(0))[0].count(),
    "exists many": async () => (await tags(0))[0].exists(),
  };
}

export function oneScenarios(colour: Colour): Scenarios {
  const c = new Colours(colour);
  const nord = () => c.manager(c.get(Publisher, { name: "Nord" }), "book_set");
  const ann = () => c.manager(c.author("Ann"), "book_set");
  const notes = (n: number) => c.manager(c.book(n), "notes");
  const note = (text: string) => c.get(Note, { text });
  return {
    "reverse add": async () => (await nord())[0].add(await c.book(1), await c.book(2)),
    "reverse add singly": async () =>
      (await nord())[0].add(await c.book(1), await c.book(2), { bulk: false }),
    "reverse add unsaved": async () => (await nord())[0].add(make(Book, { title: "x" })),
    "reverse add wrong": async () => (await nord())[0].add(await c.of(Tag).first()),
    "reverse remove": async () => (await nord())[0].remove(await c.book(0)),
    "reverse remove other": async () => (await nord())[0].remove(await c.book(1)),
    "reverse clear": async () => (await nord())[0].clear(),
    "reverse clear singly": async () => (await nord())[0].clear({ bulk: false }),
    "reverse set": async () => (await nord())[0].set([await c.book(0), await c.book(1)]),
    "reverse set same": async () => (await nord())[0].set([await c.book(0), await c.book(3)]),
    "reverse set clearing": async () =>
      (await nord())[0].set([await c.book(0), await c.book(1)], { clear: true }),
    "reverse set not null": async () => (await ann())[0].set([await c.book(1)]),
    "reverse remove not null": async () => (await ann())[0].remove(make(Book, { pk: 2 })),
    "reverse update": async () => (await ann())[0].update({ pages: 3 }),
    "generic add": async () => (await notes(2))[0].add(await note("n0")),
    "generic add singly": async () => (await notes(2))[0].add(make(Note, { text: "new" }), { bulk: false }),
    "generic create": async () => (await (await notes(2))[0].create({ text: "x" })).object_id,
    "generic remove": async () => (await notes(0))[0].remove(await note("n0")),
    "generic clear": async () => (await notes(0))[0].clear(),
    "generic set": async () => (await notes(0))[0].set([await note("n1")]),
    "generic set clearing": async () => (await notes(0))[0].set([await note("n1")], { clear: true }),
    "generic get or create": async () =>
      ((await (await notes(0))[0].getOrCreate({ text: "new" })) as unknown as unknown[])[1],
    "generic update": async () => (await notes(0))[0].update({ text: "z" }),
    "generic object": async () => (await c.of(Note).create({ text: "x", about: await c.book(3) })).object_id,
  };
}
