/** The ways to a server: passwords, TLS, Unix sockets, all on a server of the test's own. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { aatomic, configure, connections, ImproperlyConfigured, OperationalError } from "asgimod";
import { type DatabaseConfigObject, resolveConfig } from "../../src/settings.ts";
import { assertNothingLeaks, pool, rows, rowsHere } from "../servers/bank.ts";
import { pause, until } from "../servers/until.ts";
import { type Cluster, runAsServer, skipCluster, startCluster } from "./cluster.ts";

let cluster: Cluster;

/** Who may come, and how. */
const HBA = `
local   all  all                      trust
host    all  postgres  127.0.0.1/32   trust
host    all  signed    127.0.0.1/32   scram-sha-256
hostssl all  private   127.0.0.1/32   scram-sha-256
hostssl all  bearer    127.0.0.1/32   cert
hostnossl all open     127.0.0.1/32   trust
`;

/** Makes a certificate for `subject`, signed by the test's own authority. */
function certify(directory: string, name: string, subject: string, extension: string): void {
  const file = (ending: string) => join(directory, `${name}.${ending}`);
  writeFileSync(file("ext"), extension);
  const key = ["-newkey", "rsa:2048", "-nodes", "-keyout", file("key"), "-out", file("csr")];
  runAsServer("openssl", ["req", "-new", ...key, "-subj", subject]);
  const authority = [
    "-CA",
    join(directory, "ca.crt"),
    "-CAkey",
    join(directory, "ca.key"),
    "-CAcreateserial",
  ];
  const signed = ["-in", file("csr"), "-out", file("crt"), "-days", "2", "-extfile", file("ext")];
  runAsServer("openssl", ["x509", "-req", ...signed, ...authority]);
}

function encrypted(directory: string): readonly string[] {
  for (const name of ["ca", "other"]) {
    const files = ["-keyout", join(directory, `${name}.key`), "-out", join(directory, `${name}.crt`)];
    const own = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${name}`];
    runAsServer("openssl", ["req", ...own, ...files]);
  }
  certify(directory, "server", "/CN=localhost", "subjectAltName=DNS:localhost");
  certify(directory, "client", "/CN=bearer", "extendedKeyUsage=clientAuth");
  writeFileSync(join(directory, "hba.conf"), HBA);
  const files = [
    "hba_file=hba.conf",
    "ssl_cert_file=server.crt",
    "ssl_key_file=server.key",
    "ssl_ca_file=ca.crt",
  ];
  const set = files.flatMap((pair) => ["-c", pair.replace("=", `=${directory}/`)]);
  return ["-c", "ssl=on", ...set];
}

type Options = Omit<DatabaseConfigObject, "url" | "engine" | "name">;

function settings(options: Options): void {
  const place = { engine: "postgresql", name: "postgres", host: "127.0.0.1", port: cluster.port };
  configure({ databases: { default: { ...place, pool: 1, ...options } } });
}

const file = (name: string) => join(cluster.directory, name);

/** Connects, and tells whether the connection is encrypted. */
async function connects(options: Options): Promise<boolean> {
  settings(options);
  const sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
  return ((await rows(sql)) as [[boolean]])[0][0];
}

const refused = (options: Options, text: RegExp) =>
  assert.rejects(connects(options), (error: unknown) => {
    assert.ok(error instanceof OperationalError, String(error));
    assert.match(error.message, text);
    assertNothingLeaks();
    assert.equal(pool().size, 0);
    return true;
  });

describe("PostgreSQL: the ways to a server", { skip: skipCluster }, () => {
  before(async () => {
    cluster = await startCluster(encrypted);
    for (const user of ["signed", "private", "bearer", "open"])
      await cluster.run(`CREATE ROLE ${user} LOGIN PASSWORD 'secret'`);
  });
  after(async () => {
    await connections.close();
    await cluster.destroy();
  });

  it("a Unix socket: its directory is the host", async () => {
    settings({ host: cluster.directory, user: "postgres" });
    assert.deepEqual(await rows("SELECT inet_server_addr() IS NULL"), [[true]]);
    const url = `postgresql://postgres@/postgres?host=${cluster.directory}&port=${cluster.port}`;
    configure({ databases: { default: url } });
    assert.deepEqual(await rows("SELECT inet_server_addr() IS NULL"), [[true]]);
    // Aborting goes the same way.
    configure({ databases: { default: { url, pool: 1 } } });
    const aborted = aatomic(() => rowsHere("SELECT pg_sleep(20)"), { signal: AbortSignal.timeout(50) });
    await assert.rejects(aborted, { name: "TimeoutError" });
    assertNothingLeaks();
  });

  it("a password", async () => {
    assert.equal(await connects({ user: "signed", password: "secret" }), false);
    await refused({ user: "signed", password: "wrong" }, /password authentication failed for user "signed"/);
  });

  it("a password from a function, asked for each connection", async () => {
    let asked = 0;
    const password = async () => {
      await pause(5);
      return ++asked === 3 ? "expired" : "secret";
    };
    settings({ user: "signed", password, pool: 2 });
    await Promise.all([rows("SELECT pg_sleep(0.05)"), rows("SELECT pg_sleep(0.05)")]);
    assert.equal(asked, 2);
    await rows("SELECT 1");
    assert.equal(asked, 2);
    await cluster.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'signed'");
    await until(() => pool().size === 0);
    await assert.rejects(rows("SELECT 1"), OperationalError);
    assert.deepEqual(await rows("SELECT 1"), [[1]]);
    assert.equal(asked, 4);
    const broken = new Error("the vault is closed");
    settings({ user: "signed", password: () => Promise.reject(broken) });
    await assert.rejects(rows("SELECT 1"), (error) => error === broken);
    assertNothingLeaks();
  });

  it("sslmode", async () => {
    const ca = { user: "postgres", sslrootcert: file("ca.crt") };
    assert.equal(await connects({ user: "postgres", sslmode: "disable" }), false);
    assert.equal(await connects({ user: "postgres", sslmode: "allow" }), false);
    assert.equal(await connects({ user: "postgres", sslmode: "prefer" }), true);
    assert.equal(await connects({ user: "postgres", sslmode: "require" }), true);
    assert.equal(await connects({ ...ca, sslmode: "require" }), true);
    assert.equal(await connects({ ...ca, sslmode: "verify-ca" }), true);
    assert.equal(await connects({ ...ca, sslmode: "verify-full", host: "localhost" }), true);
    // What libpq calls by these names: the address is not in the certificate.
    await refused({ ...ca, sslmode: "verify-full" }, /altnames|IP: 127\.0\.0\.1/);
    const other = { user: "postgres", sslrootcert: file("other.crt") };
    await refused({ ...other, sslmode: "require" }, /certificate/);
    await refused({ ...other, sslmode: "verify-ca" }, /certificate/);
    await refused({ user: "postgres", sslmode: "verify-full", host: "localhost" }, /certificate/);
    assert.equal(await connects({ user: "postgres", sslmode: "require", host: cluster.directory }), false);
  });

  it("sslmode allow and prefer: the other way, where the server wants it", async () => {
    const secret = { user: "private", password: "secret" };
    assert.equal(await connects({ ...secret, sslmode: "allow" }), true);
    await refused({ ...secret, sslmode: "disable" }, /no pg_hba.conf entry .* no encryption/);
    assert.equal(await connects({ user: "open", sslmode: "prefer" }), false);
    await refused({ user: "open", sslmode: "require" }, /no pg_hba.conf entry/);
    await refused({ user: "private", password: "wrong", sslmode: "allow" }, /password authentication failed/);
  });

  it("a client's certificate", async () => {
    const cert = { sslcert: file("client.crt"), sslkey: file("client.key"), sslmode: "require" } as const;
    assert.equal(await connects({ user: "bearer", ...cert }), true);
    await refused({ user: "bearer", sslmode: "require" }, /valid client certificate/);
  });

  it("ssl: true, or the options of tls.connect()", async () => {
    await refused({ user: "postgres", ssl: true, host: "localhost" }, /certificate/);
    assert.equal(await connects({ user: "postgres", ssl: { rejectUnauthorized: false } }), true);
  });

  it("aborting over TLS", async () => {
    settings({ user: "postgres", sslmode: "require" });
    const aborted = aatomic(() => rowsHere("SELECT pg_sleep(20)"), { signal: AbortSignal.timeout(60) });
    await assert.rejects(aborted, { name: "TimeoutError" });
    assertNothingLeaks();
    const [[count]] = (await rows(
      "SELECT COUNT(*)::int FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%' AND state = 'active' AND pid <> pg_backend_pid()",
    )) as [[number]];
    assert.equal(count, 0);
  });

  it("a server that cannot encrypt", async () => {
    const plain = await startCluster();
    try {
      const place = { user: "postgres", port: plain.port };
      assert.equal(await connects({ ...place, sslmode: "prefer" }), false);
      await refused({ ...place, sslmode: "require" }, /server does not support SSL/);
    } finally {
      await plain.destroy();
    }
  });

  it("a server that does not answer: connectTimeout", async () => {
    const { createServer } = await import("node:net");
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as { port: number };
    const started = performance.now();
    await refused({ user: "postgres", port, connectTimeout: 100 }, /timeout expired|terminated/);
    assert.ok(performance.now() - started < 2_000);
    silent.close();
  });
});

describe("PostgreSQL: settings of TLS", () => {
  it("are checked", () => {
    const resolve = (options: object) => () =>
      resolveConfig({ databases: { default: { engine: "postgresql", name: "shop", ...options } } });
    assert.throws(
      resolve({ sslmode: "always" }),
      /there is no sslmode 'always'. Choices are: disable, allow, /,
    );
    assert.throws(resolve({ sslmode: "require", ssl: true }), ImproperlyConfigured);
    assert.throws(resolve({ sslcert: "x.crt" }), /sslcert has no effect without an sslmode/);
    resolve({ sslmode: "verify-full", sslrootcert: "system" })();
    const { default: database } = resolveConfig({
      databases: { default: "postgresql://me@db/shop?sslmode=verify-ca&sslrootcert=/etc/ca.crt" },
    }).databases;
    assert.equal(database?.sslmode, "verify-ca");
    assert.equal(database?.sslrootcert, "/etc/ca.crt");
  });
});
