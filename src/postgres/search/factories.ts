/** Full-text search and similar texts, as users write them. Django: django.contrib.postgres, "Full text search". */
import { callable } from "../../expressions/func.ts";
import { fieldFactory } from "../fields/field-factory.ts";
import type { Registrable } from "../types/fields.ts";
import type * as types from "../types/search.ts";
import * as fields from "./fields.ts";
import * as functions from "./functions.ts";
import * as query from "./query.ts";
import * as vector from "./vector.ts";

/** Calls of a class without `new`, with the type that users see. */
function typed<T>(Class: new (...args: never[]) => object): T {
  return callable(Class) as unknown as T;
}

/**
 * A column for documents: `tsvector`. A trigger or `update({ vector: SearchVector("body") })` keeps it.
 *
 * @example `vector: SearchVectorField({ null: true })`
 * Django: `SearchVectorField`.
 */
export const SearchVectorField: Registrable<types.SearchVectorFieldFactory> = fieldFactory(
  fields.SearchVectorField,
);

/**
 * Texts as one document, for searches.
 *
 * @param args paths and expressions; at the end options: `config`, a language, and `weight`, `"A"` to `"D"`
 * @example
 * ```ts
 * Entry.aobjects.annotate({ search: SearchVector("body", "blog__tagline") }).filter({ search: "cheese" });
 * // to_tsvector(COALESCE("body", '') || ' ' || COALESCE("tagline", '')) @@ plainto_tsquery('cheese')
 * SearchVector("title", { weight: "A" }).add(SearchVector("body", { weight: "B" }));
 * ```
 * Django: `SearchVector`.
 */
export const SearchVector: types.SearchVectorFactory = typed(vector.SearchVector);

/**
 * What is searched for. Two of them are combined with `and()` and `or()`, one is turned round with `not()`.
 *
 * @param value the text, as it is; an expression is one
 * @throws ValueError for an unknown `searchType`
 * @example `SearchQuery("red").or(SearchQuery("'tomato' & !'green'", { searchType: "raw" }))`
 * Django: `SearchQuery`.
 */
export const SearchQuery: types.SearchQueryFactory = typed(query.SearchQuery);

/**
 * How well a document fits a search: a number, greater for better ones.
 *
 * @param vector a `SearchVector`, a column by `F`; a text is the path of one to be made of
 * @param query a `SearchQuery`, or the text of one
 * @example `Entry.aobjects.annotate({ rank: SearchRank(vector, "cheese") }).orderBy("-rank")` // ts_rank(...)
 * Django: `SearchRank`.
 */
export const SearchRank: types.SearchRankFactory = typed(functions.SearchRank);

/**
 * The places of a text that fit a search, with the words marked.
 *
 * @example `SearchHeadline("body", SearchQuery("red tomato"), { startSel: "<mark>", stopSel: "</mark>" })`
 * Django: `SearchHeadline`.
 */
export const SearchHeadline: types.SearchHeadlineFactory = typed(functions.SearchHeadline);

/** How alike two texts are, from 0 to 1. Needs `pg_trgm`. @example `TrigramSimilarity("name", "Katy")` Django: `TrigramSimilarity`. */
export const TrigramSimilarity: types.TrigramFactory = typed(functions.TrigramSimilarity);

/** 1 less {@link TrigramSimilarity}. Django: `TrigramDistance`. */
export const TrigramDistance: types.TrigramFactory = typed(functions.TrigramDistance);

/** How like a part of a text is. @example `TrigramWordSimilarity("Middlesborough", "name")` Django: `TrigramWordSimilarity`. */
export const TrigramWordSimilarity: types.TrigramWordFactory = typed(functions.TrigramWordSimilarity);

/** As {@link TrigramWordSimilarity}, for whole words. Django: `TrigramStrictWordSimilarity`. */
export const TrigramStrictWordSimilarity: types.TrigramWordFactory = typed(
  functions.TrigramStrictWordSimilarity,
);

/** 1 less {@link TrigramWordSimilarity}. Django: `TrigramWordDistance`. */
export const TrigramWordDistance: types.TrigramWordFactory = typed(functions.TrigramWordDistance);

/** 1 less {@link TrigramStrictWordSimilarity}. Django: `TrigramStrictWordDistance`. */
export const TrigramStrictWordDistance: types.TrigramWordFactory = typed(functions.TrigramStrictWordDistance);
