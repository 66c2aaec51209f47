/**
 * JSON whose objects keep the order of their keys.
 *
 * JavaScript moves keys such as `"1"` to the front, so an object of that kind is read as an {@link OrderedObject}:
 * rows have to be stored as they are given, and SQLite compares a JSON column by its text.
 */

/** An object with a key that JavaScript would move. */
export class OrderedObject {
  readonly entries: readonly (readonly [string, unknown])[];

  constructor(entries: readonly (readonly [string, unknown])[]) {
    this.entries = entries;
  }
}

const INDEX = /^(?:0|[1-9]\d*)$/;
const TOKEN = /\s*([{}[\],:]|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)/y;

/** Parses JSON; as `JSON.parse`, but for objects with such keys. */
export function parseOrdered(text: string): unknown {
  if (!/"\d+"\s*:/.test(text)) return JSON.parse(text) as unknown;
  return new Parser(text).value();
}

class Parser {
  readonly #text: string;
  #token = "";
  #end = 0;

  constructor(text: string) {
    this.#text = text;
    this.#next();
  }

  #next(): string {
    const token = this.#token;
    TOKEN.lastIndex = this.#end;
    this.#token = TOKEN.exec(this.#text)?.[1] ?? "";
    this.#end = TOKEN.lastIndex;
    return token;
  }

  value(): unknown {
    const token = this.#next();
    if (token === "[") return this.#list("]", () => this.value());
    if (token !== "{") return JSON.parse(token) as unknown;
    const entries = this.#list("}", () => {
      const key = JSON.parse(this.#next()) as string;
      this.#next();
      return [key, this.value()] as const;
    });
    return entries.some(([key]) => INDEX.test(key))
      ? new OrderedObject(entries)
      : Object.fromEntries(entries);
  }

  #list<T>(close: string, item: () => T): T[] {
    const items: T[] = [];
    while (this.#token !== close) {
      items.push(item());
      if (this.#token === ",") this.#next();
    }
    this.#next();
    return items;
  }
}

/** Whether there is an {@link OrderedObject} anywhere in a value. */
export function hasOrdered(value: unknown): boolean {
  if (value instanceof OrderedObject) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasOrdered);
}

/** JSON as Python writes it: with spaces after `,` and `:`, and ASCII only. */
export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = value instanceof OrderedObject ? value.entries : Object.entries(value);
    return `{${entries.map(([key, item]) => `${pythonJson(key)}: ${pythonJson(item)}`).join(", ")}}`;
  }
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
