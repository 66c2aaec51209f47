/** How many values a list has is no part of a shape: a shape keeps the SQL for each length where that differs. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connections, Exists, OuterRef, onQuery, Q } from "asgimod";
import type { Shape } from "../../src/query/shape.ts";
import { open, Pizza, Topping } from "./pizzeria.ts";

before(open);
after(() => connections.close());

const shapeOf = (queryset: unknown) => (queryset as { shape: Shape }).shape;
const names = (queryset: unknown) => [
  ...(queryset as typeof Pizza.objects).orderBy("id").valuesList("name", { flat: true }),
];

function sqlOf(run: () => unknown): string[] {
  const sent: string[] = [];
  const stop = onQuery(({ sql }) => void sent.push(sql));
  try {
    run();
  } finally {
    stop();
  }
  return sent;
}

test("lists of any length share a shape; lists with nothing in them do not", () => {
  const shape = shapeOf(Pizza.objects.filter({ id__in: [1] }));
  assert.equal(shapeOf(Pizza.objects.filter({ id__in: [1, 2, 3] })), shape);
  assert.equal(shapeOf(Pizza.objects.filter({ id__in: new Set([5, 6]) })), shape);
  for (const list of [[], [null], [1, null]] as number[][]) {
    assert.notEqual(shapeOf(Pizza.objects.filter({ id__in: list })), shape);
  }
});

test("each length has its own placeholders, whichever came first, and finds its rows", () => {
  const [one = "", two = "", three = ""] = names(Pizza.objects.all());
  for (const list of [[one, two], [three], [one, two, three], [two], [], [one, "none"], [three, two]]) {
    const expected = names(Pizza.objects.all()).filter((name) => list.includes(name));
    assert.deepEqual(names(Pizza.objects.filter({ name__in: list })), expected);
    const others = names(Pizza.objects.all()).filter((name) => !list.includes(name));
    assert.deepEqual(names(Pizza.objects.exclude({ name__in: list })), others);
  }
});

test("NULLs in a list are left out at any length", () => {
  const all = names(Pizza.objects.all());
  const [one = "", two = ""] = all;
  for (const list of [[one, null], [null, one, null, two], [null], [two, null]] as string[][]) {
    assert.deepEqual(
      names(Pizza.objects.filter({ name__in: list })),
      all.filter((name) => list.includes(name)),
    );
  }
});

test("several lists in one query, also in subqueries, keep their lengths apart", () => {
  const all = names(Pizza.objects.all());
  const found = (first: string[], second: string[], sizes: number[]) =>
    names(
      Pizza.objects.filter(
        Q({ name__in: first }).or(Q({ name__in: second })),
        Exists(Pizza.objects.filter({ pk: OuterRef("pk"), size__in: sizes })),
      ),
    );
  const sizes = [...Pizza.objects.orderBy("id").valuesList("size", { flat: true })] as number[];
  for (const [a, b] of [
    [1, 2],
    [2, 1],
    [3, 3],
    [1, 1],
    [2, 2],
  ] as const) {
    const [first, second] = [all.slice(0, a), all.slice(-b)];
    const expected = all.filter((name) => first.includes(name) || second.includes(name));
    assert.deepEqual(found(first, second, [...sizes, 1]), expected);
    assert.deepEqual(found(first, second, sizes), expected);
    assert.deepEqual(found(first, second, [-1, -2, -3]), []);
  }
});

test("updates and deletes with lists of other lengths mean their own rows", () => {
  const all = names(Pizza.objects.all());
  for (const count of [1, 3, 2]) {
    const changed = Pizza.objects.filter({ name__in: all.slice(0, count) }).update({ size: 1 });
    assert.equal(changed, count);
  }
  const kept = [...Topping.objects.orderBy("id").valuesList("name", { flat: true })];
  for (const count of [2, 1, 3]) {
    const doomed = Array.from({ length: count }, (_, i) => `doomed ${i}`);
    for (const name of doomed) Topping.objects.create({ name });
    const [deleted] = Topping.objects.filter({ name__in: doomed }).delete();
    assert.equal(deleted, count);
    assert.deepEqual([...Topping.objects.orderBy("id").valuesList("name", { flat: true })], kept);
  }
});

test("the SQL of a length is compiled once", () => {
  const text = (list: number[]) => sqlOf(() => Pizza.objects.filter({ id__in: list }).count())[0];
  const [two, three] = [text([1, 2]), text([1, 2, 3])];
  assert.notEqual(two, three);
  assert.equal(text([3, 4]), two);
  assert.equal(text([3, 4, 5]), three);
});
