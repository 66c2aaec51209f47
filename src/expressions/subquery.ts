import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ArgumentTypeError, EmptyResultSet } from "../errors.ts";
import { BooleanField, type Field } from "../fields/index.ts";
import type { Query } from "../query/query.ts";
import { type Capture, type Cursor, Node } from "../sql/node.ts";
import { fill, raw, Sql } from "../sql/sql.ts";
import { Expression, type Source } from "./base.ts";
import { fieldKey } from "./keys.ts";
import { Value } from "./value.ts";

/** What a queryset is for an expression: a node that gives its query. */
export interface QuerySource extends Node {
  readonly query: Query;
}

/**
 * One value from another queryset, usually tied to the row with `OuterRef`.
 *
 * @example
 * const newest = Comment.objects.filter({ post: OuterRef("pk") }).orderBy("-created");
 * Post.objects.annotate({ newest: Subquery(newest.values("email").slice(0, 1)) });
 *
 * Django: Query Expressions, `Subquery()` expressions.
 */
export class Subquery extends Expression {
  /** Before it is part of a query: the queryset; afterwards its query. */
  protected readonly source: QuerySource | null;
  readonly query: Query;
  readonly options: Readonly<Record<string, unknown>>;

  constructor(
    queryset: QuerySource | Query,
    options: { outputField?: Field | null; template?: string } = {},
  ) {
    super();
    const { outputField = null, ...rest } = options;
    if (!(queryset instanceof Node)) {
      throw new ArgumentTypeError(`${this.constructor.name} takes a queryset, not ${String(queryset)}.`);
    }
    const isQuery = queryset instanceof Expression && queryset.isQuery;
    this.source = isQuery ? null : (queryset as QuerySource);
    this.query = (isQuery ? queryset : (queryset as QuerySource).query) as Query;
    this.explicitOutputField = outputField;
    this.options = rest;
    if (isQuery) this.query = this.prepareQuery(this.query.clone());
  }

  protected get defaultTemplate(): string {
    return "(%(subquery)s)";
  }

  /** What the subquery makes of the queryset's query; the clone is its own. */
  protected prepareQuery(query: Query): Query {
    query.subquery = true;
    return query;
  }

  override get isSubquery(): boolean {
    return true;
  }

  override get containsAggregate(): boolean {
    return false;
  }

  override get emptyResultSetValue(): unknown {
    return null;
  }

  override shapeKey(): string {
    const field = this.explicitOutputField === null ? "" : fieldKey(this.explicitOutputField);
    return `${JSON.stringify(this.options)}${field}`;
  }

  override capture(sink: Capture): void {
    if (this.source === null) {
      sink.text(this.identity);
      return;
    }
    sink.text(`S${this.constructor.name}${this.shapeKey()}`);
    this.source.capture(sink);
  }

  override template(cursor: Cursor): Expression {
    if (this.source === null) return this;
    const query = (this.source.template(cursor) as Query).clone();
    return this.copy({ source: null, query: this.prepareQuery(query) });
  }

  override sources(): readonly Source[] {
    return [this.query];
  }

  override withSources([query]: readonly Source[]): Expression {
    return this.copy({ query });
  }

  protected override resolveOutputField(): Field | null {
    return this.query.outputField;
  }

  override getExternalCols(): Expression[] {
    return this.query.getExternalCols();
  }

  override getGroupByCols(): Expression[] {
    return this.query.getGroupByColsFor(this);
  }

  override asSql(compiler: Compiler): Sql {
    const inner = unwrap(this.query.asSql(compiler));
    const { template, ...extra } = this.options;
    return fill((template as string | undefined) ?? this.defaultTemplate, { ...extra, subquery: inner });
  }
}

/** The SQL of a subquery without the parentheses around it. */
function unwrap(wrapped: Sql): Sql {
  const parts = [...wrapped.parts];
  parts[0] = (parts[0] as string).slice(1);
  const last = parts.length - 1;
  parts[last] = (parts[last] as string).slice(0, -1);
  return new Sql(parts);
}

const boolean: Field = new BooleanField({});

/**
 * Whether another queryset has rows, usually tied to the row with `OuterRef`.
 *
 * @example Post.objects.filter(Exists(Comment.objects.filter({ post: OuterRef("pk") })))
 *
 * Django: Query Expressions, `Exists()` subqueries.
 */
export class Exists extends Subquery {
  protected override get defaultTemplate(): string {
    return "EXISTS(%(subquery)s)";
  }

  protected override prepareQuery(query: Query): Query {
    const exists = query.exists();
    exists.subquery = true;
    return exists;
  }

  override get outputFieldOrNull(): Field | null {
    return boolean;
  }

  override get emptyResultSetValue(): unknown {
    return false;
  }

  override selectFormat(compiler: Compiler, inner: Sql): Sql {
    return compiler.features.supportsBooleanExprInSelectClause
      ? inner
      : fill("CASE WHEN %(inner)s THEN 1 ELSE 0 END", { inner });
  }

  override asSql(compiler: Compiler): Sql {
    try {
      return super.asSql(compiler);
    } catch (error) {
      if (!(error instanceof EmptyResultSet)) throw error;
      return compiler.features.supportsBooleanExprInSelectClause
        ? compiler.compile(new Value(false))
        : raw("1=0");
    }
  }
}
