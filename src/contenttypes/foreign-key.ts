import { ImproperlyConfigured, ObjectDoesNotExist, ValueError } from "../errors.ts";
import { getOne } from "../execute/fetch.ts";
import { withModeOf } from "../execute/prefetchers.ts";
import { baseQuerySet } from "../execute/querysets.ts";
import { Field } from "../fields/field.ts";
import type { PrivateField } from "../fields/private.ts";
import {
  type CachingField,
  deleteCachedValue,
  getCachedValue,
  setCachedValue,
} from "../fields/related/cache.ts";
import { ForeignKey } from "../fields/related/foreign-key.ts";
import { DatabaseOnDelete } from "../fields/related/on-delete.ts";
import { columnFetcher } from "../models/deferred.ts";
import { defineAccessor, isPkSet } from "../models/descriptors.ts";
import { type Fetcher, shareFetch } from "../models/fetch-modes.ts";
import { hooks } from "../models/hooks.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import { dbLike } from "../router.ts";
import type { Task } from "../task.ts";
import { repr } from "../util/repr.ts";
import { contentTypes } from "./base.ts";
import { cachedContentType, modelKey } from "./cache.ts";
import { genericPrefetcher } from "./prefetchers.ts";
import { getForId, getForModel, modelOfType, optionsOf } from "./tasks.ts";

/** Options of `GenericForeignKey`. */
export interface GenericForeignKeyOptions {
  forConcreteModel?: boolean;
}

/**
 * A relation to an object of any model: its model is held by a foreign key to `ContentType`, its primary key by
 * another field.
 *
 * Django: The contenttypes framework, "Generic relations".
 */
export class GenericForeignKey extends Field implements PrivateField, CachingField {
  readonly ctField: string;
  readonly fkField: string;
  readonly forConcreteModel: boolean;

  constructor(ctField = "content_type", fkField = "object_id", options: GenericForeignKeyOptions = {}) {
    super({ editable: false });
    this.ctField = ctField;
    this.fkField = fkField;
    this.forConcreteModel = options.forConcreteModel ?? true;
  }

  override get isPrivate(): boolean {
    return true;
  }

  override get isRelation(): boolean {
    return true;
  }

  override get manyToOne(): boolean {
    return true;
  }

  override getAttnameColumn(): [string, string | null] {
    return [this.name, null];
  }

  override clone(): this {
    const { ctField, fkField, forConcreteModel } = this;
    return new (this.constructor as typeof GenericForeignKey)(ctField, fkField, { forConcreteModel }) as this;
  }

  inherited(): Field {
    return this.clone();
  }

  override deconstruct(): { type: string; args: readonly unknown[]; kwargs: Record<string, unknown> } {
    const kwargs = this.forConcreteModel ? {} : { forConcreteModel: false };
    return { type: "GenericForeignKey", args: [this.ctField, this.fkField], kwargs };
  }

  /** The foreign key that holds the content type. */
  get contentTypeKey(): ForeignKey {
    return (this.opts as Options).getField(this.ctField) as unknown as ForeignKey;
  }

  /** The field that holds the primary key. */
  get objectIdField(): Field {
    return (this.opts as Options).getField(this.fkField) as Field;
  }

  check(): void {
    const opts = this.opts as Options;
    const fail = (text: string): never => {
      throw new ImproperlyConfigured(`${opts.label}.${this.name}: ${text}`);
    };
    if (opts.findField(this.fkField) === undefined) {
      fail(`The GenericForeignKey object ID references the nonexistent field '${this.fkField}'.`);
    }
    const key = opts.findField(this.ctField);
    if (key === undefined) {
      fail(
        `The GenericForeignKey content type references the nonexistent field '${opts.objectName}.${this.ctField}'.`,
      );
    }
    if (!(key instanceof ForeignKey)) {
      fail(
        `'${opts.objectName}.${this.ctField}' is not a ForeignKey. GenericForeignKeys must use a ForeignKey to ` +
          "'contenttypes.ContentType' as the 'content_type' field.",
      );
    }
    if (this.contentTypeKey.remoteField.toOpts !== contentTypes) {
      fail(`'${opts.objectName}.${this.ctField}' is not a ForeignKey to 'contenttypes.ContentType'.`);
    }
    if (this.contentTypeKey.remoteField.onDelete instanceof DatabaseOnDelete) {
      fail(
        `'${opts.objectName}.${this.ctField}' cannot use the database-level onDelete variant. Change onDelete to the ` +
          "other variant.",
      );
    }
  }

  // ---------------------------------------------------------------- the loaded object

  get cacheName(): string {
    return this.name;
  }

  /** What the two columns hold; `undefined` while one is not loaded. */
  cacheKey(instance: ModelInstance): unknown {
    const [type, id] = [this.contentTypeKey.attname, this.objectIdField.attname];
    if (!Object.hasOwn(instance, type) || !Object.hasOwn(instance, id)) return undefined;
    return [instance[type], text(instance[id])];
  }

  getCachedValue(instance: ModelInstance): ModelInstance | null | undefined {
    return getCachedValue(this, instance);
  }

  isCached(instance: ModelInstance): boolean {
    return this.getCachedValue(instance) !== undefined;
  }

  setCachedValue(instance: ModelInstance, value: ModelInstance | null): void {
    setCachedValue(this, instance, value);
  }

  deleteCachedValue(instance: ModelInstance): void {
    deleteCachedValue(this, instance);
  }

  /** The object was assigned before it was saved, or is not saved yet. */
  prepareSave(instance: ModelInstance, operation: string): void {
    const object = this.getCachedValue(instance);
    if (object == null) return;
    if (!isPkSet(object)) {
      throw new ValueError(
        `${operation}() prohibited to prevent data loss due to unsaved related object '${this.name}'.`,
      );
    }
    if (instance[this.objectIdField.attname] == null) {
      instance[this.objectIdField.attname] = object.pk;
      this.setCachedValue(instance, object);
    }
  }

  prefetcher(): unknown {
    return genericPrefetcher(this);
  }

  install(opts: Options): void {
    const { name } = this;
    const field = this;
    const fetcher: Fetcher = {
      name,
      isFetched: (instance) => field.isCached(instance),
      *fetchOne(instance) {
        field.setCachedValue(instance, yield* fetchObject(instance, field));
      },
      fetchMany: (instances) => hooks.fetchMany(instances, name),
    };
    defineAccessor(
      opts,
      name,
      {
        get(this: ModelInstance) {
          const cached = field.getCachedValue(this);
          if (cached !== undefined) return cached;
          return hooks.runSync(load(this, field, fetcher), `await ${opts.modelName}.a${name}`);
        },
        set(this: ModelInstance, value: unknown) {
          assign(this, field, value);
        },
      },
      {
        async get(this: ModelInstance) {
          const cached = field.getCachedValue(this);
          if (cached !== undefined) return cached;
          const run = () => hooks.runAsync(load(this, field, fetcher));
          return shareFetch(this, fetcher, () => field.getCachedValue(this), run);
        },
      } as PropertyDescriptor,
    );
  }
}

/** Keys compare as texts: the column may hold the keys of models with other types of keys. */
function text(id: unknown): string | null {
  return id === null || id === undefined ? null : String(id);
}

function* load(
  instance: ModelInstance,
  field: GenericForeignKey,
  fetcher: Fetcher,
): Task<ModelInstance | null> {
  const { fetchMode } = instance._state;
  for (const column of [field.contentTypeKey, field.objectIdField]) {
    if (!Object.hasOwn(instance, column.attname)) yield* fetchMode.fetch(columnFetcher(column), instance);
  }
  if (instance[field.contentTypeKey.attname] == null || instance[field.objectIdField.attname] == null) {
    field.setCachedValue(instance, null);
    return null;
  }
  yield* fetchMode.fetch(fetcher, instance);
  return (instance._state.fieldsCache?.[field.cacheName]?.value ?? null) as ModelInstance | null;
}

/** The object; `null` where its row, or its model, is gone. */
function* fetchObject(instance: ModelInstance, field: GenericForeignKey): Task<ModelInstance | null> {
  try {
    const alias = dbLike(instance, contentTypes.model);
    const type = yield* getForId(alias, instance[field.contentTypeKey.attname]);
    const opts = modelOfType(type);
    if (opts === null) return null;
    const rows = withModeOf(
      baseQuerySet(opts, dbLike(instance, opts.model)).about({ instance, cacheName: field.cacheName }),
      instance,
    );
    return (yield* getOne(rows, [{ pk: instance[field.objectIdField.attname] }])) as ModelInstance;
  } catch (error) {
    if (error instanceof ObjectDoesNotExist) return null;
    throw error;
  }
}

function assign(instance: ModelInstance, field: GenericForeignKey, value: unknown): void {
  const { ctField, objectIdField } = field;
  if (value === null) {
    instance[ctField] = null;
    instance[objectIdField.attname] = null;
    field.setCachedValue(instance, null);
    return;
  }
  if (typeof value !== "object" || !("_state" in value)) {
    throw new ValueError(
      `Cannot assign "${repr(value)}": "${instance._meta.objectName}.${field.name}" must be an object of a model.`,
    );
  }
  const object = value as ModelInstance;
  const alias = dbLike(object._state.db === null ? instance : object, contentTypes.model);
  const opts = optionsOf(object, field.forConcreteModel);
  instance[ctField] =
    cachedContentType(alias, modelKey(opts.appLabel, opts.modelName)) ??
    hooks.runSync(getForModel(alias, opts), `await ContentType.aobjects.getForModel(${opts.objectName})`);
  instance[objectIdField.attname] = object.pk;
  field.setCachedValue(instance, object);
}
