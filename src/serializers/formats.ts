/** The formats by name. */
import { SerializerDoesNotExist } from "./errors.ts";
import type { Format } from "./format.ts";
import { json, jsonl } from "./json.ts";
import { xml } from "./xml.ts";
import { yaml } from "./yaml.ts";

/** The name of a format of files. */
export type FormatName = "json" | "jsonl" | "xml" | "yaml";

const formats: Readonly<Record<FormatName, Format>> = { xml: xml as Format, json, yaml, jsonl };

/** The names of the formats, in Django's order. */
export function getSerializerFormats(): FormatName[] {
  return Object.keys(formats) as FormatName[];
}

export function isFormat(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}

/** The format of a name. Throws `SerializerDoesNotExist`. */
export function formatOf(name: string): Format {
  if (isFormat(name)) return formats[name];
  throw new SerializerDoesNotExist(`'${name}'`);
}
