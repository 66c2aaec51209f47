/** Lookups and transforms of ranges. Django: django.contrib.postgres, "Querying Range Fields". */
import type { Compiler } from "../../backends/base/compiler/compiler.ts";
import { Expression } from "../../expressions/base.ts";
import { BOOLEAN } from "../../expressions/types.ts";
import {
  BigIntegerField,
  DateField,
  DateTimeField,
  DecimalField,
  type Field,
  FloatField,
  IntegerField,
  SmallIntegerField,
} from "../../fields/index.ts";
import { Transform } from "../../lookups/transform.ts";
import { type Adapt, raw, type Sql, sql } from "../../sql/sql.ts";
import {
  BigIntegerRangeField,
  DateRangeField,
  DateTimeRangeField,
  DecimalRangeField,
  IntegerRangeField,
  RangeField,
} from "../fields/ranges.ts";
import { Range } from "../range.ts";
import { OperatorLookup } from "./operator.ts";

/** Operators of ranges, for exclusion constraints and lookups. Django: `RangeOperators`. */
export const RangeOperators = {
  EQUAL: "=",
  NOT_EQUAL: "<>",
  CONTAINS: "@>",
  CONTAINED_BY: "<@",
  OVERLAPS: "&&",
  FULLY_LT: "<<",
  FULLY_GT: ">>",
  NOT_LT: "&>",
  NOT_GT: "&<",
  ADJACENT_TO: "-|-",
} as const;

/** The range contains another one, or a value. */
export class RangeContains extends OperatorLookup {
  static override readonly lookupName: string = "contains";
  static override readonly operator: string = RangeOperators.CONTAINS;

  protected override preparation(): ((value: unknown) => unknown) | null {
    const field = this.lhsField as RangeField | null;
    if (field === null) return null;
    return (value) =>
      value instanceof Range || Array.isArray(value)
        ? field.getPrepValue(value)
        : field.baseField.getPrepValue(value);
  }

  /** The parameter says by its type what it is: one statement for both. */
  protected override adapter(compiler: Compiler): Adapt {
    const field = this.lhs.outputField as RangeField;
    return (value) =>
      value instanceof Range
        ? field.getDbPrepValue(value, compiler.ops)
        : field.endParameter(value, compiler.ops);
  }

  /** A column or the like is cast to the type of the ends, unless it is a range. */
  protected override processRhs(compiler: Compiler): Sql {
    const inner = super.processRhs(compiler);
    if (!(this.rhs instanceof Expression) || this.rhs.outputFieldOrNull instanceof RangeField) return inner;
    const { baseField } = this.lhs.outputField as RangeField;
    return sql`(${inner})::${raw(baseField.castDbType(compiler.ops) as string)}`;
  }
}

/** Lookups that are an operator between two ranges. */
const OPERATORS: readonly (readonly [name: string, operator: string])[] = [
  ["contained_by", RangeOperators.CONTAINED_BY],
  ["overlap", RangeOperators.OVERLAPS],
  ["fully_lt", RangeOperators.FULLY_LT],
  ["fully_gt", RangeOperators.FULLY_GT],
  ["not_lt", RangeOperators.NOT_LT],
  ["not_gt", RangeOperators.NOT_GT],
  ["adjacent_to", RangeOperators.ADJACENT_TO],
];

/** The lower or the upper end. */
abstract class RangeEnd extends Transform {
  protected override resolveOutputField(): Field {
    return (this.lhs.outputField as RangeField).baseField;
  }
}

export class RangeStartsWith extends RangeEnd {
  static override readonly lookupName: string = "startswith";
  static override readonly function: string = "lower";
}

export class RangeEndsWith extends RangeEnd {
  static override readonly lookupName: string = "endswith";
  static override readonly function: string = "upper";
}

/** Functions of a range that give booleans. */
const FLAGS: readonly (readonly [name: string, functionName: string])[] = [
  ["isempty", "isempty"],
  ["lower_inc", "LOWER_INC"],
  ["lower_inf", "LOWER_INF"],
  ["upper_inc", "UPPER_INC"],
  ["upper_inf", "UPPER_INF"],
];

const INT4 = new IntegerRangeField();
const INT8 = new BigIntegerRangeField();
const NUMERIC = new DecimalRangeField();
const TIMESTAMP = new DateTimeRangeField();
const DATE = new DateRangeField();

/** The ranges in which the values of a field lie. */
function rangeOf(field: Field): RangeField {
  if (field instanceof DateTimeField) return TIMESTAMP;
  if (field instanceof DateField) return DATE;
  if (field instanceof IntegerField) {
    return field instanceof BigIntegerField || field.internalType === "BigAutoField" ? INT8 : INT4;
  }
  return NUMERIC;
}

/** The value of a number, a day or an instant lies in a range. */
export class ContainedByRange extends OperatorLookup {
  static override readonly lookupName: string = "contained_by";
  static override readonly operator: string = RangeOperators.CONTAINED_BY;

  protected override preparation(): ((value: unknown) => unknown) | null {
    const field = this.lhsField;
    if (field === null) return null;
    const range = rangeOf(field);
    return (value) => range.getPrepValue(value);
  }

  protected override adapter({ ops }: Compiler): Adapt {
    const range = rangeOf(this.lhs.outputField);
    return (value) => range.getDbPrepValue(value, ops);
  }

  protected override processLhs(compiler: Compiler): Sql {
    const lhs = super.processLhs(compiler);
    const field = this.lhs.outputField;
    if (field instanceof FloatField) return sql`${lhs}::numeric`;
    const isSmall = field instanceof SmallIntegerField || field.internalType === "SmallAutoField";
    return isSmall ? sql`${lhs}::integer` : lhs;
  }

  protected override processRhs(compiler: Compiler): Sql {
    const type = rangeOf(this.lhs.outputField).dbType(compiler.ops) as string;
    return sql`${super.processRhs(compiler)}::${raw(type)}`;
  }
}

for (const lookup of [RangeContains, RangeStartsWith, RangeEndsWith]) RangeField.registerLookup(lookup);

for (const [name, symbol] of OPERATORS) {
  RangeField.registerLookup(
    class RangeOperatorLookup extends OperatorLookup {
      static override readonly lookupName: string = name;
      static override readonly operator: string = symbol;
    },
  );
}

for (const [name, functionName] of FLAGS) {
  RangeField.registerLookup(
    class RangeFlag extends Transform {
      static override readonly lookupName: string = name;
      static override readonly function: string = functionName;
      static override readonly outputField: Field = BOOLEAN;
    },
  );
}

for (const field of [DateField, DateTimeField, IntegerField, FloatField, DecimalField]) {
  (field as unknown as typeof Field).registerLookup(ContainedByRange);
}
