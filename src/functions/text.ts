import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ValueError } from "../errors.ts";
import { Expression } from "../expressions/base.ts";
import { Coalesce } from "../expressions/coalesce.ts";
import { Func, splitOptions } from "../expressions/func.ts";
import { CHAR, INTEGER } from "../expressions/types.ts";
import { Value } from "../expressions/value.ts";
import type { Field } from "../fields/field.ts";
import { Transform } from "../lookups/transform.ts";
import type { Sql } from "../sql/sql.ts";

/*
 * Django: Database Functions, "Text functions". The transforms can be registered on fields of texts.
 */

/** The character of a code point. */
export class Chr extends Transform {
  static override readonly function: string = "CHR";
  static override readonly lookupName: string = "chr";
  static override readonly outputField: Field = CHAR;
}

/** Two texts, one after the other. */
export class ConcatPair extends Func {
  static override readonly function: string = "CONCAT";

  /** `a || b`, where NULL counts as the empty text. */
  pipesSql(compiler: Compiler): Sql {
    const coalesced = this.expressions.map((expression) => new Coalesce(expression, new Value("")));
    return this.copy({ expressions: coalesced }).asSql(compiler, {
      template: "(%(expressions)s)",
      argJoiner: " || ",
    });
  }
}

function paired(expressions: readonly unknown[], outputField: Field | null): ConcatPair {
  const [first, ...rest] = expressions;
  return new ConcatPair(first, rest.length === 1 ? rest[0] : paired(rest, outputField), { outputField });
}

/**
 * Texts one after the other; NULL counts as the empty text.
 *
 * @example Concat("name", Value(" ("), "goesBy", Value(")"), { outputField: CharField() })
 */
export class Concat extends Func {
  static override readonly template: string = "%(expressions)s";

  constructor(...args: readonly unknown[]) {
    const { positional, options } = splitOptions(args);
    if (positional.length < 2) throw new ValueError("Concat must take at least two expressions");
    super(paired(positional, options.outputField ?? null), options);
  }
}

/** The arguments of a function, some of which may be given by name in the options. */
function named(args: readonly unknown[], names: readonly string[]): unknown[] {
  const { positional, options } = splitOptions(args);
  const rest: Record<string, unknown> = { ...options };
  const list = [...positional];
  names.forEach((name, i) => {
    if (rest[name] !== undefined && i >= positional.length) list[i] = rest[name];
    delete rest[name];
  });
  return [...list, rest];
}

/** The first characters: `Left("name", 2)`. */
export class Left extends Func {
  static override readonly function: string = "LEFT";
  static override readonly arity: number = 2;
  static override readonly outputField: Field = CHAR;

  constructor(...args: readonly unknown[]) {
    const list = named(args, ["expression", "length"]);
    const length = list[1];
    if (!(length instanceof Expression) && (length as number) < 1)
      throw new ValueError("'length' must be greater than 0.");
    super(...list);
  }

  /** The same through SUBSTR. */
  getSubstr(): Func {
    const [expression, length] = this.expressions as [Expression, Expression];
    return new Substr(expression, new Value(1), length);
  }
}

/** The number of characters. */
export class Length extends Transform {
  static override readonly function: string = "LENGTH";
  static override readonly lookupName: string = "length";
  static override readonly outputField: Field = INTEGER;
}

export class Lower extends Transform {
  static override readonly function: string = "LOWER";
  static override readonly lookupName: string = "lower";
}

/** Fills up to a length on the left: `LPad("name", 8, Value("abc"))`. */
export class LPad extends Func {
  static override readonly function: string = "LPAD";
  static override readonly outputField: Field = CHAR;

  constructor(...args: readonly unknown[]) {
    const list = named(args, ["expression", "length", "fillText"]);
    const options = list.pop();
    const [expression, length, fillText = new Value(" ")] = list;
    if (!(length instanceof Expression) && length !== null && (length as number) < 0) {
      throw new ValueError("'length' must be greater or equal to 0.");
    }
    super(expression, length, fillText, options);
  }
}

export class LTrim extends Transform {
  static override readonly function: string = "LTRIM";
  static override readonly lookupName: string = "ltrim";
}

export class MD5 extends Transform {
  static override readonly function: string = "MD5";
  static override readonly lookupName: string = "md5";
}

/** The code point of the first character. */
export class Ord extends Transform {
  static override readonly function: string = "ASCII";
  static override readonly lookupName: string = "ord";
  static override readonly outputField: Field = INTEGER;
}

/** The text so many times: `Repeat("name", 3)`. */
export class Repeat extends Func {
  static override readonly function: string = "REPEAT";
  static override readonly outputField: Field = CHAR;

  constructor(...args: readonly unknown[]) {
    const list = named(args, ["expression", "number"]);
    const number = list[1];
    if (!(number instanceof Expression) && number !== null && (number as number) < 0) {
      throw new ValueError("'number' must be greater or equal to 0.");
    }
    super(...list);
  }
}

/** `Replace("name", Value("old"), Value("new"))`; without the last, the text is taken out. */
export class Replace extends Func {
  static override readonly function: string = "REPLACE";

  constructor(...args: readonly unknown[]) {
    const list = named(args, ["expression", "text", "replacement"]);
    const options = list.pop();
    const [expression, text, replacement = new Value("")] = list;
    super(expression, text, replacement, options);
  }
}

export class Reverse extends Transform {
  static override readonly function: string = "REVERSE";
  static override readonly lookupName: string = "reverse";
}

/** The last characters: `Right("name", 2)`. */
export class Right extends Left {
  static override readonly function: string = "RIGHT";

  override getSubstr(): Func {
    const [expression, length] = this.expressions as [
      Expression,
      Expression & { mul(other: unknown): Expression },
    ];
    return new Substr(expression, length.mul(new Value(-1)), length);
  }
}

/** Fills up to a length on the right. */
export class RPad extends LPad {
  static override readonly function: string = "RPAD";
}

export class RTrim extends Transform {
  static override readonly function: string = "RTRIM";
  static override readonly lookupName: string = "rtrim";
}

export class SHA1 extends Transform {
  static override readonly function: string = "SHA1";
  static override readonly lookupName: string = "sha1";
}

export class SHA224 extends Transform {
  static override readonly function: string = "SHA224";
  static override readonly lookupName: string = "sha224";
}

export class SHA256 extends Transform {
  static override readonly function: string = "SHA256";
  static override readonly lookupName: string = "sha256";
}

export class SHA384 extends Transform {
  static override readonly function: string = "SHA384";
  static override readonly lookupName: string = "sha384";
}

export class SHA512 extends Transform {
  static override readonly function: string = "SHA512";
  static override readonly lookupName: string = "sha512";
}

/** Where a text first occurs in another, counted from 1; 0 when it does not: `StrIndex("name", Value("x"))`. */
export class StrIndex extends Func {
  static override readonly function: string = "INSTR";
  static override readonly arity: number = 2;
  static override readonly outputField: Field = INTEGER;
}

/** A part of a text, from a place counted from 1: `Substr("name", 1, 3)`. */
export class Substr extends Func {
  static override readonly function: string = "SUBSTRING";
  static override readonly outputField: Field = CHAR;

  constructor(...args: readonly unknown[]) {
    const list = named(args, ["expression", "pos", "length"]);
    const options = list.pop();
    const [expression, pos, length = null] = list;
    if (!(pos instanceof Expression) && (pos as number) < 1)
      throw new ValueError("'pos' must be greater than 0");
    super(expression, pos, ...(length === null ? [] : [length]), options);
  }
}

export class Trim extends Transform {
  static override readonly function: string = "TRIM";
  static override readonly lookupName: string = "trim";
}

export class Upper extends Transform {
  static override readonly function: string = "UPPER";
  static override readonly lookupName: string = "upper";
}
