/** The MariaDB or MySQL server of the tests: used where it is up, and missed loudly where it is not. */

import { after } from "node:test";
import { MYSQL_SERVER, type OwnDatabase, ownMysql, runOnMysql } from "../../scripts/conformance/server.ts";

/** Whether tests of MySQL and MariaDB are left out, with the reason. */
export const skip: string | false = await whyNot();

async function whyNot(): Promise<string | false> {
  try {
    await runOnMysql("DO 0");
    return false;
  } catch (error) {
    const reason = `NO MYSQL OR MARIADB SERVER at ${new URL(MYSQL_SERVER).host}: ${String(error)}`;
    if (process.env["CI"]) throw new Error(reason);
    console.error(
      `\n*** ${reason}\n*** The tests of MySQL and MariaDB do not run. ASGIMOD_MYSQL names another server.\n`,
    );
    return reason;
  }
}

/** An empty database for a test file, dropped after it. */
export async function database(name: string): Promise<OwnDatabase> {
  const own = await ownMysql(`asgimod_test_${name}_${process.pid}`);
  after(() => own.drop());
  return own;
}
