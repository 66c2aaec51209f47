import type { Compiler } from "../backends/base/compiler/compiler.ts";
import type { DatabaseOperations } from "../backends/base/operations.ts";
import type { ConverterOptions } from "../backends/base/values.ts";
import type { Field } from "../fields/field.ts";
import { joinSql, raw, type Sql } from "../sql/sql.ts";
import { Expression, type Source } from "./base.ts";
import { fieldKey } from "./keys.ts";

/** A column of a table in the query. */
export class Col extends Expression {
  readonly alias: string | null;
  readonly target: Field;
  /** Reached over a relation from an outer query, so that it may stand for several rows. */
  readonly possiblyMultivalued: boolean = false;

  constructor(alias: string | null, target: Field, outputField: Field = target) {
    super();
    this.alias = alias;
    this.target = target;
    this.explicitOutputField = outputField;
  }

  override get containsColumnReferences(): boolean {
    return true;
  }

  override shapeKey(): string {
    return `${this.alias}.${fieldKey(this.target)}`;
  }

  override asSql(compiler: Compiler): Sql {
    const column = compiler.ops.quoteName(this.target.column);
    return raw(this.alias === null ? column : `${compiler.quoteNameUnlessAlias(this.alias)}.${column}`);
  }

  /** As in Django, what is relabelled forgets that it may stand for several rows, also under the same alias. */
  override relabeledClone(changes: ReadonlyMap<string, string>): Expression {
    if (this.alias === null || changes.size === 0) return this;
    const alias = changes.get(this.alias) ?? this.alias;
    if (alias === this.alias && !this.possiblyMultivalued) return this;
    return this.copy({ alias, possiblyMultivalued: false });
  }

  override getGroupByCols(): Expression[] {
    return [this];
  }

  override converter(
    ops: DatabaseOperations,
    options: ConverterOptions = {},
  ): ((value: unknown) => unknown) | null {
    const column = { ...options, column: true };
    if (this.target === this.outputField) return this.target.fromDb(ops, column);
    return this.outputField.fromDb(ops, column) ?? this.target.fromDb(ops, column);
  }

  override get identity(): string {
    return `C${this.shapeKey()}:${fieldKey(this.outputField)}`;
  }

  override toString(): string {
    return `Col(${this.alias}, ${this.target})`;
  }
}

/** The columns of a composite key, standing for one value. */
export class ColPairs extends Expression {
  readonly alias: string | null;
  readonly targets: readonly Field[];
  readonly fields: readonly Field[];

  constructor(alias: string | null, targets: readonly Field[], fields: readonly Field[], outputField: Field) {
    super();
    this.alias = alias;
    this.targets = targets;
    this.fields = fields;
    this.explicitOutputField = outputField;
  }

  get length(): number {
    return this.targets.length;
  }

  getCols(): Col[] {
    return this.targets.map((target, i) => new Col(this.alias, target, this.fields[i] ?? target));
  }

  override sources(): readonly Source[] {
    return this.getCols();
  }

  override withSources(sources: readonly Source[]): Expression {
    const cols = sources as readonly Col[];
    const [first] = cols;
    return new ColPairs(
      first?.alias ?? null,
      cols.map((col) => col.target),
      cols.map((col) => col.outputField),
      this.outputField,
    );
  }

  override get allowsCompositeExpressions(): boolean {
    return true;
  }

  override shapeKey(): string {
    return `${this.alias}`;
  }

  override asSql(compiler: Compiler): Sql {
    return joinSql(
      this.getCols().map((col) => col.asSql(compiler)),
      ", ",
    );
  }

  override relabeledClone(changes: ReadonlyMap<string, string>): Expression {
    const alias = this.alias === null ? undefined : changes.get(this.alias);
    return alias === undefined ? this : this.copy({ alias });
  }

  override resolveExpression(): Expression {
    return this;
  }

  override getGroupByCols(): Expression[] {
    return this.getCols();
  }

  override selectFormat(_compiler: Compiler, sql: Sql): Sql {
    return sql;
  }
}

/** An annotation that is already selected, by its name. */
export class Ref extends Expression {
  readonly refs: string;
  readonly source: Expression;

  constructor(refs: string, source: Expression) {
    super();
    this.refs = refs;
    this.source = source;
  }

  override sources(): readonly Source[] {
    return [this.source];
  }

  override withSources([source]: readonly Source[]): Expression {
    return this.copy({ source });
  }

  override shapeKey(): string {
    return this.refs;
  }

  override get outputFieldOrNull(): Field | null {
    return this.source.outputFieldOrNull;
  }

  override converter(
    ops: DatabaseOperations,
    options: ConverterOptions = {},
  ): ((value: unknown) => unknown) | null {
    return this.source.converter(ops, options);
  }

  override resolveExpression(): Expression {
    return this;
  }

  override getRefs(): Set<string> {
    return new Set([this.refs]);
  }

  override asSql(compiler: Compiler): Sql {
    return raw(compiler.ops.quoteName(this.refs));
  }

  override getGroupByCols(): Expression[] {
    return [this];
  }
}

/** A selected expression by its place in the select list. */
export class PositionRef extends Ref {
  readonly ordinal: number;

  constructor(ordinal: number, refs: string, source: Expression) {
    super(refs, source);
    this.ordinal = ordinal;
  }

  override asSql(): Sql {
    return raw(String(this.ordinal));
  }
}

/** `*`, in `COUNT(*)`. */
export class Star extends Expression {
  override asSql(): Sql {
    return raw("*");
  }

  override get outputFieldOrNull(): Field | null {
    return null;
  }
}

/** The column of a field, or the columns of a composite key. */
export function makeCol(
  alias: string | null,
  target: Field,
  outputField: Field = typeOf(target),
): Expression {
  const parts = target.compositeFields;
  return parts === null
    ? new Col(alias, target, outputField)
    : new ColPairs(alias, parts, parts, outputField);
}

/** A foreign key's column holds what it refers to, a generated one what it is made of. */
function typeOf(target: Field): Field {
  return (target as Field & { readonly outputField?: Field }).outputField ?? target;
}
