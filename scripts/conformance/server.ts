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
