/** The format "xml". */

import { ObjectDoesNotExist } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { JSONField } from "../fields/json.ts";
import type { ForeignKey } from "../fields/related/foreign-key.ts";
import type { ManyToManyField } from "../fields/related/many-to-many.ts";
import type { Options } from "../models/options.ts";
import type { Task } from "../task.ts";
import { loads } from "../util/json.ts";
import { optionalPackage } from "../util/optional-package.ts";
import { buildObject, findModel, newData } from "./build.ts";
import type { DeserializedObject } from "./deserialized.ts";
import { DeserializationError } from "./errors.ts";
import type { Format, Reader } from "./format.ts";
import { fieldOfName, hasField } from "./names.ts";
import { type BuildContext, DEFERRED, manyValue, relationValue, takesNaturalKeys } from "./references.ts";
import { XmlWriter } from "./xml-writer.ts";

/** What is used of the package "saxes". */
interface SaxesParser {
  on(event: "opentag", handler: (tag: { name: string; attributes: Record<string, string> }) => void): void;
  on(event: "closetag", handler: () => void): void;
  on(event: "text" | "cdata" | "doctype", handler: (text: string) => void): void;
  on(event: "error", handler: (error: Error) => void): void;
  write(text: string): unknown;
  close(): unknown;
}

interface Saxes {
  readonly SaxesParser: new (options: { readonly xmlns: false }) => SaxesParser;
}

/** An element with what is in it. */
interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
}

/** The elements of a name within another one, at any depth. */
function within(element: Element, name: string): Element[] {
  return element.children.flatMap((child) =>
    typeof child === "string" ? [] : [...(child.name === name ? [child] : []), ...within(child, name)],
  );
}

function innerText(element: Element): string {
  return element.children.map((child) => (typeof child === "string" ? child : innerText(child))).join("");
}

/** The text in an element without the blanks around it. */
const textIn = (element: Element): string => innerText(element).trim();

/** Collects elements; a whole `<object>` at a time is in memory. */
class XmlReader implements Reader<Element> {
  readonly #parser: SaxesParser;
  /** The elements that are open, from that of an object on. */
  readonly #open: Element[] = [];
  #complete: Element[] = [];
  #error: unknown = null;

  constructor() {
    const { SaxesParser: Parser } = optionalPackage("saxes", "Reading XML") as Saxes;
    this.#parser = new Parser({ xmlns: false });
    this.#parser.on("opentag", (opened) => this.#start(opened));
    this.#parser.on("closetag", () => this.#close());
    this.#parser.on("text", (text) => this.#open.at(-1)?.children.push(text));
    this.#parser.on("cdata", (text) => this.#open.at(-1)?.children.push(text));
    this.#parser.on("doctype", (doctype) => this.#refuse(doctype));
    this.#parser.on("error", (error) => {
      this.#error ??= error;
    });
  }

  #start({ name, attributes }: Pick<Element, "name" | "attributes">): void {
    const element: Element = { name, attributes, children: [] };
    const parent = this.#open.at(-1);
    if (parent === undefined && name !== "object") return;
    parent?.children.push(element);
    this.#open.push(element);
  }

  #close(): void {
    const element = this.#open.pop();
    if (element !== undefined && this.#open.length === 0) this.#complete.push(element);
  }

  /** A document type can define entities that grow without end, or that read files. */
  #refuse(doctype: string): void {
    const name = /^\s*(\S+)/.exec(doctype)?.[1] ?? "";
    this.#error ??= new DeserializationError(`DTDForbidden(name='${name}', system_id=None, public_id=None)`);
  }

  *#take(): Iterable<Element> {
    const complete = this.#complete;
    this.#complete = [];
    yield* complete;
    if (this.#error === null) return;
    if (this.#error instanceof DeserializationError) throw this.#error;
    throw new DeserializationError((this.#error as Error).message, { cause: this.#error });
  }

  *write(text: string): Iterable<Element> {
    this.#parser.write(text);
    yield* this.#take();
  }

  *end(): Iterable<Element> {
    this.#parser.close();
    yield* this.#take();
  }
}

/** The model that an element names. */
function modelOf(element: Element): Options {
  const label = element.attributes.model;
  if (!label) {
    throw new DeserializationError(`<${element.name}> node is missing the required 'model' attribute`);
  }
  const opts = findModel(label);
  if (opts !== undefined) return opts;
  throw new DeserializationError(`<${element.name}> node has invalid model identifier: '${label}'`);
}

function* buildXml(element: Element, context: BuildContext): Task<DeserializedObject> {
  const opts = modelOf(element);
  const data = newData();
  const { pk } = element.attributes;
  if (pk !== undefined) data.values[opts.pk.attname] = opts.pk.toPython(pk);
  for (const node of within(element, "field")) {
    const { name } = node.attributes;
    if (!name) throw new DeserializationError("<field> node is missing the 'name' attribute");
    if (context.ignorenonexistent && !hasField(opts, name)) continue;
    const field = fieldOfName(opts, name) as Field;
    if (field.manyToMany) {
      const keys = yield* many(node, field as Field as ManyToManyField, context);
      if (keys === DEFERRED) {
        data.deferred.set(
          field,
          within(node, "object").map((object) => naturalIn(object)),
        );
      } else data.many.set(field.name, keys as readonly unknown[]);
    } else if (field.isRelation) {
      const value = yield* relation(node, field as Field as ForeignKey, context);
      if (value === DEFERRED) data.deferred.set(field, naturalIn(node));
      else data.values[field.attname] = value;
    } else data.values[field.attname] = plain(node, field);
  }
  return yield* buildObject(opts, data, context);
}

function plain(node: Element, field: Field): unknown {
  if (within(node, "None").length > 0) return null;
  const text = textIn(node);
  if (field.internalType === "JSONField") return loads(text, (field as JSONField).decoder);
  return field.toPython(text);
}

function naturalIn(node: Element): string[] {
  return within(node, "natural").map(textIn);
}

function* relation(node: Element, field: ForeignKey, context: BuildContext): Task<unknown> {
  if (within(node, "None").length > 0) return null;
  const natural = takesNaturalKeys(field) ? naturalIn(node) : [];
  return yield* relationValue(field, textIn(node), natural.length > 0 ? natural : null, context);
}

function* many(
  node: Element,
  field: ManyToManyField,
  context: BuildContext,
): Task<readonly unknown[] | typeof DEFERRED> {
  const takesNatural = takesNaturalKeys(field);
  const keys: unknown[] = [];
  for (const object of within(node, "object")) {
    const natural = takesNatural ? naturalIn(object) : [];
    try {
      const pk = object.attributes.pk ?? "";
      keys.push(yield* manyValue(field, pk, natural.length > 0 ? natural : null, context));
    } catch (error) {
      if (error instanceof ObjectDoesNotExist && context.handleForwardReferences) return DEFERRED;
      throw error;
    }
  }
  return keys;
}

export const xml: Format<Element> = {
  writer: (options) => new XmlWriter(options),
  reader: () => new XmlReader(),
  build: buildXml,
};
