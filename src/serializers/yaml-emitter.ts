/**
 * Writes a list of objects as YAML, byte for byte as PyYAML does with libyaml: block style, lines of 80 characters,
 * characters beyond ASCII as they are.
 */
import { ArgumentTypeError } from "../errors.ts";
import { isoDate, isoTime } from "../util/dates.ts";
import { Decimal } from "../util/decimal.ts";
import { isRawJson, loads, type RawJson } from "../util/json.ts";
import { floatRepr, str } from "../util/repr.ts";
import { isDate, isPlainDate, isPlainTime } from "../util/temporal.ts";
import { Float } from "./plain.ts";
import { escaped, isBreak, isMultiline, LONGEST_KEY, type ScalarStyle, styleOf } from "./yaml-scalar.ts";

const WIDTH = 80;

function float(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  const text = floatRepr(value);
  // `1e17` is no float in YAML 1.1; `1.0e+17` is.
  return text.includes(".") ? text : text.replace("e", ".0e");
}

/** A value that is written without quotes; `null` for a text and for collections. */
function plainText(value: unknown): string | null {
  if (value === null || value === undefined) return "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : float(value);
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Float) return float(value.value);
  if (isDate(value)) return str(value);
  return isPlainDate(value) ? isoDate(value) : null;
}

/** A text, also of what YAML has no form for; `null` for collections. */
function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (value instanceof Decimal) return value.text;
  return isPlainTime(value) ? isoTime(value) : null;
}

/** The value of raw JSON, where `5.0` is a float. */
function rawValue({ rawJSON }: RawJson): unknown {
  const value = loads(rawJSON);
  return typeof value === "number" && /[.eE]/.test(rawJSON) ? new Float(value) : value;
}

export class YamlEmitter {
  #out = "";
  #column = 0;
  /** The last character was a blank, or nothing was written yet. */
  #whitespace = true;
  /** Nothing but indentation and indicators is on the line. */
  #indention = true;
  #indent = 0;
  readonly #step: number;

  constructor(indent: number | null) {
    this.#step = indent !== null && indent > 1 && indent < 10 ? indent : 2;
  }

  /** The text since the last call. */
  take(): string {
    const text = this.#out;
    this.#out = "";
    return text;
  }

  /** Writes a member of the list that the file is. */
  item(value: unknown): void {
    this.#indent = 0;
    this.#writeIndent();
    this.#indicator("-", { space: true, indention: true });
    this.#node(value, false);
  }

  /** Writes the end; `empty` for a list without members. */
  end(empty: boolean): void {
    if (empty) this.#write("[]");
    this.#indent = 0;
    this.#writeIndent();
  }

  // ---------------------------------------------------------------- nodes

  #node(value: unknown, inMapping: boolean): void {
    const plain = plainText(value);
    const text = textOf(value);
    if (plain !== null) this.#scalar(plain, "plain", false);
    else if (text !== null) this.#scalar(text, styleOf(text, false), false);
    else if (typeof value !== "object") {
      throw new ArgumentTypeError(`cannot represent an object: ${str(value)}`);
    } else if (isRawJson(value as object)) this.#node(rawValue(value as RawJson), inMapping);
    else this.#collection(value as object, inMapping);
  }

  #collection(value: object, inMapping: boolean): void {
    const entries = Array.isArray(value) ? value : value instanceof Map ? [...value] : Object.entries(value);
    if (entries.length === 0) this.#empty(Array.isArray(value) ? "[]" : "{}");
    else if (Array.isArray(value)) this.#sequence(value, inMapping);
    else this.#mapping(entries as [unknown, unknown][]);
  }

  #sequence(items: readonly unknown[], inMapping: boolean): void {
    const outer = this.#indent;
    // The members of a list stand under the name that it has.
    if (!(inMapping && !this.#indention)) this.#indent += this.#step;
    for (const item of items) {
      this.#writeIndent();
      this.#indicator("-", { space: true, indention: true });
      this.#node(item, false);
    }
    this.#indent = outer;
  }

  #mapping(entries: readonly (readonly [unknown, unknown])[]): void {
    const outer = this.#indent;
    this.#indent += this.#step;
    for (const [key, value] of entries) {
      this.#writeIndent();
      const name = String(key);
      if (!isMultiline(name) && Buffer.byteLength(name) <= LONGEST_KEY) {
        this.#scalar(name, styleOf(name, true), true);
        this.#indicator(":", {});
      } else {
        this.#indicator("?", { space: true, indention: true });
        this.#scalar(name, styleOf(name, false), false);
        this.#writeIndent();
        this.#indicator(":", { space: true, indention: true });
      }
      this.#node(value, true);
    }
    this.#indent = outer;
  }

  #empty(brackets: string): void {
    this.#indicator(brackets[0] as string, { space: true, whitespace: true });
    this.#indicator(brackets[1] as string, {});
  }

  // ---------------------------------------------------------------- scalars

  #scalar(text: string, style: ScalarStyle, simpleKey: boolean): void {
    const outer = this.#indent;
    this.#indent += this.#step;
    const chars = style === "plain" && this.#fits(text) ? [text] : [...text];
    if (style === "plain") this.#plain(chars, !simpleKey);
    else if (style === "single") this.#single(chars, !simpleKey);
    else this.#double(chars, !simpleKey);
    this.#indent = outer;
  }

  /** Whether a text has no place at which its line could end. */
  #fits(text: string): boolean {
    return !text.includes(" ") || this.#column + 1 + text.length <= WIDTH;
  }

  /** Whether a line ends at this space. */
  #folds(chars: readonly string[], i: number, spaces: boolean, allowed: boolean): boolean {
    return allowed && !spaces && this.#column > WIDTH && chars[i + 1] !== " ";
  }

  #plain(chars: readonly string[], folding: boolean): void {
    if (!this.#whitespace && chars.length > 0) this.#write(" ");
    let spaces = false;
    for (const [i, char] of chars.entries()) {
      if (char === " " && this.#folds(chars, i, spaces, folding)) this.#writeIndent();
      else this.#write(char);
      spaces = char === " ";
      if (!spaces) this.#indention = false;
    }
    this.#whitespace = false;
    this.#indention = false;
  }

  #single(chars: readonly string[], folding: boolean): void {
    this.#indicator("'", { space: true });
    let spaces = false;
    let breaks = false;
    for (const [i, char] of chars.entries()) {
      if (char === " ") {
        const inside = i > 0 && i < chars.length - 1;
        if (this.#folds(chars, i, spaces, folding && inside)) this.#writeIndent();
        else this.#write(char);
        spaces = true;
      } else if (isBreak(char)) {
        // A line break of the text is an empty line.
        if (!breaks && char === "\n") this.#newLine("\n");
        this.#newLine(char);
        this.#indention = true;
        breaks = true;
      } else {
        if (breaks) this.#writeIndent();
        this.#write(char === "'" ? "''" : char);
        this.#indention = false;
        spaces = false;
        breaks = false;
      }
    }
    if (breaks) this.#writeIndent();
    this.#indicator("'", {});
    this.#whitespace = false;
    this.#indention = false;
  }

  #double(chars: readonly string[], folding: boolean): void {
    this.#indicator('"', { space: true });
    let spaces = false;
    for (const [i, char] of chars.entries()) {
      if (char !== " ") {
        this.#write(escaped(char));
        spaces = false;
        continue;
      }
      const inside = i > 0 && i < chars.length - 1;
      if (folding && !spaces && this.#column > WIDTH && inside) {
        this.#writeIndent();
        if (chars[i + 1] === " ") this.#write("\\");
      } else this.#write(char);
      spaces = true;
    }
    this.#indicator('"', {});
    this.#whitespace = false;
    this.#indention = false;
  }

  // ---------------------------------------------------------------- characters

  #write(text: string): void {
    this.#out += text;
    this.#column += text.length === 1 ? 1 : [...text].length;
  }

  #newLine(char: string): void {
    this.#out += char;
    this.#column = 0;
  }

  #indicator(text: string, options: { space?: boolean; whitespace?: boolean; indention?: boolean }): void {
    if (options.space && !this.#whitespace) this.#write(" ");
    this.#write(text);
    this.#whitespace = options.whitespace ?? false;
    this.#indention = this.#indention && (options.indention ?? false);
  }

  #writeIndent(): void {
    const indent = this.#indent;
    if (!this.#indention || this.#column > indent || (this.#column === indent && !this.#whitespace)) {
      this.#newLine("\n");
    }
    while (this.#column < indent) this.#write(" ");
    this.#whitespace = true;
    this.#indention = true;
  }
}
