/** Objects that were read, and are not saved yet. */
import { runAsync, runSync } from "../execute/run.ts";
import type { Field } from "../fields/field.ts";
import type { ForeignKey } from "../fields/related/foreign-key.ts";
import type { ManyToManyField } from "../fields/related/many-to-many.ts";
import { hooks } from "../models/hooks.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Task } from "../task.ts";
import { str } from "../util/repr.ts";
import { DeserializationError } from "./errors.ts";
import { type BuildContext, plainMany, plainRelation } from "./references.ts";

export interface SaveDeserializedOptions {
  /** The alias of the database. */
  using?: string | null | undefined;
  /** `false` leaves the many-to-many relations as they are. */
  saveM2m?: boolean | undefined;
}

/** An object of a file. Django: `DeserializedObject`. */
export class DeserializedObject {
  /** The object. It is not saved. */
  readonly object: ModelInstance;
  /** The keys of related objects by the name of the many-to-many field; `null` once they are saved. */
  m2mData: ReadonlyMap<string, readonly unknown[]> | null;
  /** What fields have in the file whose natural keys were not found. */
  readonly deferredFields: ReadonlyMap<Field, unknown>;
  readonly #context: BuildContext;

  constructor(
    object: ModelInstance,
    m2mData: ReadonlyMap<string, readonly unknown[]>,
    deferredFields: ReadonlyMap<Field, unknown>,
    context: BuildContext,
  ) {
    this.object = object;
    this.m2mData = m2mData;
    this.deferredFields = deferredFields;
    this.#context = context;
  }

  /**
   * Saves the object as it is: only the row of its own table, without `save()` of the model, without `autoNow`; the
   * signals say `raw`. Then its many-to-many relations.
   */
  save(options: SaveDeserializedOptions = {}): void {
    runSync(this.saveTask(options));
  }

  /** {@link save} as a promise. */
  asave(options: SaveDeserializedOptions = {}): Promise<void> {
    return runAsync(this.saveTask(options));
  }

  /** Looks up the natural keys that were not found before, and saves again. */
  saveDeferredFields(options: { using?: string | null | undefined } = {}): void {
    runSync(this.saveDeferredTask(options.using ?? null));
  }

  /** {@link saveDeferredFields} as a promise. */
  asaveDeferredFields(options: { using?: string | null | undefined } = {}): Promise<void> {
    return runAsync(this.saveDeferredTask(options.using ?? null));
  }

  *saveTask({ using, saveM2m = true }: SaveDeserializedOptions = {}): Task<void> {
    const { object } = this;
    yield* hooks.saveBase(object, { using, raw: true });
    if (this.m2mData !== null && saveM2m) {
      for (const [name, keys] of this.m2mData) {
        const field = object._meta.getField(name) as Field as ManyToManyField;
        const manager = hooks.makeRelatedManager(object, field, this.#context.mode) as {
          set(objects: readonly unknown[]): unknown;
        };
        yield { kind: "wait", value: manager.set(keys), what: `set() of ${field}` };
      }
    }
    this.m2mData = null;
  }

  *saveDeferredTask(using: string | null): Task<void> {
    const { object } = this;
    const context = { ...this.#context, using: using ?? this.#context.using, handleForwardReferences: false };
    const failed = (cause: unknown, value: unknown) =>
      DeserializationError.withData(cause, object._meta.labelLower, object.pk, value);
    const many = new Map<string, readonly unknown[]>();
    for (const [field, value] of this.deferredFields) {
      if (field.manyToMany) {
        const keys = yield* plainMany(field as ManyToManyField, value, context, failed);
        many.set(field.name, keys as readonly unknown[]);
        continue;
      }
      try {
        object[field.attname] = yield* plainRelation(field as ForeignKey, value, context);
      } catch (error) {
        throw failed(error, value);
      }
    }
    this.m2mData = many;
    yield* this.saveTask();
  }

  toString(): string {
    return `<DeserializedObject: ${this.object._meta.label}(pk=${str(this.object.pk)})>`;
  }
}
