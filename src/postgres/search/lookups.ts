/** Lookups of full-text search and of similar texts. Django: django.contrib.postgres, "Full text search". */
import type { Compiler } from "../../backends/base/compiler/compiler.ts";
import { Expression } from "../../expressions/base.ts";
import { TEXT } from "../../expressions/types.ts";
import { Value } from "../../expressions/value.ts";
import { CharField, type Field, TextField } from "../../fields/index.ts";
import { Lookup } from "../../lookups/lookup.ts";
import { Transform } from "../../lookups/transform.ts";
import { type Adapt, type Sql, sql } from "../../sql/sql.ts";
import { str } from "../../util/repr.ts";
import { OperatorLookup } from "../lookups/operator.ts";
import type { SearchConfig } from "./config.ts";
import { SearchVectorField } from "./fields.ts";
import { isSearchQuery, SearchQuery } from "./query.ts";
import { SearchVector } from "./vector.ts";

/** A document fits a search: `tags: "words"` of a `SearchVectorField` or a `SearchVector`. */
export class SearchVectorExact extends Lookup {
  static override readonly lookupName: string = "exact";

  /** Values are texts, whatever the left side is. */
  protected override preparation(): (value: unknown) => unknown {
    return str;
  }

  /** The document that is searched. */
  protected get document(): Expression {
    return this.lhs;
  }

  override asSql(compiler: Compiler): Sql {
    const { document, rhs } = this;
    const { config = null } = document as { config?: SearchConfig | null };
    const text = rhs instanceof Expression ? rhs : new Value(this.bound, { outputField: TEXT });
    const query = isSearchQuery(rhs) ? rhs : new SearchQuery(text, { config });
    return sql`${compiler.compile(document)} @@ ${compiler.compile(query)}`;
  }
}

/** A text has the words: `body__search: "words"`. */
export class SearchLookup extends SearchVectorExact {
  static override readonly lookupName: string = "search";

  protected override get document(): Expression {
    const { lhs, rhs } = this;
    if (lhs.outputField instanceof SearchVectorField) return lhs;
    return new SearchVector(lhs, isSearchQuery(rhs) ? { config: rhs.config } : {});
  }
}

/** Without accents, on both sides. Needs the extension `unaccent`. */
export class Unaccent extends Transform {
  static override readonly bilateral: boolean = true;
  static override readonly lookupName: string = "unaccent";
  static override readonly function: string = "UNACCENT";
}

/** Texts that are compared by groups of three letters. Needs the extension `pg_trgm`. */
abstract class SimilarLookup extends OperatorLookup {
  protected override adapter(): Adapt {
    return str;
  }
}

export class TrigramSimilar extends SimilarLookup {
  static override readonly lookupName: string = "trigram_similar";
  static override readonly operator: string = "%";
}

export class TrigramWordSimilar extends SimilarLookup {
  static override readonly lookupName: string = "trigram_word_similar";
  static override readonly operator: string = "%>";
}

export class TrigramStrictWordSimilar extends SimilarLookup {
  static override readonly lookupName: string = "trigram_strict_word_similar";
  static override readonly operator: string = "%>>";
}

(SearchVectorField as unknown as typeof Field).registerLookup(SearchVectorExact);
for (const field of [CharField, TextField] as unknown as (typeof Field)[]) {
  for (const lookup of [
    SearchLookup,
    Unaccent,
    TrigramSimilar,
    TrigramWordSimilar,
    TrigramStrictWordSimilar,
  ]) {
    field.registerLookup(lookup);
  }
}
