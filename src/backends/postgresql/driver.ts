/**
 * The little that this backend asks of the package `pg`: connecting, signing in and the protocol's messages.
 *
 * Queries do not pass through `pg`'s own: it prepares statements without types of parameters and makes values by
 * itself. What the program's processor does for a point read, 1,000 rows, and 100 point reads on ten connections
 * (`bench/drivers.ts`): through an {@link Exchange} of ours 17 us, 0.37 ms and 1.5 ms; through `client.query()` with
 * prepared statements 16 us, 0.38 ms and 2.4 ms, without 22 us, 0.5 ms and 2.6 ms; through `postgres.js` 19 us, 0.37 ms
 * and 2.1 ms. `pg` cannot read numbers in its binary mode; its pipeline needs 1.2 ms for the 100 reads, but has neither
 * cursors nor cancellation.
 */

import { ImproperlyConfigured, NotSupportedError, OperationalError } from "../../errors.ts";
import type { DatabaseSettings } from "../../settings.ts";
import { CONNECT_TIMEOUT } from "../base/server/pool-options.ts";
import { refusesWay, type Ssl, waysToConnect } from "./tls.ts";
import type { Wire } from "./types.ts";

/** How a client is made. */
export interface ClientOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly database: string;
  readonly password?: string | (() => string | Promise<string>) | undefined;
  readonly ssl?: unknown;
  readonly application_name?: string | undefined;
  readonly connectionTimeoutMillis: number;
  readonly keepAlive: boolean;
}

/** The socket. */
export interface WireStream {
  readonly writableNeedDrain: boolean;
  cork: () => void;
  uncork: () => void;
  destroy(): void;
  once(event: "drain" | "close", listener: () => void): unknown;
  off(event: "drain" | "close", listener: () => void): unknown;
}

/** Sends messages of the protocol. */
export interface Protocol {
  readonly stream: WireStream;
  query(text: string): void;
  parse(statement: { text: string; name: string; types: readonly number[] }): void;
  describe(target: { type: "S" | "P"; name: string }): void;
  bind(values: { portal: string; statement: string; values: readonly Wire[]; binary: boolean }): void;
  execute(portal: { portal: string; rows: number }): void;
  close(target: { type: "S" | "P"; name: string }): void;
  sync(): void;
  sendCopyFromChunk(chunk: Uint8Array): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** One request, and what receives its answer. */
export interface Exchange {
  submit(protocol: Protocol): void;
  handleRowDescription(message: { fields: readonly { name: string; dataTypeID: number }[] }): void;
  handleDataRow(message: { fields: (string | null)[] }): void;
  handlePortalSuspended(): void;
  handleCommandComplete(message: { text: string }): void;
  handleEmptyQuery(): void;
  handleError(error: unknown): void;
  handleReadyForQuery(): void;
  /** The server waits for what a `COPY` reads. */
  handleCopyInResponse?(protocol: Protocol): void;
  /** Set by `pg`, not used. */
  callback?: unknown;
}

/** What a session that listens is told. */
export interface NotificationMessage {
  readonly channel: string;
  readonly payload?: string;
  /** The process on the server that sent it. */
  readonly processId: number;
}

export interface Client {
  connect(): Promise<unknown>;
  end(): Promise<void>;
  query(exchange: Exchange): unknown;
  on(event: "error" | "end", listener: (error?: unknown) => void): unknown;
  on(event: "notification", listener: (message: NotificationMessage) => void): unknown;
  ref(): void;
  unref(): void;
  getTransactionStatus?(): string | null;
  readonly connection: Protocol & Partial<Canceller>;
  readonly host?: string;
  readonly port?: number;
  readonly ssl?: unknown;
  readonly processID?: number | null;
  readonly secretKey?: number | null;
}

/** What a client's connection can do besides, before it is signed in. */
interface Canceller {
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
  once(event: "connect" | "sslconnect" | "end" | "error", listener: (error?: unknown) => void): unknown;
}

/** A client that is signed in, and how to stop what it runs. */
export interface OpenedClient {
  readonly client: Client;
  readonly cancel: () => Promise<void>;
}

/** Opens a connection to the server. Throws what the driver throws. */
export async function openClient(settings: DatabaseSettings): Promise<OpenedClient> {
  if (settings.driver === "pglite")
    throw new NotSupportedError("A database by PGlite has one connection, and no further ones.");
  const Client = await loadDriver();
  const ways = await waysToConnect(settings);
  for (const [index, ssl] of ways.entries()) {
    const options = clientOptions(settings, ssl);
    const client = new Client(options);
    // A connection that is given up reports its end once more.
    client.on("error", () => {});
    try {
      await client.connect();
      const { connectionTimeoutMillis } = options;
      return { client, cancel: () => cancel(client, new Client(options), connectionTimeoutMillis) };
    } catch (error) {
      client.connection.stream.destroy();
      if (index + 1 === ways.length || !refusesWay(error)) throw error;
    }
  }
  throw new OperationalError("There is no way to connect.");
}

function clientOptions(settings: DatabaseSettings, ssl: Ssl): ClientOptions {
  const options: ClientOptions = {
    database: settings.name,
    host: settings.host,
    port: settings.port,
    user: settings.user,
    password: settings.password,
    ssl,
    application_name: settings.applicationName,
    connectionTimeoutMillis: settings.connectTimeout ?? CONNECT_TIMEOUT,
    keepAlive: true,
  };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as ClientOptions;
}

/** Asks the server, over a connection of its own, to stop what `client` runs. Settles when the server has hung up. */
function cancel(client: Client, helper: Client, timeout: number): Promise<void> {
  const { host = "", port, processID, secretKey } = client;
  const connection = helper.connection as Protocol & Canceller;
  return new Promise((resolve, reject) => {
    if (typeof processID !== "number" || typeof secretKey !== "number") return resolve();
    const timer = setTimeout(() => connection.stream.destroy(), timeout);
    helper.on("error", reject);
    connection.once("error", reject);
    connection.once("end", () => {
      clearTimeout(timer);
      resolve();
    });
    const ask = () => connection.cancel(processID, secretKey);
    connection.once("connect", helper.ssl ? () => connection.requestSsl() : ask);
    connection.once("sslconnect", ask);
    if (host.startsWith("/")) connection.connect(`${host}/.s.PGSQL.${port}`);
    else connection.connect(port as number, host);
  });
}

type ClientClass = new (options: ClientOptions) => Client;

let loading: Promise<ClientClass> | null = null;

/**
 * The class of clients. The package is loaded when the first connection is opened.
 *
 * @throws ImproperlyConfigured when it is not installed, with the command that installs it
 */
export function loadDriver(
  load: () => Promise<unknown> = () => import("pg" as string),
): Promise<ClientClass> {
  loading ??= load().then(
    (module) => {
      const { Client: direct, default: whole } = module as {
        Client?: ClientClass;
        default?: { Client: ClientClass };
      };
      return (direct ?? whole?.Client) as ClientClass;
    },
    (cause: unknown) => {
      loading = null;
      if ((cause as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
      throw new ImproperlyConfigured(
        "The PostgreSQL driver is not installed. Run `npm install pg` (version 8.16 or newer).",
        { cause },
      );
    },
  );
  return loading;
}
