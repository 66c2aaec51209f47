/** The settings of a pool of sessions: checked, with the defaults. */

import { ImproperlyConfigured } from "../../../errors.ts";
import type { DatabaseSettings, PoolConfig } from "../../../settings.ts";

/** All times in milliseconds; 0 means for ever, but for `checkAfter`. */
export interface PoolOptions {
  readonly alias: string;
  /** Sessions that are kept although nobody uses them. */
  readonly min: number;
  readonly max: number;
  /** How long to wait for a session. */
  readonly acquireTimeout: number;
  /** How long an unused session is kept. */
  readonly idleTimeout: number;
  /** The age at which a session is replaced when it is free. */
  readonly maxLifetime: number;
  /** A session that was unused for longer is asked for a sign of life before it is used. */
  readonly checkAfter: number;
  /** How long that sign of life may take. */
  readonly checkTimeout: number;
}

const DEFAULTS: Required<PoolConfig> = {
  min: 0,
  max: 10,
  acquireTimeout: 30_000,
  idleTimeout: 60_000,
  maxLifetime: 3_600_000,
  checkAfter: 1_000,
};

/** How long connecting may take, in milliseconds, unless the settings say otherwise. */
export const CONNECT_TIMEOUT = 10_000;

/** The pool's options of a database. */
export function poolOptions({ alias, pool = {}, connectTimeout }: DatabaseSettings): PoolOptions {
  const given = typeof pool === "number" ? { max: pool } : pool;
  return { alias, checkTimeout: connectTimeout ?? CONNECT_TIMEOUT, ...DEFAULTS, ...given };
}

/**
 * Checks the setting `pool` and the timeouts of a server.
 *
 * @throws ImproperlyConfigured naming what is wrong, and the choices
 */
export function checkPoolSettings(settings: DatabaseSettings): void {
  const { alias, pool } = settings;
  const fail = (what: string): never => {
    throw new ImproperlyConfigured(`Database '${alias}': ${what}.`);
  };
  for (const name of ["connectTimeout", "statementTimeout", "lockTimeout"] as const) {
    const value = settings[name];
    if (value !== undefined && !isCount(value)) fail(`the ${name} must be a number of milliseconds`);
  }
  if (pool === undefined) return;
  if (typeof pool === "number") {
    if (!isCount(pool) || pool < 1) fail("the pool must have room for one connection at least");
    return;
  }
  for (const [name, value] of Object.entries(pool)) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      fail(`the pool has no setting '${name}'. Choices are: ${Object.keys(DEFAULTS).sort().join(", ")}`);
    }
    if (!isCount(value) || (name === "max" && value < 1)) fail(`pool.${name} cannot be ${String(value)}`);
  }
  const { min, max } = poolOptions(settings);
  if (min > max) fail(`pool.min (${min}) is more than pool.max (${max})`);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
