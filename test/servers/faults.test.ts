/**
 * What goes wrong between a program and its server. Each time: what was acknowledged is there, what failed as a whole is
 * not, nobody holds a connection at the end, and the next query works.
 */
import assert from "node:assert/strict";
import { it } from "node:test";
import { aatomic, F, OperationalError } from "asgimod";
import { pool, rows, settings } from "./bank.ts";
import { describeFaults } from "./faults.ts";
import { Account } from "./models.ts";
import { SERVERS } from "./servers.ts";
import { gate, pause, until } from "./until.ts";

for (const description of SERVERS) {
  const { sql } = description;

  describeFaults(description, ({ server, proxy, assertWhole, under }) => {
    it("the server is restarted in the middle of queries and transactions", async () => {
      const ledger = await under(async () => {
        await server().restart();
        await pause(200);
        await server().restart();
      });
      assert.ok(ledger.errors.length > 0);
    });

    it("the server crashes", async () => {
      const ledger = await under(() => server().restart("crash"));
      assert.ok(ledger.errors.length > 0);
    });

    it("a transaction over a restart fails as a whole, with an OperationalError", async () => {
      const block = aatomic(async () => {
        await Account.aobjects.create({ name: "before" });
        await server().restart();
        await Account.aobjects.create({ name: "after" });
      });
      await assert.rejects(block, OperationalError);
      assert.equal(await Account.aobjects.filter({ name__in: ["before", "after"] }).count(), 0);
      await assertWhole();
    });

    it("while the server is down every query fails, and none waits for ever", async () => {
      await Account.aobjects.count();
      await server().stop();
      const results = await Promise.allSettled(
        Array.from({ length: 200 }, (_, i) =>
          i % 2 === 0 ? Account.aobjects.count() : Account.aobjects.create({ name: `down${i}` }),
        ),
      );
      for (const result of results) {
        assert.ok(result.status === "rejected" && result.reason instanceof OperationalError, String(result));
        assert.match(
          result.reason.message,
          /ECONNREFUSED|[Cc]onnection (?:terminated|lost|was killed)|shutdown/,
        );
      }
      assert.equal(pool().size, 0);
      await server().start();
      assert.equal(await Account.aobjects.count(), 0);
      await assertWhole();
    });

    it("connections are killed, wherever they are", async () => {
      const ledger = await under(async () => {
        for (let i = 0; i < 25; i++) {
          const found = await rows(sql.connections).catch(() => []);
          for (const [id] of found.slice(0, 2))
            await server()
              .run(sql.kill(id))
              .catch(() => {});
          await pause(20);
        }
      });
      assert.ok(ledger.errors.length > 0);
    });

    it("idle connections that the server has ended are taken out, and nobody fails for them", async () => {
      const inside = gate();
      let open = 0;
      await Promise.all(
        Array.from({ length: 6 }, () =>
          aatomic(() => {
            if (++open === 6) inside.open();
            return inside.opened;
          }),
        ),
      );
      assert.equal(pool().size, 6);
      for (const [id] of await rows(sql.connections)) await server().run(sql.kill(id));
      await until(() => pool().size === 0);
      await Account.aobjects.create({ name: "write" });
      await aatomic(() => Account.aobjects.create({ name: "transaction" }));
      await assertWhole();
    });

    it("the way to the server is cut, again and again", async () => {
      settings({ pool: 6, port: proxy().port });
      const ledger = await under(async () => {
        for (let i = 0; i < 25; i++) {
          proxy().cut();
          await pause(20);
        }
      });
      assert.ok(ledger.errors.length > 0);
    });

    it("cut in the moment of the commit: an error, whatever became of it", async () => {
      settings({ pool: 2, port: proxy().port });
      await Account.aobjects.count();
      proxy().onData = (data) => {
        if (data.includes("COMMIT")) setImmediate(() => proxy().cut());
      };
      let calls = 0;
      const block = aatomic(
        () => {
          calls++;
          return Account.aobjects.create({ name: "maybe" });
        },
        { retries: 3 },
      );
      await assert.rejects(block, OperationalError);
      proxy().onData = null;
      // Nobody knows whether it was committed: it is not tried again.
      assert.equal(calls, 1);
      await assertWhole();
    });

    it("a cut in the middle of a write that is not in a transaction: it is not sent twice", async () => {
      settings({ pool: 1, port: proxy().port });
      await Account.aobjects.create({ name: "first" });
      let sent = 0;
      proxy().onData = (data) => {
        if (!data.includes("twice")) return;
        sent++;
        // The server has it, and the answer is lost.
        setTimeout(() => proxy().cut(), 15);
      };
      const write = Account.aobjects.extra({ where: [`${sql.slow(0.3)} AND 'twice' <> ''`] });
      await assert.rejects(write.update({ balance: F("balance").add(1) }), OperationalError);
      proxy().onData = null;
      await until(async () => (await rows(sql.running("twice")))[0]?.[0] === 0);
      assert.equal(sent, 1);
      assert.ok((await Account.aobjects.get({ name: "first" })).balance <= 1);
      await assertWhole();
    });

    it("a connection that died without a sign is found out before it is used", async () => {
      settings({ pool: { max: 2, checkAfter: 50 }, connectTimeout: 1_000, port: proxy().port });
      await Promise.all([rows(sql.sleep(0.02)), rows(sql.sleep(0.02))]);
      proxy().freeze();
      await pause(100);
      proxy().thaw();
      await Account.aobjects.create({ name: "write" });
      await aatomic(() => Account.aobjects.create({ name: "transaction" }));
      assert.equal(await Account.aobjects.filter({ name__in: ["write", "transaction"] }).count(), 2);
      proxy().cut();
      await until(() => pool().size === 0);
      await assertWhole();
    });

    it("an aborted query whose server cannot be reached gives its connection up", async () => {
      settings({ pool: 1, connectTimeout: 1_000, port: proxy().port });
      await Account.aobjects.create({ name: "only" });
      const reason = new Error("enough");
      const controller = new AbortController();
      let sent = false;
      proxy().onData = (data) => {
        sent ||= data.includes("nobody");
      };
      const query = Account.aobjects
        .withSignal(controller.signal)
        .extra({ where: [`${sql.slow(3)} AND 'nobody' <> ''`] })
        .count();
      query.catch(() => {});
      await until(() => sent);
      proxy().onData = null;
      proxy().freeze();
      controller.abort(reason);
      await assert.rejects(query, (error) => error === reason || error instanceof OperationalError);
      proxy().thaw();
      proxy().cut();
      assert.equal(await Account.aobjects.count(), 1);
      await assertWhole();
    });

    it("the pool is exhausted: the error shows who holds it up, and the others are served after", async () => {
      settings({ pool: { max: 3, acquireTimeout: 100 } });
      const { open, opened } = gate();
      let held = 0;
      const holders = Array.from({ length: 3 }, (_, i) =>
        aatomic(async () => {
          await Account.aobjects.create({ name: `held${i}` });
          held++;
          await opened;
        }),
      );
      await until(() => held === 3);
      const results = await Promise.allSettled(Array.from({ length: 20 }, () => Account.aobjects.count()));
      for (const result of results) {
        assert.ok(result.status === "rejected" && result.reason instanceof OperationalError);
        assert.match(
          result.reason.message,
          /3 of at most 3 are open, 0 idle, 3 in use, \d+ tasks wait\. The longest in use has been so for \d+ ms, last asked: INSERT INTO .bank_account/,
        );
      }
      open();
      await Promise.all(holders);
      assert.equal(await Account.aobjects.count(), 3);
      await assertWhole();
    });
  });
}
