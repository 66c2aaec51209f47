/** Encrypted connections, with the names and meanings of libpq: `sslmode`, `sslrootcert`, `sslcert`, `sslkey`. */

import { readFile } from "node:fs/promises";
import { ImproperlyConfigured } from "../../errors.ts";
import type { DatabaseSettings } from "../../settings.ts";
import { sqlState } from "./errors.ts";

/** What the driver is given as `ssl`: nothing, or options of `tls.connect()`. */
export type Ssl = boolean | object;

const MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/** Checks the settings of encryption. Throws `ImproperlyConfigured`. */
export function checkTlsSettings({ alias, ssl, sslmode, ...files }: DatabaseSettings): void {
  const fail = (what: string): never => {
    throw new ImproperlyConfigured(`Database '${alias}': ${what}.`);
  };
  if (sslmode !== undefined) {
    if (!MODES.includes(sslmode)) fail(`there is no sslmode '${sslmode}'. Choices are: ${MODES.join(", ")}`);
    if (typeof ssl === "boolean") fail("ssl and sslmode contradict each other: use one of them");
    return;
  }
  for (const name of ["sslrootcert", "sslcert", "sslkey"] as const) {
    if (files[name] !== undefined) fail(`${name} has no effect without an sslmode`);
  }
}

/** The ways to connect, in the order in which they are tried: encrypted or not. */
export async function waysToConnect(settings: DatabaseSettings): Promise<readonly Ssl[]> {
  const { ssl, sslmode, host } = settings;
  if (sslmode === undefined) return [ssl ?? false];
  // libpq encrypts nothing on a Unix socket.
  if (sslmode === "disable" || host?.startsWith("/")) return [false];
  const encrypted = { ...(await certificates(settings)), ...verification(settings), ...(ssl as object) };
  if (sslmode === "allow") return [false, encrypted];
  return sslmode === "prefer" ? [encrypted, false] : [encrypted];
}

/** Whether another way is worth a try after `error`: the server has refused this one, or cannot encrypt. */
export function refusesWay(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== null) return state === "28000";
  return (
    error instanceof Error &&
    /SSL|TLS/i.test(`${error.message} ${String((error as { code?: unknown }).code)}`)
  );
}

/** As libpq, a root certificate makes `require` check it. */
function verification({ sslmode, sslrootcert }: DatabaseSettings): object {
  if (sslmode === "verify-full") return { rejectUnauthorized: true };
  if (sslmode === "verify-ca" || (sslmode === "require" && sslrootcert !== undefined)) {
    return { rejectUnauthorized: true, checkServerIdentity: () => undefined };
  }
  return { rejectUnauthorized: false };
}

/** The certificates' files, read for each connection: they may be renewed while the program runs. */
async function certificates({ sslrootcert, sslcert, sslkey }: DatabaseSettings): Promise<object> {
  const files = Object.entries({ ca: sslrootcert, cert: sslcert, key: sslkey });
  const given = files.filter(([, path]) => path !== undefined && path !== "system");
  const read = given.map(async ([name, path]) => [name, await readFile(path as string, "utf8")]);
  return Object.fromEntries(await Promise.all(read)) as object;
}
