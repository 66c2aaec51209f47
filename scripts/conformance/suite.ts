/** Runs a directory of the format: sets the library up once, then all cases in each colour. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ColourName, driveAsync, driveSync, type Flow } from "./flow.ts";
import {
  type DataFile,
  type MutationCase,
  type MutationOutcome,
  type Outcome,
  type QueryCase,
  type Schema,
  Unsupported,
} from "./format.ts";
import { withJsonFloats } from "./json-floats.ts";
import { type AnyFunction, exported, type Library, loadLibrary, method } from "./library.ts";
import { ModelSet } from "./models.ts";
import { judgeMutation, runMutationCase } from "./mutations.ts";
import { parseOrdered } from "./ordered-json.ts";
import {
  isSince,
  mariadbAnswers,
  type OtherAnswers,
  recordedSqlite,
  sqliteAnswers,
} from "./other-answers.ts";
import {
  contextOf,
  outcomeFor,
  QueryCounter,
  readable,
  runQueryCase,
  type Session,
  type Verdict,
  writes,
} from "./run-case.ts";
import { type OwnDatabase, ownMysql, ownPostgresql } from "./server.ts";
import type { Store } from "./store.ts";
import { MysqlStore } from "./store-mysql.ts";
import { PostgresqlStore } from "./store-postgresql.ts";
import { SqliteStore } from "./store-sqlite.ts";
import { decodeScalar } from "./values.ts";

export interface CaseResult {
  readonly file: string;
  readonly id: string;
  readonly title: string | undefined;
  readonly app: string;
  readonly colour: ColourName;
  readonly source: QueryCase | MutationCase;
  readonly verdict: Verdict;
}

export interface Filter {
  readonly app?: string | undefined;
  readonly topic?: string | undefined;
  readonly case?: string | undefined;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** The case files of a directory as `cases/lookups-text`, queries before writes. */
export function caseFiles(directory: string): string[] {
  return ["cases", "mutations"].flatMap((folder) => {
    const path = join(directory, folder);
    if (!existsSync(path)) return [];
    return readdirSync(path)
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => `${folder}/${name.slice(0, -5)}`);
  });
}

/** A directory with its models and tables set up in the library. */
export class Suite {
  readonly directory: string;
  readonly backend: string;
  readonly files: readonly string[];
  readonly #library: Library;
  readonly #models: ModelSet;
  readonly #store: Store;
  readonly #counter = new QueryCounter();
  readonly #undo: (() => void)[] = [];
  #clean = true;
  #database: OwnDatabase | null = null;
  /** Answers of this very database that are not those of the cases. */
  #others: OtherAnswers = {};
  /** Says that the cases were recorded with an older database than that of the run, whose answers are not at hand. */
  hint: string | null = null;

  private constructor(directory: string, backend: string, library: Library, models: ModelSet, store: Store) {
    this.directory = directory;
    this.backend = backend;
    this.files = caseFiles(directory);
    this.#library = library;
    this.#models = models;
    this.#store = store;
  }

  /**
   * Builds the models, creates the tables and loads the rows of all apps of a directory. `place`: the settings of a
   * database to use, instead of one that is made for the run; `prepare`: statements that it needs first; `answers`: the
   * directory with the answers on other databases.
   */
  static async open(
    directory: string,
    backend = "sqlite",
    place: object | null = null,
    prepare: readonly string[] = [],
    answers = directory,
  ): Promise<Suite> {
    const library = await loadLibrary();
    const models = new ModelSet(library);
    const apps = readdirSync(join(directory, "apps")).sort();
    const read = (app: string, name: string) => readJson(join(directory, "apps", app, name));
    const schemas = apps.map((app) => read(app, "schema.json") as Schema);
    for (const schema of schemas) models.addApp(schema);
    const database = place === null ? await databaseOf(backend) : null;
    (exported(library, "configure") as AnyFunction)({
      apps: Object.fromEntries(schemas.map(({ app }) => [app, models.classesOf(app)])),
      databases: { default: place ?? settingsOf(database as OwnDatabase, backend) },
    });
    const connections = exported(library, "connections");
    const connection = method(connections, "get")("default");
    const store = await storeOf(backend, connection, database?.url ?? "");
    const suite = new Suite(directory, backend, library, models, store);
    suite.#database = database;
    suite.#readOthers(answers);
    suite.#freezeClock(String(schemas[0]?.settings["NOW"] ?? "2024-01-15T12:00:00.123456Z"));
    for (const sql of prepare) {
      await method(connection, "execute")({ kind: "run", alias: "default", sql, params: [] }, "async", null);
    }
    const context = contextOf(suite.#session("sync"));
    await (exported(library, "createTables") as AnyFunction)();
    for (const [index, app] of apps.entries()) {
      store.addApp(schemas[index] as Schema, models);
      const data = readFileSync(join(directory, "apps", app, "data.json"), "utf8");
      await store.load(parseOrdered(data) as DataFile, context);
    }
    await store.remember();
    const listen = exported(library, "onQuery") as AnyFunction;
    const stop = listen((event: unknown) => {
      const { control, sql } = event as { control: boolean; sql: string };
      if (!control && !store.busy) suite.#counter.note(sql);
    }) as () => void;
    suite.#undo.push(stop);
    return suite;
  }

  #readOthers(directory: string): void {
    if (this.backend === "mysql") this.#others = mariadbAnswers(directory);
    if (!(this.#store instanceof SqliteStore)) return;
    const { version } = this.#store;
    this.#others = sqliteAnswers(directory, version);
    const recorded = recordedSqlite(this.directory);
    if (recorded !== undefined && !isSince(recorded, version) && Object.keys(this.#others).length === 0) {
      this.hint = `The cases were recorded with SQLite ${recorded}, this is ${version}, which may answer otherwise: see --answers.`;
    }
  }

  #freezeClock(now: string): void {
    const instant = decodeScalar("$datetime", now);
    this.#undo.push((exported(this.#library, "setClock") as AnyFunction)(() => instant) as () => void);
  }

  #session(colour: ColourName): Session {
    return {
      library: this.#library,
      models: this.#models,
      backend: this.backend,
      colour,
      counter: this.#counter,
    };
  }

  /** The stored rows of an app's tables, by table, columns in the order of the fields. */
  async dump(app: string): Promise<ReadonlyMap<string, readonly unknown[][]>> {
    return this.#store.dump(app);
  }

  /** Models that could not be built, with the reason. */
  get unsupportedModels(): ReadonlyMap<string, string> {
    return this.#models.unsupported;
  }

  /** The cases of a file that are for the backend and pass the filter. */
  cases(file: string, filter: Filter = {}): (QueryCase | MutationCase)[] {
    const all = readJson(join(this.directory, `${file}.json`)) as (QueryCase | MutationCase)[];
    return all.filter(
      (item) =>
        (!filter.app || item.app === filter.app) &&
        (!filter.case || item.id === filter.case) &&
        this.#outcomeOf(item) !== undefined,
    );
  }

  /** What Django answered; undefined where the case is not for the backend, or the answer is not stable. */
  #outcomeOf({ id, expect }: QueryCase | MutationCase): unknown {
    if (Object.hasOwn(this.#others, id)) return this.#others[id] ?? undefined;
    const recorded = this.backend === "mysql" ? "sqlite" : this.backend;
    return outcomeFor(expect as Record<string, unknown>, recorded);
  }

  /** The SQL that Django sent, per case of a file; empty where the directory does not tell. */
  djangoSql(file: string): Record<string, string[]> {
    const path = join(this.directory, "sql", `${file.slice(file.indexOf("/") + 1)}.json`);
    return existsSync(path) ? (readJson(path) as Record<string, string[]>) : {};
  }

  /** Runs the cases of a file in a colour. */
  async runFile(file: string, colour: ColourName, filter: Filter = {}): Promise<CaseResult[]> {
    const results: CaseResult[] = [];
    for (const source of this.cases(file, filter)) {
      const verdict = await this.run(source, colour);
      results.push({ file, id: source.id, title: source.title, app: source.app, colour, source, verdict });
    }
    return results;
  }

  /** Runs one case in a colour. */
  async run(given: QueryCase | MutationCase, colour: ColourName): Promise<Verdict> {
    const session = this.#session(colour);
    const expected = this.#outcomeOf(given);
    const source = withJsonFloats(given, (label) =>
      this.#models.find(label.includes(".") ? label : `${given.app}.${label}`),
    );
    const mutates = "steps" in source || writes(source);
    this.#counter.clear();
    const drive = <T>(flow: Flow<T>) => (colour === "sync" ? driveSync(flow) : driveAsync(flow));
    try {
      const run = async (): Promise<Verdict> => {
        if (!("steps" in source)) {
          return drive(runQueryCase(source, readable(expected, session.models) as Outcome, session));
        }
        const done = await drive(runMutationCase(source, session));
        const wanted = readable(expected, session.models) as MutationOutcome;
        return judgeMutation(source, wanted, done, this.#store);
      };
      const zone = "timezone" in source ? source.timezone : undefined;
      if (zone === undefined) return await run();
      const override = method(exported(this.#library, "timezone"), "override");
      return (await override(zone, run)) as Verdict;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      const stack = error instanceof Error ? error.stack : undefined;
      const base = { problem, expected, sql: this.#counter.sql, text: null };
      return error instanceof Unsupported ? { ...base, unsupported: problem } : { ...base, stack };
    } finally {
      if (mutates || !this.#clean) await this.#reset(source.app);
    }
  }

  /** Puts the rows back. A case that left its transaction open is cut off. */
  async #reset(app: string): Promise<void> {
    try {
      await this.#store.reset(app);
      this.#clean = true;
    } catch (error) {
      this.#clean = false;
      if (!(this.#store instanceof SqliteStore)) throw error;
      this.#store.rollback();
      if (!String(error).includes("transaction")) throw error;
    }
  }

  async close(): Promise<void> {
    for (const undo of this.#undo) undo();
    await this.#store.close();
    await method(exported(this.#library, "connections"), "close")();
    await this.#database?.drop();
  }
}

function settingsOf({ url }: OwnDatabase, backend: string): object {
  return backend === "sqlite" ? { url } : { url, sync: true };
}

/** An empty database for the run. */
async function databaseOf(backend: string): Promise<OwnDatabase> {
  if (backend === "sqlite") return { url: "sqlite::memory:", drop: async () => {} };
  if (backend === "postgresql") return ownPostgresql(`asgimod_conformance_${process.pid}`);
  if (backend === "mysql") return ownMysql(`asgimod_conformance_${process.pid}`);
  throw new Error(`no runs on the backend ${backend} yet`);
}

async function storeOf(backend: string, connection: unknown, url: string): Promise<Store> {
  if (backend === "postgresql") return new PostgresqlStore(connection);
  if (backend === "mysql") return MysqlStore.open(connection, url);
  return new SqliteStore(connection);
}
