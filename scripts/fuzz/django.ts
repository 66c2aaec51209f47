/** Django in a process of its own: batches of questions in, answers out. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { MutationOutcome, Outcome } from "../conformance/format.ts";
import type { Question } from "./chains.ts";
import type { WriteQuestion } from "./writes.ts";

/** A case without an answer. */
export type Asked = Question | WriteQuestion;

/** What Django says to a question. */
export interface Answer {
  readonly id: string;
  readonly expect?: { readonly sqlite: Outcome | MutationOutcome };
  readonly ordered?: boolean;
  readonly sql?: readonly string[];
  /** Why there is nothing to compare with. */
  readonly skip?: string;
}

/** The process. The environment variable `DJANGO_PYTHON` names a Python that has Django. */
export class Django {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  /** `server`: the URL of a database on a server to answer from; SQLite without. */
  constructor(directory: string, server: string | null = null) {
    const script = fileURLToPath(new URL("django_answers.py", import.meta.url));
    this.#process = spawn(
      process.env["DJANGO_PYTHON"] ?? "python3",
      [script, directory, ...(server === null ? [] : ["--server", server])],
      {
        stdio: ["pipe", "pipe", "inherit"],
        env: { ...process.env, PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1" },
      },
    );
    if (!this.#process.stdout) throw new Error("the process has no output");
    this.#reader = createInterface({ input: this.#process.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  /** The answers to questions, in their order. */
  async answers(questions: readonly Asked[]): Promise<Answer[]> {
    this.#process.stdin?.write(`${JSON.stringify(questions)}\n`);
    const line = await this.#lines.next();
    if (line.done)
      throw new Error("Django's process has ended: does DJANGO_PYTHON name a Python with Django?");
    return JSON.parse(line.value) as Answer[];
  }

  close(): void {
    this.#reader.close();
    this.#process.stdin?.end();
    this.#process.kill();
  }
}
