/** The PostgreSQL backend: importing this file makes it known. The driver is loaded with the first connection. */

import { type Backend, registerBackend } from "../base/backend.ts";
import { checkPoolSettings } from "../base/server/pool-options.ts";
import { PostgresqlConnection } from "./connection.ts";
import { PostgresqlFeatures } from "./features.ts";
import { PostgresqlOperations } from "./operations.ts";
import { checkPgliteSettings, PgliteConnection } from "./pglite.ts";
import { checkTlsSettings } from "./tls.ts";

export const postgresqlBackend: Backend = {
  name: "postgresql",
  schemes: ["postgres"],
  options: [
    "driver",
    "pglite",
    "host",
    "port",
    "user",
    "password",
    "ssl",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "applicationName",
    "pool",
    "sync",
    "connectTimeout",
    "statementTimeout",
    "lockTimeout",
    "statementCache",
  ],
  checkSettings(settings) {
    checkPoolSettings(settings);
    checkTlsSettings(settings);
    checkPgliteSettings(settings);
  },
  createFeatures: () => new PostgresqlFeatures(),
  createOperations: (features) => new PostgresqlOperations(features),
  createConnection(settings, ops, features) {
    const Connection = settings.driver === "pglite" ? PgliteConnection : PostgresqlConnection;
    return new Connection(settings, ops, features);
  },
};

registerBackend(postgresqlBackend);
