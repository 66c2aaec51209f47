import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ValueError } from "../errors.ts";
import { Expression } from "../expressions/base.ts";
import { type Col, ColPairs } from "../expressions/col.ts";
import type { Field } from "../fields/field.ts";
import { CompositePrimaryKey } from "../fields/index.ts";
import type { ForeignKey } from "../fields/related/foreign-key.ts";
import type { PathInfo } from "../fields/related/path-info.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Query } from "../query/query.ts";
import { Bound } from "../sql/bound.ts";
import type { Sql } from "../sql/sql.ts";
import { Exact, GreaterThan, GreaterThanOrEqual, IsNull, LessThan, LessThanOrEqual } from "./comparison.ts";
import { In, iterable } from "./list.ts";
import type { Lookup } from "./lookup.ts";
import {
  TupleExact,
  TupleGreaterThan,
  TupleGreaterThanOrEqual,
  TupleIn,
  TupleIsNull,
  TupleLessThan,
  TupleLessThanOrEqual,
} from "./tuple.ts";

/*
 * Lookups of relations: their values are keys, or objects that have them.
 */

/** A relation in the role of a type: a foreign key, or the way back along one. */
type Relation = Field & { readonly pathInfos?: readonly PathInfo[] };

function isInstance(value: unknown): value is ModelInstance {
  return typeof value === "object" && value !== null && "_state" in value;
}

/** The fields that a value of the relation stands for. */
function targetsOf(relation: Relation): readonly Field[] {
  const { targetFields } = relation.pathInfos?.at(-1) ?? { targetFields: [] };
  return targetFields.flatMap((field) => (field instanceof CompositePrimaryKey ? field.fields : [field]));
}

/** The values of the relation's target fields that an object, a list of values or a single value has. */
export function normalizedValues(value: unknown, relation: Relation): readonly unknown[] {
  if (!isInstance(value)) return Array.isArray(value) ? (value as unknown[]) : [value];
  const { pk } = value;
  const hasPk = Array.isArray(pk)
    ? pk.every((part) => part !== null && part !== undefined)
    : pk !== null && pk !== undefined;
  if (!hasPk) throw new ValueError("Model instances passed to related filters must be saved.");
  const values: unknown[] = [];
  for (const target of targetsOf(relation)) {
    let source = target;
    while (!(value instanceof source.model) && source.remoteField !== null)
      source = (source as ForeignKey).targetField;
    const found = value[source.attname];
    // The key of the value's own model is a relation to the model asked for.
    if (found === undefined) return Array.isArray(pk) ? (pk as unknown[]) : [pk];
    values.push(found);
  }
  return values;
}

/** Turns an object or a key into the prepared key. */
function keyPreparation(relation: Relation, prepares: boolean): (value: unknown) => unknown {
  const target = prepares ? relation.pathInfos?.at(-1)?.targetFields.at(-1) : undefined;
  return (value) => {
    const key = isInstance(value) ? normalizedValues(value, relation)[0] : value;
    return target === undefined ? key : target.getPrepValue(key);
  };
}

/** The conditions on several columns, for a relation that joins on them. */
const TUPLE_LOOKUPS: Readonly<Record<string, new (lhs: unknown, rhs: unknown) => Lookup>> = {
  exact: TupleExact,
  gt: TupleGreaterThan,
  gte: TupleGreaterThanOrEqual,
  lt: TupleLessThan,
  lte: TupleLessThanOrEqual,
};

/** The condition where the relation joins on several columns; `null` where it joins on one. */
function tupleSql(lookup: Lookup, compiler: Compiler): Sql | null {
  if (!(lookup.lhs instanceof ColPairs)) return null;
  if (lookup.rhs instanceof Expression) {
    throw new ValueError(`'${lookup.lookupName}' doesn't support multi-column subqueries.`);
  }
  const TupleLookup = TUPLE_LOOKUPS[lookup.lookupName] as new (lhs: unknown, rhs: unknown) => Lookup;
  return compiler.compile(new TupleLookup(lookup.lhs, normalized(lookup)));
}

/** The right side with lists of values for an example, where the user gave objects. */
function normalized(lookup: Lookup): unknown {
  const { rhs } = lookup;
  if (!(rhs instanceof Bound) || rhs.slot < 0) return rhs;
  const relation = lookup.lhs.outputField as Relation;
  const { value } = rhs;
  const example =
    lookup instanceof In
      ? Array.from(iterable(value), (item) => normalizedValues(item, relation))
      : normalizedValues(value, relation);
  return new Bound(rhs.slot, example);
}

/** How values are prepared: keys of one column, tuples of several. */
function preparationOf(lookup: { readonly lhs: Expression }, prepares = true): (value: unknown) => unknown {
  const relation = lookup.lhs.outputField as Relation;
  if (lookup.lhs instanceof ColPairs) return (value) => normalizedValues(value, relation);
  return keyPreparation(relation, prepares);
}

export class RelatedExact extends Exact {
  protected override preparation(): ((value: unknown) => unknown) | null {
    return this.lhsField === null ? null : preparationOf(this);
  }

  override asSql(compiler: Compiler): Sql {
    return tupleSql(this, compiler) ?? super.asSql(compiler);
  }
}

export class RelatedLessThan extends LessThan {
  protected override preparation(): ((value: unknown) => unknown) | null {
    return this.lhsField === null ? null : preparationOf(this);
  }

  override asSql(compiler: Compiler): Sql {
    return tupleSql(this, compiler) ?? super.asSql(compiler);
  }
}

export class RelatedLessThanOrEqual extends LessThanOrEqual {
  protected override preparation(): ((value: unknown) => unknown) | null {
    return this.lhsField === null ? null : preparationOf(this);
  }

  override asSql(compiler: Compiler): Sql {
    return tupleSql(this, compiler) ?? super.asSql(compiler);
  }
}

export class RelatedGreaterThan extends GreaterThan {
  protected override preparation(): ((value: unknown) => unknown) | null {
    return this.lhsField === null ? null : preparationOf(this);
  }

  override asSql(compiler: Compiler): Sql {
    return tupleSql(this, compiler) ?? super.asSql(compiler);
  }
}

export class RelatedGreaterThanOrEqual extends GreaterThanOrEqual {
  protected override preparation(): ((value: unknown) => unknown) | null {
    return this.lhsField === null ? null : preparationOf(this);
  }

  override asSql(compiler: Compiler): Sql {
    return tupleSql(this, compiler) ?? super.asSql(compiler);
  }
}

export class RelatedIsNull extends IsNull {
  override asSql(compiler: Compiler): Sql {
    if (!(this.lhs instanceof ColPairs)) return super.asSql(compiler);
    return compiler.compile(new TupleIsNull(this.lhs, this.rhs));
  }
}

export class RelatedIn extends In {
  protected override itemPreparation(): ((value: unknown) => unknown) | null {
    return this.lhsField === null ? super.itemPreparation() : preparationOf(this);
  }

  protected override prepQuery(query: Query): Query {
    return super.prepQuery(this.selectingTarget(query));
  }

  /** The subquery gives the field that the relation refers to, which need not be the primary key. */
  private selectingTarget(query: Query): Query {
    if (query.hasSelectFields) return query;
    const { lhs } = this;
    const field = lhs.outputField as Relation;
    if (lhs instanceof ColPairs) {
      if (field.relatedModel?._meta !== query.model._meta) return query;
      return selecting(
        query,
        lhs.fields.map((source) => source.name),
      );
    }
    const target = (field as ForeignKey).targetField;
    if (target.primaryKey) return query;
    const ownKey = field.primaryKey && field.opts === query.model._meta;
    return selecting(query, [ownKey ? (lhs as Col).target.name : target.name]);
  }

  override asSql(compiler: Compiler): Sql {
    return this.lhs instanceof ColPairs
      ? compiler.compile(new TupleIn(this.lhs, normalized(this)))
      : super.asSql(compiler);
  }
}

function selecting(query: Query, names: readonly string[]): Query {
  const clone = query.clone();
  clone.clearSelectClause();
  clone.addFields(names);
  clone.selected = new Map(names.map((name, i) => [name, i]));
  return clone;
}
