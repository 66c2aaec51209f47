/** asgimod/testing: as Django's assertNumQueries and CaptureQueriesContext. */
import assert, { AssertionError } from "node:assert/strict";
import { after, before, test } from "node:test";
import { aatomic, connections } from "asgimod";
import { assertNumQueries, captureQueries, countQueries } from "asgimod/testing";
import { Box, fill, PIZZAS, Pizza } from "./models.ts";

before(fill);
after(() => connections.close());

test("assertNumQueries gives what the function gives", async () => {
  assert.equal(
    assertNumQueries(1, () => Box.objects.count()),
    PIZZAS,
  );
  assert.equal(await assertNumQueries(1, () => Box.aobjects.count()), PIZZAS);
  const boxes = await assertNumQueries(2, () => Box.aobjects.prefetchRelated("pizza_set").eval());
  assert.equal(boxes.length, PIZZAS);
});

test("another number fails, and shows the queries as Django does", async () => {
  const message =
    "2 queries executed, 1 expected\nCaptured queries were:\n" +
    '1. SELECT COUNT(*) AS "__count" FROM "watched_box"\n' +
    '2. SELECT COUNT(*) AS "__count" FROM "watched_pizza"';
  const isRight = (error: unknown) =>
    error instanceof AssertionError && error.message === message && error.actual === 2;
  assert.throws(
    () =>
      assertNumQueries(1, () => {
        Box.objects.count();
        Pizza.objects.count();
      }),
    isRight,
  );
  await assert.rejects(
    assertNumQueries(1, async () => {
      await Box.aobjects.count();
      await Pizza.aobjects.count();
    }),
    isRight,
  );
});

test("transaction control does not count, other databases may be left out", async () => {
  await assertNumQueries(1, () => aatomic(() => Box.aobjects.count()));
  assertNumQueries(0, () => Box.objects.count(), { using: "other" });
});

test("an error of the function passes through, and nothing listens any more", () => {
  assert.throws(
    () =>
      assertNumQueries(1, () => {
        throw new RangeError("mine");
      }),
    RangeError,
  );
  const captured = captureQueries();
  Box.objects.count();
  captured.stop();
  Box.objects.count();
  assert.equal(captured.length, 1);
});

test("captured queries", async () => {
  const captured = captureQueries({ caller: true });
  Box.objects.count();
  await Box.aobjects.count();
  captured[Symbol.dispose]();
  assert.deepEqual(
    [...captured].map(({ sql, caller }) => [sql, /testing\.test\.ts:\d+/.test(caller ?? "")]),
    Array(2).fill(['SELECT COUNT(*) AS "__count" FROM "watched_box"', true]),
  );
});

test("countQueries", async () => {
  const { value, count, queries } = countQueries(() => Box.objects.count());
  assert.deepEqual([value, count, queries[0]?.rows], [PIZZAS, 1, 1]);
  assert.equal((await countQueries(() => Box.aobjects.count())).count, 1);
});
