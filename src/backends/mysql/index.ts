/** The backend of MySQL and MariaDB: importing this file makes it known. The driver is loaded with the first connection. */

import { type Backend, registerBackend } from "../base/backend.ts";
import { checkPoolSettings } from "../base/server/pool-options.ts";
import { MysqlConnection } from "./connection.ts";
import { MysqlFeatures } from "./features.ts";
import { MysqlOperations } from "./operations.ts";

export const mysqlBackend: Backend = {
  name: "mysql",
  schemes: ["mariadb"],
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
  ],
  asksServer: true,
  checkSettings: checkPoolSettings,
  createFeatures: () => new MysqlFeatures(),
  createOperations: (features) => new MysqlOperations(features as MysqlFeatures),
  createConnection: (settings, ops, features) => new MysqlConnection(settings, ops, features),
};

registerBackend(mysqlBackend);
