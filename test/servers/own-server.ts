/** A server of a test's own, which it may stop and kill; gone with the test. */

import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { pause } from "./until.ts";

/** `orderly` ends all sessions; `crash` is what a crash looks like. */
export type End = "orderly" | "crash";

export abstract class OwnServer {
  readonly directory: string;
  readonly port: number;
  #process: ChildProcess | null = null;

  constructor(directory: string, port: number) {
    this.directory = directory;
    this.port = port;
  }

  protected abstract spawn(): ChildProcess;
  protected abstract readonly signals: Readonly<Record<End, NodeJS.Signals>>;

  /** The address of a database; `port`: where a proxy listens. */
  abstract url(database?: string, port?: number): string;

  /** Runs a statement apart from the library. */
  abstract run(sql: string, database?: string): Promise<void>;

  async start(): Promise<void> {
    const process = this.spawn();
    this.#process = process;
    for (let tries = 0; ; tries++) {
      try {
        return await this.run("SELECT 1");
      } catch (error) {
        if (tries > 600 || process.exitCode !== null) throw error;
        await pause(50);
      }
    }
  }

  async stop(how: End = "orderly"): Promise<void> {
    const process = this.#process;
    this.#process = null;
    if (process === null || process.exitCode !== null) return;
    const exit = once(process, "exit");
    process.kill(this.signals[how]);
    await exit;
  }

  async restart(how: End = "orderly"): Promise<void> {
    await this.stop(how);
    await this.start();
  }

  async destroy(): Promise<void> {
    await this.stop("crash");
    rmSync(this.directory, { recursive: true, force: true });
  }
}
