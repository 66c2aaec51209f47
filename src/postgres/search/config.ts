import type { Compiler } from "../../backends/base/compiler/compiler.ts";
import { Expression, type Source } from "../../expressions/base.ts";
import { Value } from "../../expressions/value.ts";
import { type Sql, sql } from "../../sql/sql.ts";

/** The name of a text search configuration. Django: `SearchConfig`. */
export class SearchConfig extends Expression {
  private readonly config: Expression;

  constructor(config: unknown) {
    super();
    this.config = config instanceof Expression ? config : new Value(config);
  }

  static of(config: unknown): SearchConfig | null {
    if (config === null || config === undefined) return null;
    return config instanceof SearchConfig ? config : new SearchConfig(config);
  }

  override sources(): readonly Source[] {
    return [this.config];
  }

  override withSources([config]: readonly Source[]): Expression {
    return this.copy({ config });
  }

  override get outputFieldOrNull(): null {
    return null;
  }

  override asSql(compiler: Compiler): Sql {
    return sql`${compiler.compile(this.config)}::regconfig`;
  }
}
