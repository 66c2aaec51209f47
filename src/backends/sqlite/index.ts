/** The SQLite backend: importing this file makes it known. */

import { ImproperlyConfigured } from "../../errors.ts";
import type { DatabaseSettings } from "../../settings.ts";
import { type Backend, registerBackend } from "../base/backend.ts";
import { SqliteConnection } from "./connection.ts";
import { SqliteFeatures } from "./features.ts";
import { SqliteOperations } from "./operations.ts";

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  driver: ["node:sqlite", "better-sqlite3"],
  transactionMode: ["DEFERRED", "EXCLUSIVE", "IMMEDIATE"],
  journalMode: ["wal", "delete", "truncate", "persist", "memory", "off"],
};

function checkSettings(settings: DatabaseSettings): void {
  for (const [option, choices] of Object.entries(CHOICES)) {
    const value: unknown = settings[option as keyof DatabaseSettings];
    if (value !== undefined && !choices.includes(String(value))) {
      throw new ImproperlyConfigured(
        `The ${option} of database '${settings.alias}' is improperly configured to '${String(value)}'. ` +
          `Choices are: ${choices.join(", ")}.`,
      );
    }
  }
}

export const sqliteBackend: Backend = {
  name: "sqlite",
  schemes: ["sqlite3", "file"],
  options: [
    "driver",
    "worker",
    "transactionMode",
    "busyTimeout",
    "journalMode",
    "readOnly",
    "statementCache",
    "initCommand",
  ],
  checkSettings,
  createFeatures: () => new SqliteFeatures(),
  createOperations: (features) => new SqliteOperations(features),
  createConnection: (settings, ops, features) => new SqliteConnection(settings, ops, features),
};

registerBackend(sqliteBackend);
