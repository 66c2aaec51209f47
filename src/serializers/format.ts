/** What a format is: how objects become text, and text objects again. */
import type { Task } from "../task.ts";
import type { DeserializedObject } from "./deserialized.ts";
import type { ObjectRecord } from "./record.ts";
import type { BuildContext } from "./references.ts";

export interface WriterOptions {
  /** How many spaces a level is indented by; `null` for no line breaks. */
  readonly indent: number | null;
}

/** Writes objects, one after another. */
export interface Writer {
  start(): string;
  object(record: ObjectRecord): string;
  end(): string;
}

/** Reads a text piece by piece: gives the objects that are complete. */
export interface Reader<Raw> {
  write(text: string): Iterable<Raw>;
  end(): Iterable<Raw>;
}

/** A format of files. `Raw` is an object as its reader gives it. */
export interface Format<Raw = unknown> {
  writer(options: WriterOptions): Writer;
  reader(): Reader<Raw>;
  /** Makes an object of what was read; `null` for one that is left out. */
  build(raw: Raw, context: BuildContext): Task<DeserializedObject | null>;
}
