/** Arguments of the wrong kind from untyped code: the class of the error, and what it names. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ArgumentTypeError, connections, Extract as TypedExtract, ValueError } from "asgimod";
import { classesIn, managerOf } from "./colours.ts";
import { fill, open } from "./models.ts";

/** Without its types: what is tested is what untyped code may do. */
const Extract = TypedExtract as unknown as (...args: unknown[]) => unknown;

before(async () => {
  await open();
  fill();
});
after(() => connections.close());

test("the part that Extract takes is a name", () => {
  assert.throws(
    () => Extract("updated", [null]),
    (error) => error instanceof ArgumentTypeError && /name of a part of a date, not \[/.test(error.message),
  );
  assert.throws(() => Extract("updated"), /lookupName must be provided/);
});

test("bytes are no number, and that is an error of the value", () => {
  for (const colour of ["sync", "async"] as const)
    assert.throws(
      () => managerOf(classesIn(colour).Entry, colour).filter({ rating: new Uint8Array([0]) }),
      (error) => error instanceof ValueError && /Field 'rating' expected a number/.test(error.message),
    );
});

test("union takes whatever is true for all: true", async () => {
  for (const colour of ["sync", "async"] as const) {
    const entries = managerOf(classesIn(colour).Entry, colour);
    const rows = await entries.union(entries.all(), { all: 1 }).count();
    assert.equal(rows, 2 * Number(await entries.count()));
  }
});
