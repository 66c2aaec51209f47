/** Writing objects to texts and reading them again, as tasks. */

import type { WritableQuerySet } from "../execute/querysets.ts";
import type { ModelInstance } from "../models/types.ts";
import { BaseQuerySet } from "../queryset.ts";
import type { Mode, Task } from "../task.ts";
import type { DeserializedObject } from "./deserialized.ts";
import type { Format, Reader, Writer } from "./format.ts";
import { formatOf } from "./formats.ts";
import { type ObjectSource, Recorder, sourceOf } from "./record.ts";
import type { BuildContext } from "./references.ts";
import { type Chunks, decoded, type Source } from "./text.ts";
import type { DeserializeOptions, Progress, SerializeOptions } from "./types.ts";

/** There are no more objects. */
const END: unique symbol = Symbol("asgimod.end");

/** After so many objects a piece of text is given away. */
const PIECE = 100;

/** A writing under way: gives the text piece by piece. */
export class Serialization {
  readonly #writer: Writer;
  readonly #recorder: Recorder;
  readonly #source: ObjectSource;
  readonly #progress: Progress | undefined;
  readonly #total: number | null;
  #count = 0;
  #waiting: Iterator<ModelInstance> | null = null;
  #state: "new" | "open" | "done" = "new";

  constructor(
    format: string,
    source: ObjectSource,
    mode: Mode,
    options: SerializeOptions & { readonly total?: number | null },
  ) {
    const { fields, useNaturalForeignKeys = false, useNaturalPrimaryKeys = false } = options;
    this.#writer = formatOf(format).writer({ indent: options.indent ?? null });
    this.#recorder = new Recorder({
      mode,
      fields: fields == null ? null : new Set<string>(fields),
      useNaturalForeignKeys,
      useNaturalPrimaryKeys,
    });
    this.#source = source;
    this.#progress = options.progress;
    this.#total = options.total ?? null;
  }

  /** How many objects were written. */
  get count(): number {
    return this.#count;
  }

  /** The next piece of text; `null` after the end. */
  *next(): Task<string | null> {
    if (this.#state === "done") return null;
    let text = "";
    if (this.#state === "new") {
      this.#state = "open";
      text = this.#writer.start();
    }
    for (let i = 0; i < PIECE; i++) {
      const object = yield* this.#object();
      if (object === END) {
        this.#state = "done";
        return text + this.#writer.end();
      }
      text += this.#writer.object(yield* this.#recorder.record(object));
      this.#count++;
      this.#progress?.(this.#count, this.#total);
    }
    return text;
  }

  *#object(): Task<ModelInstance | typeof END> {
    for (;;) {
      const step = this.#waiting?.next();
      if (step !== undefined && !step.done) return step.value;
      const objects = yield* this.#source.next();
      if (objects.length === 0) return END;
      this.#waiting = objects[Symbol.iterator]();
    }
  }

  close(): Task<void> {
    return this.#source.close();
  }
}

function isQuerySet(value: unknown): value is WritableQuerySet {
  return value instanceof BaseQuerySet;
}

export function serialization(
  format: string,
  objects: Iterable<unknown> | AsyncIterable<unknown>,
  mode: Mode,
  options: SerializeOptions,
): Serialization {
  return new Serialization(format, sourceOf(objects, isQuerySet), mode, options);
}

/** The whole text. */
export function* wholeText(serialization: Serialization): Task<string> {
  const pieces: string[] = [];
  try {
    for (let text = yield* serialization.next(); text !== null; text = yield* serialization.next()) {
      pieces.push(text);
    }
  } finally {
    yield* serialization.close();
  }
  return pieces.join("");
}

/** A reading under way: gives one object after another, none of them saved. */
export class Deserialization {
  readonly #format: Format;
  readonly #reader: Reader<unknown>;
  readonly #chunks: Chunks;
  readonly #context: BuildContext;
  #waiting: Iterator<unknown> | null = null;
  #ended = false;

  constructor(format: string, source: Source, mode: Mode, options: DeserializeOptions) {
    const { using, ignorenonexistent = false, handleForwardReferences = false } = options;
    this.#format = formatOf(format);
    this.#reader = this.#format.reader();
    this.#chunks = decoded(source);
    this.#context = { mode, using: using ?? "default", ignorenonexistent, handleForwardReferences };
  }

  /** The next object; `null` after the last one. */
  *next(): Task<DeserializedObject | null> {
    for (;;) {
      const step = this.#waiting?.next();
      if (step !== undefined && !step.done) {
        const object = yield* this.#format.build(step.value, this.#context);
        if (object !== null) return object;
        continue;
      }
      if (this.#ended) return null;
      const text = yield* this.#chunks.next();
      this.#ended = text === null;
      const objects = text === null ? this.#reader.end() : this.#reader.write(text);
      this.#waiting = objects[Symbol.iterator]();
    }
  }

  close(): Task<void> {
    return this.#chunks.close();
  }
}
