/** The connection to a PostgreSQL database: a pool of sessions, one for each transaction and each cursor. */

import { NotSupportedError } from "../../errors.ts";
import type { DatabaseSettings } from "../../settings.ts";
import type { Mode, OpenOp, RowsOp, RunOp } from "../../task.ts";
import type { Maybe } from "../../util/promise.ts";
import { DatabaseConnection, type Session } from "../base/connection.ts";
import type { DatabaseFeatures } from "../base/features.ts";
import type { DatabaseOperations } from "../base/operations.ts";
import { type ClientOptions, loadDriver } from "./driver.ts";
import { sqlState, wrapPostgresqlError } from "./errors.ts";
import { Pool, type PoolState } from "./pool.ts";
import { PostgresqlSession, SESSION_SETTINGS, syncError } from "./session.ts";

/** The server shuts down, or an administrator has ended the connection. */
const ENDING = new Set(["57P01", "57P02", "57P03"]);

/** Prepared statements of one connection, unless the settings say otherwise. */
const STATEMENTS = 256;

export class PostgresqlConnection extends DatabaseConnection {
  override readonly vendor = "postgresql";
  readonly #pool: Pool<PostgresqlSession>;

  constructor(settings: DatabaseSettings, ops: DatabaseOperations, features: DatabaseFeatures) {
    super(settings, ops, features);
    const { pool = {}, alias } = settings;
    const options = typeof pool === "number" ? { max: pool } : pool;
    this.#pool = new Pool(
      {
        alias,
        min: options.min ?? 0,
        max: options.max ?? 10,
        acquireTimeout: options.acquireTimeout ?? 30_000,
        idleTimeout: options.idleTimeout ?? 60_000,
      },
      () => this.#connect(),
    );
  }

  /** How the pool of connections is doing. */
  get poolState(): PoolState {
    return this.#pool.state;
  }

  async #connect(): Promise<PostgresqlSession> {
    const { settings } = this;
    const Client = await loadDriver();
    const options: ClientOptions = {
      database: settings.name,
      host: settings.host,
      port: settings.port,
      user: settings.user,
      password: settings.password,
      ssl: settings.ssl,
      application_name: settings.applicationName,
      connectionTimeoutMillis: settings.connectTimeout ?? 10_000,
      keepAlive: true,
    };
    const client = new Client(
      Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never,
    );
    const session = new PostgresqlSession(client, {
      alias: this.alias,
      statementCache: settings.statementCache ?? STATEMENTS,
    });
    try {
      await client.connect();
      const wanted: Record<string, string> = { ...SESSION_SETTINGS };
      if (settings.statementTimeout !== undefined)
        wanted["statement_timeout"] = String(settings.statementTimeout);
      const sets = Object.entries(wanted).map(([name, value]) => `set_config('${name}', '${value}', false)`);
      const version = "current_setting('server_version_num')::int";
      const [[number]] = (await session.rows(
        `SELECT ${version}, ${sets.join(", ")}`,
        [],
        false,
        "async",
      )) as [[number]];
      this.#checkVersion(number);
    } catch (error) {
      void session.end();
      throw this.wrapError(error, `connect to ${settings.name}`);
    }
    return session;
  }

  #checkVersion(number: number): void {
    const [minimum = 0] = this.features.minimumDatabaseVersion ?? [];
    if (number >= minimum * 10_000) return;
    const found = `${Math.floor(number / 10_000)}.${number % 10_000}`;
    throw new NotSupportedError(`PostgreSQL ${minimum} or later is required (found ${found}).`);
  }

  protected override executeAutocommit(op: RowsOp | RunOp | OpenOp, mode: Mode): unknown {
    if (mode === "sync") throw syncError(this.alias);
    const session = this.#pool.take();
    if (session !== null) return this.#perform(session, op, mode);
    return this.#pool.acquire().then((acquired) => this.#perform(acquired, op, mode));
  }

  #perform(session: PostgresqlSession, op: RowsOp | RunOp | OpenOp, mode: Mode, again = false): unknown {
    const release = () => this.#pool.release(session, false);
    if (op.kind === "open") return this.perform(session, op, mode, null, release);
    let result: Promise<unknown>;
    try {
      result = this.perform(session, op, mode, null, null) as Promise<unknown>;
    } catch (error) {
      release();
      throw error;
    }
    return result.then(
      (value) => {
        release();
        return value;
      },
      (error: unknown) => {
        release();
        // The server was ending the connection while it looked free: nothing was done, another one can do it.
        const ended = ENDING.has(sqlState(error) ?? "") && op.kind === "rows" && op.write !== true;
        if (again || !ended) throw error;
        return this.#pool.acquire().then((next) => this.#perform(next, op, mode, true));
      },
    );
  }

  protected override begin(mode: Mode): Maybe<Session> {
    if (mode === "sync") throw syncError(this.alias);
    return this.#begin(mode);
  }

  async #begin(mode: Mode): Promise<Session> {
    const session = this.#pool.take() ?? (await this.#pool.acquire());
    try {
      await this.control(session, "BEGIN", mode);
    } catch (error) {
      this.#pool.release(session, true);
      throw error;
    }
    return session;
  }

  protected override release(session: Session, broken: boolean): void {
    this.#pool.release(session as PostgresqlSession, broken);
  }

  protected override wrapError(error: unknown, sql: string): unknown {
    return wrapPostgresqlError(error, sql);
  }

  override async version(mode: Mode): Promise<readonly number[]> {
    const op: RowsOp = {
      kind: "rows",
      alias: this.alias,
      sql: "SELECT current_setting('server_version_num')::int",
      params: [],
    };
    const [[number]] = (await this.executeAutocommit(op, mode)) as [[number]];
    return [Math.floor(number / 10_000), number % 10_000];
  }

  override close(): Promise<void> {
    return this.#pool.close();
  }
}
