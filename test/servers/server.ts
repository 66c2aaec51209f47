/** What the tests know of a server; the servers themselves are in the directories of the backends. */

import type { OwnDatabase } from "../../scripts/conformance/server.ts";
import type { OwnServer } from "./own-server.ts";

export interface TestServer {
  readonly name: string;
  /** Whether its tests are left out, with the reason. */
  readonly skip: string | false;
  readonly password: string;
  /** An empty database for a test file, dropped after it. */
  database(name: string): Promise<OwnDatabase>;
  /** Runs a statement apart from the library. */
  run(sql: string): Promise<void>;
  /** Whether tests that need a server of their own are left out, with the reason. */
  readonly skipOwn: string | false;
  startOwn(): Promise<OwnServer>;
  readonly sql: ServerSql;
}

/** The same questions in each server's words. */
export interface ServerSql {
  /** Gives the number of the connection. */
  readonly connectionId: string;
  readonly begin: string;
  /** What takes that long, as a query and as a condition that holds. */
  sleep(seconds: number): string;
  slow(seconds: number): string;
  /** Fails on the server. */
  readonly failing: string;
  /** The code of the error of a unique constraint. */
  readonly duplicate: string | number;
  /** Gives how many statements run that contain `text`, this one apart. */
  running(text: string): string;
  /** Gives the numbers of all connections to the database. */
  readonly connections: string;
  /** Gives those of the connections to the database whose transaction is open, this one apart. */
  readonly transactions: string;
  createDatabase(name: string): string;
  /** Ends a connection. */
  kill(id: unknown): string;
  readonly killSelf: string;
}

/** Why the tests of a server are left out, said loudly; false where it answers. With `CI=true` they fail instead. */
export async function whyNot(
  what: string,
  url: string,
  variable: string,
  ask: () => Promise<void>,
): Promise<string | false> {
  try {
    await ask();
    return false;
  } catch (error) {
    const reason = `NO ${what.toUpperCase()} SERVER at ${new URL(url).host}: ${String(error)}`;
    if (process.env["CI"]) throw new Error(`${reason}. Start one, or name another by ${variable}.`);
    console.error(
      `\n*** ${reason}\n*** The tests of ${what} do not run. ${variable} names another server.\n`,
    );
    return reason;
  }
}
