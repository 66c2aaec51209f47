/** Fields of text. */

import type { Misfits, ValueAdapters } from "../backends/base/values.ts";
import { ValueError } from "../errors.ts";
import { str } from "../util/repr.ts";
import {
  EmailValidator,
  MaxLengthValidator,
  URLValidator,
  type Validator,
  validateSlug,
  validateUnicodeSlug,
} from "../validators/validators.ts";
import { Field, type FieldOps, type FieldOptions } from "./field.ts";
import { labelOf, refuse } from "./stored.ts";

/** In Node.js since version 20; the library of types that is compiled against does not have it yet. */
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

export interface TextOptions extends FieldOptions {
  /** The column's collation, by the database's name of it. */
  dbCollation?: string | null | undefined;
}

/** Values are texts; what is none becomes one, as Python prints it. */
abstract class StringField extends Field {
  readonly dbCollation: string | null;

  constructor(options: TextOptions = {}) {
    super(options);
    this.dbCollation = options.dbCollation ?? null;
  }

  override toPython(value: unknown): unknown {
    return typeof value === "string" || value === null ? value : str(value);
  }

  override getPrepValue(value: unknown): unknown {
    return this.toPython(this.defined(value));
  }

  /**
   * @throws {ValueError} for half a surrogate pair, which no encoding has.
   * @throws {DataError} for what the database would refuse, or cut off.
   */
  override getDbPrepSave(value: unknown, ops: FieldOps): unknown {
    const text = super.getDbPrepSave(value, ops);
    if (typeof text !== "string") return text;
    if (!isWellFormed(text)) {
      throw new ValueError(
        `${labelOf(this)} got ${JSON.stringify(text)}: half of a surrogate pair is no character.`,
      );
    }
    const { misfits } = ops.values;
    if (misfits !== null) this.checkFit(text, misfits);
    return text;
  }

  private checkFit(text: string, { tooLong, nul }: Misfits): void {
    const { maxLength } = this;
    if (maxLength !== null && text.length > maxLength && [...text].length > maxLength) {
      refuse(this, tooLong(maxLength), text);
    }
    if (nul !== null && text.includes("\0")) refuse(this, nul, text);
  }

  override dbParameters(ops: FieldOps): {
    type: string | null;
    check: string | null;
    collation?: string | null;
  } {
    return { ...super.dbParameters(ops), collation: this.dbCollation };
  }

  override deconstruct(): ReturnType<Field["deconstruct"]> {
    const { type, kwargs } = super.deconstruct();
    if (this.dbCollation !== null) kwargs.dbCollation = this.dbCollation;
    return { type, kwargs };
  }
}

/** A short text: `varchar(maxLength)`. */
export class CharField extends StringField {
  override get internalType(): string {
    return "CharField";
  }

  override getValidators(values: ValueAdapters): readonly Validator[] {
    const validators = super.getValidators(values);
    return this.maxLength === null ? validators : [...validators, MaxLengthValidator(this.maxLength)];
  }
}

/** A text of any length. */
export class TextField extends StringField {
  override get internalType(): string {
    return "TextField";
  }
}

export interface SlugOptions extends TextOptions {
  /** Letters of all scripts, not only ASCII. */
  allowUnicode?: boolean | undefined;
}

/** A name for URLs: letters, digits, underscores and hyphens. Indexed; at most 50 characters by default. */
export class SlugField extends CharField {
  readonly allowUnicode: boolean;

  constructor(options: SlugOptions = {}) {
    super({ ...options, maxLength: options.maxLength ?? 50, dbIndex: options.dbIndex ?? true });
    this.allowUnicode = options.allowUnicode ?? false;
  }

  override get internalType(): string {
    return "SlugField";
  }

  protected override get defaultValidators(): readonly Validator[] {
    return [this.allowUnicode ? validateUnicodeSlug : validateSlug];
  }

  override deconstruct(): ReturnType<Field["deconstruct"]> {
    const { type, kwargs } = super.deconstruct();
    if (kwargs.maxLength === 50) delete kwargs.maxLength;
    if (this.dbIndex) delete kwargs.dbIndex;
    else kwargs.dbIndex = false;
    if (this.allowUnicode) kwargs.allowUnicode = true;
    return { type, kwargs };
  }
}

const email: readonly Validator[] = [EmailValidator()];

/** An e-mail address of at most 254 characters. */
export class EmailField extends CharField {
  constructor(options: TextOptions = {}) {
    super({ ...options, maxLength: options.maxLength ?? 254 });
  }

  protected override get defaultValidators(): readonly Validator[] {
    return email;
  }
}

const url: readonly Validator[] = [URLValidator()];

/** A URL of at most 200 characters. */
export class URLField extends CharField {
  constructor(options: TextOptions = {}) {
    super({ ...options, maxLength: options.maxLength ?? 200 });
  }

  protected override get defaultValidators(): readonly Validator[] {
    return url;
  }

  override deconstruct(): ReturnType<Field["deconstruct"]> {
    const { type, kwargs } = super.deconstruct();
    if (kwargs.maxLength === 200) delete kwargs.maxLength;
    return { type, kwargs };
  }
}
