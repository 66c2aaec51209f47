/**
 * Statements with their parameters as literals, as Python's driver sends them: the server sees the same text that
 * Django sends, so that types, indexes and GROUP BY are the same.
 */

import { ArgumentTypeError, ProgrammingError } from "../../errors.ts";
import { registerCrossing } from "../../sync/values.ts";
import { Decimal } from "../../util/decimal.ts";

/** A parameter whose text stands in the statement as it is: a number, a hexadecimal string. */
export class Literal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What Python's driver writes otherwise. */
const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\n": "\\n",
  "\r": "\\r",
  "\x1a": "\\Z",
  '"': '\\"',
  "'": "\\'",
  "\\": "\\\\",
};
const SPECIAL = new RegExp(`[${["\0", "\n", "\r", "\x1a"].join("")}"'\\\\]`);
const EACH_SPECIAL = new RegExp(SPECIAL, "g");

registerCrossing("mysql.Literal", Literal, String, (text) => new Literal(text));

/** A text as a literal. Sessions never have the mode `NO_BACKSLASH_ESCAPES`. */
export function quoteText(text: string): string {
  return SPECIAL.test(text)
    ? `'${text.replace(EACH_SPECIAL, (character) => ESCAPES[character] as string)}'`
    : `'${text}'`;
}

/** A float as a literal: the exponent says that it is none of the exact numbers. */
export function floatLiteral(value: number): string {
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    throw new ProgrammingError(`${name} can not be used with MySQL`);
  }
  const text = Object.is(value, -0) ? "-0.0" : String(value);
  return text.includes("e") ? text : `${text}e0`;
}

/**
 * An adapted value as a literal.
 *
 * @throws ProgrammingError for numbers that are none, ArgumentTypeError for what has no literal
 */
export function literal(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quoteText(value);
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : floatLiteral(value);
    case "bigint":
      return value.toString();
    case "boolean":
      return value ? "1" : "0";
    default:
  }
  if (value === null) return "NULL";
  if (value instanceof Literal) return value.text;
  if (value instanceof Uint8Array) {
    return `x'${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}'`;
  }
  if (value instanceof Decimal) return value.toFixed();
  if (Array.isArray(value)) return `(${value.map(literal).join(",")})`;
  const type = value === undefined ? "undefined" : ((value as object).constructor?.name ?? "object");
  throw new ArgumentTypeError(`A parameter of type '${type}' is not supported.`);
}

/** The pieces of statements between their placeholders. */
const split = new Map<string, readonly string[]>();
const MOST_SPLIT = 2_000;

/** Strings, quoted names and comments, in which a question mark is no placeholder. */
const OPAQUE = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`|\/\*.*?\*\/|(?:#|-- )[^\n]*|\?/gs;

function piecesOf(sql: string): readonly string[] {
  let pieces = split.get(sql);
  if (pieces === undefined) {
    const found: string[] = [];
    let from = 0;
    for (const match of sql.matchAll(OPAQUE)) {
      if (match[0] !== "?") continue;
      found.push(sql.slice(from, match.index));
      from = match.index + 1;
    }
    found.push(sql.slice(from));
    pieces = found;
    if (split.size >= MOST_SPLIT) split.clear();
    split.set(sql, pieces);
  }
  return pieces;
}

/**
 * A statement with literals in place of its `?`.
 *
 * @throws ProgrammingError when there are more or fewer parameters than places
 */
export function withLiterals(sql: string, params: readonly unknown[]): string {
  if (params.length === 0) return sql;
  const pieces = piecesOf(sql);
  if (pieces.length !== params.length + 1) {
    throw new ProgrammingError(
      `The statement has ${pieces.length - 1} placeholders, but ${params.length} parameters were given.`,
    );
  }
  let text = pieces[0] as string;
  for (let i = 0; i < params.length; i++) text += literal(params[i]) + (pieces[i + 1] as string);
  return text;
}
