import type { Compiler } from "../../backends/base/compiler/compiler.ts";
import { FieldLookup } from "../../lookups/lookup.ts";
import { raw, type Sql, sql } from "../../sql/sql.ts";
import { onlyOnPostgresql } from "../only.ts";

/** A comparison by an operator of PostgreSQL. Django: `PostgresOperatorLookup`. */
export abstract class OperatorLookup extends FieldLookup {
  static readonly operator: string = "";

  /** The operator between the sides. */
  get operator(): string {
    return (this.constructor as typeof OperatorLookup).operator;
  }

  /** As it is: those of other lookups of the same names compare texts. */
  protected override processLhs(compiler: Compiler): Sql {
    return compiler.compile(this.lhs);
  }

  override asSql(compiler: Compiler): Sql {
    onlyOnPostgresql(compiler.ops, `The lookup '${this.lookupName}'`);
    return sql`${this.processLhs(compiler)} ${raw(this.operator)} ${this.processRhs(compiler)}`;
  }
}
