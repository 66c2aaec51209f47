import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ArgumentTypeError, NotSupportedError, ValueError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { joinSql, raw, type Sql, sql } from "../sql/sql.ts";
import { checkOptions } from "../util/check-options.ts";
import { str } from "../util/repr.ts";
import { Expression, type Source } from "./base.ts";
import { parseExpression } from "./combinable.ts";
import { OrderByList, orderByList } from "./order-by-list.ts";
import { withOutputField } from "./with-output-field.ts";

/** Keyword arguments of {@link Window}. */
export interface WindowOptions {
  /** An aggregate or a window function. */
  readonly expression: unknown;
  /** Names and expressions: the rows that are equal in them are looked at together. */
  readonly partitionBy?: unknown;
  /** Names, `-names` and expressions. */
  readonly orderBy?: unknown;
  readonly frame?: WindowFrame | null | undefined;
  readonly outputField?: Field | null | undefined;
}

/**
 * A function over the rows around each row.
 *
 * @example
 * Window({ expression: Avg("rating"), partitionBy: ["studio"], orderBy: "released" })
 * // AVG("rating") OVER (PARTITION BY "studio" ORDER BY "released")
 *
 * Django: Query Expressions, "Window functions".
 * @throws {ValueError} when the expression cannot stand before OVER.
 */
export class Window extends Expression {
  readonly expression: Expression;
  readonly partitionBy: OrderByList | null;
  readonly orderBy: OrderByList | null;
  readonly frame: WindowFrame | null;

  constructor(options: WindowOptions) {
    super();
    checkOptions("Window", options, ["expression", "frame", "orderBy", "outputField", "partitionBy"]);
    const { expression, partitionBy = null, orderBy = null, frame = null, outputField = null } = options;
    if (!(expression instanceof Expression) || !expression.windowCompatible) {
      const name = (expression as object | null | undefined)?.constructor.name ?? String(expression);
      throw new ValueError(`Expression '${name}' isn't compatible with OVER clauses.`);
    }
    const parts: readonly unknown[] = Array.isArray(partitionBy) ? partitionBy : [partitionBy];
    this.expression = expression;
    this.partitionBy = partitionBy === null ? null : new OrderByList(parts.map(parseExpression));
    this.orderBy = orderBy === null ? null : orderByList(orderBy, "Window.orderBy");
    this.frame = frame;
    this.explicitOutputField = outputField;
  }

  // The rows are not grouped by what the window's function is applied to.
  override get containsAggregate(): boolean {
    return false;
  }

  override get containsOverClause(): boolean {
    return true;
  }

  override sources(): readonly Source[] {
    return [this.expression, this.partitionBy, this.orderBy, this.frame];
  }

  override withSources([expression, partitionBy, orderBy, frame]: readonly Source[]): Expression {
    return this.copy({ expression, partitionBy, orderBy, frame });
  }

  protected override resolveOutputField(): Field | null {
    return this.expression.outputField;
  }

  override asSql(compiler: Compiler): Sql {
    compiler.ops.checkExpressionSupport(this);
    if (!compiler.features.supportsOverClause) {
      throw new NotSupportedError("This backend does not support window expressions.");
    }
    const expression = compiler.compile(this.expression);
    const parts = [
      this.partitionBy?.asSql(compiler, "PARTITION BY "),
      this.orderBy?.asSql(compiler, "ORDER BY "),
    ];
    if (this.frame !== null) parts.push(compiler.compile(this.frame));
    const present = parts.filter((part): part is Sql => part !== undefined && !part.isEmpty);
    return sql`${expression} OVER (${joinSql(present, " ")})`;
  }

  override toString(): string {
    const partition = this.partitionBy === null ? "" : `PARTITION BY ${this.partitionBy}`;
    return `<Window: ${this.expression} OVER (${partition}${this.orderBy ?? ""}${this.frame ?? ""})>`;
  }

  /** A copy whose function counts as of another type. */
  withExpressionType(field: Field): this {
    return this.copy({ expression: withOutputField(this.expression, field) });
  }

  override getGroupByCols(): Expression[] {
    return [...(this.partitionBy?.getGroupByCols() ?? []), ...(this.orderBy?.getGroupByCols() ?? [])];
  }
}

/** What a frame leaves out. Django: `WindowFrameExclusion`. */
export const WindowFrameExclusion = {
  CURRENT_ROW: "CURRENT ROW",
  GROUP: "GROUP",
  TIES: "TIES",
  NO_OTHERS: "NO OTHERS",
} as const;

export type WindowFrameExclusion = (typeof WindowFrameExclusion)[keyof typeof WindowFrameExclusion];

/** Bounds of a frame: rows or values before (negative), at (0) or after the current one; `null`: to the end. */
export interface FrameOptions {
  readonly start?: number | null | undefined;
  readonly end?: number | null | undefined;
  readonly exclusion?: WindowFrameExclusion | null | undefined;
}

/** The rows of a window that the function looks at. */
export abstract class WindowFrame extends Expression {
  abstract readonly frameType: string;
  readonly start: unknown;
  readonly end: unknown;
  readonly exclusion: WindowFrameExclusion | null;

  constructor({ start = null, end = null, exclusion = null }: FrameOptions = {}) {
    super();
    if (exclusion !== null && !Object.values(WindowFrameExclusion).includes(exclusion)) {
      throw new ArgumentTypeError(
        `${this.constructor.name}.exclusion must be a WindowFrameExclusion instance.`,
      );
    }
    this.start = start;
    this.end = end;
    this.exclusion = exclusion;
  }

  /** Fails where the bounds cannot be meant. */
  protected abstract check(compiler: Compiler): void;

  override shapeKey(): string {
    return `${String(this.start)}:${String(this.end)}:${this.exclusion ?? ""}`;
  }

  override get outputFieldOrNull(): Field | null {
    return null;
  }

  override asSql(compiler: Compiler): Sql {
    compiler.ops.checkExpressionSupport(this);
    this.check(compiler);
    const start = bound(this.start) ?? "UNBOUNDED PRECEDING";
    const end = bound(this.end) ?? "UNBOUNDED FOLLOWING";
    if (this.exclusion !== null && !compiler.features.supportsFrameExclusion) {
      throw new NotSupportedError("This backend does not support window frame exclusions.");
    }
    const exclude = this.exclusion === null ? "" : ` EXCLUDE ${this.exclusion}`;
    return raw(`${this.frameType} BETWEEN ${start} AND ${end}${exclude}`);
  }

  override getGroupByCols(): Expression[] {
    return [];
  }

  override toString(): string {
    const start = bound(this.start) ?? "UNBOUNDED PRECEDING";
    const end = bound(this.end) ?? "UNBOUNDED FOLLOWING";
    return `${this.frameType} BETWEEN ${start} AND ${end}${this.exclusion === null ? "" : ` EXCLUDE ${this.exclusion}`}`;
  }
}

function bound(value: unknown): string | null {
  if (typeof value !== "number" || !Number.isInteger(value)) return null;
  if (value === 0) return "CURRENT ROW";
  return value < 0 ? `${-value} PRECEDING` : `${value} FOLLOWING`;
}

/** A frame of so many rows: `RowRange({ start: -2, end: 0 })`. Django: `RowRange`. */
export class RowRange extends WindowFrame {
  override readonly frameType: string = "ROWS";

  protected override check(): void {
    const { start, end } = this;
    if (Number.isInteger(start) && Number.isInteger(end) && (start as number) > (end as number)) {
      throw new ValueError("start cannot be greater than end.");
    }
    for (const [name, value] of [["start", start] as const, ["end", end] as const]) {
      if (value !== null && !Number.isInteger(value)) {
        throw new ValueError(`${name} argument must be an integer, zero, or None, but got '${str(value)}'.`);
      }
    }
  }
}

/** A frame of the rows whose values lie so near: `ValueRange({ start: null, end: 0 })`. Django: `ValueRange`. */
export class ValueRange extends WindowFrame {
  override readonly frameType: string = "RANGE";

  protected override check(compiler: Compiler): void {
    const { start, end } = this;
    if (start !== null && (!Number.isInteger(start) || (start as number) > 0)) {
      throw new ValueError(
        `start argument must be a negative integer, zero, or None, but got '${str(start)}'.`,
      );
    }
    if (end !== null && (!Number.isInteger(end) || (end as number) < 0)) {
      throw new ValueError(`end argument must be a positive integer, zero, or None, but got '${str(end)}'.`);
    }
    const { onlySupportsUnboundedWithPrecedingAndFollowing } = compiler.features;
    if (onlySupportsUnboundedWithPrecedingAndFollowing && (start || end)) {
      throw new NotSupportedError(
        `${compiler.ops.displayName} only supports UNBOUNDED together with PRECEDING and FOLLOWING.`,
      );
    }
  }
}
