/**
 * The settings: which databases, which models, which time zone.
 *
 * A program calls {@link configure} once at its start; commands read `asgimod.config.ts`, which exports what
 * {@link defineConfig} gives. Without either, the database is `db.sqlite3` in the working directory.
 */

import { getBackend } from "./backends/base/backend.ts";
import type { QueryEvent } from "./backends/base/observe.ts";
import { ImproperlyConfigured } from "./errors.ts";
import { ReplicaRouter } from "./replicas.ts";
import type { RouterConfig } from "./types/routers.ts";
import { isTimeZone, setDefaultTimeZone } from "./util/timezone.ts";

/** A database: a URL, or an object with the same parts and the backend's options. */
export type DatabaseConfig = string | DatabaseConfigObject;

/** Options of a database. Which of them exist depends on the backend; unknown ones are errors. */
export interface DatabaseConfigObject {
  /** `"sqlite:db.sqlite3"`, instead of `engine` and `name`. */
  url?: string;
  /** The backend: `"sqlite"`. */
  engine?: string;
  /** The file of an SQLite database (or `":memory:"`), the database's name on a server. */
  name?: string;
  host?: string;
  port?: number;
  user?: string;
  /** Or a function that gives it, asked for each new connection. */
  password?: string | (() => string | Promise<string>);
  /** The time zone in which the database keeps datetimes where it has no type for instants. Default UTC. */
  timeZone?: string;

  /**
   * Which driver. SQLite: `node:sqlite` by default, and `better-sqlite3` where Node.js has none. PostgreSQL: `pg` by
   * default; `pglite` is a database in the process of the program, for tests, whose `name` is a directory or `:memory:`.
   */
  driver?: "node:sqlite" | "better-sqlite3" | "pg" | "pglite";
  /** PostgreSQL by PGlite: its options, such as `{ extensions: { hstore } }`. */
  pglite?: object;
  /** SQLite: keep the database on a worker thread, off the event loop. */
  worker?: boolean;
  /** SQLite: how transactions begin. Default: plain `BEGIN`, which is deferred. */
  transactionMode?: "DEFERRED" | "IMMEDIATE" | "EXCLUSIVE";
  /** SQLite: how long to wait for a lock, in milliseconds. Default 5000. */
  busyTimeout?: number;
  /** SQLite: the journal of a file database. Default `"wal"`, which lets readers work beside the writer. */
  journalMode?: "wal" | "delete" | "truncate" | "persist" | "memory" | "off";
  /** SQLite: open the file for reading only. */
  readOnly?: boolean;
  /**
   * How many prepared statements a connection keeps. Default 256. PostgreSQL: 0 prepares none, for poolers such as
   * PgBouncer in transaction mode.
   */
  statementCache?: number;
  /** SQLite: statements to run on every new connection, separated by semicolons. */
  initCommand?: string;

  /** Servers: `objects` works too, through a worker. */
  sync?: boolean;
  /** Servers: the size of the connection pool. Default 10. */
  pool?: number | PoolConfig;
  /** Servers: encrypted connections; `true`, or the options of `tls.connect()`. */
  ssl?: boolean | object;
  /** PostgreSQL: whether connections are encrypted and what is checked then, as libpq means it; instead of `ssl: true`. */
  sslmode?: "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";
  /** PostgreSQL: the file of the certificates that are trusted; `"system"`: those of Node.js. */
  sslrootcert?: string;
  /** PostgreSQL: the file of the client's certificate. */
  sslcert?: string;
  /** PostgreSQL: the file of the client's private key. */
  sslkey?: string;
  /** Servers: the name under which the server shows the connections. */
  applicationName?: string;
  /** Servers: how long connecting may take, in milliseconds. Default 10,000. */
  connectTimeout?: number;
  /** Servers: how long a statement may run, in milliseconds; 0: for ever. */
  statementTimeout?: number;
  /** Servers: how long a statement may wait for a lock, in milliseconds; 0: for ever. */
  lockTimeout?: number;
}

/** The connections that a database's pool keeps. */
export interface PoolConfig {
  /** Connections that stay open although nobody uses them. Default 0. */
  min?: number;
  /** The most connections. Default 10. */
  max?: number;
  /** How long to wait for a connection, in milliseconds; 0: for ever. Default 30,000. */
  acquireTimeout?: number;
  /** How long an unused connection stays open, in milliseconds; 0: for ever. Default 60,000. */
  idleTimeout?: number;
  /** The age at which a connection is replaced once it is free, in milliseconds; 0: none. Default 3,600,000. */
  maxLifetime?: number;
  /**
   * A connection that was unused for longer is asked for a sign of life before it is used, in milliseconds.
   * Default 1,000.
   */
  checkAfter?: number;
}

/** Which queries are logged as slow, and how. */
export interface SlowQueryOptions {
  /** How long a query takes at least that is logged, in milliseconds. */
  threshold: number;
  /** What is called for each of them. Default: `console.warn` of the message. */
  logger?: (message: string, event: QueryEvent) => void;
  /** Whether the message and the event show the parameters, which may be secrets. Default false: only how many. */
  params?: boolean;
  /** Whether they name the line of user code; takes microseconds for every query, also for quick ones. Default false. */
  caller?: boolean;
}

/** What {@link configure} and {@link defineConfig} take. */
export interface Config {
  /** The models of every app: `{ testapp }` after `import * as testapp from "./testapp/models.ts"`. */
  apps?: Readonly<Record<string, object>>;
  /** The databases by alias. Default `{ default: "sqlite:db.sqlite3" }`. */
  databases?: Readonly<Record<string, DatabaseConfig>>;
  /** The default time zone, an IANA name. Default `"UTC"`. */
  timeZone?: string;
  /** Whether datetimes are instants. Default true; there is nothing else yet. */
  useTz?: boolean;
  /** The primary key of models that declare none. Default `"BigAutoField"`. */
  defaultAutoField?: string;
  /** Which database a model's queries use, first answer wins: objects, or classes. Django: "Database routers". */
  routers?: readonly RouterConfig[];
  /** Queries that take so many milliseconds or more are logged; with options: how. Default: none are. */
  slowQueries?: number | SlowQueryOptions;
}

/** A database's settings, checked. */
export interface DatabaseSettings extends Omit<DatabaseConfigObject, "url"> {
  readonly alias: string;
  readonly engine: string;
  readonly name: string;
}

/** The settings in force. */
export interface Settings {
  readonly apps: Readonly<Record<string, object>>;
  readonly databases: Readonly<Record<string, DatabaseSettings>>;
  readonly timeZone: string;
  readonly useTz: boolean;
  readonly defaultAutoField: string;
  readonly routers: readonly RouterConfig[];
  readonly slowQueries: SlowQueryOptions | null;
}

const CONFIG_KEYS = ["apps", "databases", "timeZone", "useTz", "defaultAutoField", "routers", "slowQueries"];
const COMMON_OPTIONS = ["url", "engine", "name", "timeZone"];
const AUTO_FIELDS = ["AutoField", "BigAutoField", "SmallAutoField"];
const DEFAULT_DATABASES = { default: "sqlite:db.sqlite3" };

let current: Settings | null = null;
const listeners: ((settings: Settings) => void)[] = [];

/**
 * Types a configuration; what `asgimod.config.ts` exports.
 *
 * @example
 * export default defineConfig({ apps: { testapp }, databases: { default: "sqlite:db.sqlite3" } });
 */
export function defineConfig<const C extends Config>(config: C): C {
  return config;
}

/**
 * Puts settings in force. May be called again (tests do): connections that are open stay open until
 * `connections.close()`, those of changed databases are opened anew at their next use.
 *
 * @throws ImproperlyConfigured for an unknown key, alias, option or time zone, naming the choices
 *
 * @example
 * configure({ apps: { testapp }, databases: { default: "sqlite::memory:" } });
 */
export function configure(config: Config = {}): void {
  const settings = resolveConfig(config);
  current = settings;
  setDefaultTimeZone(settings.timeZone);
  for (const listener of listeners) listener(settings);
}

/** The settings in force; the defaults when nothing was configured. */
export function getSettings(): Settings {
  current ??= resolveConfig({});
  return current;
}

/** Calls `listener` with every new settings, and at once with those in force. */
export function onConfigure(listener: (settings: Settings) => void): void {
  listeners.push(listener);
  if (current !== null) listener(current);
}

/** Checks a configuration and fills in the defaults. */
export function resolveConfig(config: Config): Settings {
  checkKeys(config, CONFIG_KEYS, "The configuration");
  const { databases = DEFAULT_DATABASES, timeZone = "UTC", defaultAutoField = "BigAutoField" } = config;
  checkTimeZone(timeZone, "timeZone");
  if (!AUTO_FIELDS.includes(defaultAutoField)) {
    throw new ImproperlyConfigured(
      `'${defaultAutoField}' cannot be the defaultAutoField. Choices are: ${AUTO_FIELDS.join(", ")}.`,
    );
  }
  if (config.useTz === false) {
    throw new ImproperlyConfigured("'useTz: false' is not supported: datetimes are instants.");
  }
  const resolved: Record<string, DatabaseSettings> = {};
  for (const [alias, database] of Object.entries(databases)) {
    resolved[alias] = resolveDatabase(alias, database);
  }
  if (resolved["default"] === undefined && Object.keys(resolved).length > 0) {
    throw new ImproperlyConfigured("You must define a 'default' database.");
  }
  return {
    apps: config.apps ?? {},
    databases: Object.keys(resolved).length > 0 ? resolved : resolveConfig({}).databases,
    timeZone,
    useTz: config.useTz ?? true,
    defaultAutoField,
    routers: checkRouters(config.routers ?? [], resolved),
    slowQueries: checkSlowQueries(config.slowQueries),
  };
}

const SLOW_QUERY_OPTIONS = ["threshold", "logger", "params", "caller"];

function checkSlowQueries(given: number | SlowQueryOptions | undefined): SlowQueryOptions | null {
  if (given === undefined) return null;
  const options = typeof given === "number" ? { threshold: given } : given;
  checkKeys(options, SLOW_QUERY_OPTIONS, "The setting 'slowQueries'");
  if (typeof options.threshold !== "number" || !(options.threshold >= 0)) {
    throw new ImproperlyConfigured("The threshold of 'slowQueries' must be a number of milliseconds.");
  }
  return options;
}

const ROUTER_METHODS = ["allowMigrate", "allowRelation", "dbForRead", "dbForWrite"];

/** A router that says nothing at all is a misspelt one. */
function checkRouters(
  routers: readonly RouterConfig[],
  databases: Readonly<Record<string, DatabaseSettings>>,
): readonly RouterConfig[] {
  for (const router of routers) {
    if (router instanceof ReplicaRouter) router.check(databases);
    const isClass = typeof router === "function";
    const methods: unknown = isClass ? router.prototype : router;
    const isObject = typeof methods === "object" && methods !== null;
    // What the constructor of a class will add is not known yet.
    if (isObject && (isClass || ROUTER_METHODS.some((name) => name in methods))) continue;
    throw new ImproperlyConfigured(
      `A router must be an object or a class with some of these methods: ${ROUTER_METHODS.join(", ")}.`,
    );
  }
  return routers;
}

/** Checks one database of the configuration. */
export function resolveDatabase(alias: string, database: DatabaseConfig): DatabaseSettings {
  const given: DatabaseConfigObject = typeof database === "string" ? { url: database } : database;
  if (given === null || typeof given !== "object") {
    throw new ImproperlyConfigured(`Database '${alias}' must be a URL or an object with a url or engine.`);
  }
  const { url, ...rest } = given;
  const merged: DatabaseConfigObject = {
    ...(url === undefined ? {} : parseDatabaseUrl(url, alias)),
    ...rest,
  };
  if (merged.engine === undefined) {
    throw new ImproperlyConfigured(`Database '${alias}' has neither a url nor an engine.`);
  }
  const backend = getBackend(merged.engine, alias);
  checkKeys(merged, [...COMMON_OPTIONS, ...backend.options], `Database '${alias}'`);
  if (!merged.name) {
    throw new ImproperlyConfigured(`Database '${alias}' is improperly configured: please supply its name.`);
  }
  if (merged.timeZone !== undefined) checkTimeZone(merged.timeZone, `the timeZone of database '${alias}'`);
  const settings: DatabaseSettings = { ...merged, alias, engine: backend.name, name: merged.name };
  backend.checkSettings?.(settings);
  return settings;
}

/**
 * The parts of a database URL: `sqlite:path`, `sqlite::memory:`, `postgresql://user:password@host:port/name`.
 * Options follow a question mark: `sqlite:db.sqlite3?worker=true&busyTimeout=1000`.
 */
export function parseDatabaseUrl(url: string, alias = "default"): DatabaseConfigObject {
  const match = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url);
  if (match === null) {
    throw new ImproperlyConfigured(
      `Database '${alias}': '${url}' is not a database URL such as 'sqlite:db.sqlite3'.`,
    );
  }
  const engine = (match[1] as string).toLowerCase();
  const rest = match[2] as string;
  if (!rest.startsWith("//") || engine.startsWith("sqlite")) return { engine, ...parseSqlite(rest) };
  // `postgresql://user@/name`: only the options say where the server is.
  const hostless = /^[^:]+:\/\/[^/?#]*@\//.test(url);
  let parsed: URL;
  try {
    parsed = new URL(hostless ? url.replace("@/", `@${HOSTLESS}/`) : url);
  } catch (cause) {
    throw new ImproperlyConfigured(`Database '${alias}': the URL cannot be read.`, { cause });
  }
  const { hostname, port, username, password, pathname } = parsed;
  return {
    engine,
    name: decodeURIComponent(pathname.slice(1)),
    ...(hostname && !hostless && { host: decodeURIComponent(hostname) }),
    ...(port && { port: Number(port) }),
    ...(username && { user: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...parseOptions(parsed.search.slice(1)),
  };
}

/** Stands where a URL must have a host. */
const HOSTLESS = "hostless";

function parseSqlite(rest: string): DatabaseConfigObject {
  const question = rest.indexOf("?");
  const path = question < 0 ? rest : rest.slice(0, question);
  // sqlite:///absolute/path and sqlite://relative/path as other tools write them.
  const name = path.startsWith("//") ? path.slice(2) : path;
  return { name, ...(question < 0 ? {} : parseOptions(rest.slice(question + 1))) };
}

function parseOptions(search: string): DatabaseConfigObject {
  const options: Record<string, unknown> = {};
  for (const [key, text] of new URLSearchParams(search)) {
    options[key] =
      text === "true" ? true : text === "false" ? false : /^\d+$/.test(text) ? Number(text) : text;
  }
  return options;
}

function checkKeys(given: object, known: readonly string[], what: string): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new ImproperlyConfigured(
      `${what} has no setting '${unknown}'. Choices are: ${[...known].sort().join(", ")}.`,
    );
  }
}

function checkTimeZone(name: string, what: string): void {
  if (!isTimeZone(name))
    throw new ImproperlyConfigured(`Incorrect time zone setting for ${what}: '${name}'.`);
}
