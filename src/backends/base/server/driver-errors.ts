/** What the errors of all drivers have in common. */

import { OperationalError } from "../../../errors.ts";

/** Gives the driver's error the statement as its property `sql`. */
export function noteStatement(error: Error, sql: string): void {
  if (Object.hasOwn(error, "sql")) return;
  Object.defineProperty(error, "sql", { value: sql, enumerable: true, configurable: true });
}

/** An error without a number of the server: of the connection, which `lost` knows by message and code; or `error` itself. */
export function wrapLost(error: Error, lost: RegExp): Error {
  const { code, errors } = error as { code?: unknown; errors?: readonly Error[] };
  if (!lost.test(error.message) && !(typeof code === "string" && lost.test(code))) return error;
  // Of several addresses of a host, each has its own error.
  return new OperationalError(error.message || errors?.[0]?.message || String(code), { cause: error });
}
