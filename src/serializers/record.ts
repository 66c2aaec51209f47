/** Objects as serializers see them: what every format writes, before it is text. */
import { closeStream, nextChunk, openStream, type Stream } from "../execute/iterator.ts";
import { PrefetchedRows } from "../execute/prefetched-rows.ts";
import type { WritableQuerySet } from "../execute/querysets.ts";
import type { Field } from "../fields/field.ts";
import type { ForeignKey } from "../fields/related/foreign-key.ts";
import type { ManyToManyField } from "../fields/related/many-to-many.ts";
import { hooks } from "../models/hooks.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Mode, Task } from "../task.ts";
import { repr } from "../util/repr.ts";
import { SerializationError } from "./errors.ts";
import { fileName } from "./names.ts";
import { hasNaturalKey, naturalKey } from "./natural.ts";

/** A reference to another object: its natural key, or the object itself for its primary key. */
export type Reference = { readonly natural: readonly unknown[] } | { readonly object: ModelInstance };

/** A field of an object. */
export type RecordField =
  | { readonly kind: "field"; readonly field: Field }
  | { readonly kind: "relation"; readonly field: ForeignKey; readonly natural: readonly unknown[] | null }
  | { readonly kind: "many"; readonly field: ManyToManyField; readonly references: readonly Reference[] };

/** An object that is written. */
export interface ObjectRecord {
  readonly instance: ModelInstance;
  readonly opts: Options;
  /** The primary key is written: it is not where a natural key stands for it. */
  readonly withPk: boolean;
  readonly fields: readonly RecordField[];
}

export interface RecordOptions {
  readonly mode: Mode;
  /** Only these fields. */
  readonly fields: ReadonlySet<string> | null;
  readonly useNaturalForeignKeys: boolean;
  readonly useNaturalPrimaryKeys: boolean;
}

/** The fields of a model that are written, its own ones only: a parent's are in the parent's own object. */
interface Selection {
  readonly fields: readonly Field[];
  readonly many: readonly ManyToManyField[];
}

function isSelected(field: Field, selected: ReadonlySet<string> | null): boolean {
  return selected === null || selected.has(field.name) || selected.has(fileName(field));
}

/** What is written of the objects of a model. A primary key is no field of a file, but for that of a natural key. */
function selectionOf(opts: Options, { fields: selected, useNaturalPrimaryKeys }: RecordOptions): Selection {
  const { concreteOpts } = opts;
  const { pk } = concreteOpts;
  const isLink = (pk.remoteField as ForeignKey["remoteField"] | null)?.parentLink === true;
  const parentLink = useNaturalPrimaryKeys && isLink ? pk : null;
  const isWritten = (field: Field) =>
    field === parentLink || (field !== pk && field.serialize && field.compositeFields === null);
  return {
    fields: concreteOpts.localFields.filter((field) => isWritten(field) && isSelected(field, selected)),
    many: (concreteOpts.localManyToMany as Field[] as ManyToManyField[]).filter(
      (field) =>
        field.serialize && field.remoteField.throughMeta.autoCreated !== null && isSelected(field, selected),
    ),
  };
}

/** Makes the records of objects; knows the models that it has seen. */
export class Recorder {
  readonly #options: RecordOptions;
  readonly #selections = new Map<Options, Selection>();

  constructor(options: RecordOptions) {
    this.#options = options;
  }

  *record(instance: ModelInstance): Task<ObjectRecord> {
    const opts = (instance as Partial<ModelInstance> | null | undefined)?._meta;
    if (opts === undefined || typeof instance === "function") {
      throw new SerializationError(`Non-model object (${repr(instance)}) encountered during serialization`);
    }
    let selection = this.#selections.get(opts);
    if (selection === undefined) {
      selection = selectionOf(opts, this.#options);
      this.#selections.set(opts, selection);
    }
    const fields: RecordField[] = [];
    for (const field of selection.fields) {
      yield* this.#load(instance, field);
      if (!field.isRelation) fields.push({ kind: "field", field });
      else fields.push(yield* this.#relation(instance, field as Field as ForeignKey));
    }
    for (const field of selection.many) fields.push(yield* this.#many(instance, field));
    const withPk = !this.#options.useNaturalPrimaryKeys || !hasNaturalKey(opts);
    return { instance, opts, withPk, fields };
  }

  /** A column that was deferred. */
  *#load(instance: ModelInstance, field: Field): Task<void> {
    if (!field.concrete || Object.hasOwn(instance, field.attname)) return;
    yield* hooks.refresh(instance, { fields: [field.attname] });
  }

  *#relation(instance: ModelInstance, field: ForeignKey): Task<RecordField> {
    const natural = this.#options.useNaturalForeignKeys && hasNaturalKey(field.remoteField.opts);
    if (!natural || instance[field.attname] == null) return { kind: "relation", field, natural: null };
    let target = field.getCachedValue(instance);
    if (target == null) {
      target = yield* hooks.fetchRelated(instance, field);
      field.setCachedValue(instance, target);
    }
    return { kind: "relation", field, natural: yield* naturalKey(target) };
  }

  *#many(instance: ModelInstance, field: ManyToManyField): Task<RecordField> {
    const natural = this.#options.useNaturalForeignKeys && hasNaturalKey(field.remoteField.opts);
    const references: Reference[] = [];
    for (const object of yield* this.#related(instance, field, natural)) {
      references.push(natural ? { natural: yield* naturalKey(object) } : { object });
    }
    return { kind: "many", field, references };
  }

  /** The related objects: those that were prefetched, else asked for with one query. */
  *#related(instance: ModelInstance, field: ManyToManyField, whole: boolean): Task<readonly ModelInstance[]> {
    const prefetched = instance._state.prefetched?.get(field.name);
    if (prefetched instanceof PrefetchedRows) return prefetched.rows as readonly ModelInstance[];
    const manager = hooks.makeRelatedManager(instance, field, this.#options.mode) as {
      all(): WritableQuerySet & { selectRelated(none: null): { only(name: string): WritableQuerySet } };
    };
    const queryset = whole ? manager.all() : manager.all().selectRelated(null).only("pk");
    return (yield* queryset.fetch()) as readonly ModelInstance[];
  }
}

/** Where objects come from, a number of them at a time. */
export interface ObjectSource {
  /** The next objects; none at the end. */
  next(): Task<readonly ModelInstance[]>;
  /** Lets go of what is open. */
  close(): Task<void>;
}

/** How many objects of a collection that is no queryset are taken at a time. */
const CHUNK = 500;
/** How many rows of a queryset are read at a time, as `iterator()` does. */
const ROWS = 2000;

/** Reads a queryset in chunks, and keeps none of its objects; one that has its rows gives those. */
export class QuerySetSource implements ObjectSource {
  readonly #queryset: WritableQuerySet;
  #stream: Stream | null = null;
  #done = false;

  constructor(queryset: WritableQuerySet) {
    this.#queryset = queryset;
  }

  *next(): Task<readonly ModelInstance[]> {
    if (this.#done) return [];
    const { results } = this.#queryset;
    if (results !== null) {
      this.#done = true;
      return results as readonly ModelInstance[];
    }
    this.#stream ??= yield* openStream(this.#queryset, ROWS);
    return (yield* nextChunk(this.#stream)) as readonly ModelInstance[];
  }

  *close(): Task<void> {
    this.#done = true;
    if (this.#stream !== null) yield* closeStream(this.#stream);
    this.#stream = null;
  }
}

type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>;

/** Objects of any collection, also of one that gives promises. */
class IterableSource implements ObjectSource {
  readonly #iterator: AnyIterator;
  #done = false;

  constructor(objects: Iterable<unknown> | AsyncIterable<unknown>) {
    this.#iterator =
      Symbol.asyncIterator in objects ? objects[Symbol.asyncIterator]() : objects[Symbol.iterator]();
  }

  *next(): Task<readonly ModelInstance[]> {
    const objects: ModelInstance[] = [];
    while (!this.#done && objects.length < CHUNK) {
      const step = this.#iterator.next();
      const { done, value } = (yield {
        kind: "wait",
        value: step,
        what: "the next object",
      }) as IteratorResult<unknown>;
      if (done) this.#done = true;
      else objects.push(value as ModelInstance);
    }
    return objects;
  }

  *close(): Task<void> {
    if (this.#done) return;
    this.#done = true;
    yield { kind: "wait", value: this.#iterator.return?.(), what: "the end of the objects" };
  }
}

/** The source of what `serialize()` was given. */
export function sourceOf(
  objects: Iterable<unknown> | AsyncIterable<unknown>,
  isQuerySet: (value: unknown) => value is WritableQuerySet,
): ObjectSource {
  return isQuerySet(objects) ? new QuerySetSource(objects) : new IterableSource(objects);
}
