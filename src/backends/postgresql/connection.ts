/** The connection to a PostgreSQL database. */

import { NotSupportedError, OperationalError } from "../../errors.ts";
import type { Mode, RowsOp } from "../../task.ts";
import { within } from "../../util/promise.ts";
import { CONNECT_TIMEOUT } from "../base/server/pool-options.ts";
import { PooledConnection } from "../base/server/pooled-connection.ts";
import { type OpenedClient, openClient } from "./driver.ts";
import { sqlState, wrapPostgresqlError } from "./errors.ts";
import { PostgresqlSession, SESSION_SETTINGS } from "./session.ts";

/** Prepared statements of one connection, unless the settings say otherwise. */
const STATEMENTS = 256;

/** Serialization failure, deadlock: of the tasks in question one had to give way. */
const TRY_AGAIN = new Set(["40001", "40P01"]);

/** Broken connections, too many of them, shutting down, crashed, starting. */
const UNAVAILABLE = /^(?:08...|53300|57P0[1235])$/;

export class PostgresqlConnection extends PooledConnection<PostgresqlSession> {
  override readonly vendor = "postgresql";

  protected openClient(): Promise<OpenedClient> {
    return openClient(this.settings);
  }

  /** The database is in this process. */
  protected get embedded(): boolean {
    return false;
  }

  protected override async connect(): Promise<PostgresqlSession> {
    const { settings } = this;
    const timeout = settings.connectTimeout ?? CONNECT_TIMEOUT;
    try {
      const { client, cancel } = await this.openClient();
      const session = new PostgresqlSession(client, {
        statementCache: settings.statementCache ?? STATEMENTS,
        cancel,
        cancelTimeout: timeout,
        embedded: this.embedded,
      });
      try {
        // A pooler signs in at once, and has this wait for a connection of its own.
        await within(this.#prepare(session), timeout, () => new OperationalError("timeout expired"));
      } catch (error) {
        void session.end();
        throw error;
      }
      return session;
    } catch (error) {
      throw this.wrapError(error, `connect to ${settings.name}`);
    }
  }

  async #prepare(session: PostgresqlSession): Promise<void> {
    const { statementTimeout, lockTimeout } = this.settings;
    const wanted: Record<string, string> = { ...SESSION_SETTINGS };
    if (statementTimeout !== undefined) wanted["statement_timeout"] = String(statementTimeout);
    if (lockTimeout !== undefined) wanted["lock_timeout"] = String(lockTimeout);
    const sets = Object.entries(wanted).map(([name, value]) => `set_config('${name}', '${value}', false)`);
    const sql = `SELECT current_setting('server_version_num')::int, ${sets.join(", ")}`;
    const [[number]] = (await session.rows({ sql, params: [] }, "async", null)) as [[number]];
    this.#checkVersion(number);
  }

  #checkVersion(number: number): void {
    const [minimum = 0] = this.features.minimumDatabaseVersion ?? [];
    if (number >= minimum * 10_000) return;
    const found = `${Math.floor(number / 10_000)}.${number % 10_000}`;
    throw new NotSupportedError(`PostgreSQL ${minimum} or later is required (found ${found}).`);
  }

  protected override wrapError(error: unknown, sql: string): unknown {
    return wrapPostgresqlError(error, sql);
  }

  override isSerializationFailure(error: unknown): boolean {
    return TRY_AGAIN.has(sqlState(error) ?? "");
  }

  override isUnavailable(error: unknown): boolean {
    if (!(error instanceof OperationalError)) return false;
    const state = sqlState(error);
    return state === null ? error.cause instanceof Error : UNAVAILABLE.test(state);
  }

  override async version(mode: Mode): Promise<readonly number[]> {
    const op: RowsOp = {
      kind: "rows",
      alias: this.alias,
      sql: "SELECT current_setting('server_version_num')::int",
      params: [],
    };
    const [[number]] = (await this.execute(op, mode, null)) as [[number]];
    return [Math.floor(number / 10_000), number % 10_000];
  }
}
