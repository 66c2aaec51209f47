/** The stream of query events, the diagnostics channels, the slow-query log. */
import assert from "node:assert/strict";
import { channel, tracingChannel } from "node:diagnostics_channel";
import { after, before, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  aatomic,
  atomic,
  configure,
  connections,
  createTables,
  ImproperlyConfigured,
  IntegrityError,
  onQuery,
  type QueryEvent,
  savepoint,
  savepointCommit,
  savepointRollback,
} from "asgimod";
import { assertNumQueries } from "asgimod/testing";
import { database, skip } from "../postgresql/server.ts";
import { Box, Certificate, fill, open, PIZZAS, Pizza } from "./models.ts";

const file = fileURLToPath(import.meta.url);

before(fill);
after(() => connections.close());

/** The events of what `fn` does. */
async function eventsOf(fn: () => unknown, options?: { caller?: boolean }): Promise<QueryEvent[]> {
  const events: QueryEvent[] = [];
  const stop = onQuery((event) => events.push(event), options);
  try {
    await fn();
  } finally {
    stop();
  }
  return events;
}

/** The number of the line on which it is called. */
function line(): number {
  const { stack = "" } = new Error();
  const at = stack.split("\n").find((each, i) => i > 1 && each.includes("events.test.ts")) ?? "";
  return Number(/:(\d+):\d+\)?$/.exec(at)?.[1]);
}

test("an event says what was asked, and how it ended", async () => {
  const [read, write] = await eventsOf(() => {
    [...Pizza.objects.filter({ id__lte: 3 })];
    Pizza.objects.filter({ id__lte: 2 }).update({ story: "new" });
  });
  assert(read !== undefined && write !== undefined);
  assert.match(read.sql, /^SELECT .* WHERE "watched_pizza"."id" <= \?/);
  assert.deepEqual([read.alias, read.params, read.rows, read.changes], ["default", [3], 3, undefined]);
  assert.deepEqual([write.params, write.changes, write.rows], [["new", 2], 2, undefined]);
  for (const event of [read, write]) {
    assert.deepEqual([event.kind, event.control, event.transaction], ["query", false, undefined]);
    assert.ok(event.duration >= 0 && event.duration < 10_000);
    assert.equal("caller" in event, false, "nobody has asked for it");
  }
});

test("a failure", async () => {
  const events = await eventsOf(() => {
    assert.throws(() => Certificate.objects.create({ pizza_id: 1, code: "again" }), IntegrityError);
  });
  assert.equal(events.length, 1);
  assert(events[0]?.error instanceof IntegrityError);
});

const kinds = (events: readonly QueryEvent[]) => events.map(({ kind }) => kind);

test("a transaction has a number from its BEGIN to its end", async () => {
  const events = await eventsOf(() => {
    Box.objects.count();
    atomic(() => {
      Box.objects.count();
      atomic(() => Box.objects.count());
      try {
        atomic(() => {
          throw new Error("no");
        });
      } catch {}
      const sid = savepoint();
      savepointRollback(sid);
      savepointCommit(sid);
    });
    try {
      atomic(() => {
        throw new Error("no");
      });
    } catch {}
  });
  assert.deepEqual(kinds(events), [
    "query",
    "begin",
    "query",
    "savepoint",
    "query",
    "release",
    "savepoint",
    "rollbackToSavepoint",
    "release",
    "savepoint",
    "rollbackToSavepoint",
    "release",
    "commit",
    "begin",
    "rollback",
  ]);
  const [outside, first] = events.map(({ transaction }) => transaction);
  assert.equal(outside, undefined);
  assert.equal(typeof first, "number");
  assert.deepEqual(
    events.slice(1).map(({ transaction }) => transaction),
    [...Array(12).fill(first), (first as number) + 1, (first as number) + 1],
  );
});

test("async transactions that overlap are told apart", async () => {
  const events = await eventsOf(async () => {
    await aatomic(async () => Box.aobjects.count());
    await aatomic(async () => Box.aobjects.count());
  });
  const [a, , , b] = events.map(({ transaction }) => transaction);
  assert.deepEqual(
    events.map(({ kind, transaction }) => [kind, transaction]),
    [a, b].flatMap((n) => [
      ["begin", n],
      ["query", n],
      ["commit", n],
    ]),
  );
  assert.notEqual(a, b);
});

describe("the caller is the line of user code", () => {
  const cases: Record<string, (at: (n: number) => true) => unknown> = {
    "a sync queryset": (at) => at(line()) && [...Pizza.objects.all()],
    "a sync method": (at) => at(line()) && Pizza.objects.filter({ id: 1 }).count(),
    "get()": (at) => at(line()) && Pizza.objects.get({ id: 1 }),
    "an awaited queryset": async (at) => at(line()) && (await Pizza.aobjects.filter({ id: 1 })),
    "an awaited method": async (at) => at(line()) && (await Pizza.aobjects.get({ id: 1 })),
    "a queryset iterated with for await": async (at) => {
      at(line() + 1);
      for await (const pizza of Pizza.aobjects.filter({ id: 1 })) assert.equal(pizza.id, 1);
    },
  };
  for (const [name, run] of Object.entries(cases)) {
    test(name, async () => {
      let expected = 0;
      const events = await eventsOf(
        () =>
          run((n) => {
            expected = n;
            return true;
          }),
        { caller: true },
      );
      assert.equal(events.length, 1);
      assert.match(String(events[0]?.caller), new RegExp(`^${file}:${expected}:\\d+$`));
    });
  }

  test("also of what comes after the first query", async () => {
    let expected = 0;
    const events = await eventsOf(
      async () => {
        expected = line() + 1;
        await Pizza.aobjects.filter({ id: 1 }).prefetchRelated("toppings", "box");
      },
      { caller: true },
    );
    assert.deepEqual(
      events.map(({ caller }) => caller?.split(":").at(-2)),
      [expected, expected, expected].map(String),
    );
  });

  test("saving, and related objects", async () => {
    const pizza = await Pizza.aobjects.get({ id: 1 });
    const lines: number[] = [];
    const events = await eventsOf(
      async () => {
        lines.push(line() + 1);
        await pizza.asave();
        lines.push(line() + 1);
        await pizza.abox;
        lines.push(line() + 1);
        await pizza.atoppings;
      },
      { caller: true },
    );
    assert.deepEqual(
      events.map(({ caller }) => Number(caller?.split(":").at(-2))),
      lines,
    );
  });
});

describe("diagnostics_channel", () => {
  interface Message {
    readonly name: string;
    readonly event: QueryEvent;
    readonly answered: boolean;
  }
  let messages: Message[] = [];
  const subscriber = (name: string) => (event: QueryEvent) =>
    messages.push({ name, event, answered: event.duration >= 0 });
  const subscribers = {
    start: subscriber("start"),
    end: subscriber("end"),
    asyncStart: subscriber("asyncStart"),
    asyncEnd: subscriber("asyncEnd"),
    error: subscriber("error"),
  };
  const traced = tracingChannel<unknown, QueryEvent>("asgimod:query");
  beforeEach(() => {
    messages = [];
  });

  test("sync: start and end, one message for both", () => {
    traced.subscribe(subscribers);
    Box.objects.count();
    traced.unsubscribe(subscribers);
    assert.deepEqual(
      messages.map(({ name, answered }) => [name, answered]),
      [
        ["start", false],
        ["end", true],
      ],
    );
    const [first, second] = messages as [Message, Message];
    assert.equal(first.event, second.event);
    assert.equal(first.event.rows, 1);
  });

  test("an error comes before the end", () => {
    traced.subscribe(subscribers);
    assert.throws(() => Certificate.objects.create({ pizza_id: 1, code: "again" }));
    traced.unsubscribe(subscribers);
    assert.deepEqual(
      messages.map(({ name }) => name),
      ["start", "error", "end"],
    );
    assert(messages[1]?.event.error instanceof IntegrityError);
  });

  test("one channel alone, and nothing afterwards", () => {
    const seen: unknown[] = [];
    const listen = (message: unknown) => seen.push((message as QueryEvent).sql);
    const ended = channel("tracing:asgimod:query:end");
    ended.subscribe(listen);
    Box.objects.count();
    ended.unsubscribe(listen);
    Box.objects.count();
    assert.deepEqual(seen, ['SELECT COUNT(*) AS "__count" FROM "watched_box"']);
  });

  test("async, on a server", { skip }, async () => {
    const { url } = await database("observed");
    const { settings } = connections.get();
    configure({ apps: { watched: await import("./models.ts") }, databases: { default: url } });
    await createTables();
    await Box.aobjects.create({ name: "one" });
    traced.subscribe(subscribers);
    await Box.aobjects.count();
    await assert.rejects(async () => Box.aobjects.raw("SELECT nonsense"));
    traced.unsubscribe(subscribers);
    assert.deepEqual(
      messages.map(({ name, answered }) => [name, answered]),
      [
        ["start", false],
        ["end", false],
        ["asyncStart", true],
        ["asyncEnd", true],
        ["start", false],
        ["end", false],
        ["error", true],
        ["asyncStart", true],
        ["asyncEnd", true],
      ],
    );
    const events = await eventsOf(
      async () => {
        await aatomic(async () => {
          await Box.aobjects.filter({ id__gt: 0 });
        });
        await Promise.all([Box.aobjects.count(), Box.aobjects.exists()]);
      },
      { caller: true },
    );
    assert.deepEqual(kinds(events).slice(0, 3), ["begin", "query", "commit"]);
    assert.equal(new Set(events.slice(0, 3).map(({ transaction }) => transaction)).size, 1);
    for (const event of events.filter(({ control }) => !control)) {
      assert.ok(event.caller?.startsWith(file), `${event.sql} comes from ${event.caller}`);
    }
    await connections.close();
    assert.equal(settings.engine, "sqlite");
    await fill();
  });
});

describe("the log of slow queries", () => {
  const messages: [string, QueryEvent][] = [];
  const logger = (message: string, event: QueryEvent) => messages.push([message, event]);
  beforeEach(() => {
    messages.length = 0;
  });
  after(() => open());

  test("shows no parameters", () => {
    open({ threshold: 0, logger });
    [...Pizza.objects.filter({ name: "secret" })];
    Pizza.objects.filter({ name: "secret" }).update({ story: "secret" });
    assert.equal(messages.length, 2);
    const [[read, event], [write]] = messages as [[string, QueryEvent], [string, QueryEvent]];
    assert.match(read, /^Slow query on 'default', \d+ ms, 0 rows: SELECT .* -- 1 parameter$/);
    assert.match(write, /^Slow query on 'default', \d+ ms, 0 rows changed: UPDATE .* -- 2 parameters$/);
    assert.doesNotMatch(read + write, /secret/);
    assert.deepEqual(event.params, []);
  });

  test("shows parameters and callers where it is told to", () => {
    open({ threshold: 0, logger, params: true, caller: true });
    const here = line() + 1;
    [...Pizza.objects.filter({ name: "pizza 1" })];
    assert.match(
      String(messages[0]?.[0]),
      new RegExp(`, 1 row, at ${file}:${here}:\\d+: SELECT .* -- \\[ 'pizza 1' \\]$`),
    );
    assert.deepEqual(messages[0]?.[1].params, ["pizza 1"]);
  });

  test("leaves out what is quick, and is off again with other settings", () => {
    open({ threshold: 60_000, logger });
    Box.objects.count();
    open({ threshold: 0, logger });
    Box.objects.count();
    open();
    Box.objects.count();
    assert.equal(messages.length, 1);
  });

  test("a number is enough", (t) => {
    const warn = t.mock.method(console, "warn", () => {});
    open(0);
    Box.objects.count();
    assert.match(
      String(warn.mock.calls[0]?.arguments[0]),
      /^Slow query on 'default', \d+ ms, 1 row: SELECT COUNT/,
    );
  });

  test("nonsense is refused", () => {
    assert.throws(() => open(-1), ImproperlyConfigured);
    assert.throws(
      () => open({ treshold: 1 } as never),
      /has no setting 'treshold'. Choices are: caller, logger, params, threshold\./,
    );
  });
});

test("the rows are still there", () =>
  assertNumQueries(1, () => assert.equal(Pizza.objects.count(), PIZZAS)));
