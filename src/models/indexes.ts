/** Indexes of a model's meta. */

import { INDEX_NAME_LENGTH, metaIndexName } from "../backends/base/naming.ts";
import { ValueError } from "../errors.ts";
import { F } from "../expressions/f.ts";
import type { Field } from "../fields/field.ts";
import { sameValue } from "../util/compare.ts";
import type { Options } from "./options.ts";

export interface IndexOptions {
  /** Names of fields; `"-created"` for descending order. */
  fields?: readonly string[] | undefined;
  /** At most 30 characters; made of table and columns when left out. */
  name?: string | undefined;
  /** Only rows for which it holds are in the index: a `Q`. */
  condition?: unknown;
  /** Fields whose columns are stored in the index besides. */
  include?: readonly string[] | undefined;
  /** PostgreSQL's operator classes, one for each of the fields. */
  opclasses?: readonly string[] | undefined;
  dbTablespace?: string | undefined;
}

/** Expressions, and at the end the options. */
export type WithExpressions<O> = [...expressions: unknown[], options: O] | [options: O];

/** Is this a bag of options, rather than an expression or a name? */
function isOptions(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Splits the arguments of an index or constraint. A text among the expressions names a field. */
export function splitArguments<O extends object>(
  given: readonly unknown[],
): { expressions: unknown[]; options: O } {
  const last = given.at(-1);
  const options = (isOptions(last) ? last : {}) as O;
  const expressions = isOptions(last) ? given.slice(0, -1) : [...given];
  return { expressions: expressions.map((each) => (typeof each === "string" ? new F(each) : each)), options };
}

/** A condition tree or an expression that is true or false. */
export function isConditional(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && (value as { conditional?: unknown }).conditional === true
  );
}

export function isQ(value: unknown): boolean {
  return isConditional(value) && Array.isArray((value as { children?: unknown }).children);
}

/**
 * An index of a model's table.
 *
 * @example
 * indexes: [
 *   Index({ fields: ["status", "-created"] }),
 *   Index(Lower("title").desc(), { name: "title_lower_idx" }),
 *   Index({ fields: ["plan"], condition: Q({ active: true }), name: "active_plan_idx" }),
 * ]
 * Django: "Model index reference".
 */
export class Index {
  readonly fields: readonly string[];
  /** Each field with `""` or `"DESC"`. */
  readonly fieldsOrders: readonly (readonly [field: string, order: "" | "DESC"])[];
  name: string;
  readonly condition: unknown;
  readonly include: readonly string[];
  readonly opclasses: readonly string[];
  readonly dbTablespace: string | null;
  readonly expressions: readonly unknown[];
  /** The last part of a name that the library makes. */
  readonly suffix: string = "idx";

  constructor(...given: WithExpressions<IndexOptions> | unknown[]) {
    const { expressions, options } = splitArguments<IndexOptions>(given);
    const { fields = [], name, condition = null, include = null, opclasses = [] } = options;
    if (opclasses.length > 0 && !name) throw new ValueError("An index must be named to use opclasses.");
    if (condition !== null && !isQ(condition)) throw new ValueError("Index.condition must be a Q instance.");
    if (condition !== null && !name) throw new ValueError("An index must be named to use condition.");
    if (!Array.isArray(fields)) throw new ValueError("Index.fields must be a list or tuple.");
    if (!Array.isArray(opclasses)) throw new ValueError("Index.opclasses must be a list or tuple.");
    if (expressions.length === 0 && fields.length === 0) {
      throw new ValueError("At least one field or expression is required to define an index.");
    }
    if (expressions.length > 0 && fields.length > 0) {
      throw new ValueError("Index.fields and expressions are mutually exclusive.");
    }
    if (expressions.length > 0 && !name) throw new ValueError("An index must be named to use expressions.");
    if (expressions.length > 0 && opclasses.length > 0) {
      throw new ValueError("Index.opclasses cannot be used with expressions.");
    }
    if (opclasses.length > 0 && fields.length !== opclasses.length) {
      throw new ValueError("Index.fields and Index.opclasses must have the same number of elements.");
    }
    if (!fields.every((field) => typeof field === "string")) {
      throw new ValueError("Index.fields must contain only strings with field names.");
    }
    if (include !== null && include.length > 0 && !name)
      throw new ValueError("A covering index must be named.");
    if (include !== null && !Array.isArray(include))
      throw new ValueError("Index.include must be a list or tuple.");
    this.fields = fields;
    this.fieldsOrders = fields.map((field) =>
      field.startsWith("-") ? [field.slice(1), "DESC"] : [field, ""],
    );
    this.name = name ?? "";
    this.condition = condition;
    this.include = include ?? [];
    this.opclasses = opclasses;
    this.dbTablespace = options.dbTablespace ?? null;
    this.expressions = expressions;
  }

  get containsExpressions(): boolean {
    return this.expressions.length > 0;
  }

  /** How the index is kept, where that is not the database's usual way: `gin`. */
  get method(): string | null {
    return null;
  }

  /** Settings of the index itself: `fillfactor = 80`. */
  get storageParameters(): readonly string[] {
    return [];
  }

  /** The longest name: a limit that every database keeps. */
  protected get maxNameLength(): number {
    return INDEX_NAME_LENGTH;
  }

  /** Gives the index a name made of table and columns. */
  setNameWithModel(opts: Options): void {
    const columns = this.fieldsOrders.map(
      ([name, order]) => [(opts.getField(name) as Field).column, order] as const,
    );
    this.name = metaIndexName(opts.dbTable, columns, this.suffix, this.maxNameLength);
  }

  /** What makes an equal index. */
  deconstruct(): { type: string; args: readonly unknown[]; kwargs: Record<string, unknown> } {
    const kwargs: Record<string, unknown> = { name: this.name };
    if (this.fields.length > 0) kwargs.fields = this.fields;
    if (this.dbTablespace !== null) kwargs.dbTablespace = this.dbTablespace;
    if (this.opclasses.length > 0) kwargs.opclasses = this.opclasses;
    if (this.condition !== null) kwargs.condition = this.condition;
    if (this.include.length > 0) kwargs.include = this.include;
    return { type: this.constructor.name, args: this.expressions, kwargs };
  }

  clone(): this {
    const { args, kwargs } = this.deconstruct();
    return new (this.constructor as new (...given: unknown[]) => this)(...args, kwargs);
  }

  equals(other: unknown): boolean {
    return other instanceof Index && sameParts(this.deconstruct(), other.deconstruct());
  }
}

/** Compares what two indexes or constraints are made of; expressions by their identity. */
export function sameParts(
  a: { type: string; args: readonly unknown[]; kwargs: Record<string, unknown> },
  b: { type: string; args: readonly unknown[]; kwargs: Record<string, unknown> },
): boolean {
  const keys = Object.keys(a.kwargs);
  return (
    a.type === b.type &&
    a.args.length === b.args.length &&
    a.args.every((arg, i) => samePart(arg, b.args[i])) &&
    keys.length === Object.keys(b.kwargs).length &&
    keys.every((key) => samePart(a.kwargs[key], b.kwargs[key]))
  );
}

function samePart(a: unknown, b: unknown): boolean {
  if (sameValue(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => samePart(item, b[i]));
  }
  const identity = (value: unknown) => (value as { identity?: unknown } | null)?.identity;
  return identity(a) !== undefined && identity(a) === identity(b);
}
