/** The PostgreSQL server of the tests: used where it is up, and missed loudly where it is not. */

import { after } from "node:test";
import {
  type OwnDatabase,
  ownPostgresql,
  POSTGRESQL_SERVER,
  runOnServer,
} from "../../scripts/conformance/server.ts";
import { type TestServer, whyNot } from "../servers/server.ts";
import { skipCluster, startCluster } from "./cluster.ts";

/** Whether tests of PostgreSQL are left out, with the reason. */
export const skip: string | false = await whyNot("PostgreSQL", POSTGRESQL_SERVER, "ASGIMOD_POSTGRESQL", () =>
  runOnServer("SELECT 1"),
);

/** An empty database for a test file, dropped after it. */
export async function database(name: string): Promise<OwnDatabase> {
  const own = await ownPostgresql(`asgimod_test_${name}_${process.pid}`);
  after(() => own.drop());
  return own;
}

export const postgresql: TestServer = {
  name: "PostgreSQL",
  skip,
  password: decodeURIComponent(new URL(POSTGRESQL_SERVER).password),
  database,
  run: (sql) => runOnServer(sql),
  skipOwn: skipCluster,
  startOwn: () => startCluster(),
  sql: {
    connectionId: "SELECT pg_backend_pid()",
    begin: "BEGIN",
    sleep: (seconds) => `SELECT pg_backend_pid() FROM pg_sleep(${seconds})`,
    slow: (seconds) => `pg_sleep(${seconds}) IS NOT NULL`,
    failing: "SELECT 1 / 0",
    duplicate: "23505",
    running: (text) => `SELECT COUNT(*)::int FROM pg_stat_activity
      WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%${text}%'`,
    connections: "SELECT pid FROM pg_stat_activity WHERE datname = current_database()",
    transactions: `SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in%'`,
    createDatabase: (name) => `CREATE DATABASE ${name}`,
    kill: (id) => `SELECT pg_terminate_backend(${String(id)})`,
    killSelf: "SELECT pg_terminate_backend(pg_backend_pid())",
  },
};
