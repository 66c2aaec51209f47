/**
 * A MariaDB server of a test's own, which it may stop and kill: made by `mariadb-install-db` in a temporary directory, gone
 * with the test.
 */

import { type ChildProcess, execFileSync, type StdioOptions, spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { MysqlScript, runOnMysql } from "../../scripts/conformance/server.ts";
import { OwnServer } from "../servers/own-server.ts";
import { freePort } from "../servers/proxy.ts";

const PLACES = [...(process.env["PATH"] ?? "").split(":"), "/usr/sbin", "/usr/local/sbin"];

function find(program: string): string | null {
  const place = PLACES.find((directory) => directory !== "" && existsSync(join(directory, program)));
  return place === undefined ? null : join(place, program);
}

const SERVER = find("mariadbd");
const INSTALL = find("mariadb-install-db");
/** Writes the statements that teach the server the time zones of the system. */
const ZONES = find("mariadb-tzinfo-to-sql");
const ZONEINFO = "/usr/share/zoneinfo";

/** Whether tests that need a server of their own are left out, with the reason. */
export const skipOwnServer: string | false = whyNot();

function whyNot(): string | false {
  if (SERVER !== null && INSTALL !== null) return false;
  const reason = "NO mariadbd or mariadb-install-db in PATH";
  if (process.env["CI"]) throw new Error(reason);
  console.error(`\n*** ${reason}\n*** The tests that need a MariaDB server of their own do not run.\n`);
  return reason;
}

export class OwnMariadb extends OwnServer {
  protected override readonly signals = { orderly: "SIGTERM", crash: "SIGKILL" } as const;

  /** A new server that runs, until it is {@link destroy}ed. */
  static async create(): Promise<OwnMariadb> {
    const directory = mkdtempSync(join(tmpdir(), "asgimod-mariadb-"));
    const options = [
      ...["--no-defaults", `--datadir=${join(directory, "data")}`, `--user=${userInfo().username}`],
      ...["--auth-root-authentication-method=normal", "--skip-test-db"],
    ];
    execFileSync(INSTALL as string, options, { stdio: "pipe" });
    const server = new OwnMariadb(directory, await freePort());
    await server.start();
    return server;
  }

  override url(database = "", port: number = this.port): string {
    return `mysql://root@127.0.0.1:${port}/${database}`;
  }

  protected override spawn(): ChildProcess {
    return spawn(
      SERVER as string,
      [
        ...["--no-defaults", `--datadir=${join(this.directory, "data")}`, `--user=${userInfo().username}`],
        ...[`--port=${this.port}`, "--bind-address=127.0.0.1", `--socket=${join(this.directory, "socket")}`],
        ...["--innodb-flush-log-at-trx-commit=2", "--innodb-buffer-pool-size=32M", "--max-connections=60"],
      ],
      { stdio: "ignore" },
    );
  }

  override run(sql: string, database?: string): Promise<void> {
    return runOnMysql(sql, this.url(database));
  }

  /** Teaches the server the names of time zones. False where the system has no means to. */
  async loadTimeZones(): Promise<boolean> {
    if (ZONES === null || !existsSync(ZONEINFO)) return false;
    const stdio: StdioOptions = ["ignore", "pipe", "ignore"];
    const options = { encoding: "utf8", maxBuffer: 1 << 28, stdio } as const;
    const script = await MysqlScript.open(this.url("mysql"), { multipleStatements: true });
    try {
      await script.run(execFileSync(ZONES, [ZONEINFO], options));
    } finally {
      await script.end();
    }
    return true;
  }
}
