/** LISTEN and NOTIFY: what is told arrives, nothing stays behind, and a lost connection is replaced and reported. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { afterEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { aatomic, configure } from "asgimod";
import { type ListenGap, listen, type Notification, notify } from "asgimod/postgres";
import { skip } from "../postgresql/server.ts";
import { rows } from "../servers/bank.ts";
import * as contrib from "./models.ts";
import { setUp, url } from "./setup.ts";

if (skip === false) await setUp("listen");

/** The processes of the server that listen. */
async function listening(): Promise<number[]> {
  const found = await rows(
    "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND datname = current_database()",
  );
  return found.map(([pid]) => pid as number);
}

async function until(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await holds()) return;
    await sleep(25);
  }
  assert.fail(`in vain: ${what}`);
}

/** The next notifications. */
async function take(listener: AsyncIterator<Notification>, count: number): Promise<string[]> {
  const taken: string[] = [];
  for (let i = 0; i < count; i++) {
    const { value, done } = await listener.next();
    if (done === true) break;
    taken.push(`${value.channel}:${value.payload}`);
  }
  return taken;
}

describe("PostgreSQL: listen() and notify()", { skip, timeout: 60_000 }, () => {
  afterEach(() => until(async () => (await listening()).length === 0, "no connection listens any more"));

  it("what is told arrives in order, with its channel and the sender", async () => {
    const got: Notification[] = [];
    const listener = listen(["orders", 'odd "name"; DROP']);
    await listener.ready;
    assert.equal((await listening()).length, 1);
    await notify("orders", "1");
    await notify('odd "name"; DROP', "é🍕'\"");
    await notify("elsewhere", "x");
    await notify("orders");
    for await (const notification of listener) {
      got.push(notification);
      if (got.length === 3) break;
    }
    assert.deepEqual(
      got.map(({ channel, payload }) => [channel, payload]),
      [
        ["orders", "1"],
        ['odd "name"; DROP', "é🍕'\""],
        ["orders", ""],
      ],
    );
    assert.ok(got.every(({ pid }) => pid > 0));
    assert.deepEqual(await listener.next(), { value: undefined, done: true });
  });

  it("listening begins at the call, and who reads late misses nothing", async () => {
    const listener = listen("late");
    await listener.ready;
    for (let i = 0; i < 500; i++) void notify("late", String(i));
    await sleep(300);
    const taken = await take(listener, 500);
    assert.equal(new Set(taken).size, 500);
    await listener.close();
  });

  it("a notification of a transaction is sent when it commits, and never when it rolls back", async () => {
    const listener = listen("tx");
    await listener.ready;
    await aatomic(async () => {
      await notify("tx", "committed");
      await notify("outside", "");
      await sleep(50);
    });
    await assert.rejects(
      aatomic(async () => {
        await notify("tx", "rolled back");
        throw new Error("no");
      }),
    );
    await notify("tx", "after");
    assert.deepEqual(await take(listener, 2), ["tx:committed", "tx:after"]);
    await listener.close();
  });

  it("a signal ends it with its reason, while it waits and before it begins", async () => {
    const controller = new AbortController();
    const listener = listen("signal", { signal: controller.signal });
    await listener.ready;
    setTimeout(() => controller.abort(), 30);
    await assert.rejects(
      async () => {
        for await (const _ of listener);
      },
      { name: "AbortError" },
    );
    assert.deepEqual(await listener.next(), { value: undefined, done: true });
    const late = listen("signal", { signal: controller.signal });
    await assert.rejects(late.ready, { name: "AbortError" });
    await assert.rejects(late.next(), { name: "AbortError" });
    assert.equal((await late.next()).done, true);
  });

  it("an error in the loop closes the connection, and close() ends a loop that waits", async () => {
    const listener = listen("loop");
    await listener.ready;
    await notify("loop", "x");
    await assert.rejects(async () => {
      for await (const _ of listener) throw new Error("in the loop");
    }, /in the loop/);
    await until(async () => (await listening()).length === 0, "closed");
    const other = listen("loop");
    await other.ready;
    const waiting = other.next();
    await other.close();
    assert.deepEqual(await waiting, { value: undefined, done: true });
    const disposed = listen("loop");
    await disposed.ready;
    await disposed[Symbol.asyncDispose]();
  });

  it("a lost connection is replaced, and the gap reported", async () => {
    const gaps: ListenGap[] = [];
    const listener = listen("lost", { onReconnect: (gap) => void gaps.push(gap) });
    await listener.ready;
    await notify("lost", "before");
    assert.deepEqual(await take(listener, 1), ["lost:before"]);
    const [pid] = await listening();
    await rows("SELECT pg_terminate_backend($1)", [pid]);
    await notify("lost", "missed");
    await until(() => gaps.length === 1, "it listens again");
    await notify("lost", "after");
    assert.deepEqual(await take(listener, 1), ["lost:after"]);
    const [gap] = gaps;
    assert.match(String(gap?.error), /terminat/);
    assert.ok((gap?.duration ?? 0) > 0 && Date.now() - (gap?.since.getTime() ?? 0) < 10_000);
    await listener.close();
  });

  it("without a callback, a warning tells of the gap", async () => {
    const listener = listen("warned");
    await listener.ready;
    const warned = once(process, "warning");
    const [pid] = await listening();
    await rows("SELECT pg_terminate_backend($1)", [pid]);
    const [warning] = (await warned) as [Error];
    assert.equal(warning.name, "ListenGapWarning");
    assert.match(
      warning.message,
      /listens to 'warned' was lost and replaced: notifications of \d+ ms may be missing/,
    );
    await listener.close();
  });

  it("a connection that is dead without a sign is found out by the heartbeat", async () => {
    const { hostname, port } = new URL(url);
    const sockets: Socket[] = [];
    let silent = false;
    const proxy = createServer((socket) => {
      const upstream = connect(Number(port || 5432), hostname);
      const isFirst = sockets.length === 0;
      sockets.push(socket, upstream);
      const pass = (to: Socket) => (data: Buffer) => {
        if (!(isFirst && silent)) to.write(data);
      };
      socket.on("data", pass(upstream));
      upstream.on("data", pass(socket));
      for (const each of [socket, upstream]) each.on("error", () => {});
      socket.on("close", () => upstream.destroy());
      upstream.on("close", () => socket.destroy());
    }).listen(0);
    await once(proxy, "listening");
    const through = new URL(url);
    through.hostname = "127.0.0.1";
    through.port = String((proxy.address() as { port: number }).port);
    configure({ apps: { contrib }, databases: { default: url, proxied: through.href } });
    const gaps: ListenGap[] = [];
    const listener = listen("mute", {
      using: "proxied",
      heartbeat: 100,
      onReconnect: (gap) => void gaps.push(gap),
    });
    await listener.ready;
    await sleep(250);
    assert.equal(gaps.length, 0, "a heartbeat that is answered changes nothing");
    silent = true;
    await until(() => gaps.length === 1, "it listens again");
    await notify("mute", "after");
    assert.deepEqual(await take(listener, 1), ["mute:after"]);
    await listener.close();
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });

  it("where no server is, the iterator fails with an OperationalError", async () => {
    configure({
      apps: { contrib },
      databases: { default: url, nowhere: "postgresql://postgres@127.0.0.1:1/none" },
    });
    const listener = listen("x", { using: "nowhere" });
    await assert.rejects(listener.next(), { name: "OperationalError" });
    await assert.rejects(listener.ready, { name: "OperationalError" });
    assert.equal((await listener.next()).done, true);
  });

  it("an error of onReconnect ends the listening", async () => {
    const listener = listen("angry", {
      onReconnect: () => {
        throw new Error("give up");
      },
    });
    await listener.ready;
    const [pid] = await listening();
    await rows("SELECT pg_terminate_backend($1)", [pid]);
    await assert.rejects(listener.next(), /give up/);
  });
});
