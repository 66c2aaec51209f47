/** The MariaDB or MySQL server of the tests: used where it is up, and missed loudly where it is not. */

import { after } from "node:test";
import { MYSQL_SERVER, type OwnDatabase, ownMysql, runOnMysql } from "../../scripts/conformance/server.ts";
import { type TestServer, whyNot } from "../servers/server.ts";
import { OwnMariadb, skipOwnServer } from "./own-server.ts";

/** Whether tests of MySQL and MariaDB are left out, with the reason. */
export const skip: string | false = await whyNot("MariaDB or MySQL", MYSQL_SERVER, "ASGIMOD_MYSQL", () =>
  runOnMysql("DO 0"),
);

/** An empty database for a test file, dropped after it. */
export async function database(name: string): Promise<OwnDatabase> {
  const own = await ownMysql(`asgimod_test_${name}_${process.pid}`);
  after(() => own.drop());
  return own;
}

export const mysql: TestServer = {
  name: "MySQL and MariaDB",
  skip,
  password: decodeURIComponent(new URL(MYSQL_SERVER).password),
  database,
  run: (sql) => runOnMysql(sql),
  skipOwn: skipOwnServer,
  startOwn: () => OwnMariadb.create(),
  sql: {
    connectionId: "SELECT CONNECTION_ID()",
    begin: "START TRANSACTION",
    sleep: (seconds) => `SELECT CONNECTION_ID(), SLEEP(${seconds})`,
    slow: (seconds) => `SLEEP(${seconds}) = 0`,
    failing: "SELECT missing",
    duplicate: 1062,
    running: (text) => `SELECT COUNT(*) FROM information_schema.processlist
      WHERE command <> 'Sleep' AND id <> CONNECTION_ID() AND info LIKE '%${text}%'`,
    connections: "SELECT id FROM information_schema.processlist WHERE db = DATABASE()",
    transactions: `SELECT p.id FROM information_schema.processlist p JOIN information_schema.innodb_trx t
      ON t.trx_mysql_thread_id = p.id WHERE p.db = DATABASE() AND p.id <> CONNECTION_ID()`,
    createDatabase: (name) => `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    kill: (id) => `KILL ${String(id)}`,
    killSelf: "KILL CONNECTION_ID()",
  },
};
