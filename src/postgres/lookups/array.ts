/** Lookups and transforms of arrays. Django: django.contrib.postgres, "Querying ArrayField". */
import type { Compiler } from "../../backends/base/compiler/compiler.ts";
import { Expression } from "../../expressions/base.ts";
import { INTEGER } from "../../expressions/types.ts";
import { Value } from "../../expressions/value.ts";
import type { Field } from "../../fields/field.ts";
import type { RegisteredLookup } from "../../fields/lookup-registry.ts";
import { Exact } from "../../lookups/comparison.ts";
import { In } from "../../lookups/list.ts";
import { Transform } from "../../lookups/transform.ts";
import type { Query } from "../../query/query.ts";
import { Bound } from "../../sql/bound.ts";
import { joinSql, raw, type Sql, sql } from "../../sql/sql.ts";
import { ArraySubquery } from "../array-subquery.ts";
import { ArrayField } from "../fields/array.ts";
import { OperatorLookup } from "./operator.ts";

type Items = readonly (Bound | Expression)[];

/** `ARRAY[...]` of a list with expressions in it. */
function itemsSql(items: Items, lhs: Expression, compiler: Compiler): Sql {
  const { baseField } = lhs.outputField as ArrayField;
  const parts = items.map((item) =>
    compiler.compile(item instanceof Bound ? new Value(item, { outputField: baseField }) : item),
  );
  return sql`ARRAY[${joinSql(parts, ", ")}]`;
}

function castSql(rhs: Sql, lhs: Expression, compiler: Compiler): Sql {
  return sql`${rhs}::${raw(lhs.outputField.castDbType(compiler.ops) as string)}`;
}

/** A comparison of arrays; the right side gets the left one's type. */
abstract class ArrayLookup extends OperatorLookup {
  protected override processRhs(compiler: Compiler): Sql {
    const { rhs, lhs } = this;
    const inner = Array.isArray(rhs) ? itemsSql(rhs as Items, lhs, compiler) : super.processRhs(compiler);
    return castSql(inner, lhs, compiler);
  }
}

export class ArrayContains extends ArrayLookup {
  static override readonly lookupName: string = "contains";
  static override readonly operator: string = "@>";
}

export class ArrayContainedBy extends ArrayLookup {
  static override readonly lookupName: string = "contained_by";
  static override readonly operator: string = "<@";
}

/** The arrays have an item in common; a queryset stands for the array of its rows. */
export class ArrayOverlap extends ArrayLookup {
  static override readonly lookupName: string = "overlap";
  static override readonly operator: string = "&&";

  protected override prepRhs(rhs: unknown): unknown {
    if (rhs instanceof Expression && rhs.isQuery) return new ArraySubquery(rhs as Query);
    return super.prepRhs(rhs);
  }
}

export class ArrayExact extends Exact {
  protected override processRhs(compiler: Compiler): Sql {
    const { rhs, lhs } = this;
    const inner = Array.isArray(rhs) ? itemsSql(rhs as Items, lhs, compiler) : super.processRhs(compiler);
    return castSql(inner, lhs, compiler);
  }
}

/** `tags__in: [["a"], ["b", "c"]]`. */
export class ArrayIn extends In {
  /** An array of arrays would be one array of all their items. */
  override get list(): null {
    return null;
  }

  protected override paramSql(...[param, compiler]: Parameters<In["paramSql"]>): Sql {
    return castSql(super.paramSql(param, compiler), this.lhs, compiler);
  }
}

/** The number of items; that of NULL is NULL. */
export class ArrayLength extends Transform {
  static override readonly lookupName: string = "len";
  static override readonly outputField: Field = INTEGER;

  override asSql(compiler: Compiler): Sql {
    const lhs = compiler.compile(this.lhs);
    return sql`CASE WHEN ${lhs} IS NULL THEN NULL ELSE coalesce(array_length(${lhs}, 1), 0) END`;
  }
}

/** One item. */
export class ArrayIndex extends Transform {
  private readonly place: number;

  /** @param place counted from one */
  constructor(place: number, array: unknown) {
    super(array);
    this.place = place;
  }

  override shapeKey(): string {
    return `[${this.place}]${super.shapeKey()}`;
  }

  protected override resolveOutputField(): Field {
    return (this.lhs.outputField as ArrayField).baseField;
  }

  override asSql(compiler: Compiler): Sql {
    const lhs = compiler.compile(this.lhs);
    const place = raw(`[${this.place}]`);
    // `a[1][2]` is an item of a nested array; `(a[1])[2]` is NULL.
    return this.lhs instanceof ArrayIndex ? sql`${lhs}${place}` : sql`(${lhs})${place}`;
  }
}

/** Some items in a row. */
export class ArraySlice extends Transform {
  private readonly start: number;
  private readonly end: number | null;

  /** @param start counted from one; `end` is included, `null` for the rest of the array */
  constructor(start: number, end: number | null, array: unknown) {
    super(array);
    this.start = start;
    this.end = end;
  }

  override shapeKey(): string {
    return `[${this.start}:${this.end}]${super.shapeKey()}`;
  }

  override asSql(compiler: Compiler): Sql {
    return sql`(${compiler.compile(this.lhs)})${raw(`[${this.start}:${this.end ?? ""}]`)}`;
  }
}

/** A class of transforms that has its arguments already: called with `new` like any other. */
function transform(make: (lhs: Expression) => Expression): RegisteredLookup {
  function construct(lhs: Expression): Expression {
    return make(lhs);
  }
  return Object.assign(construct, { lookupKind: "transform" as const });
}

ArrayField.transforms = {
  index: (place) => transform((lhs) => new ArrayIndex(place, lhs)),
  slice: (start, end) => transform((lhs) => new ArraySlice(start, end, lhs)),
  sliceOf: (expression, start, end) => new ArraySlice(start, end, expression),
};

for (const lookup of [ArrayContains, ArrayContainedBy, ArrayExact, ArrayOverlap, ArrayIn, ArrayLength]) {
  ArrayField.registerLookup(lookup);
}
