/** The PostgreSQL backend: importing this file makes it known. The driver is loaded with the first connection. */

import { type Backend, registerBackend } from "../base/backend.ts";
import { checkPoolSettings } from "../base/pool-options.ts";
import { PostgresqlConnection } from "./connection.ts";
import { PostgresqlFeatures } from "./features.ts";
import { PostgresqlOperations } from "./operations.ts";

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
    "sync",
    "connectTimeout",
    "statementTimeout",
    "lockTimeout",
    "statementCache",
  ],
  checkSettings: checkPoolSettings,
  createFeatures: () => new PostgresqlFeatures(),
  createOperations: (features) => new PostgresqlOperations(features),
  createConnection: (settings, ops, features) => new PostgresqlConnection(settings, ops, features),
};

registerBackend(postgresqlBackend);
