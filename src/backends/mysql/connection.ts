/** The connection to a MySQL or MariaDB database. */

import { ImproperlyConfigured, NotSupportedError, OperationalError } from "../../errors.ts";
import type { Mode, Rows, RowsOp } from "../../task.ts";
import { type Maybe, within } from "../../util/promise.ts";
import { CONNECT_TIMEOUT } from "../base/server/pool-options.ts";
import { PooledConnection } from "../base/server/pooled-connection.ts";
import { type Client, openClient } from "./driver.ts";
import { errorNumber, wrapMysqlError } from "./errors.ts";
import { isFrom, MysqlFeatures, type Server } from "./features.ts";
import { MysqlOperations } from "./operations.ts";
import { MysqlSession } from "./session.ts";

/** Deadlock, or waited for a lock too long: of the tasks in question one had to give way. */
const TRY_AGAIN = new Set([1205, 1213]);

/** Too many connections, shutting down, killed, aborted. */
const UNAVAILABLE = new Set([1040, 1053, 1152, 1927]);

const VERSION = /(\d{1,2})\.(\d{1,2})\.(\d{1,3})/;

const SERVER = `SELECT VERSION(), @@sql_mode, @@default_storage_engine, @@lower_case_table_names,
  CONVERT_TZ('2001-01-01 01:00:00', 'UTC', 'UTC') IS NOT NULL`;

export class MysqlConnection extends PooledConnection<MysqlSession> {
  override readonly vendor = "mysql";
  #server: Server | null = null;

  /** What the server has said about itself; null until it was asked. */
  get server(): Server | null {
    return this.#server;
  }

  override get isPrepared(): boolean {
    return this.#server !== null;
  }

  /** Asks the server what it can do, on which the SQL depends. */
  override prepare(mode: Mode): Maybe<void> {
    if (this.#server !== null) return;
    if (mode === "async") return this.connect().then((session) => session.end());
    const op: RowsOp = { kind: "rows", alias: this.alias, sql: SERVER, params: [] };
    this.#learn(this.execute(op, "sync", null) as Rows);
  }

  protected override async connect(): Promise<MysqlSession> {
    const { settings } = this;
    const timeout = settings.connectTimeout ?? CONNECT_TIMEOUT;
    try {
      const client = await openClient(settings);
      const session = new MysqlSession(client, {
        cancel: () => this.#cancel(client, timeout),
        cancelTimeout: timeout,
      });
      try {
        await this.#begin(session);
      } catch (error) {
        void session.end();
        throw error;
      }
      return session;
    } catch (error) {
      throw this.wrapError(error, `connect to ${settings.name}`);
    }
  }

  /** The state in which Django has its sessions; and UTC, so that the server's clock tells what columns hold. */
  async #begin(session: MysqlSession): Promise<void> {
    const { mariadb } =
      this.#server ?? this.#learn(await session.rows({ sql: SERVER, params: [] }, "async", null));
    const { statementTimeout, lockTimeout } = this.settings;
    const variables = [
      "SET NAMES utf8mb4",
      "time_zone = '+00:00'",
      "sql_auto_is_null = 0",
      // Literals have backslashes.
      "sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')",
    ];
    if (statementTimeout !== undefined) {
      variables.push(
        mariadb
          ? `max_statement_time = ${statementTimeout / 1000}`
          : `max_execution_time = ${statementTimeout}`,
      );
    }
    if (lockTimeout !== undefined) {
      variables.push(`innodb_lock_wait_timeout = ${Math.max(1, Math.ceil(lockTimeout / 1000))}`);
    }
    for (const sql of [variables.join(", "), "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"])
      await session.run({ sql, params: [] }, "async", null);
  }

  #learn([row = []]: Rows): Server {
    const [version, sqlMode, storageEngine, lowerCase, zones] = row;
    const match = VERSION.exec(String(version));
    if (match === null) throw new ImproperlyConfigured(`'${String(version)}' is no version of a server.`);
    const server: Server = {
      mariadb: /mariadb/i.test(String(version)),
      version: match.slice(1, 4).map(Number),
      sqlMode: new Set(String(sqlMode).split(",")),
      storageEngine: String(storageEngine),
      lowerCaseTableNames: Number(lowerCase) !== 0,
      hasZoneinfo: Number(zones) === 1,
    };
    this.#adapt(server);
    this.#server = server;
    return server;
  }

  /** From now on SQL is written for this server; what was compiled before is of no use any more. */
  #adapt(server: Server): void {
    const features = new MysqlFeatures(server);
    const minimum = features.minimumDatabaseVersion;
    if (!isFrom(server.version, ...minimum)) {
      const name = server.mariadb ? "MariaDB" : "MySQL";
      throw new NotSupportedError(
        `${name} ${minimum.join(".")} or later is required (found ${server.version.join(".")}).`,
      );
    }
    this.speak(features, new MysqlOperations(features));
  }

  /** Stops what a client runs, over a connection of its own. */
  async #cancel({ threadId }: Client, timeout: number): Promise<void> {
    const client = await openClient(this.settings);
    const session = new MysqlSession(client, { cancel: () => Promise.resolve(), cancelTimeout: 0 });
    try {
      const killed = session.run({ sql: `KILL QUERY ${threadId}`, params: [] }, "async", null);
      await within(killed, timeout, () => new OperationalError("timeout expired"));
    } finally {
      await session.end();
    }
  }

  protected override wrapError(error: unknown, sql: string): unknown {
    return wrapMysqlError(error, sql);
  }

  override isSerializationFailure(error: unknown): boolean {
    return TRY_AGAIN.has(errorNumber(error) ?? 0);
  }

  override isUnavailable(error: unknown): boolean {
    if (!(error instanceof OperationalError)) return false;
    const number = errorNumber(error);
    return number === null ? error.cause instanceof Error : UNAVAILABLE.has(number);
  }

  override version(mode: Mode): Maybe<readonly number[]> {
    const version = () => (this.#server as Server).version;
    const prepared = this.prepare(mode);
    return prepared instanceof Promise ? prepared.then(version) : version();
  }
}
