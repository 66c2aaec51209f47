/** Searches against what Django answers: see django_search.py, which has the same cases. */
import { Count, F, Value } from "asgimod";
import {
  SearchHeadline,
  SearchQuery,
  type SearchQueryExpression,
  SearchRank,
  SearchVector,
  TrigramDistance,
  TrigramSimilarity,
  TrigramStrictWordDistance,
  TrigramStrictWordSimilarity,
  TrigramWordDistance,
  TrigramWordSimilarity,
} from "asgimod/postgres";
import { Recipe } from "./models.ts";
import { compareWithDjango, setUp } from "./setup.ts";

await setUp("search");

const R = Recipe.aobjects;

interface Rows {
  orderBy(name: "id"): { valuesList(name: string, options: { flat: true }): PromiseLike<unknown> };
}
const flat = { flat: true } as const;
const titles = async (rows: unknown) => (rows as Rows).orderBy("id").valuesList("title", flat);

const rows: [string, string | null, string, number][] = [
  ["Tomato soup", "Boil red tomatoes, then stir the soup slowly. Serve the soups hot.", "english", 5],
  ["Green salad", "Cut green tomatoes and lettuce; add the oil last.", "english", 3],
  ["Crêpes", "Mélanger la farine et le lait, cuire les crêpes.", "french", 4],
  ["Bread", null, "english", 1],
];
for (const [title, body, language, stars] of rows) await R.create({ title, body, language, stars });

const both = SearchVector("title", "body");
const weighted = SearchVector("title", { weight: "A" }).add(SearchVector("body", { weight: "B" }));
const fitting = (
  search: string | SearchQueryExpression<never> | ReturnType<SearchQueryExpression<never>["and"]>,
) => titles(R.annotate({ search: both }).filter({ search } as never));
/** The value of an expression in each row. */
const values = (v: unknown) =>
  (R.annotate({ v } as never) as unknown as Rows).orderBy("id").valuesList("v", flat);

compareWithDjango("searches", {
  lookup: () => titles(R.filter({ body__search: "tomato" })),
  "lookup two words": () => titles(R.filter({ body__search: "tomatoes lettuce" })),
  "lookup nothing": () => titles(R.filter({ body__search: "" })),
  "lookup on title": () => titles(R.filter({ title__search: "Bread" })),
  "lookup with query": () => titles(R.filter({ body__search: SearchQuery("cuit", { config: "french" }) })),
  "lookup with column": () => titles(R.filter({ body__search: F("title") })),
  exclude: () => titles(R.exclude({ body__search: "tomato" })),
  vector: () => fitting("bread"),
  "vector two columns": () => fitting("salad lettuce"),
  "vector of number": () =>
    titles(R.annotate({ s: SearchVector("title", "stars") }).filter({ s: "bread 1" })),
  "vector with config": () =>
    titles(R.annotate({ s: SearchVector("body", { config: "french" }) }).filter({ s: "mélange" })),
  "config of column": () =>
    titles(
      R.annotate({ s: SearchVector("body", { config: F("language") }) }).filter({
        s: SearchQuery("crêpe", { config: F("language") }),
      }),
    ),
  "vector without config": () =>
    titles(R.annotate({ s: SearchVector("body", { config: "simple" }) }).filter({ s: "tomato" })),
  plain: () => fitting(SearchQuery("red soup")),
  phrase: () => fitting(SearchQuery("red tomatoes", { searchType: "phrase" })),
  "phrase turned": () => fitting(SearchQuery("tomatoes red", { searchType: "phrase" })),
  raw: () => fitting(SearchQuery("tomato & !green", { searchType: "raw" })),
  "raw prefix": () => fitting(SearchQuery("lett:*", { searchType: "raw" })),
  websearch: () => fitting(SearchQuery('"green tomatoes" -soup', { searchType: "websearch" })),
  "websearch or": () => fitting(SearchQuery("bread or lettuce", { searchType: "websearch" })),
  and: () => fitting(SearchQuery("red").and(SearchQuery("soup"))),
  or: () => fitting(SearchQuery("bread").or(SearchQuery("lettuce"))),
  not: () => fitting(SearchQuery("tomato").not()),
  "not not": () => fitting(SearchQuery("tomato").not().not()),
  "and or": () => fitting(SearchQuery("red").and(SearchQuery("soup")).or(SearchQuery("bread"))),
  "and not": () => fitting(SearchQuery("tomato").and(SearchQuery("green").not())),
  // @ts-expect-error no such type
  "unknown type": () => fitting(SearchQuery("x", { searchType: "fancy" })),
  "bad raw": () => fitting(SearchQuery("a &", { searchType: "raw" })),
  combined: () => titles(R.annotate({ s: weighted }).filter({ s: "tomato" })),
  "weights of words": () =>
    titles(R.annotate({ s: weighted }).filter({ s: SearchQuery("tomato:A", { searchType: "raw" }) })),
  rank: () => values(SearchRank(both, SearchQuery("tomato"))),
  "rank of texts": () => values(SearchRank("body", "tomato")),
  "rank order": () =>
    R.annotate({ rank: SearchRank(weighted, SearchQuery("tomato soup")) })
      .filter({ rank__gt: 0.01 })
      .orderBy("-rank")
      .valuesList("title", flat),
  "rank weights": () =>
    values(SearchRank(weighted, SearchQuery("tomato"), { weights: [0.1, 0.2, 0.9, 0.3] })),
  "rank normalization": () => values(SearchRank(both, SearchQuery("soup"), { normalization: 2 })),
  "rank normalizations": () =>
    values(SearchRank(both, SearchQuery("soup"), { normalization: Value(2).bitor(Value(4)) })),
  "rank cover density": () => values(SearchRank(both, SearchQuery("red tomato"), { coverDensity: true })),
  headline: () => values(SearchHeadline("body", "tomato")),
  "headline options": () =>
    values(
      SearchHeadline("body", SearchQuery("soup"), {
        startSel: "<i>",
        stopSel: "'</i>'",
        maxWords: 8,
        minWords: 3,
        shortWord: 1,
        maxFragments: 2,
        fragmentDelimiter: " ~ ",
      }),
    ),
  "headline all": () => values(SearchHeadline("body", SearchQuery("soup"), { highlightAll: true })),
  "headline config": () =>
    values(SearchHeadline("body", SearchQuery("crêpe", { config: "french" }), { config: "french" })),
  "stored vector": async () => [
    await R.update({ vector: SearchVector("title", "body", { config: "english" }) }),
    await titles(R.filter({ vector: "soup" })),
    await titles(
      R.filter({ vector: SearchQuery("tomatoes", { config: "english" }).and(SearchQuery("red")) }),
    ),
    (await R.get({ title: "Bread" })).vector,
    await values(SearchRank(F("vector"), SearchQuery("tomato"))),
  ],
  "grouped by rank": async () => {
    const rows = await R.annotate({ rank: SearchRank(both, SearchQuery("tomato")) })
      .values("rank")
      .annotate({ n: Count("id") })
      .valuesList("rank", "n");
    return rows.map(([rank, n]) => [Number(rank.toFixed(4)), n]).toSorted(([a = 0], [b = 0]) => a - b);
  },
  unaccent: () => titles(R.filter({ title__unaccent: "Crepes" })),
  "unaccent both sides": () => titles(R.filter({ title__unaccent__icontains: "CRÉP" })),
  "unaccent order": () => R.orderBy("title__unaccent").valuesList("title", flat),
  "trigram similar": () => titles(R.filter({ title__trigram_similar: "tomatto soup" })),
  "trigram word similar": () => titles(R.filter({ title__trigram_word_similar: "sallad" })),
  "trigram strict word similar": () => titles(R.filter({ body__trigram_strict_word_similar: "lettuce" })),
  similarity: () => values(TrigramSimilarity("title", "tomato soop")),
  distance: () => values(TrigramDistance("title", "tomato soop")),
  "word similarity": () => values(TrigramWordSimilarity("tomatos", "body")),
  "strict word similarity": () => values(TrigramStrictWordSimilarity("tomatos", "body")),
  "word distance": () => values(TrigramWordDistance("tomatos", "body")),
  "strict word distance": () => values(TrigramStrictWordDistance("tomatos", "body")),
  "similarity of columns": () => values(TrigramSimilarity("title", F("body"))),
  "similar first": () =>
    R.annotate({ s: TrigramSimilarity("title", "green salat") })
      .filter({ s__gt: 0.2 })
      .orderBy("-s")
      .valuesList("title", flat),
});
