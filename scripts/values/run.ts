/** Writes and reads values on both sides and compares what comes back. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { configure, connections, createTables } from "asgimod";
import { ownMysql, ownPostgresql } from "../conformance/server.ts";
import { Random } from "../fuzz/random.ts";
import { canonical, decode } from "./encode.ts";
import { modelName, models, tested, type ValueModel } from "./fields.ts";
import { type Encoded, valuesOf } from "./generate.ts";
import { knownDifference } from "./known.ts";

export interface Options {
  readonly seed: number;
  readonly count: number;
  readonly backend: string;
  /** Only this field. */
  readonly field: string | null;
  /** These values instead of random ones. */
  readonly values?: Readonly<Record<string, readonly Encoded[]>>;
}

/** What was read of one value: by whom, and of whose row. */
export interface Seen {
  readonly ours: string;
  readonly djangoOfOurs: string;
  readonly django: string;
  readonly oursOfDjango: string;
}

export interface Difference extends Seen {
  readonly field: string;
  readonly value: Encoded;
}

export interface Report {
  readonly values: number;
  readonly fields: number;
  readonly comparisons: number;
  readonly refused: number;
  readonly known: number;
  readonly differences: readonly Difference[];
  readonly seen: readonly Difference[];
}

interface Database {
  readonly url: string;
  readonly django: Readonly<Record<string, unknown>>;
  drop(): Promise<void>;
}

const BACKENDS: Readonly<Record<string, () => Promise<Database>>> = {
  async sqlite() {
    const folder = mkdtempSync(join(tmpdir(), "asgimod-values-"));
    const path = join(folder, "db.sqlite3");
    return {
      url: `sqlite:${path}`,
      django: { ENGINE: "django.db.backends.sqlite3", NAME: path },
      drop: async () => rmSync(folder, { recursive: true }),
    };
  },
  async postgresql() {
    const own = await ownPostgresql(`asgimod_values_${process.pid}`);
    const { hostname, port, username, pathname } = new URL(own.url);
    const HOST = { HOST: hostname, PORT: port, USER: username, NAME: pathname.slice(1) };
    return { ...own, django: { ENGINE: "django.db.backends.postgresql", ...HOST } };
  },
  async mysql() {
    const own = await ownMysql(`asgimod_values_${process.pid}`);
    const { hostname, port, username, pathname } = new URL(own.url);
    const HOST = { HOST: hostname, PORT: port, USER: username, NAME: pathname.slice(1) };
    return { ...own, django: { ENGINE: "django.db.backends.mysql", ...HOST } };
  },
};

/** @throws when the backend is unknown, or Django's process fails */
export async function compareValues(options: Options): Promise<Report> {
  const open = BACKENDS[options.backend];
  if (open === undefined) throw new Error(`unknown backend: ${options.backend}`);
  const database = await open();
  try {
    configure({ apps: { fieldvalues: models as never }, databases: { default: database.url } });
    await connections.close();
    await createTables({ apps: ["fieldvalues"] });
    return await compareOn(database, options);
  } finally {
    await connections.close();
    await database.drop();
  }
}

async function compareOn(database: Database, options: Options): Promise<Report> {
  const random = new Random(options.seed);
  const chosen = tested.filter(({ name }) => options.field === null || name === options.field);
  const values = Object.fromEntries(
    chosen.map(({ name }) => [name, options.values?.[name] ?? valuesOf(name, random, options.count)]),
  );
  const ours: Record<string, string[]> = {};
  for (const { name } of chosen) {
    ours[name] = [];
    for (const [i, value] of (values[name] as Encoded[]).entries()) {
      ours[name].push(await write(modelOf(name), 2 * i + 1, value));
    }
  }
  const fields = chosen.map(({ name, django }) => [name, ...django]);
  const answers = ask({ database: database.django, fields, values });
  const seen: Difference[] = [];
  for (const { name } of chosen) {
    const list = values[name] as Encoded[];
    for (const [i, value] of list.entries()) {
      const [djangoOfOurs, django] = (answers[name] as [string, string][])[i] as [string, string];
      const own = (ours[name] as string[])[i] as string;
      // What was not written cannot be read.
      const oursOfDjango = isError(django) ? own : await attempt(() => read(modelOf(name), 2 * i + 2));
      seen.push({
        field: name,
        value,
        ours: own,
        djangoOfOurs: isError(own) ? own : djangoOfOurs,
        django,
        oursOfDjango,
      });
    }
  }
  return judge(seen, options.backend, chosen.length);
}

function judge(seen: readonly Difference[], backend: string, fields: number): Report {
  let [refused, known] = [0, 0];
  const differences: Difference[] = [];
  for (const each of seen) {
    if (isError(each.ours) && isError(each.django)) refused++;
    else if (new Set([each.ours, each.djangoOfOurs, each.django, each.oursOfDjango]).size > 1) {
      if (knownDifference(each, backend) !== null) known++;
      else differences.push(each);
    }
  }
  const comparisons = 4 * (seen.length - refused);
  return { values: seen.length, fields, comparisons, refused, known, differences, seen };
}

export const modelOf = (field: string) => models[modelName(field)] as ValueModel;

export function isError(text: string): boolean {
  return text.startsWith("error ");
}

export async function attempt(act: () => Promise<string>): Promise<string> {
  try {
    return await act();
  } catch (error) {
    const { name, message } = error as Error;
    return `error ${name}: ${message.slice(0, 200)}`;
  }
}

/** What is read of a value after it was written. */
export function write(model: ValueModel, id: number, encoded: Encoded): Promise<string> {
  return attempt(async () => {
    await model.aobjects.create({ id, v: decode(encoded) });
    return read(model, id);
  });
}

async function read(model: ValueModel, id: number): Promise<string> {
  return canonical((await model.aobjects.get({ id })).v);
}

function ask(question: object): Readonly<Record<string, readonly (readonly [string, string])[]>> {
  const script = fileURLToPath(new URL("django_values.py", import.meta.url));
  const { status, stdout } = spawnSync(process.env["DJANGO_PYTHON"] ?? "python3", [script], {
    input: JSON.stringify(question),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error("Django's process failed: does DJANGO_PYTHON name a Python with Django?");
  return JSON.parse(stdout) as never;
}
