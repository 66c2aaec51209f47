/** Transactions, in a colour: django_scenarios.py has the same by the same titles. */
import { aatomic, aonCommit, atomic, onCommit, setRollback } from "asgimod";
import type { Colour, Scenarios } from "./loose.ts";
import { Author, Tag } from "./models.ts";

class Stop extends Error {
  override readonly name = "Stop";
}

type Act = () => unknown;
type Log = string[];

/** The steps one after another; gives what each gave. Nothing is awaited in the synchronous colour. */
function steps(colour: Colour, ...acts: Act[]): unknown {
  if (colour === "sync") return acts.map((act) => act());
  return acts.reduce<Promise<unknown[]>>(
    async (before, act) => [...(await before), await act()],
    Promise.resolve([]),
  );
}

export function transactionScenarios(colour: Colour): Scenarios {
  const all = (...acts: Act[]) => steps(colour, ...acts);
  /** What one of the steps gave. */
  const nth = (n: number, ...acts: Act[]) => {
    const results = all(...acts);
    return results instanceof Promise ? results.then((list) => list[n]) : (results as unknown[])[n];
  };
  const within = (act: Act, options: { savepoint?: boolean; durable?: boolean } = {}) =>
    colour === "sync" ? atomic(act, options) : aatomic(act, options);
  const create = (name: string) =>
    colour === "sync" ? Tag.objects.create({ name }) : Tag.aobjects.create({ name });
  const fail = (text: string): never => {
    throw new Stop(text);
  };
  const tag = (name: string) =>
    nth(
      1,
      () => create(name),
      () => null,
    );
  const tagAndStop = (name: string) =>
    all(
      () => create(name),
      () => fail(name),
    );
  const again = () =>
    colour === "sync"
      ? Author.objects.create({ name: "Ann", rank: 1 })
      : Author.aobjects.create({ name: "Ann", rank: 1 });
  const swallow = (act: Act): unknown => {
    const named = (error: unknown) => (error as Error).name;
    try {
      const value = act();
      return value instanceof Promise ? value.catch(named) : value;
    } catch (error) {
      return named(error);
    }
  };
  const logged = async (act: (log: Log) => unknown) => {
    const log: Log = [];
    return [await swallow(() => act(log)), log];
  };
  const hook = (log: Log, text: string, then: Act = () => null) => {
    const callback = () => {
      log.push(text);
      return then();
    };
    return nth(
      1,
      () => (colour === "sync" ? onCommit(callback) : aonCommit(callback)),
      () => null,
    );
  };
  const unsaved = { savepoint: false };
  return {
    "atomic nested rollback": () =>
      within(() =>
        nth(
          1,
          () => tag("a"),
          () => swallow(() => within(() => tagAndStop("b"))),
          () => tag("c"),
        ),
      ),
    "atomic outer rollback": () =>
      swallow(() =>
        within(() =>
          all(
            () => within(() => tag("a")),
            () => tagAndStop("b"),
          ),
        ),
      ),
    "atomic without savepoint": () =>
      swallow(() =>
        within(() =>
          all(
            () => swallow(() => within(() => tagAndStop("b"), unsaved)),
            () => tag("c"),
          ),
        ),
      ),
    "atomic without savepoint and no query after": () =>
      within(() =>
        nth(
          1,
          () => tag("a"),
          () => swallow(() => within(() => tagAndStop("b"), unsaved)),
        ),
      ),
    "atomic durable nested": () => within(() => swallow(() => within(() => tag("a"), { durable: true }))),
    "atomic durable": () => within(() => tag("a"), { durable: true }),
    "atomic error of the database": () =>
      swallow(() =>
        within(() =>
          all(
            () => tag("a"),
            () => swallow(again),
            () => tag("b"),
          ),
        ),
      ),
    "atomic error of the database in a savepoint": () =>
      within(() =>
        nth(
          1,
          () => tag("a"),
          () => swallow(() => within(again)),
          () => tag("b"),
        ),
      ),
    "atomic set rollback": () =>
      within(() =>
        nth(
          2,
          () => tag("a"),
          () => setRollback(true),
          () => null,
        ),
      ),
    "on commit order": () =>
      logged((log) =>
        within(() =>
          nth(
            4,
            () => hook(log, "1"),
            () => within(() => hook(log, "2")),
            () => hook(log, "3"),
            () => log.push("in"),
            () => null,
          ),
        ),
      ),
    "on commit of a rollback": () =>
      logged((log) =>
        within(() =>
          nth(
            1,
            () => hook(log, "1"),
            () =>
              swallow(() =>
                within(() =>
                  all(
                    () => hook(log, "2"),
                    () => within(() => hook(log, "3")),
                    () => tagAndStop("x"),
                  ),
                ),
              ),
            () => hook(log, "4"),
          ),
        ),
      ),
    "on commit of an outer rollback": () =>
      logged((log) =>
        within(() =>
          all(
            () => within(() => hook(log, "1")),
            () => hook(log, "2"),
            () => tagAndStop("x"),
          ),
        ),
      ),
    "on commit outside": () => logged((log) => hook(log, "1")),
    "on commit that fails": () =>
      logged((log) =>
        within(() =>
          nth(
            0,
            () => tag("a"),
            () => hook(log, "1"),
            () => hook(log, "2", () => fail("hook")),
            () => hook(log, "3"),
          ),
        ),
      ),
    "on commit in a hook": () =>
      logged((log) =>
        within(() =>
          nth(
            0,
            () => hook(log, "1", () => hook(log, "1.1")),
            () => hook(log, "2"),
          ),
        ),
      ),
    "on commit writes": () => logged((log) => within(() => hook(log, "1", () => tag("later")))),
    "on commit without savepoint": () =>
      logged((log) =>
        within(() =>
          nth(
            1,
            () => hook(log, "1"),
            () =>
              swallow(() =>
                within(
                  () =>
                    all(
                      () => hook(log, "2"),
                      () => tagAndStop("x"),
                    ),
                  unsaved,
                ),
              ),
          ),
        ),
      ),
  };
}
