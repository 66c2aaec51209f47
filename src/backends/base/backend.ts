/** The backends by the scheme of their URL: what a database needs to plug in. */

import { ImproperlyConfigured } from "../../errors.ts";
import type { DatabaseSettings } from "../../settings.ts";
import type { DatabaseConnection } from "./connection.ts";
import type { DatabaseFeatures } from "./features.ts";
import type { DatabaseOperations } from "./operations.ts";

/** Everything the library asks of a backend before a connection is open. */
export interface Backend {
  /** `sqlite`, `postgresql`: the `engine` of the settings and the scheme of URLs. */
  readonly name: string;
  /** Other schemes for the same backend. */
  readonly schemes?: readonly string[];
  /** The options which a database of this backend may have in the settings. */
  readonly options: readonly string[];
  /** The SQL depends on what the server says about itself: it is asked before anything is compiled. */
  readonly asksServer?: boolean;
  /** Checks and completes the settings of a database. Throws `ImproperlyConfigured`. */
  checkSettings?(settings: DatabaseSettings): void;
  createFeatures(settings: DatabaseSettings): DatabaseFeatures;
  createOperations(features: DatabaseFeatures, settings: DatabaseSettings): DatabaseOperations;
  /** Makes the connection object; opens nothing yet. */
  createConnection(
    settings: DatabaseSettings,
    ops: DatabaseOperations,
    features: DatabaseFeatures,
  ): DatabaseConnection;
}

const backends = new Map<string, Backend>();

/** Backends that exist or are planned, so that the error for their URL says what is missing. */
const KNOWN: Readonly<Record<string, string>> = {
  sqlite: "sqlite",
  sqlite3: "sqlite",
  file: "sqlite",
  postgresql: "postgresql",
  postgres: "postgresql",
  mysql: "mysql",
  mariadb: "mysql",
};

/** Makes a backend known under its name and schemes. */
export function registerBackend(backend: Backend): void {
  for (const scheme of [backend.name, ...(backend.schemes ?? [])]) backends.set(scheme, backend);
}

/**
 * The backend of an engine or URL scheme.
 *
 * @throws ImproperlyConfigured when it is unknown or not installed, naming the choices
 */
export function getBackend(engine: string, alias: string): Backend {
  const backend = backends.get(engine);
  if (backend !== undefined) return backend;
  const installed = [...new Set([...backends.values()].map((other) => other.name))].sort();
  const known = KNOWN[engine];
  const problem =
    known === undefined
      ? `'${engine}' isn't a database backend`
      : `the backend '${known}' is not installed: this version of asgimod does not bring it`;
  throw new ImproperlyConfigured(
    `Database '${alias}': ${problem}. Installed backends are: ${installed.join(", ") || "none"}.`,
  );
}
