import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { DatabaseError, FieldError } from "../errors.ts";
import {
  BigIntegerField,
  DateField,
  DateTimeField,
  DecimalField,
  DurationField,
  type Field,
  FloatField,
  IntegerField,
  TimeField,
} from "../fields/index.ts";
import type { Query } from "../query/query.ts";
import { type Sql, sql } from "../sql/sql.ts";
import { Expression, type ResolveOptions, type Source } from "./base.ts";

/** The operators between two expressions, as Django writes them. */
export type Connector = "+" | "-" | "*" | "/" | "^" | "%%" | "&" | "|" | "<<" | ">>" | "#";

type FieldClass = new (options: Record<string, never>) => Field;

/** Which operands an operator takes, and the type of its result; the first row that fits counts. */
const combinations = new Map<Connector, [FieldClass | null, FieldClass | null, FieldClass][]>();

function allow(
  connectors: readonly Connector[],
  rows: readonly (readonly [FieldClass | null, FieldClass | null, FieldClass])[],
): void {
  for (const connector of connectors) {
    const list = combinations.get(connector) ?? [];
    list.push(...(rows as [FieldClass | null, FieldClass | null, FieldClass][]));
    combinations.set(connector, list);
  }
}

const [I, R, D] = [IntegerField, FloatField, DecimalField] as unknown as FieldClass[] as [
  FieldClass,
  FieldClass,
  FieldClass,
];
const [DA, DT, TI, DU] = [DateField, DateTimeField, TimeField, DurationField] as unknown as FieldClass[] as [
  FieldClass,
  FieldClass,
  FieldClass,
  FieldClass,
];

const same = [I, R, D].map((type) => [type, type, type] as const);
allow(["+", "-", "*", "/", "%%", "^"], same);
allow(
  ["+", "-", "*", "/", "%%"],
  [
    [I, D, D],
    [D, I, D],
    [I, R, R],
    [R, I, R],
  ],
);
allow(["&", "|", "<<", ">>", "#"], [[I, I, I]]);
allow(
  ["+", "-", "*", "/", "%%", "^"],
  [I, D, R].flatMap((type) => [[type, null, type] as const, [null, type, type] as const]),
);
allow(
  ["+"],
  [
    [DA, DU, DT],
    [DU, DA, DT],
    [DT, DU, DT],
    [DU, DT, DT],
    [DU, DU, DU],
    [TI, DU, TI],
    [DU, TI, TI],
  ],
);
allow(
  ["-"],
  [
    [DA, DU, DT],
    [DT, DU, DT],
    [DU, DU, DU],
    [TI, DU, TI],
    [DA, DA, DU],
    [DA, DT, DU],
    [DT, DA, DU],
    [DT, DT, DU],
    [TI, TI, DU],
  ],
);

/** Lets an operator take operands of these field classes. Django: `register_combinable_fields`. */
export function registerCombinableFields(
  lhs: FieldClass,
  connector: Connector,
  rhs: FieldClass,
  result: FieldClass,
): void {
  allow([connector], [[lhs, rhs, result]]);
}

/** What is calculated from a `bigint`: for Django an integer like any other. */
class CalculatedBigInteger extends BigIntegerField {
  override get kind(): typeof Field {
    return IntegerField;
  }

  override isKindOf(other: Field): boolean {
    return IntegerField.prototype instanceof other.kind || other.kind === IntegerField;
  }
}

function resultType(connector: Connector, lhs: Field | null, rhs: Field | null): FieldClass | null {
  const fits = (type: FieldClass | null, field: Field | null) =>
    type === null ? field === null : field !== null && field instanceof type;
  for (const [left, right, result] of combinations.get(connector) ?? []) {
    if (!fits(left, lhs) || !fits(right, rhs)) continue;
    // What is calculated from a `bigint` is one.
    const isBig = result === I && (lhs instanceof BigIntegerField || rhs instanceof BigIntegerField);
    return isBig ? (CalculatedBigInteger as unknown as FieldClass) : result;
  }
  return null;
}

const results = new Map<FieldClass, Field>();

/** Two expressions with an operator between them. */
export class CombinedExpression extends Expression {
  readonly lhs: Expression;
  readonly connector: Connector;
  readonly rhs: Expression;

  constructor(lhs: Expression, connector: Connector, rhs: Expression, outputField: Field | null = null) {
    super();
    this.lhs = lhs;
    this.connector = connector;
    this.rhs = rhs;
    this.explicitOutputField = outputField;
  }

  override sources(): readonly Source[] {
    return [this.lhs, this.rhs];
  }

  override withSources([lhs, rhs]: readonly Source[]): Expression {
    return this.copy({ lhs, rhs });
  }

  override shapeKey(): string {
    return this.connector;
  }

  protected override resolveOutputField(): Field | null {
    const lhs = this.lhs.outputFieldOrNull;
    const rhs = this.rhs.outputFieldOrNull;
    const type = resultType(this.connector, lhs, rhs);
    if (type === null) {
      if (lhs === null || rhs === null) {
        // names the operand whose type is unknown
        void (lhs === null ? this.lhs.outputField : this.rhs.outputField);
      }
      const shown = this.connector === "%%" ? "%%" : this.connector;
      throw new FieldError(
        `Cannot infer type of '${shown}' expression involving these types: ${lhs?.constructor.name}, ${rhs?.constructor.name}. You must set outputField.`,
      );
    }
    let field = results.get(type);
    if (field === undefined) {
      field = new type({});
      results.set(type, field);
    }
    return field;
  }

  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    const resolved = super.resolveExpression(query, options) as CombinedExpression;
    if (this instanceof DurationExpression || this instanceof TemporalSubtraction) return resolved;
    const lhs = typeOf(resolved.lhs);
    const rhs = typeOf(resolved.rhs);
    if ((lhs === "DurationField" || rhs === "DurationField") && lhs !== rhs) {
      return new DurationExpression(resolved.lhs, resolved.connector, resolved.rhs, this.explicitOutputField);
    }
    if (this.connector === "-" && lhs === rhs && lhs !== null && temporal.has(lhs)) {
      return new TemporalSubtraction(resolved.lhs, resolved.rhs);
    }
    return resolved;
  }

  override asSql(compiler: Compiler): Sql {
    const operands = [compiler.compile(this.lhs), compiler.compile(this.rhs)];
    return sql`(${compiler.ops.combineExpression(this.connector, operands)})`;
  }

  override toString(): string {
    return `${this.lhs} ${this.connector} ${this.rhs}`;
  }
}

const temporal = new Set(["DateField", "DateTimeField", "TimeField"]);

function typeOf(expression: Expression): string | null {
  try {
    return expression.outputFieldOrNull?.internalType ?? null;
  } catch (error) {
    if (error instanceof FieldError) return null;
    throw error;
  }
}

/** A date, time or duration with a duration added or taken away, or a duration multiplied or divided. */
export class DurationExpression extends CombinedExpression {
  private side(side: Expression, compiler: Compiler): Sql {
    const compiled = compiler.compile(side);
    return typeOf(side) === "DurationField" ? compiler.ops.formatForDurationArithmetic(compiled) : compiled;
  }

  override asSql(compiler: Compiler): Sql {
    if (compiler.features.hasNativeDurationField) return super.asSql(compiler);
    if (this.connector === "*" || this.connector === "/") {
      const allowed = new Set(["DecimalField", "DurationField", "FloatField", "IntegerField"]);
      const [lhs, rhs] = [typeOf(this.lhs), typeOf(this.rhs)];
      if (lhs !== null && rhs !== null && !(allowed.has(lhs) && allowed.has(rhs))) {
        throw new DatabaseError(`Invalid arguments for operator ${this.connector}.`);
      }
    }
    const operands = [this.side(this.lhs, compiler), this.side(this.rhs, compiler)];
    return sql`(${compiler.ops.combineDurationExpression(this.connector, operands)})`;
  }
}

const duration: Field = new DurationField({});

/** The duration between two dates or times. */
export class TemporalSubtraction extends CombinedExpression {
  constructor(lhs: Expression, rhs: Expression) {
    super(lhs, "-", rhs, duration);
  }

  override asSql(compiler: Compiler): Sql {
    return compiler.ops.subtractTemporals(
      this.lhs.outputField.internalType,
      compiler.compile(this.lhs),
      compiler.compile(this.rhs),
    );
  }
}
