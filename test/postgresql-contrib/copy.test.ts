/** Bulk loading by COPY: the same rows as an INSERT makes, or none at all. */
import assert from "node:assert/strict";
import { after, afterEach, describe, it } from "node:test";
import {
  aatomic,
  configure,
  connections,
  createTables,
  Decimal,
  F,
  onQuery,
  Temporal,
  Value,
  withSignal,
} from "asgimod";
import { bulkCopy, createExtension, Range } from "asgimod/postgres";
import { database, skip } from "../postgresql/server.ts";
import { rows } from "../servers/bank.ts";
import * as bank from "../servers/models.ts";
import { Account, Entry, Thing } from "../servers/models.ts";
import * as contrib from "./models.ts";
import { Defaulted, Dog, Event, Post, Seat } from "./models.ts";
import { EXTENSIONS } from "./setup.ts";

const things: ConstructorParameters<typeof Thing>[0][] = [
  {},
  { text: "", flag: true, small: 0, big: 0n, float: 0.1, decimal: "0.0000000000", json: [] },
  {
    text: 'tab\t new\n line\r back\\slash \\N "q" Ünïcödé \u{1f355} \\. \\t',
    flag: false,
    small: -2147483648,
    big: -9223372036854775808n,
    float: Number.NaN,
    decimal: new Decimal("-12345678901234567890.0123456789"),
    date: Temporal.PlainDate.from("0001-01-01"),
    time: "23:59:59.999999",
    instant: new Date("1969-12-31T23:59:59.999Z"),
    duration: "-P3DT1H",
    bytes: Uint8Array.from({ length: 256 }, (_, i) => i),
    uuid: "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    ip: "2001:db8::1",
    json: { a: [1, 'x"\\\n', null, true], "b\tc": { d: 1.5 } },
  },
  {
    text: "\\N",
    float: Number.NEGATIVE_INFINITY,
    bytes: new Uint8Array(),
    json: "text",
    duration: "PT0.000001S",
  },
  { text: "\\.", float: 5e-324, big: 9223372036854775807n, json: 5, instant: "9999-12-31T23:59:59.999999Z" },
];

/** All columns of a table but its key, as the server prints them. */
async function printed(table: string): Promise<unknown[]> {
  const [[columns]] = (await rows(
    "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 1 AND NOT attisdropped",
    [table],
  )) as [[string]];
  return (await rows(`SELECT ROW(${columns})::text FROM ${table} ORDER BY id`)).map(([text]) => text);
}

async function* later<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await new Promise((resolve) => setImmediate(resolve));
    yield item;
  }
}

const accounts = (count: number, prefix = "") =>
  Array.from({ length: count }, (_, i) => new Account({ name: `${prefix}${i}`, balance: i }));

if (skip === false) {
  const { url } = await database("contrib_copy");
  configure({ apps: { bank, contrib }, databases: { default: url } });
  for (const name of EXTENSIONS) await createExtension(name);
  await createTables();
  after(() => connections.close());
}

describe("PostgreSQL: bulkCopy()", { skip }, () => {
  afterEach(async () => {
    await rows(
      "TRUNCATE bank_account, bank_entry, bank_thing, contrib_post, contrib_dog, contrib_event, contrib_seat, contrib_defaulted",
    );
  });

  it("every type of field: the very rows that an INSERT makes", async () => {
    await Thing.aobjects.bulkCreate(things.map((values) => new Thing(values)));
    const inserted = await printed("bank_thing");
    await rows("TRUNCATE bank_thing");
    assert.equal(
      await bulkCopy(
        Thing,
        things.map((values) => new Thing(values)),
      ),
      things.length,
    );
    assert.deepEqual(await printed("bank_thing"), inserted);
  });

  it("arrays, maps and ranges", async () => {
    const posts = () => [
      new Post({
        title: "a",
        tags: ['q"u,o{t}e\\', "NULL", "", "a\tb"],
        grid: [
          [1, 2],
          [3, 4],
        ],
        bigs: [2n ** 60n, null],
      }),
      new Post({ title: "b", scores: [], documents: [{ a: 1 }], prices: ["1.50"], uuids: [] }),
    ];
    const dogs = () => [
      new Dog({ name: "a", data: { 'q"\\': "te,=>\n\t", n: null }, many: [{ x: "1" }] }),
      new Dog({ name: "b", data: {} }),
    ];
    const events = () => [
      new Event({
        ints: [1, null],
        instants: [new Date(0), new Date(1)],
        several: [new Range(1, 2), Range.empty()],
      }),
      new Event({ ints: Range.empty(), decimals: ["1.5", "2"], days: [null, "2024-01-01"] }),
    ];
    await Post.aobjects.bulkCreate(posts());
    await Dog.aobjects.bulkCreate(dogs());
    await Event.aobjects.bulkCreate(events());
    const tables = ["contrib_post", "contrib_dog", "contrib_event"];
    const inserted = await Promise.all(tables.map(printed));
    await rows(`TRUNCATE ${tables.join()}`);
    await bulkCopy(Post, posts());
    await bulkCopy(Dog, dogs());
    await bulkCopy(Event, events());
    assert.deepEqual(await Promise.all(tables.map(printed)), inserted);
  });

  it("one statement for objects that come one after the other, with progress", async () => {
    const sent: string[] = [];
    const stop = onQuery(({ sql }) => void sent.push(sql));
    const progress: number[] = [];
    const options = { batchSize: 400, onProgress: (count: number) => void progress.push(count) };
    assert.equal(await bulkCopy(Account, later(accounts(1_000)), options), 1_000);
    stop();
    assert.deepEqual(sent, ['COPY "bank_account" ("name", "balance") FROM STDIN']);
    assert.deepEqual(progress, [400, 800, 1_000]);
    assert.equal(await Account.aobjects.count(), 1_000);
    assert.equal((await Account.aobjects.get({ name: "77" })).balance, 77);
    assert.equal(await bulkCopy(Account, []), 0);
  });

  it("much more than the socket holds: memory stays flat", async () => {
    function* many(): Generator<Account> {
      for (let i = 0; i < 200_000; i++) yield new Account({ name: `n${i}`, balance: i });
    }
    let most = 0;
    const watch = () => {
      most = Math.max(most, process.memoryUsage().rss);
    };
    const before = process.memoryUsage().rss;
    assert.equal(await bulkCopy(Account, many(), { onProgress: watch }), 200_000);
    assert.ok(most - before < 150e6, `${Math.round((most - before) / 1e6)} MB more`);
    assert.equal(await Account.aobjects.count(), 200_000);
  });

  it("keys: given for all, made by the program, or left to the server", async () => {
    await bulkCopy(Account, [new Account({ id: 70, name: "a" }), new Account({ id: 71, name: "b" })]);
    assert.deepEqual([...(await Account.aobjects.orderBy("id").valuesList("id", { flat: true }))], [70, 71]);
    await assert.rejects(
      bulkCopy(Account, [new Account({ id: 80, name: "c" }), new Account({ name: "d" })]),
      {
        name: "ValueError",
        message: /the first Account has one, another one has none/,
      },
    );
    assert.equal(await Account.aobjects.count(), 2);
    await bulkCopy(Seat, [new Seat({ row: "A", number: 1 }), new Seat({ row: "A", number: 2 })]);
    assert.equal(await Seat.aobjects.count(), 2);
  });

  it("relations: objects that are saved by now", async () => {
    const account = new Account({ name: "later" });
    const entry = new Entry({ account, amount: "1.50" });
    await assert.rejects(bulkCopy(Entry, [entry]), /unsaved related object 'account'/);
    await account.asave();
    await bulkCopy(Entry, [entry]);
    assert.equal((await Entry.aobjects.get()).account_id, account.id);
  });

  it("columns with a default of the database are left to it for all objects or for none", async () => {
    await bulkCopy(Defaulted, [new Defaulted({ title: "x" })]);
    assert.deepEqual((await Defaulted.aobjects.get()).numbers, [1, 2]);
    await assert.rejects(
      bulkCopy(Defaulted, [new Defaulted({ title: "x", numbers: [3] }), new Defaulted({ title: "y" })]),
      { name: "ValueError", message: /for all objects or for none: 'Defaulted.numbers'/ },
    );
    assert.equal(await Defaulted.aobjects.count(), 1);
  });

  it("expressions, other models and other databases are refused", async () => {
    const expression = new Account({ name: "x", balance: Value(1).add(F("balance")) as never });
    await assert.rejects(bulkCopy(Account, [expression]), {
      name: "ValueError",
      message: "bulkCopy() sends values, not expressions: 'Account.balance'.",
    });
    await assert.rejects(bulkCopy(Account, [new Thing({}) as never]), { name: "TypeError" });
    assert.throws(() => bulkCopy(Account, [], { batchSize: 0 }), { name: "ValueError" });
  });

  it("an error of the server: no row stays, the connection works", async () => {
    await Account.aobjects.create({ name: "500" });
    let closed = false;
    function* source(): Generator<Account> {
      try {
        for (const account of accounts(300_000)) yield account;
      } finally {
        closed = true;
      }
    }
    await assert.rejects(bulkCopy(Account, source()), { name: "IntegrityError" });
    assert.ok(closed);
    assert.equal(await Account.aobjects.count(), 1);
    await assert.rejects(bulkCopy(Thing, [new Thing({ text: "a\0b" })]), { name: "DataError" });
    assert.equal(await bulkCopy(Account, accounts(3)), 3);
  });

  it("an error of the program passes through, and no row stays", async () => {
    const oops = new Error("Connection terminated: not by the server");
    async function* source(): AsyncGenerator<Account> {
      yield* accounts(5_000);
      throw oops;
    }
    await assert.rejects(bulkCopy(Account, source()), (error) => error === oops);
    assert.equal(await Account.aobjects.count(), 0);
    const incomplete = new Account({ name: "x" });
    incomplete.name = undefined as never;
    await assert.rejects(bulkCopy(Account, [incomplete]), { name: "TypeError" });
    assert.equal(await bulkCopy(Account, accounts(3)), 3);
  });

  it("is part of the transaction in which it runs", async () => {
    await assert.rejects(
      aatomic(async () => {
        assert.equal(await bulkCopy(Account, accounts(10)), 10);
        assert.equal(await Account.aobjects.count(), 10);
        throw new Error("no");
      }),
      /no/,
    );
    assert.equal(await Account.aobjects.count(), 0);
    await aatomic(async () => {
      await bulkCopy(Account, accounts(2));
      await assert.rejects(
        aatomic(() => bulkCopy(Account, accounts(2))),
        { name: "IntegrityError" },
      );
      await bulkCopy(Account, accounts(2, "other"));
    });
    assert.equal(await Account.aobjects.count(), 4);
  });

  it("several at once, each on a connection of its own", async () => {
    const loads = Array.from({ length: 12 }, (_, i) => bulkCopy(Account, later(accounts(200, `${i}-`))));
    assert.deepEqual(await Promise.all(loads), new Array(12).fill(200));
    assert.equal(await Account.aobjects.count(), 2_400);
  });

  it("an aborted one leaves nothing", async () => {
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<Account> {
      for (let i = 0; ; i++) {
        if (i === 2_000) controller.abort();
        await new Promise((resolve) => setImmediate(resolve));
        yield new Account({ name: `e${i}` });
      }
    }
    await assert.rejects(
      withSignal(controller.signal, () => bulkCopy(Account, endless())),
      { name: "AbortError" },
    );
    assert.equal(await Account.aobjects.count(), 0);
  });

  it("a connection that is cut in the middle is an OperationalError, and another one is there", async () => {
    async function* source(): AsyncGenerator<Account> {
      yield* accounts(20_000);
      await rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY %' AND datname = current_database()",
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
      yield* accounts(20_000, "more");
    }
    await assert.rejects(bulkCopy(Account, source()), { name: "OperationalError" });
    assert.equal(await Account.aobjects.count(), 0);
    assert.equal(await bulkCopy(Account, accounts(3)), 3);
  });
});
