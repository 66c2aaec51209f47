/** The formats "json" and "jsonl". */
import { buildPlain, wrapErrors } from "./build-plain.ts";
import { DeserializationError } from "./errors.ts";
import type { Format, Reader, Writer, WriterOptions } from "./format.ts";
import { type JsonStyle, jsonText, readJson } from "./json-text.ts";
import { plainObject } from "./plain.ts";
import type { ObjectRecord } from "./record.ts";

/** The members of an object that is there, in order. */
function dump(record: ObjectRecord, style: JsonStyle): string {
  return jsonText(new Map(Object.entries(plainObject(record))), style);
}

class JsonWriter implements Writer {
  /** Line breaks between the objects, and around them. */
  readonly #lines: boolean;
  readonly #style: JsonStyle;
  #first = true;

  constructor({ indent }: WriterOptions) {
    // As in Django, an indentation by nothing breaks the lines within objects, not those between them.
    this.#lines = indent !== null && indent !== 0;
    this.#style = { indent, separator: indent === null ? ", " : "," };
  }

  start(): string {
    return "[";
  }

  object(record: ObjectRecord): string {
    const between = this.#first ? "" : this.#lines ? "," : ", ";
    this.#first = false;
    return `${between}${this.#lines ? "\n" : ""}${dump(record, this.#style)}`;
  }

  end(): string {
    return this.#lines ? "\n]\n" : "]";
  }
}

class JsonLinesWriter implements Writer {
  start(): string {
    return "";
  }

  object(record: ObjectRecord): string {
    return `${dump(record, { indent: null, separator: "," })}\n`;
  }

  end(): string {
    return "";
  }
}

function parse(text: string): unknown {
  try {
    return readJson(text);
  } catch (cause) {
    throw new DeserializationError("", { cause });
  }
}

const [QUOTE, BACKSLASH, COMMA] = [34, 92, 44];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];

/** Takes the list of a file apart, so that one object at a time is in memory. */
class JsonReader implements Reader<unknown> {
  /** What of the present object has come so far. */
  #pending = "";
  #depth = 0;
  #inText = false;
  #escaped = false;
  /** Where the list stands. */
  #state: "before" | "within" | "after" = "before";
  #any = false;

  *write(text: string): Iterable<unknown> {
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const char = text.charCodeAt(i);
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false;
        else if (char === BACKSLASH) this.#escaped = true;
        else if (char === QUOTE) this.#inText = false;
        continue;
      }
      if (char === QUOTE) this.#inText = true;
      else if (char === OPEN_LIST || char === OPEN_OBJECT) {
        if (
          this.#state === "before" &&
          char === OPEN_LIST &&
          this.#pending + text.slice(from, i).trim() === ""
        ) {
          this.#state = "within";
          from = i + 1;
        }
        this.#depth++;
      } else if (char === CLOSE_LIST || char === CLOSE_OBJECT) {
        this.#depth--;
        if (this.#depth !== 0 || this.#state !== "within") continue;
        yield* this.#item(text.slice(from, i), true);
        this.#state = "after";
        from = i + 1;
      } else if (char === COMMA && this.#depth === 1 && this.#state === "within") {
        yield* this.#item(text.slice(from, i), false);
        from = i + 1;
      }
    }
    this.#pending += text.slice(from);
  }

  *#item(text: string, last: boolean): Iterable<unknown> {
    const item = this.#pending + text;
    this.#pending = "";
    // A list may have nothing in it, but no gap.
    if (last && !this.#any && item.trim() === "") return;
    this.#any = true;
    yield parse(item);
  }

  *end(): Iterable<unknown> {
    if (this.#state === "after") {
      if (this.#pending.trim() !== "") parse(`[]${this.#pending}`);
      return;
    }
    const whole = parse(this.#state === "before" ? this.#pending : `[${this.#pending}`);
    // What is no list of objects fails when it is taken for one, as in Python.
    if (typeof whole === "object" && whole !== null) yield* Object.keys(whole);
    else throw new DeserializationError("", { cause: new TypeError("The file is no list of objects.") });
  }
}

class JsonLinesReader implements Reader<unknown> {
  #pending = "";

  *write(text: string): Iterable<unknown> {
    const lines = (this.#pending + text).split("\n");
    this.#pending = lines.pop() as string;
    for (const line of lines) if (line.trim() !== "") yield parse(line);
  }

  *end(): Iterable<unknown> {
    if (this.#pending.trim() !== "") yield parse(this.#pending);
  }
}

export const json: Format = {
  writer: (options) => new JsonWriter(options),
  reader: () => new JsonReader(),
  build: (raw, context) => wrapErrors(buildPlain(raw, context)),
};

export const jsonl: Format = {
  writer: () => new JsonLinesWriter(),
  reader: () => new JsonLinesReader(),
  build: (raw, context) => wrapErrors(buildPlain(raw, context)),
};
