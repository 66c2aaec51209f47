/** Databases of their own for runs on a server: made for the run, dropped after it. */

interface Client {
  connect(): Promise<unknown>;
  query(sql: string): Promise<unknown>;
  end(): Promise<void>;
}

export interface OwnDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** The server to use, with a database to sign in to. */
export const POSTGRESQL_SERVER: string =
  process.env["ASGIMOD_POSTGRESQL"] ?? "postgresql://postgres@127.0.0.1:5432/postgres";

async function onServer(run: (client: Client) => Promise<unknown>, url: string): Promise<void> {
  const { default: pg } = (await import("pg" as string)) as {
    default: { Client: new (o: object) => Client };
  };
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await run(client);
  } finally {
    await client.end();
  }
}

/** Runs one statement on the server, apart from the library. */
export function runOnServer(sql: string, url: string = POSTGRESQL_SERVER): Promise<void> {
  return onServer((client) => client.query(sql), url);
}

/** Creates an empty database, as the recorded answers need it. */
export async function ownPostgresql(name: string): Promise<OwnDatabase> {
  const drop = `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`;
  await onServer(async (client) => {
    await client.query(drop);
    await client.query(
      `CREATE DATABASE "${name}" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`,
    );
    await client.query(`ALTER DATABASE "${name}" SET synchronous_commit = off`);
  }, POSTGRESQL_SERVER);
  const url = new URL(POSTGRESQL_SERVER);
  url.pathname = `/${name}`;
  await onServer((client) => client.query("CREATE EXTENSION pgcrypto"), url.href);
  return { url: url.href, drop: () => onServer((client) => client.query(drop), POSTGRESQL_SERVER) };
}

// ---------------------------------------------------------------- MySQL and MariaDB

/** The server to use, without a database. */
export const MYSQL_SERVER: string = process.env["ASGIMOD_MYSQL"] ?? "mysql://root@127.0.0.1:3306/";

interface MysqlClient {
  query(options: object, done: (error: unknown, rows: unknown[][]) => void): void;
  end(done: () => void): void;
  on(event: "error", listener: (error: unknown) => void): void;
}

/** A session on the server, apart from the library. */
export class MysqlScript {
  readonly #client: MysqlClient;

  private constructor(client: MysqlClient) {
    this.#client = client;
    client.on("error", () => {});
  }

  static async open(url: string = MYSQL_SERVER, options: object = {}): Promise<MysqlScript> {
    const { default: mysql } = (await import("mysql2" as string)) as {
      default: { createConnection: (options: object) => MysqlClient };
    };
    const { hostname, port, username, password, pathname } = new URL(url);
    const client = mysql.createConnection({
      host: hostname,
      port: Number(port || 3306),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      charset: "UTF8MB4_GENERAL_CI",
      rowsAsArray: true,
      ...(pathname.length > 1 && { database: pathname.slice(1) }),
      ...options,
    });
    return new MysqlScript(client);
  }

  rows(sql: string): Promise<unknown[][]> {
    return new Promise((resolve, reject) => {
      this.#client.query({ sql }, (error, rows) => (error ? reject(error) : resolve(rows)));
    });
  }

  async run(sql: string): Promise<void> {
    await this.rows(sql);
  }

  end(): Promise<void> {
    return new Promise((resolve) => this.#client.end(resolve));
  }
}

/** Runs one statement on the server. */
export async function runOnMysql(sql: string, url: string = MYSQL_SERVER): Promise<void> {
  const script = await MysqlScript.open(url);
  try {
    await script.run(sql);
  } finally {
    await script.end();
  }
}

/** Creates an empty database, as the recorded answers need it. */
export async function ownMysql(name: string): Promise<OwnDatabase> {
  const drop = `DROP DATABASE IF EXISTS \`${name}\``;
  await runOnMysql(drop);
  await runOnMysql(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  const url = new URL(MYSQL_SERVER);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runOnMysql(drop) };
}
