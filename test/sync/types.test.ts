/** The types of the wrapped functions; the compiler is the judge, and running the file proves that it compiled. */

import assert from "node:assert/strict";
import { it } from "node:test";
import { type Asyncified, asyncToSync, type Syncified, syncToAsync } from "../../src/sync/index.ts";
import type * as work from "./fixtures/work.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Equal<A, B>): void {}

const url = new URL("./fixtures/work.ts", import.meta.url);

it("types of closures", () => {
  const plain = syncToAsync((title: string, words?: number) => title.length + (words ?? 0));
  same<Parameters<typeof plain>, [title: string, words?: number | undefined]>(true);
  same<ReturnType<typeof plain>, Promise<number>>(true);

  const rest = syncToAsync((a: "x" | "y", ...more: readonly number[]) => ({ a, more }));
  same<Parameters<typeof rest>, [a: "x" | "y", ...more: readonly number[]]>(true);
  same<ReturnType<typeof rest>, Promise<{ a: "x" | "y"; more: readonly number[] }>>(true);

  const generic = syncToAsync(<T extends string>(value: T, list: T[]) => ({ value, list }));
  const use = () => generic("a", ["a"]);
  same<Awaited<ReturnType<typeof use>>, { value: "a"; list: "a"[] }>(true);

  // a promise is not wrapped twice
  const promise = syncToAsync((n: number) => Promise.resolve(n));
  same<ReturnType<typeof promise>, Promise<number>>(true);
  const nothing = syncToAsync(() => {});
  same<ReturnType<typeof nothing>, Promise<void>>(true);

  const method = syncToAsync(function (this: { heat: number }, by: number) {
    return this.heat + by;
  });
  same<ThisParameterType<typeof method>, { heat: number }>(true);
  same<Parameters<typeof method>, [by: number]>(true);

  const wrong = (): void => {
    // @ts-expect-error words is a number
    void plain("a", "b");
    // @ts-expect-error title is missing
    void plain();
    // @ts-expect-error there is no such option
    syncToAsync(() => 1, { sensitive: true });
    // @ts-expect-error a closure has no executor
    syncToAsync(() => 1, { executor: null });
    // @ts-expect-error called without its this
    void method(1);
  };
  assert.equal(typeof wrong, "function");
});

it("types of exports", () => {
  const add = syncToAsync<typeof work.add>(url, "add");
  same<typeof add, (a: number, b: number) => Promise<number>>(true);
  const greet = syncToAsync<typeof work.greet>(url, "greet", { threadSensitive: false });
  same<Parameters<typeof greet>, [name: string, mark?: string | undefined, ...more: string[]]>(true);
  const failing = syncToAsync<typeof work.failLater>(url, "failLater");
  same<typeof failing, (how: string) => Promise<never>>(true);

  const addNow = asyncToSync<typeof work.add>(url, "add");
  same<typeof addNow, (a: number, b: number) => number>(true);
  const failNow = asyncToSync<typeof work.failLater>(url, "failLater");
  same<typeof failNow, (how: string) => never>(true);
  const laterNow = asyncToSync<(id: number) => Promise<{ id: number } | null>>(url, "later");
  same<ReturnType<typeof laterNow>, { id: number } | null>(true);

  same<Asyncified<(a: string) => number>, (a: string) => Promise<number>>(true);
  same<Syncified<(a: string) => Promise<number[]>>, (a: string) => number[]>(true);

  // without a type, nothing is known of the result
  const unknown = syncToAsync(url, "add");
  same<typeof unknown, (...args: unknown[]) => Promise<unknown>>(true);

  const refused = () => asyncToSync(async () => 1);
  same<ReturnType<typeof refused>, never>(true);

  const wrong = (): void => {
    // @ts-expect-error b is a number
    void add(1, "2");
    // @ts-expect-error b is missing
    addNow(1);
    // @ts-expect-error the name is missing
    syncToAsync(url);
    // @ts-expect-error the name is no option
    asyncToSync(url, { timeout: 1 });
  };
  assert.equal(typeof wrong, "function");
});
