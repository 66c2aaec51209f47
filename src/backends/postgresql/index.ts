/** The PostgreSQL backend: importing this file makes it known. The driver is loaded with the first connection. */

import { ImproperlyConfigured } from "../../errors.ts";
import type { DatabaseSettings } from "../../settings.ts";
import { type Backend, registerBackend } from "../base/backend.ts";
import { PostgresqlConnection } from "./connection.ts";
import { PostgresqlFeatures } from "./features.ts";
import { PostgresqlOperations } from "./operations.ts";

const POOL_OPTIONS = ["min", "max", "acquireTimeout", "idleTimeout"];

function checkSettings({ alias, pool, statementTimeout }: DatabaseSettings): void {
  const fail = (what: string): never => {
    throw new ImproperlyConfigured(`Database '${alias}': ${what}.`);
  };
  if (statementTimeout !== undefined && !isCount(statementTimeout))
    fail("the statementTimeout must be a number of milliseconds");
  if (pool === undefined) return;
  if (typeof pool === "number") {
    if (!isCount(pool) || pool < 1) fail("the pool must have room for one connection at least");
    return;
  }
  for (const [name, value] of Object.entries(pool)) {
    if (!POOL_OPTIONS.includes(name)) {
      fail(`the pool has no setting '${name}'. Choices are: ${POOL_OPTIONS.toSorted().join(", ")}`);
    }
    if (!isCount(value) || (name === "max" && value < 1)) fail(`pool.${name} cannot be ${String(value)}`);
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

export const postgresqlBackend: Backend = {
  name: "postgresql",
  schemes: ["postgres"],
  options: [
    "host",
    "port",
    "user",
    "password",
    "ssl",
    "applicationName",
    "pool",
    "connectTimeout",
    "statementTimeout",
    "statementCache",
  ],
  checkSettings,
  createFeatures: () => new PostgresqlFeatures(),
  createOperations: (features) => new PostgresqlOperations(features),
  createConnection: (settings, ops, features) => new PostgresqlConnection(settings, ops, features),
};

registerBackend(postgresqlBackend);
