/** The connections by alias: opened when first used, closed by {@link ConnectionHandler.close}. */

import { isDeepStrictEqual } from "node:util";
import { getBackend } from "./backends/base/backend.ts";
import type { DatabaseConnection } from "./backends/base/connection.ts";
import type { DatabaseFeatures } from "./backends/base/features.ts";
import type { DatabaseOperations } from "./backends/base/operations.ts";
import { ConnectionDoesNotExist } from "./errors.ts";
import { DEFAULT_DB_ALIAS } from "./router.ts";
import { type DatabaseSettings, getSettings, onConfigure, type Settings } from "./settings.ts";

export { onQuery, type QueryEvent, type QueryListener } from "./backends/base/observe.ts";
export { DEFAULT_DB_ALIAS } from "./router.ts";

export class ConnectionHandler {
  readonly #open = new Map<string, DatabaseConnection>();
  /** The alias asked for last, which is nearly always the one asked for next. */
  #lastAlias = "";
  #last: DatabaseConnection | null = null;

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
    this.#last = connection;
    this.#lastAlias = alias;
    return connection;
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
    this.#last = null;
    return connection?.close();
  }

  /** Connections whose settings have changed are replaced; the others, and with them `:memory:`, stay. */
  #reconfigure(settings: Settings): void {
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
