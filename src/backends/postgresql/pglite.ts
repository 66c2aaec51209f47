/**
 * PostgreSQL in the program's own process, by the package `@electric-sql/pglite` (`driver: "pglite"`): for tests and
 * tools on machines without a server. It has one session, for which everybody waits in line.
 */

import { ImproperlyConfigured } from "../../errors.ts";
import type { DatabaseSettings } from "../../settings.ts";
import { type PoolOptions, poolOptions } from "../base/server/pool-options.ts";
import { PostgresqlConnection } from "./connection.ts";
import { type Client, type ClientOptions, loadDriver, type OpenedClient } from "./driver.ts";

interface Pglite {
  close(): Promise<void>;
}

interface PgliteModule {
  PGlite: { create(options: object): Promise<Pglite> };
}

interface AdapterModule {
  createPgConfig(database: Pglite): { readonly connection: Client["connection"] };
}

/** Where a database lives that is gone with its connection. */
const MEMORY = ":memory:";

/** Checks the settings of a database in the process. Throws `ImproperlyConfigured`. */
export function checkPgliteSettings({ alias, driver, sync, pool, pglite }: DatabaseSettings): void {
  const fail = (what: string): never => {
    throw new ImproperlyConfigured(`Database '${alias}': ${what}.`);
  };
  if (driver !== undefined && driver !== "pg" && driver !== "pglite")
    fail(`PostgreSQL has no driver '${driver}'. Choices are: pg, pglite`);
  if (driver !== "pglite") {
    if (pglite !== undefined) fail('the options pglite need driver: "pglite"');
    return;
  }
  if (sync === true) fail("sync code has no way to a database in the process of the program itself");
  if ((typeof pool === "number" ? pool : (pool?.max ?? 1)) !== 1) fail("PGlite has one connection, not more");
}

async function loadPglite(): Promise<PgliteModule & AdapterModule> {
  try {
    const [database, adapter] = (await Promise.all([
      import("@electric-sql/pglite" as string),
      import("@electric-sql/pglite/node-postgres" as string),
    ])) as [PgliteModule, AdapterModule];
    return { PGlite: database.PGlite, createPgConfig: adapter.createPgConfig };
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw cause;
    throw new ImproperlyConfigured(
      "PGlite is not installed. Run `npm install pg @electric-sql/pglite` (version 0.5 or newer).",
      { cause },
    );
  }
}

export class PgliteConnection extends PostgresqlConnection {
  #database: Promise<Pglite> | null = null;

  /** The one session stays: nobody can cut it. */
  protected override poolOptions(settings: DatabaseSettings): PoolOptions {
    const forEver = { idleTimeout: 0, maxLifetime: 0, checkAfter: Number.POSITIVE_INFINITY };
    return { ...poolOptions(settings), min: 0, max: 1, ...forEver };
  }

  /** Not least: a cursor would keep the one session from the queries between its rows. */
  protected override get embedded(): boolean {
    return true;
  }

  protected override async openClient(): Promise<OpenedClient> {
    const [Client, { PGlite, createPgConfig }] = await Promise.all([loadDriver(), loadPglite()]);
    const { name, pglite } = this.settings;
    this.#database ??= PGlite.create({ dataDir: name === MEMORY ? "memory://" : name, ...pglite });
    const config = createPgConfig(await this.#database);
    const client = new Client(config as unknown as ClientOptions);
    const { stream } = client.connection;
    stream.cork ??= () => {};
    stream.uncork ??= () => {};
    await client.connect();
    // What runs in the same thread cannot be stopped.
    return { client, cancel: async () => {} };
  }

  override async close(): Promise<void> {
    const database = this.#database;
    this.#database = null;
    await super.close();
    await (await database)?.close();
  }
}
