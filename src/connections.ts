/** The connections by alias: opened when first used, closed by {@link ConnectionHandler.close}. */

import { isDeepStrictEqual } from "node:util";
import { getBackend } from "./backends/base/backend.ts";
import type { DatabaseConnection } from "./backends/base/connection.ts";
import type { DatabaseFeatures } from "./backends/base/features.ts";
import type { DatabaseOperations } from "./backends/base/operations.ts";
import { ConnectionDoesNotExist } from "./errors.ts";
import { DEFAULT_DB_ALIAS } from "./router.ts";
import { type DatabaseSettings, getSettings, onConfigure, type Settings } from "./settings.ts";

export {
  type OnQueryOptions,
  onQuery,
  type QueryEvent,
  type QueryListener,
  type StatementKind,
} from "./backends/base/observe.ts";
export { DEFAULT_DB_ALIAS } from "./router.ts";

export class ConnectionHandler {
  readonly #open = new Map<string, DatabaseConnection>();
  /** The alias asked for last, which is nearly always the one asked for next. */
  #lastAlias = "";
  #last: DatabaseConnection | null = null;
  /** Some database has yet to say which SQL it speaks: tasks begin after {@link prepare}. */
  pending = false;
  #preparing: Promise<void> | null = null;
  /** Why a database could not be asked. */
  readonly #failures = new Map<string, unknown>();

  constructor() {
    onConfigure((settings) => this.#reconfigure(settings));
  }

  /**
   * The connection of an alias. It opens its database when the first statement runs.
   *
   * @throws ConnectionDoesNotExist naming the aliases that exist
   */
  get(alias: string = DEFAULT_DB_ALIAS): DatabaseConnection {
    if (alias === this.#lastAlias && this.#last !== null) return this.#last;
    let connection = this.#open.get(alias);
    if (connection === undefined) {
      connection = this.#create(this.settings(alias));
      this.#open.set(alias, connection);
    }
    if (this.#failures.has(alias)) this.#refuse(alias);
    this.#last = connection;
    this.#lastAlias = alias;
    return connection;
  }

  /** A database that could not be asked is asked again by the next task. */
  #refuse(alias: string): never {
    const error = this.#failures.get(alias);
    this.#failures.delete(alias);
    this.pending = true;
    throw error;
  }

  /**
   * Asks the databases whose SQL depends on it what they can do, each once. Of one that does not answer, the error is
   * thrown where it is used.
   */
  prepare(): Promise<void> {
    this.#preparing ??= this.#prepareAll().finally(() => {
      this.#preparing = null;
    });
    return this.#preparing;
  }

  async #prepareAll(): Promise<void> {
    await Promise.all(
      this.#asking().map(async (connection) => {
        try {
          await connection.prepare("async");
        } catch (error) {
          this.#failures.set(connection.alias, error);
          this.#last = null;
        }
      }),
    );
    this.pending = this.#asking().some((connection) => !connection.isPrepared);
  }

  /** The databases that have to be asked, but for those that did not answer. */
  #asking(): DatabaseConnection[] {
    const aliases = this.aliases.filter((alias) => {
      const { engine } = this.settings(alias);
      return getBackend(engine, alias).asksServer === true && !this.#failures.has(alias);
    });
    return aliases.map((alias) => this.get(alias));
  }

  /** {@link prepare} for sync code, of the databases that it can wait for. */
  prepareSync(): void {
    let left = false;
    for (const connection of this.#asking()) {
      if (connection.settings.sync === true) void connection.prepare("sync");
      else left ||= !connection.isPrepared;
    }
    this.pending = left;
  }

  /** The aliases that the settings know, in their order. */
  get aliases(): string[] {
    return Object.keys(getSettings().databases);
  }

  /** Every connection of the settings. */
  all(): DatabaseConnection[] {
    return this.aliases.map((alias) => this.get(alias));
  }

  /** The checked settings of an alias. */
  settings(alias: string = DEFAULT_DB_ALIAS): DatabaseSettings {
    const { databases } = getSettings();
    const settings = Object.hasOwn(databases, alias) ? databases[alias] : undefined;
    if (settings === undefined) {
      throw new ConnectionDoesNotExist(
        `The connection '${alias}' doesn't exist. Choices are: ${this.aliases.join(", ")}.`,
      );
    }
    return settings;
  }

  /** How the database of an alias spells things; opens nothing. */
  ops(alias: string = DEFAULT_DB_ALIAS): DatabaseOperations {
    return this.get(alias).ops;
  }

  /** What the database of an alias can do; opens nothing. */
  features(alias: string = DEFAULT_DB_ALIAS): DatabaseFeatures {
    return this.get(alias).features;
  }

  /**
   * Closes the connection of `alias`, or all of them. An in-memory database is gone then; the others open
   * again when they are used again.
   */
  async close(alias?: string): Promise<void> {
    const closing = alias === undefined ? [...this.#open.keys()] : [alias];
    await Promise.all(closing.map((name) => this.#drop(name)));
  }

  #drop(alias: string): unknown {
    const connection = this.#open.get(alias);
    this.#open.delete(alias);
    this.#failures.delete(alias);
    this.#last = null;
    if (connection !== undefined && getBackend(connection.settings.engine, alias).asksServer === true) {
      this.pending = true;
    }
    return connection?.close();
  }

  /** Connections whose settings have changed are replaced; the others, and with them `:memory:`, stay. */
  #reconfigure(settings: Settings): void {
    this.pending = Object.values(settings.databases).some(
      ({ engine, alias }) => getBackend(engine, alias).asksServer === true,
    );
    for (const [alias, connection] of this.#open) {
      const next = settings.databases[alias];
      if (next === undefined || !isDeepStrictEqual(next, connection.settings)) {
        Promise.resolve(this.#drop(alias)).catch(() => {});
      }
    }
  }

  #create(settings: DatabaseSettings): DatabaseConnection {
    const backend = getBackend(settings.engine, settings.alias);
    const features = backend.createFeatures(settings);
    const ops = backend.createOperations(features, settings);
    ops.alias = settings.alias;
    return backend.createConnection(settings, ops, features);
  }
}

/** The connections of the program. */
export const connections: ConnectionHandler = new ConnectionHandler();
