/** Writes the format "xml". */
import { ValueError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { JSONField } from "../fields/json.ts";
import type { ForeignKey } from "../fields/related/foreign-key.ts";
import type { ManyToManyField } from "../fields/related/many-to-many.ts";
import { dumps } from "../util/json.ts";
import { str } from "../util/repr.ts";
import type { Writer, WriterOptions } from "./format.ts";
import { fileName } from "./names.ts";
import type { ObjectRecord, RecordField, Reference } from "./record.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f]/;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (char) => ENTITIES[char] as string);
}

/** The value of an attribute in the quotes that it does not hold itself. */
function quoted(text: string): string {
  const value = text.replace(/[&<>\n\r\t]/g, (char) => ENTITIES[char] as string);
  if (!value.includes('"')) return `"${value}"`;
  return value.includes("'") ? `"${value.replaceAll('"', "&quot;")}"` : `'${value}'`;
}

/** A start tag; attributes are sorted by name. */
function tag(name: string, attributes: Readonly<Record<string, string>> = {}): string {
  const parts = Object.keys(attributes)
    .sort()
    .map((key) => ` ${key}=${quoted(attributes[key] as string)}`);
  return `<${name}${parts.join("")}>`;
}

const NONE = "<None></None>";

function naturalTags(key: readonly unknown[]): string {
  return key.map((part) => `<natural>${escaped(str(part))}</natural>`).join("");
}

export class XmlWriter implements Writer {
  readonly #indent: number | null;

  constructor({ indent }: WriterOptions) {
    this.#indent = indent;
  }

  #line(level: number): string {
    return this.#indent === null ? "" : `\n${" ".repeat(this.#indent * level)}`;
  }

  start(): string {
    return `<?xml version="1.0" encoding="utf-8"?>\n<django-objects version="1.0">`;
  }

  end(): string {
    return `${this.#line(0)}</django-objects>`;
  }

  object(record: ObjectRecord): string {
    const { instance, opts, withPk, fields } = record;
    const attributes: Record<string, string> = { model: opts.labelLower };
    if (withPk && instance.pk != null) attributes.pk = String(opts.pk.valueToString(instance));
    const parts = fields.map((entry) => `${this.#line(2)}${this.#field(record, entry)}</field>`);
    return `${this.#line(1)}${tag("object", attributes)}${parts.join("")}${this.#line(1)}</object>`;
  }

  #field(record: ObjectRecord, entry: RecordField): string {
    const { field } = entry;
    if (entry.kind === "field") {
      return tag("field", { name: fileName(field), type: field.internalType }) + this.#value(record, field);
    }
    const start = tag("field", {
      name: fileName(field),
      rel: entry.field.remoteField.constructor.name,
      to: entry.field.remoteField.opts.labelLower,
    });
    if (entry.kind === "many") return start + entry.references.map(reference).join("");
    const value = record.instance[field.attname];
    if (value == null) return start + NONE;
    return (
      start + (entry.natural === null ? this.#text(record, field, str(value)) : naturalTags(entry.natural))
    );
  }

  #value(record: ObjectRecord, field: Field): string {
    const { instance } = record;
    if (field.valueFromObject(instance) == null) return NONE;
    const value = field.valueToString(instance);
    const text =
      field.internalType === "JSONField" ? dumps(value, (field as JSONField).encoder) : String(value);
    return this.#text(record, field, text);
  }

  #text({ instance, opts }: ObjectRecord, field: ForeignKey | ManyToManyField | Field, text: string): string {
    if (!CONTROL.test(text)) return escaped(text);
    throw new ValueError(
      `${opts.objectName}.${field.name} (pk:${str(instance.pk)}) contains unserializable characters`,
    );
  }
}

function reference(target: Reference): string {
  if ("natural" in target) return `<object>${naturalTags(target.natural)}</object>`;
  return `${tag("object", { pk: str(target.object.pk) })}</object>`;
}
