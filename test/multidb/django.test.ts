/** Several databases and their routers against what Django answers: see django_answers.py, which has the same cases. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  configure,
  connections,
  createTablesSync,
  type DatabaseRouter,
  type RoutedInstance,
  type RoutedModel,
  type RouterHints,
} from "asgimod";
import { answers, compare } from "./answers.ts";
import { cases } from "./cases.ts";
import { apps, fill } from "./models.ts";

const databases = { default: "sqlite::memory:", other: "sqlite::memory:" };

function use(...routers: DatabaseRouter[]): void {
  configure({ apps, databases, routers });
}

/** Writes down what it is asked; reads go to `other`, writes to `default`. */
class Log implements DatabaseRouter {
  readonly asked = new Set<string>();

  note(action: string, model: RoutedModel, { instance }: RouterHints): void {
    const about = instance === undefined ? "" : ` of ${nameOf(instance)}`;
    this.asked.add(`${action} ${model._meta.label.split(".")[1]}${about}`);
  }
  dbForRead(model: RoutedModel, hints: RouterHints): string {
    this.note("read", model, hints);
    return "other";
  }
  dbForWrite(model: RoutedModel, hints: RouterHints): string {
    this.note("write", model, hints);
    return "default";
  }
  allowRelation(one: RoutedInstance, other: RoutedInstance): boolean {
    this.asked.add(`relate ${nameOf(one)} ${nameOf(other)}`);
    return true;
  }
}

const nameOf = (instance: RoutedInstance) => instance._meta.label.split(".")[1];

before(() => {
  use();
  for (const using of ["default", "other"]) createTablesSync({ using });
});
after(() => connections.close());

const silent: DatabaseRouter = { dbForRead: () => null, allowRelation: () => undefined };

for (const [routers, given] of [
  ["no router", []],
  ["a router without an opinion", [silent]],
] as const) {
  for (const colour of ["sync", "async"] as const) {
    describe(`${routers}, ${colour}`, () => {
      for (const [name, run] of Object.entries(cases(colour).values)) {
        test(name, async () => {
          use(...given);
          fill("default", "other");
          await compare(name, run);
        });
      }
    });
  }
}

/** What we ask less: the answer was of no use. */
const NEEDLESS: Readonly<Record<string, readonly string[]>> = {
  bulkCreate: ["read Pizza"],
  "reverse clear": ["read Pizza of Box"],
};

for (const colour of ["sync", "async"] as const) {
  describe(`what a router is asked, ${colour}`, () => {
    for (const [name, run] of Object.entries(cases(colour).asked)) {
      test(name, async () => {
        use();
        fill("default", "other");
        const log = new Log();
        use(log);
        await run();
        const expected = answers.asked[name]?.filter((line) => !NEEDLESS[name]?.includes(line));
        assert.deepEqual([...log.asked].sort(), expected);
      });
    }
  });
}

test("every answer of Django is compared", () => {
  const { values, asked } = cases("sync");
  assert.deepEqual(Object.keys(values).sort(), Object.keys(answers.values).sort());
  assert.deepEqual(Object.keys(asked).sort(), Object.keys(answers.asked).sort());
});
