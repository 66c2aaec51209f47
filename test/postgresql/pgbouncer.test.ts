/**
 * Behind PgBouncer in transaction mode, where each transaction, and each statement outside of one, may run on another
 * connection of the server: `statementCache: 0` is all that it needs.
 */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { aatomic, configure, connections, createTables, F } from "asgimod";
import type { DatabaseConfigObject } from "../../src/settings.ts";
import { assertNothingLeaks, pool, rows, rowsHere } from "../servers/bank.ts";
import * as bank from "../servers/models.ts";
import { Account } from "../servers/models.ts";
import { freePort } from "../servers/proxy.ts";
import { pause, until } from "../servers/until.ts";
import { serverDirectory, startAsServer } from "./cluster.ts";
import { database, skip } from "./server.ts";

const PROGRAM = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"].find(existsSync);
const missing = whyNot();

function whyNot(): string | false {
  if (skip !== false) return skip;
  if (PROGRAM !== undefined) return false;
  const reason = "NO PGBOUNCER: install Debian's package `pgbouncer`";
  if (process.env["CI"]) throw new Error(reason);
  console.error(`\n*** ${reason}\n*** The tests behind it do not run.\n`);
  return reason;
}

/** Connections that PgBouncer has to the server: fewer than the program has to PgBouncer. */
const BACKENDS = 3;

// Here, because in a hook it would be dropped with the hook.
const direct = missing === false ? (await database("bouncer")).url : "";
let url: string;
let directory: string;
let bouncer: ChildProcess;

async function start(): Promise<void> {
  const { hostname, port, username, pathname } = new URL(direct);
  const name = pathname.slice(1);
  directory = serverDirectory();
  const listen = await freePort();
  const target = `host=${hostname} port=${port || 5432} dbname=${name} user=${username || "postgres"}`;
  writeFileSync(
    join(directory, "pgbouncer.ini"),
    `[databases]
${name} = ${target}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${BACKENDS}
max_client_conn = 200
`,
  );
  bouncer = startAsServer(PROGRAM as string, [join(directory, "pgbouncer.ini")]);
  url = `postgresql://${username || "postgres"}@127.0.0.1:${listen}/${name}`;
}

function settings(options: Omit<DatabaseConfigObject, "url"> = {}): void {
  configure({ apps: { bank }, databases: { default: { url, statementCache: 0, ...options } } });
}

describe("PostgreSQL: behind PgBouncer in transaction mode", { skip: missing }, () => {
  before(async () => {
    await start();
    settings();
    for (let tries = 0; ; tries++) {
      try {
        await rows("SELECT 1");
        break;
      } catch (error) {
        if (tries > 100 || bouncer.exitCode !== null) throw error;
        await pause(50);
      }
    }
    await createTables();
  });
  after(async () => {
    await connections.close();
    const exit = once(bouncer, "exit");
    bouncer.kill("SIGQUIT");
    await exit;
    rmSync(directory, { recursive: true, force: true });
  });

  it("many clients share few backends", async () => {
    settings({ pool: 20 });
    const pids = await Promise.all(
      Array.from({ length: 60 }, () => rows("SELECT pg_backend_pid() FROM pg_sleep(0.01)")),
    );
    assert.ok(new Set(pids.map((found) => found[0]?.[0])).size <= BACKENDS);
    assert.equal(pool().size, 20);
    assertNothingLeaks();
  });

  it("reads, writes and transactions, 500 at once", async () => {
    settings({ pool: 20 });
    await Account.aobjects.create({ name: "shared", balance: 0 });
    await Promise.all(
      Array.from({ length: 500 }, async (_, i) => {
        if (i % 5 !== 0) {
          const found = await Account.aobjects.filter({ name__in: ["shared", `x${i}`] }).orderBy("name");
          assert.equal(found[0]?.name, "shared");
          return;
        }
        await aatomic(async () => {
          const account = await Account.aobjects.selectForUpdate().get({ name: "shared" });
          await aatomic(() =>
            Account.aobjects.filter({ pk: account.pk }).update({ balance: F("balance").add(1) }),
          );
        });
      }),
    );
    assert.equal((await Account.aobjects.get({ name: "shared" })).balance, 100);
    assertNothingLeaks();
  });

  it("the session's settings hold on every backend", async () => {
    settings({ pool: 10 });
    const ask = () =>
      aatomic(() =>
        rowsHere("SELECT current_setting('TimeZone'), current_setting('DateStyle'), pg_sleep(0.01)"),
      );
    for (const [[zone, style]] of (await Promise.all(Array.from({ length: 30 }, ask))) as [
      [string, string],
    ][])
      assert.deepEqual([zone, style], ["UTC", "ISO, MDY"]);
  });

  it("iterator() stays on one backend", async () => {
    settings({ pool: 10 });
    await Account.aobjects.bulkCreate(
      Array.from({ length: 1_000 }, (_, i) => new Account({ name: `s${i}`, balance: i })),
    );
    const read = async () => {
      let count = 0;
      for await (const _ of Account.aobjects.filter({ name__startswith: "s" }).iterator({ chunkSize: 50 }))
        if (++count === 700) break;
      return count;
    };
    assert.deepEqual(await Promise.all(Array.from({ length: 10 }, read)), Array(10).fill(700));
    assertNothingLeaks();
  });

  it("aborting stops the statement on the backend, and no other", async () => {
    settings({ pool: 6 });
    const slow = (signal: AbortSignal) => aatomic(() => rowsHere("SELECT 'slow', pg_sleep(20)"), { signal });
    const others = Array.from({ length: 40 }, () => rows("SELECT pg_sleep(0.01)"));
    await assert.rejects(slow(AbortSignal.timeout(50)), { name: "TimeoutError" });
    await Promise.all(others);
    for (let i = 0; i < 20; i++) await Account.aobjects.count();
    const [[count]] = (await rows(
      "SELECT COUNT(*)::int FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%''slow''%' AND pid <> pg_backend_pid()",
    )) as [[number]];
    assert.equal(count, 0);
    assertNothingLeaks();
  });

  it("without a cache of statements none is prepared by name", async () => {
    for (let i = 0; i < 20; i++) await Account.aobjects.filter({ balance: i }).count();
    const found = await Promise.all(
      Array.from({ length: 10 }, () =>
        rows("SELECT COUNT(*)::int FROM pg_prepared_statements, pg_sleep(0.01)"),
      ),
    );
    assert.ok(found.every((answer) => answer[0]?.[0] === 0));
  });

  it("PgBouncer is restarted", async () => {
    settings({ pool: 4 });
    await Promise.all([1, 2, 3, 4].map(() => Account.aobjects.count()));
    const exit = once(bouncer, "exit");
    bouncer.kill("SIGQUIT");
    await exit;
    await assert.rejects(Account.aobjects.count(), { name: "OperationalError" });
    bouncer = startAsServer(PROGRAM as string, [join(directory, "pgbouncer.ini")]);
    await until(() =>
      Account.aobjects.count().then(
        () => true,
        () => false,
      ),
    );
    await aatomic(() => Account.aobjects.create({ name: "again" }));
    assertNothingLeaks();
  });
});
