/** The PostgreSQL server of the tests: used where it is up, and missed loudly where it is not. */

import { after } from "node:test";
import {
  type OwnDatabase,
  ownPostgresql,
  POSTGRESQL_SERVER,
  runOnServer,
} from "../../scripts/conformance/server.ts";

/** Whether tests of PostgreSQL are left out, with the reason. */
export const skip: string | false = await whyNot();

async function whyNot(): Promise<string | false> {
  try {
    await runOnServer("SELECT 1");
    return false;
  } catch (error) {
    const reason = `NO POSTGRESQL SERVER at ${new URL(POSTGRESQL_SERVER).host}: ${String(error)}`;
    if (process.env["CI"]) throw new Error(reason);
    console.error(
      `\n*** ${reason}\n*** The tests of PostgreSQL do not run. ASGIMOD_POSTGRESQL names another server.\n`,
    );
    return reason;
  }
}

/** An empty database for a test file, dropped after it. */
export async function database(name: string): Promise<OwnDatabase> {
  const own = await ownPostgresql(`asgimod_test_${name}_${process.pid}`);
  after(() => own.drop());
  return own;
}
