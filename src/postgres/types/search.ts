/** The signatures of full-text search. */
import type {
  AnyExpression,
  ArgRefs,
  ArgSymbol,
  BaseLookups,
  Empty,
  Exactly,
  Expression,
  Field,
  FieldOptions,
  FlagsOf,
  NullLike,
  NullOf,
  OptionalOf,
  OutKey,
  Reference,
  RefsOf,
  types,
} from "../../types/index.ts";

/** A path or an expression. */
type Term = string | AnyExpression;

// ---------------------------------------------------------------- documents

/** Lookups of a document: `filter({ vector: "words" })` searches it. */
export interface SearchVectorLookups extends BaseLookups<string> {
  readonly [out]: string;
}
declare const out: OutKey;

/** A column of documents: `tsvector`. Set it with `update({ vector: SearchVector("body") })`. */
export type SearchVectorFieldFactory = <const O extends FieldOptions<string> = Empty>(
  options?: Exactly<O, keyof FieldOptions<string>>,
) => Field<string, string, NullOf<O>, OptionalOf<O>, SearchVectorLookups, FlagsOf<O>>;

/** The importance of words: `A` counts most. */
export type SearchWeight = "A" | "B" | "C" | "D";

export interface SearchVectorOptions {
  /** The text search configuration of the server: a language, such as `"english"`, or an expression of it. */
  readonly config?: string | AnyExpression | null;
  readonly weight?: SearchWeight | AnyExpression | null;
}

/** A document. As a condition, `filter({ search: "words" })` searches it. */
export interface SearchVectorExpression<Refs extends Reference = Reference> {
  readonly [types]: {
    readonly expression: true;
    readonly out: string;
    readonly refs: Refs;
    readonly alias: never;
  };
  /** One document behind the other; `+` in Django. */
  add<R extends Reference>(other: SearchVectorExpression<R>): SearchVectorExpression<Refs | R>;
}

/** The paths that options name. */
type OptionRefs<O> = RefsOf<O extends { readonly config: infer C } ? C : never>;

/** See `SearchVector`. */
export type SearchVectorFactory = <const P extends readonly (Term | SearchVectorOptions)[]>(
  ...args: P
) => SearchVectorExpression<ArgRefs<Extract<P[number], Term>> | OptionRefs<Exclude<P[number], Term>>>;

// ---------------------------------------------------------------- searches

export interface SearchOptions {
  /** The text search configuration of the server: a language, such as `"english"`, or an expression of it. */
  readonly config?: string | AnyExpression | null;
  /**
   * How the text is read. `"plain"`, the default: all of its words; `"phrase"`: in this order; `"raw"`: with the operators
   * `&`, `|`, `!`, `<->`; `"websearch"`: as search engines do.
   */
  readonly searchType?: "plain" | "phrase" | "raw" | "websearch";
  /** What is not to be found. */
  readonly invert?: boolean;
}

/** What is searched for. */
export interface CombinedSearch<Refs extends Reference = Reference> {
  readonly [types]: {
    readonly expression: true;
    readonly out: string;
    readonly refs: Refs;
    readonly alias: never;
  };
  /** Both must be found; `&` in Django. */
  and<R extends Reference>(other: CombinedSearch<R>): CombinedSearch<Refs | R>;
  /** One of them must be found; `|` in Django. */
  or<R extends Reference>(other: CombinedSearch<R>): CombinedSearch<Refs | R>;
}

/** A single search, which can be turned round. */
export interface SearchQueryExpression<Refs extends Reference = Reference> extends CombinedSearch<Refs> {
  /** What does not have it; `~` in Django. */
  not(): SearchQueryExpression<Refs>;
}

/** See `SearchQuery`. */
export type SearchQueryFactory = <const E extends Term, const O extends SearchOptions = Empty>(
  value: E,
  options?: O,
) => SearchQueryExpression<RefsOf<E> | OptionRefs<O>>;

// ---------------------------------------------------------------- functions

export interface RankOptions {
  /** What the weights `D`, `C`, `B`, `A` count: `[0.1, 0.2, 0.4, 1]` by default. */
  readonly weights?: readonly [number, number, number, number] | AnyExpression | null;
  /** How the length of a document counts: PostgreSQL's number, or an expression of it. */
  readonly normalization?: number | AnyExpression | null;
  /** Words that stand together count more. */
  readonly coverDensity?: boolean;
}

/** See `SearchRank`. */
export type SearchRankFactory = <const V extends Term, const S extends Term>(
  vector: V,
  query: S,
  options?: RankOptions,
) => Expression<V extends string ? number : NullLike<number, ArgSymbol<V>>, ArgRefs<V> | RefsOf<S>>;

export interface HeadlineOptions {
  readonly config?: string | AnyExpression | null;
  /** What stands before a word that was found: `"<b>"` by default. */
  readonly startSel?: string | null;
  readonly stopSel?: string | null;
  readonly maxWords?: number | null;
  readonly minWords?: number | null;
  /** Words of so many letters are left out at the ends. */
  readonly shortWord?: number | null;
  /** The whole text. */
  readonly highlightAll?: boolean | null;
  readonly maxFragments?: number | null;
  readonly fragmentDelimiter?: string | null;
}

/** See `SearchHeadline`. */
export type SearchHeadlineFactory = <const E extends Term, const S extends Term>(
  expression: E,
  query: S,
  options?: HeadlineOptions,
) => Expression<NullLike<string, ArgSymbol<E>>, ArgRefs<E> | RefsOf<S>>;

/** See `TrigramSimilarity`. */
export type TrigramFactory = <const E extends Term, const S extends Term>(
  expression: E,
  text: S,
) => Expression<NullLike<number, ArgSymbol<E>>, ArgRefs<E> | RefsOf<S>>;

/** See `TrigramWordSimilarity`. */
export type TrigramWordFactory = <const S extends Term, const E extends Term>(
  text: S,
  expression: E,
) => Expression<NullLike<number, ArgSymbol<E>>, ArgRefs<E> | RefsOf<S>>;
