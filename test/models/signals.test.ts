import assert from "node:assert/strict";
import { test } from "node:test";
import { CharField } from "../../src/fields/factories.ts";
import { Model } from "../../src/models/factory.ts";
import { classPrepared, postInit, preInit, Signal } from "../../src/models/signals.ts";
import "./hooks.ts";

const name = CharField({ maxLength: 30 });

test("receivers are called in the order of their connection, for their sender", () => {
  const signal = new Signal<{ n: number }>("test");
  const heard: string[] = [];
  const one = ({ n }: { n: number }) => heard.push(`one ${n}`);
  signal.connect(one);
  signal.connect(({ n, sender }) => heard.push(`two ${n} ${sender}`), { sender: "a" });
  signal.connect(one);
  signal.send("a", { n: 1 });
  signal.send("b", { n: 2 });
  assert.deepEqual(heard, ["one 1", "two 1 a", "one 2"]);
  assert.ok(signal.disconnect(one));
  assert.ok(!signal.disconnect(one));
  assert.ok(signal.hasListeners("a"));
  assert.ok(!signal.hasListeners("b"));
});

test("dispatchUid keeps a receiver from being added twice", () => {
  const signal = new Signal();
  signal.connect(() => 1, { dispatchUid: "x" });
  signal.connect(() => 2, { dispatchUid: "x" });
  assert.equal(signal.send(null, {}).length, 1);
  assert.ok(signal.disconnect(null, { dispatchUid: "x" }));
  assert.ok(!signal.hasListeners());
  assert.throws(() => signal.connect("no" as never), /Signal receivers must be callable/);
});

test("send gives results; an error stops it, sendRobust gives it", () => {
  const signal = new Signal();
  const error = new Error("no");
  signal.connect(() => 1);
  signal.connect(() => {
    throw error;
  });
  signal.connect(() => 3);
  assert.throws(() => signal.send(null, {}), error);
  assert.deepEqual(
    signal.sendRobust(null, {}).map(([, result]) => result),
    [1, error, 3],
  );
});

test("sendTask waits for async receivers one after another", () => {
  const signal = new Signal("preSave");
  const order: string[] = [];
  signal.connect(async function slow() {
    order.push("slow");
  });
  signal.connect(() => order.push("fast"));
  const task = signal.sendTask(null, {});
  const step = task.next();
  assert.ok(!step.done && step.value.kind === "wait");
  assert.equal(step.value.what, "receiver 'slow' of preSave");
  assert.deepEqual(order, ["slow"]);
  assert.ok(task.next().done);
  assert.deepEqual(order, ["slow", "fast"]);
});

test("a model and the class that extends it are one sender", () => {
  const Base = Model("sig.Pizza", { name });
  class Pizza extends Base {}
  const heard: unknown[] = [];
  const before = ({ kwargs }: { kwargs: object }) => heard.push(kwargs);
  const after = ({ instance }: { instance: unknown }) => heard.push(instance);
  preInit.connect(before, { sender: Base });
  postInit.connect(after, { sender: Pizza });
  const pizza = new Pizza({ name: "a" });
  const loaded = (Pizza as unknown as typeof Base).fromDb("default", ["id", "name"], [1, "b"]);
  new (class Other extends Model("sig.Other", { name }) {})();
  preInit.disconnect(before, { sender: Pizza });
  postInit.disconnect(after, { sender: Pizza });
  assert.deepEqual(heard.length, 4);
  assert.deepEqual(heard[0], { name: "a" });
  assert.equal(heard[1], pizza);
  assert.equal(heard[3], loaded);
});

test("classPrepared tells of new models", () => {
  const heard: unknown[] = [];
  const receiver = ({ sender }: { sender: unknown }) => heard.push((sender as { label: string }).label);
  classPrepared.connect(receiver);
  Model("sig.New", { name });
  classPrepared.disconnect(receiver);
  assert.deepEqual(heard, ["sig.New"]);
});
