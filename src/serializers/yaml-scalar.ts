/** How scalars are written in YAML: plain, or in one of the kinds of quotes. The rules are libyaml's. */

/** Texts that are floats in YAML 1.1, as PyYAML has it. */
export const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
/** Texts that are whole numbers: in all bases, and with colons by sixty. */
export const INTEGER =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;

/** What a plain text would be read as, if not as a text. */
const RESOLVERS: readonly RegExp[] = [
  /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  FLOAT,
  INTEGER,
  /^(?:<<|=|~|null|Null|NULL|)$/,
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$/,
  /^[!&*]$/,
];

/** Whether a plain text is read as a text again. */
function isText(text: string): boolean {
  // Python's `$` also matches before a last line break; such a text is never written plain.
  return !RESOLVERS.some((resolver) => resolver.test(text));
}

export const isBreak = (char: string): boolean => /^[\r\n\u0085\u2028\u2029]$/.test(char);

const isBlankOrEnd = (char: string | undefined): boolean =>
  char === undefined || char === " " || char === "\t" || char === "\0" || isBreak(char);

/** Characters that stand for themselves, also within double quotes. */
export function isPrintable(char: string): boolean {
  const code = char.codePointAt(0) as number;
  if (code === 0x0a || (code >= 0x20 && code <= 0x7e)) return true;
  return (code >= 0xa0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff);
}

export type ScalarStyle = "plain" | "single" | "double";

/** What a text is like: which styles can hold it. */
interface Analysis {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly single: boolean;
}

/** Whether a character says something to a reader of YAML where it stands. */
function isIndicator(char: string, first: boolean, afterBlank: boolean, beforeBlank: boolean): boolean {
  if (first) {
    if ("#,[]{}&*!|>'\"%@`".includes(char)) return true;
    if ("?:-".includes(char)) return beforeBlank;
    return false;
  }
  return (char === ":" && beforeBlank) || (char === "#" && afterBlank);
}

function analyze(chars: readonly string[]): Analysis {
  const text = chars.join("");
  let indicators = text.startsWith("---") || text.startsWith("...");
  let special = false;
  let breaks = false;
  let breakSpace = false;
  let spaceBreak = false;
  for (const [i, char] of chars.entries()) {
    const before = chars[i - 1];
    if (isIndicator(char, i === 0, i === 0 || isBlankOrEnd(before), isBlankOrEnd(chars[i + 1])))
      indicators = true;
    if (!isPrintable(char)) special = true;
    if (isBreak(char)) {
      breaks = true;
      if (before === " ") spaceBreak = true;
    } else if (char === " " && before !== undefined && isBreak(before)) breakSpace = true;
  }
  const edge = [chars[0], chars.at(-1)].some((char) => char === " " || (char !== undefined && isBreak(char)));
  return {
    multiline: breaks,
    plain: !indicators && !special && !breaks && !breakSpace && !spaceBreak && !edge,
    single: !special && !breakSpace && !spaceBreak,
  };
}

/** Most texts: words of letters and digits, where nothing has to be looked at closer. */
const WORDS = /^[A-Za-z0-9_](?:[A-Za-z0-9_./()+@-]| (?=[A-Za-z0-9_(]))*$/;

/** The style of a text; `simpleKey` for the key of a member on one line. */
export function styleOf(text: string, simpleKey: boolean): ScalarStyle {
  if (text === "") return "single";
  if (WORDS.test(text)) return isText(text) ? "plain" : "single";
  const { multiline, plain, single } = analyze([...text]);
  if (simpleKey && multiline) return "double";
  if (plain && isText(text)) return "plain";
  return single ? "single" : "double";
}

/** A key longer than this is no simple key; in bytes. */
export const LONGEST_KEY = 128;

export function isMultiline(text: string): boolean {
  return /[\r\n\u0085\u2028\u2029]/.test(text);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "0",
  "\x07": "a",
  "\b": "b",
  "\t": "t",
  "\n": "n",
  "\v": "v",
  "\f": "f",
  "\r": "r",
  "\x1b": "e",
  '"': '"',
  "\\": "\\",
  "\u0085": "N",
  "\u00a0": "_",
  "\u2028": "L",
  "\u2029": "P",
};

/** A character as it stands within double quotes. */
export function escaped(char: string): string {
  if (isPrintable(char) && !isBreak(char) && char !== '"' && char !== "\\") return char;
  const short = ESCAPES[char];
  if (short !== undefined) return `\\${short}`;
  const code = char.codePointAt(0) as number;
  const hex = (width: number) => code.toString(16).toUpperCase().padStart(width, "0");
  return code <= 0xff ? `\\x${hex(2)}` : code <= 0xffff ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}
