import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connections, F, onQuery, Q, type QueryEvent, ValueError } from "asgimod";
import type { ModelClass } from "../../src/models/types.ts";
import { forgetShapes, Shape } from "../../src/query/shape.ts";
import { open, Pizza } from "./pizzeria.ts";

before(open);
after(() => connections.close());

function recorded<T>(run: () => T): { result: T; sent: QueryEvent[] } {
  const sent: QueryEvent[] = [];
  const stop = onQuery((event) => void sent.push(event));
  try {
    return { result: run(), sent };
  } finally {
    stop();
  }
}

const shapeOf = (queryset: unknown) => (queryset as { shape: Shape }).shape;

test("querysets that differ in their values share a shape, others do not", () => {
  const shape = shapeOf(Pizza.objects.filter({ name: "a", size__gt: 1 }));
  assert.equal(shapeOf(Pizza.objects.filter({ name: "b", size__gt: 2 })), shape);
  assert.equal(
    shapeOf(Pizza.objects.filter({ size__gt: 2, name: "b" })),
    shape,
    "the order of keys is no difference",
  );
  for (const other of [
    Pizza.objects.filter({ name: "a", size__gte: 1 }),
    Pizza.objects.filter({ box: null }),
    Pizza.objects.filter({ box: 1 }),
    Pizza.objects.filter({ id__in: [1, 2] }),
    Pizza.objects.filter({ id__in: [1, 2, 3] }),
    Pizza.objects.filter({ box__isnull: true }),
    Pizza.objects.filter({ box__isnull: false }),
    Pizza.objects.exclude({ name: "a", size__gt: 1 }),
  ]) {
    assert.notEqual(shapeOf(other), shape);
  }
});

test("values of each call reach the database, also in expressions, slices and subqueries", () => {
  const names = (size: number, plus: number, count: number) =>
    recorded(() =>
      Pizza.objects
        .annotate({ grown: F("size").add(plus) })
        .filter({ grown__gt: size, id__in: Pizza.objects.filter({ size__lt: 100 - plus }).values("id") })
        .slice(0, count)
        .valuesList("name", { flat: true })
        .eval(),
    );
  const first = names(26, 1, 2);
  const second = names(35, 2, 5);
  assert.deepEqual(first.result, ["Margherita", "Funghi"]);
  assert.deepEqual(second.result, ["Prosciutto"]);
  assert.equal(first.sent[0]?.sql, second.sent[0]?.sql);
  assert.notDeepEqual(first.sent[0]?.params, second.sent[0]?.params);
});

test("the same queryset twice in one query keeps its own values", () => {
  const sized = (size: number) => Pizza.objects.filter({ size }).values("id");
  const either = Pizza.objects.filter(Q({ id__in: sized(26) }).or(Q({ id__in: sized(34) })));
  assert.deepEqual([...either.valuesList("name", { flat: true })], ["Margherita", "Prosciutto"]);
});

test("a value is refused when the call is chained, on a hit of the cache as on a miss", () => {
  const wrong = () => Pizza.objects.filter({ size: "large" as unknown as number });
  assert.throws(wrong, ValueError);
  Pizza.objects.filter({ size: 1 });
  assert.throws(wrong, ValueError);
});

test("integers beyond the column's range find nothing, and do not spoil the plan for others", () => {
  const bySize = (size: bigint | number) =>
    recorded(() => Pizza.objects.filter({ size: size as number }).count());
  assert.equal(bySize(26).result, 1);
  const beyond = bySize(2n ** 70n);
  assert.equal(beyond.result, 0);
  assert.equal(beyond.sent.length, 0, "the database need not be asked");
  assert.equal(bySize(30).result, 1);
  assert.equal(
    recorded(() => Pizza.objects.exclude({ size: (2n ** 70n) as unknown as number }).count()).result,
    3,
  );
});

test("shapes that are forgotten are made anew", () => {
  const before = Pizza.objects.filter({ name: "Funghi" });
  const root = Shape.root(Pizza as unknown as ModelClass);
  forgetShapes();
  assert.notEqual(Shape.root(Pizza as unknown as ModelClass), root);
  assert.equal(before.count(), 1, "querysets that exist go on");
  assert.equal(Pizza.objects.filter({ name: "Funghi" }).count(), 1);
});
