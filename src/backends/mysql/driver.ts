/**
 * The little that this backend asks of the package `mysql2`: connecting, signing in, and packets.
 *
 * Statements do not pass through `mysql2`'s own queries: they are commands of ours ({@link Command}), which write the
 * literals, read the rows and fetch from cursors of the server by themselves.
 */

import { ImproperlyConfigured } from "../../errors.ts";
import type { DatabaseSettings } from "../../settings.ts";
import { CONNECT_TIMEOUT } from "../base/server/pool-options.ts";

/** How a client is made. */
interface ClientOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly socketPath?: string | undefined;
  readonly user?: string | undefined;
  readonly database: string;
  readonly password?: string | undefined;
  readonly ssl?: object | undefined;
  readonly charset: string;
  readonly connectTimeout?: number | undefined;
  readonly connectAttributes?: Readonly<Record<string, string>> | undefined;
  /** Flags of the protocol; those with a minus are left out. */
  readonly flags: readonly string[];
}

/** A packet of the server, which is only there while it is handled. */
export interface Packet {
  readonly buffer: Buffer;
  /** Behind the header. */
  readonly offset: number;
  readonly end: number;
}

/** A packet to send, with room for the header in front. */
export interface OutgoingPacket {
  readonly buffer: Buffer;
  length(): number;
  writeHeader(sequence: number): void;
}

/** One request with its answer, in the order in which they were added. */
export interface Command {
  /** Called without a packet to begin, then with each packet of the answer. Gives true with the last one. */
  execute(packet: Packet | undefined, client: Client): boolean;
  /** The connection is lost. */
  onResult(error: unknown): void;
}

export interface Client {
  addCommand(command: Command): void;
  writePacket(packet: OutgoingPacket): void;
  _resetSequenceId(): void;
  /** Columns come with a block that names MariaDB's own types. */
  readonly _mariadbExtendedMetadata?: boolean;
  /** The number of the connection on the server. */
  readonly threadId: number;
  readonly stream: { ref?(): void; unref?(): void; destroy(error: Error): void };
  on(event: "connect" | "end" | "error", listener: (error?: unknown) => void): unknown;
  removeListener(event: "connect" | "end" | "error", listener: (error?: unknown) => void): unknown;
  end(done: (error?: unknown) => void): void;
}

/** Not asked for: a text is never a file of ours, names may have spaces behind them, and results are kept simple. */
const FLAGS = [
  "-LOCAL_FILES",
  "-IGNORE_SPACE",
  "-ODBC",
  "-SESSION_TRACK",
  "-CLIENT_QUERY_ATTRIBUTES",
  "FOUND_ROWS",
];

/** Opens a connection to the server. Throws what the driver throws. */
export async function openClient(settings: DatabaseSettings): Promise<Client> {
  const create = await loadDriver();
  const client = create(await clientOptions(settings));
  await new Promise<void>((resolve, reject) => {
    client.on("connect", () => resolve());
    client.on("error", reject);
  });
  return client;
}

async function clientOptions(settings: DatabaseSettings): Promise<ClientOptions> {
  const { host, port, user, name, ssl, applicationName } = settings;
  const password = typeof settings.password === "function" ? await settings.password() : settings.password;
  const options: ClientOptions = {
    ...(host?.startsWith("/") ? { socketPath: host } : { host, port }),
    user,
    password,
    database: name,
    // The object is changed by the driver.
    ssl: ssl === true ? {} : ssl ? { ...ssl } : undefined,
    charset: "UTF8MB4_GENERAL_CI",
    connectTimeout: settings.connectTimeout ?? CONNECT_TIMEOUT,
    connectAttributes: applicationName === undefined ? undefined : { program_name: applicationName },
    flags: FLAGS,
  };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as ClientOptions;
}

type CreateClient = (options: ClientOptions) => Client;

let loading: Promise<CreateClient> | null = null;

/**
 * What makes clients. The package is loaded when the first connection is opened.
 *
 * @throws ImproperlyConfigured when it is not installed, with the command that installs it
 */
export function loadDriver(
  load: () => Promise<unknown> = () => import("mysql2" as string),
): Promise<CreateClient> {
  loading ??= load().then(
    (module) => {
      const { createConnection: direct, default: whole } = module as {
        createConnection?: CreateClient;
        default?: { createConnection: CreateClient };
      };
      return (direct ?? whole?.createConnection) as CreateClient;
    },
    (cause: unknown) => {
      loading = null;
      if ((cause as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
      throw new ImproperlyConfigured(
        "The driver of MySQL and MariaDB is not installed. Run `npm install mysql2` (version 3.14 or newer).",
        { cause },
      );
    },
  );
  return loading;
}
