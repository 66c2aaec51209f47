/**
 * Patterns of Python's `re` as JavaScript regular expressions.
 *
 * `__regex` takes Python's syntax on SQLite, as with Django. What differs is translated: inline flags, named
 * groups, `\A`, `\Z`, `$` before a final line feed, the Unicode meaning of `\w`, `\d`, `\s` and `\b`, a `.`
 * that excludes the line feed alone, braces that are no repetition. Not to be had: possessive repetition,
 * atomic and conditional groups, and, before Node.js 24, flags for a part of the pattern (`(?i:...)`).
 */

const CACHE_SIZE = 500;
const cache = new Map<string, RegExp>();

const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const ASCII_SPACE = "\\t-\\r\\x20";
const WORD = "\\p{L}\\p{N}_";
const ASCII_WORD = "A-Za-z0-9_";

/**
 * The regular expression for a Python pattern.
 *
 * @throws SyntaxError for a pattern that Python refuses, or that cannot be said in JavaScript
 */
export function pythonRegex(pattern: string): RegExp {
  let regex = cache.get(pattern);
  if (regex === undefined) {
    regex = new Translator(pattern).translate();
    if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value as string);
    cache.set(pattern, regex);
  }
  return regex;
}

interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

const FLAG_NAMES: Readonly<Record<string, keyof Flags | null>> = {
  i: "ignoreCase",
  m: "multiline",
  s: "dotAll",
  x: "verbose",
  a: "ascii",
  u: null,
};

class Translator {
  readonly #chars: readonly string[];
  #at = 0;
  #flags: Flags = { ignoreCase: false, multiline: false, dotAll: false, verbose: false, ascii: false };

  constructor(pattern: string) {
    this.#chars = Array.from(pattern);
  }

  translate(): RegExp {
    this.#globalFlags();
    const source = this.#alternatives();
    if (this.#at < this.#chars.length) this.#error("unbalanced parenthesis");
    return new RegExp(source, this.#flags.ignoreCase ? "iv" : "v");
  }

  get #char(): string | undefined {
    return this.#chars[this.#at];
  }

  #startsWith(text: string): boolean {
    return Array.from(text).every((char, index) => this.#chars[this.#at + index] === char);
  }

  #error(reason: string): never {
    throw new SyntaxError(`${reason} at position ${this.#at} of the pattern '${this.#chars.join("")}'`);
  }

  /** `(?i)` and its like, which must stand first. */
  #globalFlags(): void {
    for (;;) {
      const match = /^\(\?([aimsux]+)\)/.exec(this.#chars.slice(this.#at, this.#at + 12).join(""));
      if (match === null) return;
      this.#flags = this.#withFlags(match[1] as string, true);
      this.#at += match[0].length;
    }
  }

  #withFlags(letters: string, on: boolean): Flags {
    const flags: Record<string, boolean> = { ...this.#flags };
    for (const letter of letters) {
      const name = FLAG_NAMES[letter];
      if (name) flags[name] = on;
    }
    return flags as unknown as Flags;
  }

  #alternatives(): string {
    let source = "";
    while (this.#at < this.#chars.length && this.#char !== ")") source += this.#piece();
    return source;
  }

  /** An atom with its repetition. */
  #piece(): string {
    const atom = this.#atom();
    return atom === "" || atom === "|" ? atom : atom + this.#repetition(atom);
  }

  #repetition(atom: string): string {
    if (this.#flags.verbose) this.#skipSpace();
    const quantifier = this.#quantifier();
    if (quantifier === "") return "";
    if (this.#char === "+") this.#error("possessive repetition is not supported");
    const lazy = this.#char === "?";
    if (lazy) this.#at += 1;
    if (atom === "^" || atom.startsWith("(?<!") || atom.startsWith("(?!")) this.#error("nothing to repeat");
    if (/[*+?]/.test(this.#char ?? "") || this.#peekQuantifier()) this.#error("multiple repeat");
    return lazy ? `${quantifier}?` : quantifier;
  }

  #quantifier(): string {
    const char = this.#char;
    if (char === "*" || char === "+" || char === "?") {
      this.#at += 1;
      return char;
    }
    const braces = this.#peekQuantifier();
    if (braces === null) return "";
    this.#at += braces.length;
    const [low, high] = braces.slice(1, -1).split(",");
    return high === undefined ? `{${low}}` : `{${low || "0"},${high}}`;
  }

  /** `{2}`, `{2,}`, `{,3}`, `{2,3}`; other braces are plain characters. */
  #peekQuantifier(): string | null {
    if (this.#char !== "{") return null;
    const match = /^\{(?:\d+(?:,\d*)?|,\d*)\}/.exec(this.#chars.slice(this.#at, this.#at + 24).join(""));
    return match === null ? null : match[0];
  }

  #skipSpace(): void {
    for (;;) {
      while (/^[ \t\n\r\f\v]$/.test(this.#char ?? "")) this.#at += 1;
      if (this.#char !== "#") return;
      const end = this.#chars.indexOf("\n", this.#at);
      this.#at = end < 0 ? this.#chars.length : end;
    }
  }

  #atom(): string {
    if (this.#flags.verbose) {
      this.#skipSpace();
      if (this.#char === undefined || this.#char === ")") return "";
    }
    const char = this.#char as string;
    switch (char) {
      case "(":
        return this.#group();
      case "[":
        return this.#set();
      case "\\":
        return this.#escape();
      case "*":
      case "+":
      case "?":
        return this.#error("nothing to repeat");
      default:
        this.#at += 1;
        return this.#plain(char);
    }
  }

  #plain(char: string): string {
    const { multiline, dotAll } = this.#flags;
    switch (char) {
      case "|":
        return "|";
      case ".":
        return dotAll ? "[^]" : "[^\\n]";
      case "^":
        return multiline ? "(?<![^\\n])" : "^";
      case "$":
        return multiline ? "(?![^\\n])" : "(?=\\n?$)";
      default:
        return literal(char);
    }
  }

  #group(): string {
    if (!this.#startsWith("(?")) {
      this.#at += 1;
      return this.#body("(");
    }
    const rest = this.#chars.slice(this.#at, this.#at + 120).join("");
    const comment = /^\(\?#[^)]*\)/.exec(rest);
    if (comment !== null) return this.#skip(comment[0], "");
    const reference = /^\(\?P=([^)]*)\)/.exec(rest);
    if (reference !== null) return this.#skip(reference[0], `\\k<${reference[1]}>`);
    const named = /^\(\?P<([^>]*)>/.exec(rest);
    if (named !== null) return this.#skip(named[0], "") + this.#body(`(?<${named[1]}>`);
    const plain = /^\(\?(?::|=|!|<=|<!)/.exec(rest);
    if (plain !== null) return this.#skip(plain[0], "") + this.#body(plain[0]);
    const scoped = /^\(\?([aimsux]*)(?:-([imsx]+))?:/.exec(rest);
    if (scoped !== null) return this.#scoped(scoped[0], scoped[1] ?? "", scoped[2] ?? "");
    return this.#error("this extension of the syntax is not supported");
  }

  #scoped(text: string, on: string, off: string): string {
    const outer = this.#flags;
    this.#at += text.length;
    this.#flags = this.#withFlags(on, true);
    this.#flags = this.#withFlags(off, false);
    const { ignoreCase } = this.#flags;
    const open = ignoreCase === outer.ignoreCase ? "(?:" : ignoreCase ? "(?i:" : "(?-i:";
    const body = this.#body(open);
    this.#flags = outer;
    return body;
  }

  #skip(text: string, source: string): string {
    this.#at += Array.from(text).length;
    return source;
  }

  #body(open: string): string {
    const source = this.#alternatives();
    if (this.#char !== ")") this.#error("missing ), unterminated subpattern");
    this.#at += 1;
    return `${open}${source})`;
  }

  get #word(): string {
    return this.#flags.ascii ? ASCII_WORD : WORD;
  }

  /** `\d` and its like as the inside of a set. */
  #category(letter: string): string | null {
    const { ascii } = this.#flags;
    switch (letter) {
      case "d":
        return ascii ? "0-9" : "\\p{Nd}";
      case "s":
        return ascii ? ASCII_SPACE : SPACE;
      case "w":
        return this.#word;
      default:
        return null;
    }
  }

  #escape(): string {
    this.#at += 1;
    const char = this.#char;
    if (char === undefined) this.#error("bad escape (end of pattern)");
    const lower = this.#category(char);
    if (lower !== null) return this.#skip(char, `[${lower}]`);
    const upper = this.#category(char.toLowerCase());
    if (upper !== null) return this.#skip(char, `[^${upper}]`);
    switch (char) {
      case "A":
        return this.#skip(char, "(?<![^])");
      case "Z":
        return this.#skip(char, "(?![^])");
      case "b":
        return this.#skip(
          char,
          `(?:(?<=[${this.#word}])(?![${this.#word}])|(?<![${this.#word}])(?=[${this.#word}]))`,
        );
      case "B":
        return this.#skip(
          char,
          `(?:(?<=[${this.#word}])(?=[${this.#word}])|(?<![${this.#word}])(?![${this.#word}]))`,
        );
      default:
        return this.#reference() ?? literal(this.#character());
    }
  }

  /** `\1` to `\99`, unless the digits are an octal number. */
  #reference(): string | null {
    const match = /^[1-9]\d?/.exec(this.#chars.slice(this.#at, this.#at + 2).join(""));
    if (match === null || /^[0-3][0-7]{2}/.test(this.#chars.slice(this.#at, this.#at + 3).join("")))
      return null;
    // A group of its own, so that a digit after it is not taken for part of the number.
    return this.#skip(match[0], `(?:\\${match[0]})`);
  }

  /** The character of an escape that stands for one, the backslash behind us. */
  #character(): string {
    const rest = this.#chars.slice(this.#at, this.#at + 9).join("");
    const code =
      /^x([0-9a-fA-F]{2})/.exec(rest) ?? /^u([0-9a-fA-F]{4})/.exec(rest) ?? /^U([0-9a-fA-F]{8})/.exec(rest);
    if (code !== null) {
      this.#at += code[0].length;
      return String.fromCodePoint(Number.parseInt(code[1] as string, 16));
    }
    const octal = /^(?:0[0-7]{0,2}|[1-3][0-7]{2})/.exec(rest);
    if (octal !== null) {
      this.#at += octal[0].length;
      return String.fromCodePoint(Number.parseInt(octal[0], 8));
    }
    const char = this.#char as string;
    const control = { a: "\x07", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" }[char];
    if (control === undefined && /[A-Za-z0-9]/.test(char)) this.#error(`bad escape \\${char}`);
    this.#at += 1;
    return control ?? char;
  }

  #set(): string {
    this.#at += 1;
    const negated = this.#char === "^";
    if (negated) this.#at += 1;
    let source = "";
    for (let first = true; first || this.#char !== "]"; first = false) {
      if (this.#char === undefined) this.#error("unterminated character set");
      source += this.#member();
    }
    this.#at += 1;
    return `[${negated ? "^" : ""}${source}]`;
  }

  /** A character, a range or a category of a set. */
  #member(): string {
    if (this.#char === "\\") {
      const letter = this.#chars[this.#at + 1] ?? "";
      const lower = this.#category(letter);
      const upper = lower === null ? this.#category(letter.toLowerCase()) : null;
      if (lower !== null || upper !== null) {
        this.#at += 2;
        return lower ?? `[^${upper}]`;
      }
    }
    const low = this.#setCharacter();
    const next = this.#chars[this.#at + 1];
    if (this.#char !== "-" || next === undefined || next === "]") return literal(low);
    this.#at += 1;
    const high = this.#setCharacter();
    if ((high.codePointAt(0) as number) < (low.codePointAt(0) as number))
      this.#error(`bad character range ${low}-${high}`);
    return `${literal(low)}-${literal(high)}`;
  }

  #setCharacter(): string {
    const char = this.#char as string;
    this.#at += 1;
    if (char !== "\\") return char;
    if (this.#char === undefined) this.#error("bad escape (end of pattern)");
    if (this.#char === "b") return this.#skip("b", "\b");
    return this.#character();
  }
}

/** A character that stands for itself, in a set or outside. */
function literal(char: string): string {
  const code = char.codePointAt(0) as number;
  if (/^[A-Za-z0-9]$/.test(char) || code > 0x2fff) return char;
  return code <= 0xff
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
}
