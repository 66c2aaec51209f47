/** Files of fixtures: finding, reading and writing them, compressed or not. */
import {
  closeSync,
  createReadStream,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, normalize, resolve, sep } from "node:path";
import { promisify } from "node:util";
import { createGunzip, gunzipSync, gzip, gzipSync } from "node:zlib";
import type { Mode, Task } from "../task.ts";
import { CommandError } from "./errors.ts";
import { type FormatName, getSerializerFormats, isFormat } from "./formats.ts";
import type { Source } from "./text.ts";

const COMPRESSED = "gz";
const CHUNK = 1 << 16;

/** A file of objects. */
export interface Fixture {
  readonly path: string;
  readonly name: string;
  readonly format: FormatName;
  readonly compressed: boolean;
}

interface ParsedName {
  readonly name: string;
  readonly format: FormatName | null;
  readonly compressed: boolean;
}

/** `pizzas.json.gz` as its name, format and compression. */
function parseName(label: string): ParsedName {
  const match = /^(.*?)((?:\.[^.]*){0,2})$/s.exec(label) as RegExpExecArray;
  const parts = [match[1] as string, ...(match[2] as string).split(".").slice(1)];
  const compressed = parts.length > 1 && parts.at(-1) === COMPRESSED;
  if (compressed) parts.pop();
  const last = parts.at(-1) as string;
  if (parts.length === 1) return { name: last, format: null, compressed };
  if (!isFormat(last)) {
    throw new CommandError(
      `Problem installing fixture '${parts.slice(0, -1).join(".")}': ${last} is not a known serialization format.`,
    );
  }
  return { name: parts.slice(0, -1).join("."), format: last, compressed };
}

/** The names that a fixture may have: for one database alone, in any format, compressed or not. */
function targetsOf(name: string, { format, compressed }: ParsedName, using: string): Set<string> {
  const formats = format === null ? getSerializerFormats() : [format];
  const endings = compressed ? [COMPRESSED] : ["", COMPRESSED];
  const targets = new Set<string>();
  for (const database of [using, ""]) {
    for (const kind of formats) {
      for (const ending of endings) targets.add([name, database, kind, ending].filter(Boolean).join("."));
    }
  }
  return targets;
}

function directoriesOf(label: string, fixtureDirs: readonly string[]): string[] {
  const directory = dirname(label);
  if (isAbsolute(label)) return [directory];
  const all = [...new Set([...fixtureDirs, ""].map((each) => resolve(each)))];
  return normalize(label).includes(sep) ? all.map((each) => join(each, directory)) : all;
}

/**
 * The files of a label: a path, or a name that is looked for in directories.
 *
 * @throws CommandError when there is none, or more than one in a directory
 */
export function findFixtures(label: string, using: string, fixtureDirs: readonly string[]): Fixture[] {
  const parsed = parseName(label);
  const name = basename(parsed.name);
  const targets = targetsOf(name, parsed, using);
  const fixtures: Fixture[] = [];
  for (const directory of directoriesOf(parsed.name, fixtureDirs)) {
    if (!existsSync(directory)) continue;
    const found = readdirSync(directory).filter((file) => targets.has(file));
    if (found.length > 1) {
      throw new CommandError(`Multiple fixtures named '${name}' in '${directory}'. Aborting.`);
    }
    for (const file of found) {
      const { format, compressed } = parseName(file);
      fixtures.push({ path: join(directory, file), name, format: format as FormatName, compressed });
    }
  }
  if (fixtures.length === 0) throw new CommandError(`No fixture named '${name}' found.`);
  return fixtures;
}

/** What is in a file, piece by piece; a compressed one is read as a whole in sync code. */
export function readFixture({ path, compressed }: Fixture, mode: Mode): Source {
  if (mode === "sync") return compressed ? gunzipSync(readFileSync(path)) : readPieces(path);
  const stream = createReadStream(path, { highWaterMark: CHUNK });
  if (!compressed) return stream;
  const unpacked = createGunzip();
  stream.on("error", (error) => unpacked.destroy(error));
  return stream.pipe(unpacked);
}

function* readPieces(path: string): Generator<Uint8Array> {
  const file = openSync(path, "r");
  try {
    for (;;) {
      const piece = new Uint8Array(CHUNK);
      const length = readSync(file, piece);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

/** So many characters are compressed and written at once. */
const BLOCK = 1 << 20;
const compress = promisify(gzip);

/** A file that is written; a name that ends with `.gz` compresses it. */
export class OutputFile {
  readonly #path: string;
  readonly #mode: Mode;
  readonly #compressed: boolean;
  #file: number | FileHandle | null = null;
  #waiting = "";

  constructor(path: string, mode: Mode) {
    this.#path = path;
    this.#mode = mode;
    this.#compressed = path.endsWith(`.${COMPRESSED}`);
  }

  *write(text: string): Task<void> {
    this.#waiting += text;
    if (this.#waiting.length >= BLOCK) yield* this.#flush();
  }

  *close(): Task<void> {
    try {
      yield* this.#flush();
    } finally {
      const file = this.#file;
      if (typeof file === "number") closeSync(file);
      else yield { kind: "wait", value: file?.close(), what: "closing the file" };
    }
  }

  *#flush(): Task<void> {
    const text = this.#waiting;
    this.#waiting = "";
    const value = this.#mode === "sync" ? this.#writeSync(text) : this.#writeAsync(text);
    yield { kind: "wait", value, what: "writing the file" };
  }

  #writeSync(text: string): void {
    this.#file ??= openSync(this.#path, "w");
    // Several compressed blocks in a row are one compressed file.
    const bytes = this.#compressed ? gzipSync(text) : Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file as number, bytes, at);
  }

  async #writeAsync(text: string): Promise<void> {
    this.#file ??= await open(this.#path, "w");
    await (this.#file as FileHandle).writeFile(this.#compressed ? await compress(text) : text);
  }
}
