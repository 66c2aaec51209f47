/** Receivers: async ones, senders by label, errors in the middle of work, and the signals of tables. */
import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import {
  connections,
  createTables,
  createTablesSync,
  inAtomicBlock,
  postDelete,
  postInit,
  postMigrate,
  postSave,
  preDelete,
  preMigrate,
  preSave,
  Signal,
} from "asgimod";
import { Book, Corner, open, Place, Tag } from "./models.ts";

beforeEach(() => open());
after(() => connections.close());

describe("async receivers", () => {
  const signal = new Signal<{ n: number }>("counted");
  const slow = async ({ n }: { n: number }) => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    return n + 1;
  };
  const failing = async () => {
    throw new Error("later");
  };

  it("are awaited by asend, one after another", async () => {
    const order: string[] = [];
    const after = ({ n }: { n: number }) => {
      order.push("after");
      return -n;
    };
    const before = async (event: { n: number }) => {
      const result = await slow(event);
      order.push("before");
      return result;
    };
    signal.connect(before);
    signal.connect(after);
    assert.deepEqual(await signal.asend(null, { n: 1 }), [
      [before, 2],
      [after, -1],
    ]);
    assert.deepEqual(order, ["before", "after"]);
    signal.disconnect(before);
    signal.disconnect(after);
  });

  it("are an error of send, and a result of sendRobust", () => {
    signal.connect(failing);
    assert.throws(() => signal.send(null, { n: 1 }), {
      name: "SynchronousOnlyOperation",
      message:
        "receiver 'failing' of counted returned a promise, which sync code cannot await. Use asend() or asendRobust().",
    });
    const [[receiver, error] = []] = signal.sendRobust(null, { n: 1 });
    assert.equal(receiver, failing);
    assert.equal((error as Error).name, "SynchronousOnlyOperation");
    signal.disconnect(failing);
  });

  it("that fail stop asend, and not asendRobust", async () => {
    signal.connect(failing);
    signal.connect(slow);
    await assert.rejects(signal.asend(null, { n: 1 }), { message: "later" });
    const results = await signal.asendRobust(null, { n: 1 });
    assert.deepEqual(
      results.map(([, result]) => (result instanceof Error ? result.message : result)),
      ["later", 2],
    );
    signal.disconnect(failing);
    signal.disconnect(slow);
  });

  it("run within the transaction of what they are told of, and see its rows", async () => {
    const seen: unknown[] = [];
    const receiver = async ({ instance }: { instance: Book }) => {
      seen.push(await Tag.aobjects.count(), await instance.atags.count(), inAtomicBlock());
    };
    postDelete.connect(receiver, { sender: Book });
    const book = await Book.aobjects.create({ title: "b" });
    await book.atags.create({ name: "t" });
    await book.adelete();
    postDelete.disconnect(receiver, { sender: Book });
    assert.deepEqual(seen.slice(-3), [1, 0, true]);
  });

  it("are an error of sync work, which is undone", () => {
    const receiver = async () => {};
    preDelete.connect(receiver, { sender: Tag });
    const tag = Tag.objects.create({ name: "t" });
    assert.throws(() => tag.delete(), {
      name: "SynchronousOnlyOperation",
      message: /await tag\.adelete\(\)/,
    });
    preDelete.disconnect(receiver, { sender: Tag });
    assert.equal(Tag.objects.count(), 1);
  });
});

describe("errors of receivers", () => {
  it("go to the caller; what preSave refuses is not saved", async () => {
    const refuse = ({ instance }: { instance: Tag }) => {
      if (instance.name === "bad") throw new RangeError("refused");
    };
    preSave.connect(refuse, { sender: Tag });
    assert.throws(() => Tag.objects.create({ name: "bad" }), RangeError);
    await assert.rejects(Tag.aobjects.create({ name: "bad" }), RangeError);
    Tag.objects.create({ name: "good" });
    preSave.disconnect(refuse, { sender: Tag });
    assert.equal(Tag.objects.count(), 1);
  });

  it("of postDelete undo the whole deletion", () => {
    const book = Book.objects.create({ title: "b" });
    book.page_set.create({ n: 1 });
    const refuse = () => {
      throw new RangeError("too late");
    };
    postDelete.connect(refuse, { sender: Book });
    assert.throws(() => book.delete(), RangeError);
    postDelete.disconnect(refuse, { sender: Book });
    assert.deepEqual([Book.objects.count(), book.page_set.count()], [1, 1]);
  });
});

describe("senders", () => {
  it("are models, or their labels in any case", () => {
    const heard: unknown[] = [];
    const receiver = ({ instance }: { instance: object }) => heard.push(instance.constructor.name);
    postSave.connect(receiver, { sender: "sig.tag" });
    postSave.connect(receiver, { sender: Tag });
    postSave.connect(receiver, { sender: "sig.Book" });
    Tag.objects.create({ name: "t" });
    Book.objects.create({ title: "b" });
    Place.objects.create({ name: "p" });
    // The same receiver for the same model is there once, by whatever name.
    assert.deepEqual(heard, ["Tag", "Book"]);
    assert.ok(postSave.disconnect(receiver, { sender: Tag }));
    assert.ok(!postSave.disconnect(receiver, { sender: "sig.Tag" }));
    assert.ok(postSave.disconnect(receiver, { sender: Book }));
  });

  it("are not their proxies", () => {
    const heard: string[] = [];
    const place = () => void heard.push("place");
    const corner = () => void heard.push("corner");
    postSave.connect(place, { sender: Place });
    postSave.connect(corner, { sender: Corner });
    Corner.objects.create({ name: "c" });
    Place.objects.create({ name: "p" });
    postSave.disconnect(place, { sender: Place });
    postSave.disconnect(corner, { sender: Corner });
    assert.deepEqual(heard, ["corner", "place"]);
  });

  it("tell the compiler what the objects are", () => {
    const typed = ({ instance }: { instance: Tag }) => instance.name.toUpperCase();
    postInit.connect(({ instance }) => instance.name.toUpperCase(), { sender: Tag, dispatchUid: "t" });
    preSave.connect(typed, { sender: Tag });
    // @ts-expect-error a book has no name
    preSave.connect(({ instance }) => instance.name.toUpperCase(), { sender: Book, dispatchUid: "b" });
    // @ts-expect-error nobody knows what it is
    preSave.connect(({ instance }) => instance.name.toUpperCase(), { dispatchUid: "any" });
    postInit.disconnect(null, { sender: Tag, dispatchUid: "t" });
    preSave.disconnect(typed, { sender: Tag });
    preSave.disconnect(null, { sender: Book, dispatchUid: "b" });
    preSave.disconnect(null, { dispatchUid: "any" });
  });
});

describe("preMigrate and postMigrate", () => {
  it("are sent for each app whose tables are made", async () => {
    const heard: unknown[] = [];
    const before = ({
      appLabel,
      using,
      models,
    }: {
      appLabel: string;
      using: string;
      models: readonly unknown[];
    }) => void heard.push(["before", appLabel, using, models.length]);
    const after = async ({ appLabel, sender }: { appLabel: string; sender: unknown }) => {
      heard.push(["after", appLabel, sender, await Tag.aobjects.count()]);
    };
    preMigrate.connect(before, { sender: "sig" });
    postMigrate.connect(after, { sender: "sig" });
    await createTables({ apps: ["sig"] });
    preMigrate.disconnect(before, { sender: "sig" });
    assert.deepEqual(heard, [
      ["before", "sig", "default", 12],
      ["after", "sig", "sig", 0],
    ]);
    assert.throws(() => createTablesSync({ apps: ["sig"] }), { name: "SynchronousOnlyOperation" });
    postMigrate.disconnect(after, { sender: "sig" });
  });

  it("postMigrate finds the new tables", async () => {
    await connections.close();
    const fill = () => void Tag.objects.create({ name: "first" });
    postMigrate.connect(fill, { sender: "sig" });
    await createTables({ apps: ["sig"] });
    postMigrate.disconnect(fill, { sender: "sig" });
    assert.equal(Tag.objects.get().name, "first");
  });
});
