import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { FullResultSet } from "../errors.ts";
import type { Expression } from "../expressions/base.ts";
import { objectKey } from "../expressions/keys.ts";
import type { Field } from "../fields/field.ts";
import { joinSql, raw, type Sql, sql } from "../sql/sql.ts";
import type { FilteredRelation } from "./filtered-relation.ts";
import type { JoinField } from "./path.ts";

export type JoinType = "INNER JOIN" | "LEFT OUTER JOIN";
export const INNER: JoinType = "INNER JOIN";
export const LOUTER: JoinType = "LEFT OUTER JOIN";

/** What a query reads from: its first table, or a table joined to another. Immutable. */
export interface FromItem {
  readonly tableName: string;
  readonly tableAlias: string | null;
  readonly parentAlias: string | null;
  readonly joinType: JoinType | null;
  readonly nullable: boolean;
  readonly joinField: JoinField | null;
  readonly filteredRelation: FilteredRelation | null;
  /** Items with the same identity are the same join. */
  readonly identity: string;
  relabeledClone(changes: ReadonlyMap<string, string>): FromItem;
  shifted(by: number): FromItem;
  asSql(compiler: Compiler): Sql;
}

export class BaseTable implements FromItem {
  readonly tableName: string;
  readonly tableAlias: string;
  readonly parentAlias = null;
  readonly joinType = null;
  readonly nullable = false;
  readonly joinField = null;
  readonly filteredRelation = null;

  constructor(tableName: string, tableAlias: string) {
    this.tableName = tableName;
    this.tableAlias = tableAlias;
  }

  get identity(): string {
    return `B${this.tableName}\u0000${this.tableAlias}`;
  }

  relabeledClone(changes: ReadonlyMap<string, string>): FromItem {
    return new BaseTable(this.tableName, changes.get(this.tableAlias) ?? this.tableAlias);
  }

  shifted(): FromItem {
    return this;
  }

  asSql(compiler: Compiler): Sql {
    return raw(tableSql(compiler, this.tableName, this.tableAlias));
  }
}

function tableSql(compiler: Compiler, name: string, alias: string): string {
  const table = compiler.quoteNameUnlessAlias(name);
  return alias === name ? table : `${table} ${compiler.quoteNameUnlessAlias(alias)}`;
}

interface JoinParts {
  readonly tableName: string;
  readonly parentAlias: string;
  readonly tableAlias: string | null;
  readonly joinType: JoinType;
  readonly joinField: JoinField;
  readonly nullable: boolean;
  readonly filteredRelation: FilteredRelation | null;
}

export class Join implements FromItem {
  readonly tableName: string;
  readonly parentAlias: string;
  readonly tableAlias: string | null;
  readonly joinType: JoinType;
  readonly joinField: JoinField;
  readonly nullable: boolean;
  readonly filteredRelation: FilteredRelation | null;
  readonly joinColumns: readonly (readonly [Field, Field])[];

  constructor(parts: JoinParts) {
    this.tableName = parts.tableName;
    this.parentAlias = parts.parentAlias;
    this.tableAlias = parts.tableAlias;
    this.joinType = parts.joinType;
    this.joinField = parts.joinField;
    this.nullable = parts.nullable;
    this.filteredRelation = parts.filteredRelation;
    this.joinColumns = parts.joinField.getJoiningFields();
  }

  get identity(): string {
    return `J${this.tableName}\u0000${this.parentAlias}\u0000${objectKey(this.joinField)}\u0000${this.filteredRelation?.identity ?? ""}`;
  }

  with(changes: Partial<JoinParts>): Join {
    return new Join({ ...(this as JoinParts), ...changes });
  }

  promote(): Join {
    return this.with({ joinType: LOUTER });
  }

  demote(): Join {
    return this.with({ joinType: INNER });
  }

  relabeledClone(changes: ReadonlyMap<string, string>): FromItem {
    return this.with({
      parentAlias: changes.get(this.parentAlias) ?? this.parentAlias,
      tableAlias: this.tableAlias === null ? null : (changes.get(this.tableAlias) ?? this.tableAlias),
      filteredRelation: this.filteredRelation?.relabeledClone(changes) ?? null,
    });
  }

  shifted(by: number): FromItem {
    return this.filteredRelation === null
      ? this
      : this.with({ filteredRelation: this.filteredRelation.shifted(by) });
  }

  asSql(compiler: Compiler): Sql {
    const parent = compiler.quoteNameUnlessAlias(this.parentAlias);
    const alias = this.tableAlias ?? this.tableName;
    const own = compiler.quoteNameUnlessAlias(alias);
    const conditions: Sql[] = this.joinColumns.map(([lhs, rhs]) =>
      raw(`${parent}.${compiler.ops.quoteName(lhs.column)} = ${own}.${compiler.ops.quoteName(rhs.column)}`),
    );
    const restriction = this.joinField.getExtraRestriction?.(alias, this.parentAlias) as
      | Expression
      | null
      | undefined;
    if (restriction) conditions.push(sql`(${compiler.compile(restriction)})`);
    if (this.filteredRelation?.resolved) {
      try {
        conditions.push(sql`(${compiler.compile(this.filteredRelation.resolved)})`);
      } catch (error) {
        if (!(error instanceof FullResultSet)) throw error;
      }
    }
    return sql`${raw(`${this.joinType} ${tableSql(compiler, this.tableName, alias)} ON (`)}${joinSql(conditions, " AND ")})`;
  }
}
