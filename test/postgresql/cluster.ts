/**
 * A PostgreSQL server of a test's own, which it may stop, kill and fill up: made by initdb in a temporary directory,
 * gone with the test. Root runs it as the user `postgres`, because the server refuses to be run by root.
 */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runOnServer } from "../../scripts/conformance/server.ts";
import { OwnServer } from "../servers/own-server.ts";
import { freePort } from "../servers/proxy.ts";

/** Where initdb and postgres are; null where they are not. */
export const BIN: string | null = findBinaries();

/** Whether tests that need a server of their own are left out, with the reason. */
export const skipCluster: string | false = whyNot();

function findBinaries(): string | null {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const places = [
    process.env["ASGIMOD_POSTGRESQL_BIN"] ?? "",
    ...versions.map((version) => join(debian, version, "bin")),
    ...(process.env["PATH"] ?? "").split(":"),
  ];
  return places.find((place) => place !== "" && existsSync(join(place, "initdb"))) ?? null;
}

function whyNot(): string | false {
  if (BIN !== null) return false;
  const reason = "NO initdb: neither in ASGIMOD_POSTGRESQL_BIN, /usr/lib/postgresql nor PATH";
  if (process.env["CI"]) throw new Error(reason);
  console.error(`\n*** ${reason}\n*** The tests that need a PostgreSQL server of their own do not run.\n`);
  return reason;
}

/** The user as whom servers run that refuse to be run by root. */
function account(name: string): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  if (line === undefined) throw new Error(`There is no user '${name}' to run a server as.`);
  const [, , uid, gid] = line.split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

/** A temporary directory that belongs to the user of the server. */
export function serverDirectory(): string {
  const directory = mkdtempSync("/tmp/asgimod-pg-");
  const user = account("postgres");
  if (user !== undefined) chownSync(directory, user.uid, user.gid);
  return directory;
}

/** Runs a program as the user of the server, in the foreground. */
export function runAsServer(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: "pipe", ...account("postgres") });
}

/** Starts a program as the user of the server. */
export function startAsServer(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], ...account("postgres") });
  child.stderr?.on("data", (data: Buffer) => {
    if (process.env["ASGIMOD_SERVER_LOG"]) process.stderr.write(data);
  });
  return child;
}

export class Cluster extends OwnServer {
  readonly #args: readonly string[];
  protected override readonly signals = { orderly: "SIGINT", crash: "SIGQUIT" } as const;

  constructor(directory: string, port: number, args: readonly string[]) {
    super(directory, port);
    this.#args = args;
  }

  override url(database = "postgres", port: number = this.port): string {
    return `postgresql://postgres@127.0.0.1:${port}/${database}`;
  }

  protected override spawn(): ChildProcess {
    return startAsServer(join(BIN as string, "postgres"), [
      ...["-D", join(this.directory, "data"), "-p", String(this.port), "-k", this.directory],
      ...["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=60"],
      ...this.#args,
    ]);
  }

  override run(sql: string, database?: string): Promise<void> {
    return runOnServer(sql, this.url(database));
  }
}

/**
 * A new server that runs, until it is {@link OwnServer.destroy}ed. `args` gives options of `postgres`, and may put files
 * into the directory before.
 */
export async function startCluster(
  args: (directory: string) => readonly string[] = () => [],
): Promise<Cluster> {
  const directory = serverDirectory();
  const data = join(directory, "data");
  const init = ["-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"];
  runAsServer(join(BIN as string, "initdb"), init);
  const cluster = new Cluster(directory, await freePort(), args(directory));
  await cluster.start();
  return cluster;
}
