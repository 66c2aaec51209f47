/** A bank on a server of the test's own, for what goes wrong between a program and its server. */

import { after, before, beforeEach, describe } from "node:test";
import { connections } from "asgimod";
import { assertNothingLeaks, createBank, pool, rows, settings } from "./bank.ts";
import { type Ledger, under } from "./ledger.ts";
import { Account } from "./models.ts";
import type { OwnServer } from "./own-server.ts";
import { Proxy } from "./proxy.ts";
import type { TestServer } from "./server.ts";
import { until } from "./until.ts";

export interface Faults {
  /** Started before the tests. */
  server(): OwnServer;
  /** A way to the server that can be cut: `settings({ port: proxy().port })`. */
  proxy(): Proxy;
  /** The pool is whole, the server counts the same connections, and none of them is in a transaction. */
  assertWhole(): Promise<void>;
  /** Eight tasks write while `disturb` does its worst; afterwards nothing is lost, and the pool is whole. */
  under(disturb: () => Promise<void>): Promise<Ledger>;
}

export function describeFaults(
  { name, skipOwn: skip, startOwn, sql }: TestServer,
  define: (faults: Faults) => void,
): void {
  describe(`${name}: faults`, { skip }, () => {
    let server: OwnServer;
    let proxy: Proxy;

    before(async () => {
      server = await startOwn();
      await server.run(sql.createDatabase("faults"));
      proxy = await new Proxy(server.port).listen();
      await createBank(server.url("faults"));
    });
    after(async () => {
      await connections.close();
      await proxy.close();
      await server.destroy();
    });
    beforeEach(async () => {
      settings({ pool: 6 });
      await Account.aobjects.all().delete();
    });

    const assertWhole = async () => {
      assertNothingLeaks();
      await until(async () => (await rows(sql.connections)).length <= pool().size);
      await until(async () => (await rows(sql.transactions)).length === 0);
      assertNothingLeaks();
      await Account.aobjects.count();
    };
    define({
      server: () => server,
      proxy: () => proxy,
      assertWhole,
      under: async (disturb) => {
        const ledger = await under(disturb);
        await assertWhole();
        return ledger;
      },
    });
  });
}
