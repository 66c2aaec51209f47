import type { Compiler } from "../../backends/base/compiler/compiler.ts";
import { ArgumentTypeError, ValueError } from "../../errors.ts";
import { Expression, type Source } from "../../expressions/base.ts";
import { Value } from "../../expressions/value.ts";
import { raw, type Sql, sql } from "../../sql/sql.ts";
import { repr } from "../../util/repr.ts";
import { onlyOnPostgresql } from "../only.ts";
import { SearchConfig } from "./config.ts";
import { QUERY } from "./fields.ts";

/** The functions that read what is searched for. */
const FUNCTIONS = {
  plain: "plainto_tsquery",
  phrase: "phraseto_tsquery",
  raw: "to_tsquery",
  websearch: "websearch_to_tsquery",
} as const;

/** How the text of a search is read. */
export type SearchType = keyof typeof FUNCTIONS;

export interface SearchQueryOptions {
  config?: unknown;
  searchType?: SearchType | undefined;
  invert?: boolean | undefined;
}

/** What is searched for, and how two of them are combined. */
abstract class Combinable extends Expression {
  abstract readonly config: SearchConfig | null;

  /** Both must be found. */
  and(other: unknown): CombinedSearchQuery {
    return combined(this, "&&", other);
  }

  /** One of them must be found. */
  or(other: unknown): CombinedSearchQuery {
    return combined(this, "||", other);
  }
}

function combined(left: Combinable, operator: string, right: unknown): CombinedSearchQuery {
  if (!(right instanceof Combinable)) {
    const given = (right as object | null)?.constructor?.name ?? String(right);
    throw new ArgumentTypeError(
      `SearchQuery can only be combined with other SearchQuery instances, got ${given}.`,
    );
  }
  return new CombinedSearchQuery(left, operator, right);
}

/** What is searched for. Django: `SearchQuery`. */
export class SearchQuery extends Combinable {
  private readonly value: Expression;
  override readonly config: SearchConfig | null;
  private readonly searchType: SearchType;
  private readonly invert: boolean;

  constructor(value: unknown, options: SearchQueryOptions = {}) {
    super();
    const { config, searchType = "plain", invert = false } = options;
    if (!Object.hasOwn(FUNCTIONS, searchType)) {
      throw new ValueError(`Unknown searchType argument ${repr(searchType)}.`);
    }
    this.value = value instanceof Expression ? value : new Value(value);
    this.config = SearchConfig.of(config);
    this.searchType = searchType;
    this.invert = invert;
    this.explicitOutputField = QUERY;
  }

  /** What does not have it. */
  not(): SearchQuery {
    return this.copy({ invert: !this.invert });
  }

  override sources(): readonly Source[] {
    return [this.config, this.value];
  }

  override withSources([config, value]: readonly Source[]): Expression {
    return this.copy({ config, value });
  }

  override shapeKey(): string {
    return `${this.searchType}${this.invert ? "!" : ""}`;
  }

  override asSql(compiler: Compiler): Sql {
    onlyOnPostgresql(compiler.ops, "Full-text search");
    const name = raw(FUNCTIONS[this.searchType]);
    const value = compiler.compile(this.value);
    const query =
      this.config === null
        ? sql`${name}(${value})`
        : sql`${name}(${compiler.compile(this.config)}, ${value})`;
    return this.invert ? sql`!!(${query})` : query;
  }
}

/** Two searches in one. */
export class CombinedSearchQuery extends Combinable {
  private readonly left: Combinable;
  private readonly operator: string;
  private readonly right: Combinable;

  constructor(left: Combinable, operator: string, right: Combinable) {
    super();
    this.left = left;
    this.operator = operator;
    this.right = right;
    this.explicitOutputField = QUERY;
  }

  /** That of the first search. */
  override get config(): SearchConfig | null {
    return this.left.config;
  }

  override sources(): readonly Source[] {
    return [this.left, this.right];
  }

  override withSources([left, right]: readonly Source[]): Expression {
    return this.copy({ left, right });
  }

  override shapeKey(): string {
    return this.operator;
  }

  override asSql(compiler: Compiler): Sql {
    return sql`(${compiler.compile(this.left)} ${raw(this.operator)} ${compiler.compile(this.right)})`;
  }
}

/** Whether an expression is a search, rather than the text of one. */
export function isSearchQuery(value: unknown): value is Combinable {
  return value instanceof Combinable;
}
