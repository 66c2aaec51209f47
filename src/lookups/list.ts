import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ArgumentTypeError, EmptyResultSet, ValueError } from "../errors.ts";
import { Expression } from "../expressions/base.ts";
import type { Field } from "../fields/field.ts";
import type { Query } from "../query/query.ts";
import { sameData } from "../router.ts";
import { Bound } from "../sql/bound.ts";
import { isList, Node, toArray } from "../sql/node.ts";
import { type Adapt, joinSql, type Param, type Sql, sql } from "../sql/sql.ts";
import { repr } from "../util/repr.ts";
import { checkSelectedFields, selectingPk } from "./comparison.ts";
import { FieldLookup } from "./lookup.ts";

/** One value of a list that came with the call. */
export class ListItem extends Expression {
  private readonly list: Bound;
  private readonly index: number;
  private readonly adapt: Adapt;

  constructor(list: Bound, index: number, outputField: Field, adapt: Adapt) {
    super();
    this.list = list;
    this.index = index;
    this.adapt = adapt;
    this.explicitOutputField = outputField;
  }

  override shapeKey(): string {
    return `${this.list.slot}.${this.index}`;
  }

  override asSql(): Sql {
    return sql`${this.list.param(this.adapt, this.index)}`;
  }

  override shifted(by: number): Expression {
    return this.copy({ list: this.list.shifted(by) });
  }

  override getGroupByCols(): Expression[] {
    return [];
  }
}

/** A lookup that compares with the values of a list. */
export abstract class ListLookup extends FieldLookup {
  protected override get takesList(): boolean {
    return true;
  }

  /** Prepares one value of the list. */
  protected itemPreparation(): ((value: unknown) => unknown) | null {
    return super.preparation();
  }

  protected override prepItems(list: readonly unknown[]): readonly unknown[] {
    const prepare = this.itemPreparation();
    return list.map((item) => {
      if (item instanceof Node) return item;
      if (!(item instanceof Bound)) {
        if (prepare !== null) prepare(item);
        return item;
      }
      return this.prepItem(item, prepare);
    });
  }

  private prepItem(item: Bound, prepare: ((value: unknown) => unknown) | null): Bound {
    if (prepare === null) return item;
    const prepared = prepare(item.value);
    if (item.slot < 0) return new Bound(item.slot, prepared);
    item.prepare ??= prepare;
    return item;
  }

  protected override preparation(): ((value: unknown) => unknown) | null {
    const prepare = this.itemPreparation();
    const keep = this.keepsNulls;
    return (value) => {
      const list = iterable(value);
      const result: unknown[] = [];
      for (const item of list) {
        if (item !== null) result.push(prepare === null ? item : prepare(item));
        else if (keep) result.push(null);
      }
      return result;
    };
  }

  protected get keepsNulls(): boolean {
    return true;
  }

  protected override adapter(compiler: Compiler): Adapt {
    const adapt = super.adapter(compiler);
    return adapt === null ? null : (value) => (value === null ? null : adapt(value));
  }

  /** The number of values in the list; those of a text are its characters. */
  protected countItems(list: Bound, compiler: Compiler): number {
    if (!isList(list.value)) compiler.dependsOnValues();
    const length = compiler.lengthOf(list);
    if (this.keepsNulls) return length;
    return length - (compiler.valueOf(list) as readonly unknown[]).filter((item) => item === null).length;
  }

  /** The SQL of each member of the list. */
  protected batchProcessRhs(compiler: Compiler): Sql[] {
    const adapt = this.adapter(compiler);
    if (Array.isArray(this.rhs)) {
      return (this.rhs as readonly (Bound | Expression)[]).map((item) => this.itemSql(compiler, item, adapt));
    }
    const list = this.bound;
    const items: Sql[] = [];
    const count = this.countItems(list, compiler);
    for (let i = 0; i < count; i++) {
      if (this.bilateralTransforms.length > 0) {
        const item = new ListItem(list, i, this.lhs.outputField, adapt);
        items.push(compiler.compile(this.applyBilateralTransforms(item)));
      } else {
        items.push(this.paramSql(list.param(adapt, i), compiler));
      }
    }
    return items;
  }

  protected itemSql(compiler: Compiler, item: Bound | Expression, adapt: Adapt): Sql {
    return item instanceof Expression ? compiler.compile(item) : this.paramSql(item.param(adapt), compiler);
  }

  protected paramSql(param: Param, _compiler: Compiler): Sql {
    return sql`${param}`;
  }
}

/** A list is a list; a text is its characters, as in Python. */
export function iterable(value: unknown): Iterable<unknown> {
  if (isList(value)) return toArray(value);
  if (
    typeof value === "string" ||
    (typeof value === "object" && value !== null && Symbol.iterator in value)
  ) {
    return value as Iterable<unknown>;
  }
  throw new ArgumentTypeError(`${repr(value)} is not a list`);
}

/** `lhs IN (...)`: values, or the rows of a subquery. NULLs are left out, as NULL is equal to nothing. */
export class In extends ListLookup {
  static override readonly lookupName: string = "in";

  protected override get keepsNulls(): boolean {
    return false;
  }

  protected override prepRhs(rhs: unknown): unknown {
    if (!(rhs instanceof Expression) || !rhs.isQuery) return super.prepRhs(rhs);
    return this.prepQuery(rhs as Query);
  }

  protected prepQuery(query: Query): Query {
    checkSelectedFields(this.lhs, query, "'in' lookup");
    const clone = query.clone();
    clone.clearOrdering({ clearDefault: true });
    return selectingPk(clone);
  }

  /** The list of values, where the right side is nothing else. */
  get list(): Bound | null {
    return this.rhs instanceof Bound && this.bilateralTransforms.length === 0 ? this.rhs : null;
  }

  /** Whether the list has values; whether it has any is part of the shape. */
  hasValues(compiler: Compiler): boolean {
    const { list } = this;
    return list !== null && isList(list.value) && (compiler.valueOf(list) as readonly unknown[]).length > 0;
  }

  /** How many values there are; 0 for a subquery. */
  size(compiler: Compiler): number {
    if (Array.isArray(this.rhs)) return this.rhs.length;
    return this.rhs instanceof Bound ? this.countItems(this.rhs, compiler) : 0;
  }

  protected override processRhs(compiler: Compiler): Sql {
    if (this.rhs instanceof Expression) {
      checkDatabase(this.rhs, compiler);
      return super.processRhs(compiler);
    }
    const items = this.batchProcessRhs(compiler);
    if (items.length === 0) throw new EmptyResultSet("");
    return sql`(${joinSql(items, ", ")})`;
  }

  protected override getRhsOp(_compiler: Compiler, rhs: Sql): Sql {
    return sql`IN ${rhs}`;
  }

  override asSql(compiler: Compiler): Sql {
    const most = compiler.features.maxInListSize;
    if (most === null || this.rhs instanceof Expression || this.size(compiler) <= most)
      return super.asSql(compiler);
    const lhs = this.processLhs(compiler);
    const items = this.batchProcessRhs(compiler);
    const groups: Sql[] = [];
    for (let i = 0; i < items.length; i += most) {
      groups.push(sql`${lhs} IN (${joinSql(items.slice(i, i + most), ", ")})`);
    }
    return sql`(${joinSql(groups, " OR ")})`;
  }

  /** The condition with the whole list as one parameter, which `compare` compares the left side with. */
  asSqlWithOneParameter(
    compiler: Compiler,
    list: Bound,
    encode: (items: readonly unknown[]) => unknown,
    compare: (lhs: Sql, param: Sql) => Sql,
  ): Sql {
    const lhs = this.processLhs(compiler);
    const adapt = this.adapter(compiler);
    const items = (values: unknown) =>
      adapt === null ? (values as readonly unknown[]) : (values as readonly unknown[]).map(adapt);
    const param = list.param((values) => encode(items(values)));
    return compare(lhs, sql`${param}`);
  }
}

/** A database knows nothing of the rows of another one. */
function checkDatabase(rhs: Expression, { ops }: Compiler): void {
  const database = rhs.isQuery ? (rhs as Query).database : null;
  if (database === null || sameData(database, ops.alias)) return;
  throw new ValueError(
    "Subqueries aren't allowed across different databases. Force the inner query to be evaluated using " +
      "`await innerQuery`.",
  );
}

/** `lhs BETWEEN first AND last`, both included. */
export class Range extends ListLookup {
  static override readonly lookupName: string = "range";

  override asSql(compiler: Compiler): Sql {
    const lhs = this.processLhs(compiler);
    if (this.rhs instanceof Expression) {
      throw new ArgumentTypeError("A range lookup takes the first and the last value.");
    }
    const [first, last] = this.batchProcessRhs(compiler);
    if (first === undefined || last === undefined)
      throw new ArgumentTypeError("A range lookup takes the first and the last value.");
    return sql`${lhs} BETWEEN ${first} AND ${last}`;
  }
}
