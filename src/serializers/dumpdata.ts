/** Writing what is in the tables of whole apps. Django: `dumpdata`. */
import { connections, DEFAULT_DB_ALIAS } from "../connections.ts";
import { count } from "../execute/fetch.ts";
import { querysetOf, type WritableQuerySet } from "../execute/querysets.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import { allowMigrate } from "../router.ts";
import type { Mode, Task } from "../task.ts";
import { sortDependencies } from "./dependencies.ts";
import { CommandError, errorText } from "./errors.ts";
import { OutputFile } from "./files.ts";
import { isFormat } from "./formats.ts";
import { parseLabels, selectModels } from "./labels.ts";
import { type ObjectSource, QuerySetSource } from "./record.ts";
import { Serialization, wholeText } from "./tasks.ts";
import type { DumpdataOptions } from "./types.ts";

interface Ordered extends WritableQuerySet {
  orderBy(name: string): this;
}

/** The models to write, in order. */
function modelsOf(labels: readonly string[], options: DumpdataOptions): Options[] {
  const { primaryKeys, exclude = [], useNaturalForeignKeys = false } = options;
  const onePk = labels.length === 1 && labels[0]?.includes(".");
  if (primaryKeys !== undefined && !onePk) {
    throw new CommandError("You can only use --pks option with one model");
  }
  const { apps, models: excluded } = parseLabels(exclude);
  const models = selectModels(labels, apps).flatMap(([, ofApp]) => ofApp);
  const all = new Set(models);
  for (const { proxy, proxyForOpts, label } of models) {
    if (proxy && proxyForOpts !== null && !all.has(proxyForOpts)) {
      process.emitWarning(`${label} is a proxy model and won't be serialized.`, "ProxyModelWarning");
    }
  }
  const sorted = useNaturalForeignKeys ? sortDependencies(models, true) : models;
  const using = options.using ?? DEFAULT_DB_ALIAS;
  return sorted.filter((opts) => !opts.proxy && !excluded.has(opts) && allowMigrate(using, opts.model));
}

function querysetFor(opts: Options, mode: Mode, options: DumpdataOptions): WritableQuerySet {
  const manager = options.useBaseManager ? opts.baseManager(mode) : opts.defaultManager(mode);
  const rows = (querysetOf(manager, options.using ?? null) as Ordered).orderBy(opts.pk.name);
  const { primaryKeys } = options;
  return primaryKeys === undefined ? rows : rows.filterWith([{ pk__in: [...primaryKeys] }]);
}

/** The objects of one queryset after the other. */
class AllObjects implements ObjectSource {
  readonly #waiting: WritableQuerySet[];
  #current: QuerySetSource | null = null;

  constructor(querysets: readonly WritableQuerySet[]) {
    this.#waiting = [...querysets];
  }

  *next(): Task<readonly ModelInstance[]> {
    for (;;) {
      const objects = this.#current === null ? [] : yield* this.#current.next();
      if (objects.length > 0) return objects;
      yield* this.close();
      const queryset = this.#waiting.shift();
      if (queryset === undefined) return [];
      this.#current = new QuerySetSource(queryset);
    }
  }

  *close(): Task<void> {
    if (this.#current !== null) yield* this.#current.close();
    this.#current = null;
  }
}

/** A dump that is under way. */
function* open(labels: readonly string[], mode: Mode, options: DumpdataOptions): Task<Serialization> {
  const { format = "json", using, progress } = options;
  if (using !== undefined) connections.get(using);
  const querysets = modelsOf(labels, options).map((opts) => querysetFor(opts, mode, options));
  if (!isFormat(format)) throw new CommandError(`Unknown serialization format: ${String(format)}`);
  let total: number | null = null;
  if (progress !== undefined) {
    total = 0;
    for (const queryset of querysets) total += yield* count(queryset);
  }
  return new Serialization(format, new AllObjects(querysets), mode, { ...options, fields: null, total });
}

/** A lazy dump: what is to be written is asked for with the first piece. */
export class Dump {
  readonly #labels: readonly string[];
  readonly #mode: Mode;
  readonly #options: DumpdataOptions;
  #serialization: Serialization | null = null;

  constructor(labels: readonly string[], mode: Mode, options: DumpdataOptions) {
    this.#labels = labels;
    this.#mode = mode;
    this.#options = options;
  }

  *next(): Task<string | null> {
    this.#serialization ??= yield* open(this.#labels, this.#mode, this.#options);
    return yield* this.#serialization.next();
  }

  *close(): Task<void> {
    if (this.#serialization !== null) yield* this.#serialization.close();
  }
}

/** An error while writing says so, as Django's command does. */
function* wrapErrors<T>(body: () => Task<T>): Task<T> {
  try {
    return yield* body();
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    throw new CommandError(`Unable to serialize database: ${errorText(cause)}`, { cause });
  }
}

/** The whole dump as a text. */
export function dumpText(labels: readonly string[], mode: Mode, options: DumpdataOptions): Task<string> {
  return wrapErrors(function* () {
    return yield* wholeText(yield* open(labels, mode, options));
  });
}

/** Writes a dump to a file; gives how many objects were written. */
export function dumpFile(
  labels: readonly string[],
  mode: Mode,
  path: string,
  options: DumpdataOptions,
): Task<number> {
  return wrapErrors(function* () {
    const serialization = yield* open(labels, mode, options);
    const file = new OutputFile(path, mode);
    try {
      for (let text = yield* serialization.next(); text !== null; text = yield* serialization.next()) {
        yield* file.write(text);
      }
    } finally {
      yield* file.close();
      yield* serialization.close();
    }
    return serialization.count;
  });
}
