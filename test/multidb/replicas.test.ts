/** The router for read replicas, with a real primary and streaming replicas of PostgreSQL. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import {
  aatomic,
  configure,
  connections,
  createTables,
  dropTables,
  ImproperlyConfigured,
  OperationalError,
  onQuery,
  type ReplicaOptions,
  ReplicaRouter,
} from "asgimod";
import { skipCluster as skip } from "../postgresql/cluster.ts";
import { rows } from "../servers/bank.ts";
import { pause, until } from "../servers/until.ts";
import { apps, Box, Pizza } from "./models.ts";
import { type Replication, startReplication } from "./replication.ts";

let replication: Replication;

function use(options: Partial<ReplicaOptions> = {}): ReplicaRouter {
  const { primary, replicas } = replication;
  const [first, second] = replicas.map((replica) => replica.url());
  const router = new ReplicaRouter({ replicas: ["first", "second"], window: 0, ...options });
  configure({
    apps,
    databases: {
      default: primary.url(),
      first: { url: first as string, connectTimeout: 2000 },
      second: { url: second as string, connectTimeout: 2000 },
      apart: "sqlite::memory:",
    },
    routers: [router],
  });
  return router;
}

/** Waits until the replicas have all that the primary has written. */
async function settled(): Promise<void> {
  const sql = "SELECT COUNT(*)::int FROM pg_stat_replication WHERE replay_lsn < pg_current_wal_lsn()";
  for (let tries = 0; tries < 400; tries++) {
    if (((await rows(sql)) as number[][])[0]?.[0] === 0) return;
    await pause(25);
  }
  assert.fail("the replicas do not follow");
}

/** The replicas apply nothing until the function that it gives is called: they lag. */
async function lag(): Promise<() => Promise<void>> {
  for (const replica of replication.replicas) await replica.run("SELECT pg_wal_replay_pause()");
  return async () => {
    for (const replica of replication.replicas) await replica.run("SELECT pg_wal_replay_resume()");
    await settled();
  };
}

/** Which databases the statements of `fn` went to. */
async function sent(fn: () => unknown): Promise<string[]> {
  const aliases: string[] = [];
  const stop = onQuery(({ alias, control }) => {
    if (!control) aliases.push(alias);
  });
  try {
    await fn();
  } finally {
    stop();
  }
  return aliases;
}

describe("a primary and two replicas", { skip, timeout: 240_000 }, () => {
  before(async () => {
    replication = await startReplication(2);
    use();
    await createTables();
    await settled();
  });
  beforeEach(async () => {
    use();
    await Pizza.aobjects.using("default").delete();
    await Box.aobjects.using("default").delete();
    await Box.aobjects.bulkCreate([new Box({ name: "one" }), new Box({ name: "two" })]);
    await settled();
  });
  after(async () => {
    await connections.close();
    await replication?.destroy();
  });

  test("reads go to the replicas in turn, writes to the primary", async () => {
    use();
    const aliases = await sent(async () => {
      for (let i = 0; i < 4; i++) assert.equal(await Box.aobjects.count(), 2);
      await Box.aobjects.create({ name: "three" });
      await Box.aobjects.filter({ name: "three" }).update({ name: "four" });
      await Box.aobjects.filter({ name: "four" }).delete();
    });
    assert.deepEqual(aliases.slice(0, 4), ["first", "second", "first", "second"]);
    assert.deepEqual([...new Set(aliases.slice(4))], ["default"]);
  });

  test("random choice takes each of them", async () => {
    use({ choose: "random" });
    const taken = new Set(
      await sent(() => Promise.all(Array.from({ length: 40 }, () => Box.aobjects.count()))),
    );
    assert.deepEqual([...taken].sort(), ["first", "second"]);
  });

  test("what a replica gave is one object with the primary's: saved, related, deleted there", async () => {
    use();
    const [one, two] = (await Box.aobjects.orderBy("id")) as [Box, Box];
    assert.equal(one._state.db, "first");
    one.name = "changed";
    await one.asave();
    assert.equal(one._state.db, "default");
    const pizza = new Pizza({ name: "p", box: two });
    await pizza.asave();
    await settled();
    const again = await Pizza.aobjects.get({ name: "p" });
    await one.apizza_set.add(again);
    await settled();
    assert.equal((await (await Pizza.aobjects.get({ name: "p" })).abox)?.name, "changed");
    await again.adelete();
    assert.equal(await Pizza.aobjects.using("default").count(), 0);
  });

  test("an object that lacks columns is saved without them", async () => {
    use();
    await Pizza.aobjects.create({ name: "p" });
    await settled();
    const pizza = await Pizza.aobjects.defer("name").get({ name: "p" });
    assert.deepEqual(await sent(() => pizza.asave()), ["default"]);
    assert.deepEqual([...pizza.getDeferredFields()], ["name"]);
  });

  test("an object that lacks all columns is saved, too", async () => {
    use();
    const box = await Box.aobjects.defer("name").get({ name: "one" });
    await box.asave();
    assert.equal(box.name, "one");
  });

  describe("while the replicas lag", () => {
    let resume: () => Promise<void>;
    beforeEach(async () => {
      resume = await lag();
    });
    afterEach(() => resume());

    test("a task reads what it has written, another one does not", async () => {
      const router = use();
      const seen = await Promise.all([
        router.task(async () => {
          const counts = [await Box.aobjects.count()];
          await Box.aobjects.create({ name: "three" });
          counts.push(await Box.aobjects.count());
          await pause(50);
          assert.equal(router.readsFromPrimary, true);
          counts.push((await Box.aobjects.filter({ name: "three" })).length);
          return counts;
        }),
        router.task(async () => {
          await pause(100);
          assert.equal(router.readsFromPrimary, false);
          return [await Box.aobjects.count()];
        }),
      ]);
      assert.deepEqual(seen, [[2, 3, 1], [2]]);
      await resume();
      assert.equal(await Box.aobjects.count(), 3);
    });

    test("also what deeper calls and inner tasks have written, and by SQL by hand", async () => {
      const router = use();
      const deeper = async () => {
        await pause(1);
        await Box.aobjects.filter({ name: "one" }).update({ name: "uno" });
      };
      await router.task(async () => {
        await deeper();
        assert.equal(await Box.aobjects.filter({ name: "uno" }).exists(), true);
      });
      await router.task(async () => {
        await router.task(async () => {
          await Box.aobjects.filter({ name: "two" }).update({ name: "dos" });
        });
        assert.equal(await Box.aobjects.filter({ name: "dos" }).exists(), true);
      });
      await router.task(async () => {
        const sql = "INSERT INTO shop_box (name) VALUES ('by hand') RETURNING *";
        await Box.aobjects.using("default").raw(sql);
        assert.equal(await Box.aobjects.filter({ name: "by hand" }).exists(), true);
      });
      await router.task(async () => {
        const sql =
          "WITH gone AS (DELETE FROM shop_box WHERE name = 'by hand' RETURNING *) SELECT * FROM gone";
        await Box.aobjects.using("default").raw(sql);
        assert.equal(await Box.aobjects.filter({ name: "by hand" }).exists(), false);
      });
      await router.task(async () => assert.equal(await Box.aobjects.filter({ name: "dos" }).exists(), false));
      await resume();
    });

    test("a transaction stays on the primary, before it has written and after its end", async () => {
      const router = use();
      await router.task(async () => {
        assert.deepEqual(
          await sent(() =>
            aatomic(async () => {
              assert.equal(await Box.aobjects.count(), 2);
              await Box.aobjects.create({ name: "three" });
              assert.equal(await Box.aobjects.count(), 3);
            }),
          ),
          ["default", "default", "default"],
        );
        assert.equal(await Box.aobjects.count(), 3);
      });
      assert.deepEqual(await sent(() => aatomic(() => Box.aobjects.count())), ["default"]);
      await resume();
    });

    test("a task that only reads in a transaction goes back to the replicas", async () => {
      const router = use();
      await router.task(async () => {
        await aatomic(() => Box.aobjects.count());
        assert.deepEqual(await sent(() => Box.aobjects.count()), ["first"]);
      });
    });

    test("a task can begin on the primary", async () => {
      const router = use();
      await Box.aobjects.create({ name: "three" });
      assert.equal(await Box.aobjects.count(), 2);
      assert.equal(await router.task(() => Box.aobjects.count().then((n) => n), { primary: true }), 3);
      await resume();
    });

    test("outside of tasks a write sends all reads to the primary for a while", async () => {
      use({ window: 1_500 });
      assert.equal(await Box.aobjects.count(), 2);
      await Box.aobjects.create({ name: "three" });
      assert.equal(await Box.aobjects.count(), 3);
      await pause(1_600);
      assert.equal(await Box.aobjects.count(), 2);
      await resume();
    });
  });

  test("objects and models of another database are left there", async () => {
    const router = use();
    await createTables({ using: "apart" });
    const box = await Box.aobjects.using("apart").create({ name: "apart" });
    assert.deepEqual(
      await sent(async () => {
        await box.arefreshFromDb();
        await box.apizza_set.count();
        await box.asave();
      }),
      ["apart", "apart", "apart"],
    );
    assert.equal(router.sameData("apart", "default"), null);
    const other = await Box.aobjects.get({ name: "one" });
    const pizza = new Pizza({ name: "p", box });
    assert.throws(() => {
      pizza.box = other;
    }, /the current database router prevents this relation/);
  });

  test("tables are those of the primary", async () => {
    use();
    assert.deepEqual(await sent(() => createTables({ using: "first" })), ["first"]);
    await dropTables({ using: "first" });
    assert.equal(await Box.aobjects.count(), 2);
  });

  test("a replica that is down: nothing fails, the others serve, and it is taken up again", async () => {
    use({ retryAfter: 2_000 });
    const [first] = replication.replicas;
    for (let i = 0; i < 4; i++) await Box.aobjects.count();
    await first?.stop("crash");
    try {
      const counts = await Promise.all(Array.from({ length: 30 }, () => Box.aobjects.count()));
      assert.deepEqual(counts, Array(30).fill(2));
      assert.deepEqual(await sent(() => Box.aobjects.count()), ["second"]);
      assert.deepEqual(await sent(() => Box.aobjects.count()), ["second"]);
      await pause(2_100);
      // The one query that tries it again is answered by the primary.
      const tried = await sent(async () => {
        for (let i = 0; i < 3; i++) assert.equal(await Box.aobjects.count(), 2);
      });
      assert.deepEqual(tried.toSorted(), ["default", "second", "second"]);
    } finally {
      await first?.start();
    }
    await pause(2_100);
    await settled();
    const again = await sent(async () => {
      for (let i = 0; i < 4; i++) await Box.aobjects.count();
    });
    assert.deepEqual(again.toSorted(), ["first", "first", "second", "second"]);
    assert.equal((await Box.aobjects.get({ name: "one" })).name, "one");
  });

  test("a replica cut in the middle of a query", async () => {
    use();
    const slow = "SELECT id, name, pg_sleep(5)::text AS slept FROM shop_box ORDER BY id LIMIT 1";
    const asked = Box.aobjects.using("second").raw(slow).eval();
    // Divides by zero until the statement is there to be cut.
    const cut =
      "SELECT 1 / COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()";
    await until(async () => {
      const done = replication.replicas[1]?.run(cut);
      return done !== undefined && (await done.then(() => true).catch(() => false));
    });
    assert.equal(((await asked) as Box[])[0]?.name, "one");
  });

  test("all replicas down: the primary serves", async () => {
    use({ retryAfter: 60_000 });
    for (const replica of replication.replicas) await replica.stop();
    try {
      const counts = await Promise.all(Array.from({ length: 10 }, () => Box.aobjects.count()));
      assert.deepEqual(counts, Array(10).fill(2));
      assert.deepEqual(await sent(() => Box.aobjects.count()), ["default"]);
      for await (const box of Box.aobjects.orderBy("id").iterator()) assert.ok(box.name);
    } finally {
      for (const replica of replication.replicas) await replica.start();
    }
  });

  test("other errors of a replica are thrown", async () => {
    use();
    await assert.rejects(async () => Box.aobjects.using("first").raw("SELECT nonsense"), /nonsense/);
    await assert.rejects(
      async () => Box.aobjects.using("first").create({ name: "no" }),
      (error) => /read-only transaction/.test(String(error)),
    );
  });

  test("a primary that is down is an error, reads go on", async () => {
    use();
    assert.equal(await Box.aobjects.count(), 2);
    await replication.primary.stop();
    try {
      await assert.rejects(async () => Box.aobjects.create({ name: "no" }), OperationalError);
      assert.equal(await Box.aobjects.count(), 2);
    } finally {
      await replication.primary.start();
    }
  });
});

test("options are checked", () => {
  const wrong: [ReplicaOptions, RegExp][] = [
    [{ replicas: [] }, /needs replicas/],
    [{ replicas: ["default"] }, /other ones than the primary/],
    [{ replicas: ["a", "a"] }, /each once/],
    [{ replicas: ["a"], choose: "best" as "random" }, /"round-robin" or "random", not 'best'/],
    [{ replicas: ["a"], window: -1 }, /window must be a number of milliseconds/],
    [{ replicas: ["a"], retryAfter: Number.NaN }, /retryAfter must be/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(
      () => new ReplicaRouter(options),
      (error) => error instanceof ImproperlyConfigured && message.test(error.message),
    );
  }
  const databases = { default: "sqlite::memory:", a: "postgresql://localhost/a" };
  const routers = (...replicas: string[]) => ({ databases, routers: [new ReplicaRouter({ replicas })] });
  assert.throws(() => configure(routers("b")), /A ReplicaRouter names 'b'. Databases are: default, a./);
  assert.throws(() => configure(routers("a")), /databases of one kind, not sqlite, postgresql/);
});

test("programs without such a router are not watched", async () => {
  const watch = await import("../../src/backends/base/watch.ts");
  const databases = { default: "sqlite::memory:", copy: "sqlite::memory:" };
  configure({ apps, databases, routers: [new ReplicaRouter({ replicas: ["copy"] })] });
  assert.deepEqual([...(watch.watchers?.keys() ?? [])], ["default", "copy"]);
  configure({ apps, databases: { default: "sqlite::memory:" } });
  assert.equal(watch.watchers, null);
});
