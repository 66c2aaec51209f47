/** Writes under faults: what was acknowledged must be there, what failed as a whole must not. */

import assert from "node:assert/strict";
import { aatomic, DatabaseError, F } from "asgimod";
import { Account, Entry } from "./models.ts";
import { pause } from "./until.ts";

/** Tasks that write, and note what was acknowledged and what was only tried. */
export class Ledger {
  readonly acknowledged = new Set<string>();
  readonly tried = new Set<string>();
  readonly errors: unknown[] = [];
  #next = 0;
  #stopped = false;

  /** One write: alone, or as a transaction of three statements. */
  async write(): Promise<void> {
    const name = `w${++this.#next}`;
    this.tried.add(name);
    if (this.#next % 3 === 0) await Account.aobjects.create({ name, balance: 2 });
    else {
      await aatomic(async () => {
        const account = await Account.aobjects.create({ name });
        await Entry.aobjects.create({ account, amount: "1.00" });
        await Account.aobjects.filter({ pk: account.pk }).update({ balance: F("balance").add(1) });
      });
    }
    this.acknowledged.add(name);
  }

  /** Writes and reads until {@link stop}, whatever happens. */
  async work(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.write();
        await Account.aobjects.filter({ name__startswith: "w" }).count();
      } catch (error) {
        this.errors.push(error);
        await pause(5);
      }
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Nothing acknowledged is lost, nothing is there twice or by half, and all errors are ours. */
  async check(): Promise<void> {
    const found = new Map<string, number>();
    for (const { name, balance } of await Account.aobjects.filter({ name__startswith: "w" }))
      found.set(name, balance);
    for (const name of this.acknowledged) assert.ok(found.has(name), `${name} was acknowledged and is lost`);
    for (const [name, balance] of found) {
      assert.ok(this.tried.has(name));
      const alone = Number(name.slice(1)) % 3 === 0;
      assert.equal(balance, alone ? 2 : 1, `${name} is there by half`);
    }
    const entries = await Entry.aobjects.filter({ account__name__startswith: "w" }).count();
    assert.equal(entries, [...found.values()].filter((balance) => balance === 1).length);
    for (const error of this.errors) {
      assert.ok(error instanceof DatabaseError, `${String(error)} is no error of the database`);
    }
  }
}

/** Eight tasks write while `disturb` does its worst; enough of them before and after it, however busy the machine is. */
export async function under(disturb: () => Promise<void>): Promise<Ledger> {
  const ledger = new Ledger();
  const tasks = Array.from({ length: 8 }, () => ledger.work());
  const more = async () => {
    const wanted = ledger.acknowledged.size + 12;
    for (let i = 0; i < 1_000 && ledger.acknowledged.size < wanted; i++) await pause(20);
    assert.ok(ledger.acknowledged.size >= wanted, `only ${ledger.acknowledged.size} writes came about`);
  };
  try {
    await more();
    await disturb();
    await more();
  } finally {
    ledger.stop();
    await Promise.all(tasks);
  }
  await ledger.check();
  return ledger;
}
