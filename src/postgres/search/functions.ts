import type { Compiler } from "../../backends/base/compiler/compiler.ts";
import { Expression } from "../../expressions/base.ts";
import { Func, type FuncContext } from "../../expressions/func.ts";
import { FLOAT, TEXT } from "../../expressions/types.ts";
import { Value } from "../../expressions/value.ts";
import type { Field } from "../../fields/field.ts";
import { Cast } from "../../functions/comparison.ts";
import { constant, type Param, type Sql, sql } from "../../sql/sql.ts";
import { ArrayField } from "../fields/array.ts";
import { SearchConfig } from "./config.ts";
import { Float4Field } from "./fields.ts";
import { SearchQuery } from "./query.ts";
import { SearchVector } from "./vector.ts";

const WEIGHTS = new ArrayField(new Float4Field());

export interface SearchRankOptions {
  weights?: unknown;
  normalization?: unknown;
  coverDensity?: boolean | undefined;
}

function valueOf(given: unknown): Expression {
  return given instanceof Expression ? given : new Value(given);
}

/** How well a document fits a search. Django: `SearchRank`. */
export class SearchRank extends Func {
  static override readonly function: string = "ts_rank";
  static override readonly outputField: Field = FLOAT;

  constructor(vector: unknown, query: unknown, options: SearchRankOptions = {}) {
    const { weights = null, normalization = null, coverDensity = false } = options;
    super(
      ...(weights === null ? [] : [new Cast(valueOf(weights), WEIGHTS)]),
      vector instanceof Expression ? vector : new SearchVector(vector),
      query instanceof Expression ? query : new SearchQuery(query),
      ...(normalization === null ? [] : [valueOf(normalization)]),
      coverDensity ? { function: "ts_rank_cd" } : {},
    );
  }
}

/** The options of a headline by their names on the server. */
const HEADLINE = {
  startSel: "StartSel",
  stopSel: "StopSel",
  maxWords: "MaxWords",
  minWords: "MinWords",
  shortWord: "ShortWord",
  highlightAll: "HighlightAll",
  maxFragments: "MaxFragments",
  fragmentDelimiter: "FragmentDelimiter",
} as const;

export type SearchHeadlineOptions = {
  readonly [K in keyof typeof HEADLINE]?: string | number | boolean | null | undefined;
} & { readonly config?: unknown };

function headlineOptions(options: SearchHeadlineOptions): string {
  return Object.entries(HEADLINE)
    .filter(([name]) => options[name as keyof typeof HEADLINE] != null)
    .map(([name, option]) => {
      const value = options[name as keyof typeof HEADLINE];
      return `${option}=${typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value)}`;
    })
    .join(", ");
}

/** The places of a text that fit a search. Django: `SearchHeadline`. */
export class SearchHeadline extends Func {
  static override readonly function: string = "ts_headline";
  static override readonly template: string = "%(function)s(%(expressions)s%(options)s)";
  static override readonly outputField: Field = TEXT;
  private readonly options: Param | null;

  constructor(expression: unknown, query: unknown, options: SearchHeadlineOptions = {}) {
    const config = SearchConfig.of(options.config);
    const search = query instanceof Expression ? query : new SearchQuery(query);
    super(...(config === null ? [expression, search] : [config, expression, search]));
    const text = headlineOptions(options);
    this.options = text === "" ? null : constant(text);
  }

  override shapeKey(): string {
    return `${String(this.options?.value)}${super.shapeKey()}`;
  }

  override asSql(compiler: Compiler, context: FuncContext = {}): Sql {
    return super.asSql(compiler, {
      options: this.options === null ? "" : sql`, ${this.options}`,
      ...context,
    });
  }
}

/** A function of an expression and a text. */
abstract class Trigram extends Func {
  static override readonly outputField: Field = FLOAT;

  constructor(expression: unknown, text: unknown, options: object = {}) {
    super(expression, valueOf(text), options);
  }
}

/** A function of a text and an expression. */
abstract class TrigramWord extends Func {
  static override readonly outputField: Field = FLOAT;

  constructor(text: unknown, expression: unknown, options: object = {}) {
    super(valueOf(text), expression, options);
  }
}

export class TrigramSimilarity extends Trigram {
  static override readonly function: string = "SIMILARITY";
}

export class TrigramDistance extends Trigram {
  static override readonly function: string = "";
  static override readonly argJoiner: string = " <-> ";
}

export class TrigramWordSimilarity extends TrigramWord {
  static override readonly function: string = "WORD_SIMILARITY";
}

export class TrigramStrictWordSimilarity extends TrigramWord {
  static override readonly function: string = "STRICT_WORD_SIMILARITY";
}

export class TrigramWordDistance extends TrigramWord {
  static override readonly function: string = "";
  static override readonly argJoiner: string = " <<-> ";
}

export class TrigramStrictWordDistance extends TrigramWord {
  static override readonly function: string = "";
  static override readonly argJoiner: string = " <<<-> ";
}
