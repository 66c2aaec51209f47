import { getOne } from "../execute/fetch.ts";
import { baseQuerySet } from "../execute/querysets.ts";
import { runAsync, runSync } from "../execute/run.ts";
import type { ModelClass, ModelInstance } from "../models/types.ts";
import type { Mode, Task } from "../task.ts";
import type { AsyncQuerySet, QuerySet } from "../types/index.ts";
import { ContentTypeBase, contentTypes } from "./base.ts";
import { type ContentTypeRow, clearCache } from "./cache.ts";
import { getByNaturalKey, getForId, getForModel, getForModels, modelOfType, optionsOf } from "./tasks.ts";
import type { AsyncContentTypeManager, ContentTypeManager, SomeModel } from "./types.ts";

/** What the methods of the manager need of a queryset. */
interface Source {
  readonly db: string;
  readonly mode: Mode;
}

function run<T>({ mode }: Source, task: Task<T>): unknown {
  return mode === "sync" ? runSync(task) : runAsync(task);
}

/** Options, where the last argument is some. */
function splitModels(args: readonly unknown[]): [models: ModelClass[], forConcreteModels: boolean] {
  const last = args[args.length - 1];
  const hasOptions = typeof last === "object" && last !== null && !("_meta" in last);
  const { forConcreteModels = true } = hasOptions ? (last as { forConcreteModels?: boolean }) : {};
  return [(hasOptions ? args.slice(0, -1) : args) as ModelClass[], forConcreteModels];
}

const methods = {
  getForModel(this: Source, model: unknown, options: { forConcreteModel?: boolean } = {}) {
    return run(this, getForModel(this.db, optionsOf(model, options.forConcreteModel ?? true)));
  },
  getForModels(this: Source, ...args: readonly unknown[]) {
    return run(this, getForModels(this.db, ...splitModels(args)));
  },
  getForId(this: Source, id: unknown) {
    return run(this, getForId(this.db, id));
  },
  getByNaturalKey(this: Source, appLabel: string, model: string) {
    return run(this, getByNaturalKey(this.db, appLabel, model));
  },
  clearCache(this: Source) {
    clearCache();
  },
};

interface Extensible {
  extend(methods: object): unknown;
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * The models of the program, as rows: what generic relations refer to.
 *
 * Rows are made when they are first needed: `ContentType.objects.getForModel(Pizza)`.
 *
 * Django: "The contenttypes framework".
 */
export class ContentType extends ContentTypeBase {
  static override readonly objects: ContentTypeManager = (super.objects as unknown as Extensible).extend(
    methods,
  ) as ContentTypeManager;
  static override readonly aobjects: AsyncContentTypeManager = (
    super.aobjects as unknown as Extensible
  ).extend(methods) as AsyncContentTypeManager;

  private get row(): ContentTypeRow {
    return this as unknown as ContentTypeRow;
  }

  /** The model; `null` when no such model is declared any more. */
  modelClass(): SomeModel | null {
    return (modelOfType(this.row)?.model ?? null) as SomeModel | null;
  }

  /** What people call the model: its `verboseName`. */
  get name(): string {
    return modelOfType(this.row)?.verboseName ?? this.row.model;
  }

  /** {@link name} with the app before it. */
  get appLabeledName(): string {
    const opts = modelOfType(this.row);
    if (opts === null) return `${this.row.app_label} | ${this.row.model}`;
    return `${capitalized(opts.appLabel)} | ${opts.verboseName}`;
  }

  private rows(using: string | null) {
    const opts = modelOfType(this.row);
    if (opts === null) throw new contentTypes.model.DoesNotExist(`No model is declared for '${this}'.`);
    return baseQuerySet(opts, using ?? this.row._state.db);
  }

  /**
   * The object of this type for which the conditions hold.
   *
   * @throws the model's `DoesNotExist` and `MultipleObjectsReturned`
   */
  getObjectForThisType(conditions: object, options: { using?: string } = {}): ModelInstance {
    return runSync(getOne(this.rows(options.using ?? null), [conditions])) as ModelInstance;
  }

  /** {@link getObjectForThisType} as a promise. */
  agetObjectForThisType(conditions: object, options: { using?: string } = {}): Promise<ModelInstance> {
    return runAsync(getOne(this.rows(options.using ?? null), [conditions])) as Promise<ModelInstance>;
  }

  /** The objects of this type for which the conditions hold. */
  getAllObjectsForThisType(conditions: object = {}): QuerySet<string> {
    return this.rows(null).filter(conditions) as unknown as QuerySet<string>;
  }

  /** {@link getAllObjectsForThisType} as an async queryset. */
  agetAllObjectsForThisType(conditions: object = {}): AsyncQuerySet<string> {
    const opts = modelOfType(this.row);
    if (opts === null) throw new contentTypes.model.DoesNotExist(`No model is declared for '${this}'.`);
    const manager = opts.baseManager("async") as unknown as {
      using(alias: string | null): { filter(conditions: object): unknown };
    };
    return manager.using(this.row._state.db).filter(conditions) as AsyncQuerySet<string>;
  }

  naturalKey(): [appLabel: string, model: string] {
    return [this.row.app_label, this.row.model];
  }

  override toString(): string {
    return this.appLabeledName;
  }
}
contentTypes.adopt(ContentType as unknown as ModelClass);
