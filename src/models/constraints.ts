/** Constraints of a model's meta. */

import type { DatabaseOperations } from "../backends/base/operations.ts";
import { ArgumentTypeError, ValueError } from "../errors.ts";
import type { Expression } from "../expressions/base.ts";
import type { Task } from "../task.ts";
import { interpolate } from "../util/format.ts";
import { isConditional, isQ, sameParts, splitArguments, type WithExpressions } from "./indexes.ts";
import type { Options } from "./options.ts";
import type { ModelInstance } from "./types.ts";

/** When a unique constraint is checked: at the end of the transaction, or of each statement. */
export const Deferrable = { DEFERRED: "deferred", IMMEDIATE: "immediate" } as const;
export type Deferrable = (typeof Deferrable)[keyof typeof Deferrable];

export interface ConstraintOptions {
  name: string;
  /** The code of the error in validation. */
  violationErrorCode?: string | undefined;
  /** The message of the error in validation; `%(name)s` is the constraint's name. */
  violationErrorMessage?: string | undefined;
}

/** What a constraint of another kind needs to write its definition: the schema editor. */
export interface DefinitionWriter {
  readonly ops: DatabaseOperations;
  /** A column, or an expression with its parentheses, its order and its operator class. */
  indexExpression(opts: Options, expression: Expression): string;
  /** The columns of an `INCLUDE`, with the word. */
  includeSql(opts: Options, names: readonly string[]): string;
  /** A condition as SQL without parameters. */
  conditionSql(opts: Options, condition: unknown): string;
  /** ` DEFERRABLE INITIALLY DEFERRED` */
  deferrableSql(deferrable: Deferrable | null): string;
}

const MESSAGE = "Constraint “%(name)s” is violated.";

type Parts = { type: string; args: readonly unknown[]; kwargs: Record<string, unknown> };

/**
 * The base of all constraints.
 *
 * One of another kind than this library's writes its definition, and checks objects, by itself.
 */
export abstract class BaseConstraint {
  /** What stands behind `CONSTRAINT name`. */
  definitionSql?(opts: Options, writer: DefinitionWriter): string;
  /** Checks an object. Throws `ValidationError`. */
  validationTask?(
    opts: Options,
    instance: ModelInstance,
    exclude: ReadonlySet<string>,
    using: string,
  ): Task<void>;

  name: string;
  readonly violationErrorCode: string | null;
  readonly violationErrorMessage: string;

  constructor(options: ConstraintOptions) {
    this.name = options.name;
    this.violationErrorCode = options.violationErrorCode ?? null;
    this.violationErrorMessage = options.violationErrorMessage ?? MESSAGE;
  }

  get containsExpressions(): boolean {
    return false;
  }

  /** No message was given: validation may choose a better one. */
  get hasDefaultMessage(): boolean {
    return this.violationErrorMessage === MESSAGE;
  }

  getViolationErrorMessage(): string {
    return interpolate(this.violationErrorMessage, { name: this.name });
  }

  /** What makes an equal constraint. */
  deconstruct(): Parts {
    const kwargs: Record<string, unknown> = { name: this.name };
    if (!this.hasDefaultMessage) kwargs.violationErrorMessage = this.violationErrorMessage;
    if (this.violationErrorCode !== null) kwargs.violationErrorCode = this.violationErrorCode;
    return { type: this.constructor.name, args: [], kwargs };
  }

  clone(): this {
    const { args, kwargs } = this.deconstruct();
    return new (this.constructor as new (...given: unknown[]) => this)(...args, kwargs);
  }

  equals(other: unknown): boolean {
    return other instanceof BaseConstraint && sameParts(this.deconstruct(), other.deconstruct());
  }
}

export interface CheckOptions extends ConstraintOptions {
  /** What must hold for every row: a `Q`, or an expression that is true or false. */
  condition: unknown;
}

/**
 * A condition that every row of the table must hold.
 *
 * @example CheckConstraint({ condition: Q({ price__gte: 0 }), name: "price_not_negative" })
 * Django: "Constraints reference".
 */
export class CheckConstraint extends BaseConstraint {
  readonly condition: unknown;

  constructor(options: CheckOptions) {
    if (!isConditional(options.condition)) {
      throw new ArgumentTypeError("CheckConstraint.condition must be a Q instance or boolean expression.");
    }
    if (!options.name) throw new ArgumentTypeError("CheckConstraint needs a name.");
    super(options);
    this.condition = options.condition;
  }

  override deconstruct(): Parts {
    const parts = super.deconstruct();
    parts.kwargs.condition = this.condition;
    return parts;
  }
}

export interface UniqueOptions extends ConstraintOptions {
  fields?: readonly string[] | undefined;
  /** Only rows for which it holds must differ: a `Q`. */
  condition?: unknown;
  deferrable?: Deferrable | undefined;
  include?: readonly string[] | undefined;
  opclasses?: readonly string[] | undefined;
  /** `false`: two NULLs are the same value. */
  nullsDistinct?: boolean | undefined;
}

/**
 * No two rows have the same values in these fields, or the same results of these expressions.
 *
 * @example
 * UniqueConstraint({ fields: ["room", "date"], name: "unique_booking" })
 * UniqueConstraint(Lower("name"), { name: "unique_lower_name" })
 * Django: "Constraints reference".
 */
export class UniqueConstraint extends BaseConstraint {
  readonly fields: readonly string[];
  readonly condition: unknown;
  readonly deferrable: Deferrable | null;
  readonly include: readonly string[];
  readonly opclasses: readonly string[];
  readonly nullsDistinct: boolean | null;
  readonly expressions: readonly unknown[];

  constructor(...given: WithExpressions<UniqueOptions> | unknown[]) {
    const { expressions, options } = splitArguments<UniqueOptions>(given);
    const { fields = [], condition = null, deferrable = null, include = [], opclasses = [] } = options;
    if (!options.name) throw new ValueError("A unique constraint must be named.");
    if (expressions.length === 0 && fields.length === 0) {
      throw new ValueError("At least one field or expression is required to define a unique constraint.");
    }
    if (expressions.length > 0 && fields.length > 0) {
      throw new ValueError("UniqueConstraint.fields and expressions are mutually exclusive.");
    }
    if (condition !== null && !isQ(condition)) {
      throw new ValueError("UniqueConstraint.condition must be a Q instance.");
    }
    if (deferrable !== null) {
      const never = (what: string) => new ValueError(`UniqueConstraint with ${what} cannot be deferred.`);
      if (condition !== null) throw never("conditions");
      if (include.length > 0) throw never("include fields");
      if (opclasses.length > 0) throw never("opclasses");
      if (expressions.length > 0) throw never("expressions");
      if (!Object.values(Deferrable).includes(deferrable)) {
        throw new ArgumentTypeError("UniqueConstraint.deferrable must be a Deferrable instance.");
      }
    }
    if (expressions.length > 0 && opclasses.length > 0) {
      throw new ValueError(
        "UniqueConstraint.opclasses cannot be used with expressions. Use OpClass() of asgimod/postgres instead.",
      );
    }
    if (!Array.isArray(include))
      throw new ArgumentTypeError("UniqueConstraint.include must be a list or tuple.");
    if (opclasses.length > 0 && fields.length !== opclasses.length) {
      throw new ValueError(
        "UniqueConstraint.fields and UniqueConstraint.opclasses must have the same number of elements.",
      );
    }
    super(options);
    this.fields = fields;
    this.condition = condition;
    this.deferrable = deferrable;
    this.include = include;
    this.opclasses = opclasses;
    this.nullsDistinct = options.nullsDistinct ?? null;
    this.expressions = expressions;
  }

  override get containsExpressions(): boolean {
    return this.expressions.length > 0;
  }

  override deconstruct(): Parts {
    const { type, kwargs } = super.deconstruct();
    if (this.fields.length > 0) kwargs.fields = this.fields;
    if (this.condition !== null) kwargs.condition = this.condition;
    if (this.deferrable !== null) kwargs.deferrable = this.deferrable;
    if (this.include.length > 0) kwargs.include = this.include;
    if (this.opclasses.length > 0) kwargs.opclasses = this.opclasses;
    if (this.nullsDistinct !== null) kwargs.nullsDistinct = this.nullsDistinct;
    return { type, args: this.expressions, kwargs };
  }
}
