/** `asgimod/serializers`: objects as JSON, XML and YAML, as Django writes and reads them. */
import { runAsync, runSync } from "../execute/run.ts";
import type { DeserializedObject as Deserialized } from "./deserialized.ts";
import { Dump, dumpFile, dumpText } from "./dumpdata.ts";
import type { FormatName } from "./formats.ts";
import { load } from "./loaddata.ts";
import { Deserialization, type Serialization, serialization, wholeText } from "./tasks.ts";
import type {
  AnyInstance,
  AsyncSource,
  DeserializedObject,
  DeserializeOptions,
  DumpdataOptions,
  FieldName,
  LoaddataOptions,
  Loaded,
  SerializeOptions,
  SyncSource,
} from "./types.ts";

export {
  CommandError,
  DeserializationError,
  SerializationError,
  SerializerDoesNotExist,
} from "./errors.ts";
export { type FormatName, getSerializerFormats } from "./formats.ts";
export type * from "./types.ts";

type Writing = Pick<Serialization, "next" | "close">;

function* pieces(writing: Writing): Generator<string> {
  try {
    for (let text = runSync(writing.next()); text !== null; text = runSync(writing.next())) yield text;
  } finally {
    runSync(writing.close());
  }
}

async function* asyncPieces(writing: Writing): AsyncGenerator<string> {
  try {
    for (let text = await runAsync(writing.next()); text !== null; text = await runAsync(writing.next()))
      yield text;
  } finally {
    await runAsync(writing.close());
  }
}

/**
 * Objects as a text: Django's `serialize()`, byte for byte.
 *
 * Only the columns of an object's own table are written: of a model that inherits from another one (multi-table
 * inheritance), serialize the parents' objects too. A field `createdAt` is called `created_at` in the text.
 *
 * @param objects a queryset, which is read in chunks, or any other collection of objects
 * @throws `SerializerDoesNotExist` for an unknown format
 * @example
 * serialize("json", Pizza.objects.filter({ name: "Hawaii" }), { indent: 2, fields: ["name", "box"] });
 *
 * The SQL: that of the queryset, and a query for each many-to-many field of each object; none with `prefetchRelated`.
 * Django: "Serializing Django objects".
 */
export function serialize<T extends AnyInstance>(
  format: FormatName,
  objects: Iterable<T>,
  options: SerializeOptions<FieldName<T>> = {},
): string {
  return runSync(wholeText(serialization(format, objects, "sync", options)));
}

/** {@link serialize} for async querysets and other async collections. */
export function aserialize<T extends AnyInstance>(
  format: FormatName,
  objects: AsyncIterable<T> | Iterable<T>,
  options: SerializeOptions<FieldName<T>> = {},
): Promise<string> {
  return runAsync(wholeText(serialization(format, objects, "async", options)));
}

/** {@link serialize} piece by piece: the text of any number of objects needs little memory. */
export function serializeStream<T extends AnyInstance>(
  format: FormatName,
  objects: Iterable<T>,
  options: SerializeOptions<FieldName<T>> = {},
): Generator<string> {
  return pieces(serialization(format, objects, "sync", options));
}

/**
 * {@link aserialize} piece by piece.
 *
 * @example
 * await pipeline(aserializeStream("jsonl", Pizza.aobjects.all()), createWriteStream("pizzas.jsonl"));
 */
export function aserializeStream<T extends AnyInstance>(
  format: FormatName,
  objects: AsyncIterable<T> | Iterable<T>,
  options: SerializeOptions<FieldName<T>> = {},
): AsyncGenerator<string> {
  return asyncPieces(serialization(format, objects, "async", options));
}

/**
 * The objects of a text, none of them saved: call `save()` of each.
 *
 * @param source a text, bytes, or pieces of those
 * @throws `DeserializationError` when the text is not what it should be, `ImproperlyConfigured` when the package that
 *   the format needs (`yaml`, `saxes`) is not installed
 * @example
 * for (const each of deserialize("json", text)) each.save();
 *
 * Django: "Deserializing data".
 */
export function* deserialize<T = AnyInstance>(
  format: FormatName,
  source: SyncSource,
  options: DeserializeOptions = {},
): Generator<DeserializedObject<T>> {
  const reading = new Deserialization(format, source, "sync", options);
  try {
    for (let object = runSync(reading.next()); object !== null; object = runSync(reading.next()))
      yield typed<T>(object);
  } finally {
    runSync(reading.close());
  }
}

/**
 * {@link deserialize} for async code.
 *
 * @example
 * for await (const each of adeserialize("jsonl", createReadStream("pizzas.jsonl"))) await each.asave();
 */
export async function* adeserialize<T = AnyInstance>(
  format: FormatName,
  source: AsyncSource,
  options: DeserializeOptions = {},
): AsyncGenerator<DeserializedObject<T>> {
  const reading = new Deserialization(format, source, "async", options);
  try {
    for (
      let object = await runAsync(reading.next());
      object !== null;
      object = await runAsync(reading.next())
    )
      yield typed<T>(object);
  } finally {
    await runAsync(reading.close());
  }
}

/** Who reads a file knows what is in it. */
function typed<T>(object: Deserialized): DeserializedObject<T> {
  return object as unknown as DeserializedObject<T>;
}

/**
 * The rows of apps and models as a text, ordered by primary key: Django's `dumpdata`.
 *
 * @param labels of apps (`"shop"`) and models (`"shop.Pizza"`); everything when there are none
 * @throws `CommandError` for labels, formats and options that cannot be
 * @example
 * dumpdata(["shop"], { indent: 2 });
 * dumpdata(["shop.Pizza"], { output: "pizzas.json.gz" }); // how many objects were written
 *
 * Django: "dumpdata".
 */
export function dumpdata(
  labels: readonly string[] | undefined,
  options: DumpdataOptions & { readonly output: string },
): number;
export function dumpdata(labels?: readonly string[], options?: DumpdataOptions): string;
export function dumpdata(
  labels: readonly string[] = [],
  options: DumpdataOptions & { readonly output?: string } = {},
): string | number {
  const { output } = options;
  return output === undefined
    ? runSync(dumpText(labels, "sync", options))
    : runSync(dumpFile(labels, "sync", output, options));
}

/** {@link dumpdata} for async code. */
export function adumpdata(
  labels: readonly string[] | undefined,
  options: DumpdataOptions & { readonly output: string },
): Promise<number>;
export function adumpdata(labels?: readonly string[], options?: DumpdataOptions): Promise<string>;
export function adumpdata(
  labels: readonly string[] = [],
  options: DumpdataOptions & { readonly output?: string } = {},
): Promise<string | number> {
  const { output } = options;
  return output === undefined
    ? runAsync(dumpText(labels, "async", options))
    : runAsync(dumpFile(labels, "async", output, options));
}

/** {@link dumpdata} piece by piece. */
export function dumpdataStream(
  labels: readonly string[] = [],
  options: DumpdataOptions = {},
): Generator<string> {
  return pieces(new Dump(labels, "sync", options));
}

/** {@link adumpdata} piece by piece. */
export function adumpdataStream(
  labels: readonly string[] = [],
  options: DumpdataOptions = {},
): AsyncGenerator<string> {
  return asyncPieces(new Dump(labels, "async", options));
}

/**
 * Loads files of objects in one transaction: Django's `loaddata`.
 *
 * Rows are saved as they are (see `DeserializedObject.save`); they may refer to rows that come later, also by natural
 * key. Automatic keys go on after the largest one.
 *
 * @param labels paths of files, or names that are looked for in `fixtureDirs` and in the current directory; with the
 *   ending of a format (`.json`) and of a compression (`.gz`) or without
 * @throws `CommandError` when there is no such file, `DeserializationError`, `IntegrityError` when a row is missing
 * @example
 * loaddata("menu.json"); // -> { fixtures: 1, objects: 12, loaded: 12 }
 *
 * Django: "loaddata".
 */
export function loaddata(labels: string | readonly string[], options: LoaddataOptions = {}): Loaded {
  return runSync(load(listOf(labels), "sync", options));
}

/** {@link loaddata} for async code. */
export function aloaddata(
  labels: string | readonly string[],
  options: LoaddataOptions = {},
): Promise<Loaded> {
  return runAsync(load(listOf(labels), "async", options));
}

function listOf(labels: string | readonly string[]): readonly string[] {
  return typeof labels === "string" ? [labels] : labels;
}
