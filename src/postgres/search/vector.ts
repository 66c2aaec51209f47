import type { Compiler } from "../../backends/base/compiler/compiler.ts";
import { ArgumentTypeError } from "../../errors.ts";
import { Expression, type Source } from "../../expressions/base.ts";
import { Coalesce } from "../../expressions/coalesce.ts";
import { Func, splitOptions } from "../../expressions/func.ts";
import { TEXT } from "../../expressions/types.ts";
import { Value } from "../../expressions/value.ts";
import { CharField, type Field, TextField } from "../../fields/index.ts";
import { Cast } from "../../functions/comparison.ts";
import { joinSql, type Sql, sql } from "../../sql/sql.ts";
import { onlyOnPostgresql } from "../only.ts";
import { SearchConfig } from "./config.ts";
import { VECTOR } from "./fields.ts";

const NOTHING = new Value("");

/** NULL is the empty text, and anything else is its text. */
function textOf(expression: Expression): Expression {
  const field = expression.outputField;
  const isText = field instanceof CharField || field instanceof TextField;
  return new Coalesce(isText ? expression : new Cast(expression, TEXT), NOTHING);
}

/** The class and its combinations. */
type Vector = SearchVector | CombinedSearchVector;

function isVector(value: unknown): value is Vector {
  return value instanceof SearchVector || value instanceof CombinedSearchVector;
}

function combined(left: Vector, right: unknown): CombinedSearchVector {
  if (!isVector(right)) {
    const given = (right as object | null)?.constructor?.name ?? String(right);
    throw new ArgumentTypeError(
      `SearchVector can only be combined with other SearchVector instances, got ${given}.`,
    );
  }
  return new CombinedSearchVector(left, right);
}

/** Texts as one document. Django: `SearchVector`. */
export class SearchVector extends Func {
  static override readonly outputField: Field = VECTOR;
  readonly config: SearchConfig | null;
  readonly weight: Expression | null;

  constructor(...args: readonly unknown[]) {
    const { positional, options } = splitOptions(args);
    const { config, weight = null, ...rest } = options as { config?: unknown; weight?: unknown };
    super(...positional, rest);
    this.config = SearchConfig.of(config);
    this.weight = weight === null || weight instanceof Expression ? weight : new Value(weight);
  }

  override sources(): readonly Source[] {
    return [...this.expressions, this.config, this.weight];
  }

  override withSources(sources: readonly Source[]): Expression {
    const [config, weight] = sources.slice(-2);
    return this.copy({ expressions: sources.slice(0, -2), config, weight });
  }

  override asSql(compiler: Compiler): Sql {
    onlyOnPostgresql(compiler.ops, "Full-text search");
    const texts = this.expressions.map((expression) => compiler.compile(textOf(expression)));
    const document = joinSql(texts, " || ' ' || ");
    const vector =
      this.config === null
        ? sql`to_tsvector(${document})`
        : sql`to_tsvector(${compiler.compile(this.config)}, ${document})`;
    return this.weight === null ? vector : sql`setweight(${vector}, ${compiler.compile(this.weight)})`;
  }
}

/** Two documents, one after the other. */
export class CombinedSearchVector extends Expression {
  private readonly left: Vector;
  private readonly right: Vector;

  constructor(left: Vector, right: Vector) {
    super();
    this.left = left;
    this.right = right;
    this.explicitOutputField = VECTOR;
  }

  /** That of the first document. */
  get config(): SearchConfig | null {
    return this.left.config;
  }

  override sources(): readonly Source[] {
    return [this.left, this.right];
  }

  override withSources([left, right]: readonly Source[]): Expression {
    return this.copy({ left, right });
  }

  override asSql(compiler: Compiler): Sql {
    return sql`(${compiler.compile(this.left)} || ${compiler.compile(this.right)})`;
  }
}

// `Expression` has a property of that name, which a method cannot override.
for (const { prototype } of [SearchVector, CombinedSearchVector]) {
  Object.defineProperty(prototype, "add", {
    value(this: Vector, other: unknown) {
      return combined(this, other);
    },
  });
}
