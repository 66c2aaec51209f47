// biome-ignore-all format: an expected error stands on the line below its comment
/** Searches: compiled, never run. */
import { CharField, F, Model, TextField } from "asgimod";
import { SearchHeadline, SearchQuery, SearchRank, SearchVector, SearchVectorField, TrigramSimilarity, TrigramWordSimilarity } from "asgimod/postgres";
import { is } from "../check.ts";

export class Page extends Model("found.Page", {
  title: CharField({ maxLength: 20 }),
  body: TextField({ null: true }),
  vector: SearchVectorField({ null: true }),
}) {}

declare module "asgimod" {
  interface Apps {
    found: typeof import("./search.ts");
  }
}

Page.objects.filter({ body__search: "x", title__unaccent__icontains: "x", title__trigram_similar: "x", vector: "x" });
Page.objects.filter({ body__search: SearchQuery("x").or(SearchQuery("y").not()), vector: SearchQuery("x") });
Page.objects.update({ vector: SearchVector("title", "body") });
Page.objects.orderBy("title__unaccent");

async function values(): Promise<void> {
  const vector = SearchVector("title", { weight: "A" }).add(SearchVector("body", { weight: "B", config: F("title") }));
  const [row] = await Page.aobjects.annotate({ search: vector, rank: SearchRank(vector, SearchQuery("x")) })
    .filter({ search: "x", rank__gte: 0.3 })
    .annotate({ head: SearchHeadline("body", "x"), like: TrigramSimilarity("title", "x"), part: TrigramWordSimilarity("x", "body") })
    .valuesList("rank", "head", "like", "part");
  is<[number, string | null, number, number | null] | undefined>()(row);
  const [stored] = await Page.aobjects.annotate({ rank: SearchRank(F("vector"), "x") }).valuesList("rank", { flat: true });
  is<number | null | undefined>()(stored);
}
void values;

// @ts-expect-error no such field
Page.objects.annotate({ search: SearchVector("titel") });
// @ts-expect-error no such field in the second document
Page.objects.annotate({ search: SearchVector("title").add(SearchVector("boddy")) });
// @ts-expect-error no such weight
SearchVector("title", { weight: "E" });
// @ts-expect-error no document
SearchVector("title").add("body");
// @ts-expect-error no search
SearchQuery("x").and("y");
// @ts-expect-error no such kind of search
SearchQuery("x", { searchType: "fancy" });
// @ts-expect-error only single searches
SearchQuery("x").and(SearchQuery("y")).not();
// @ts-expect-error no such field
Page.objects.annotate({ rank: SearchRank("titel", "x") });
// @ts-expect-error no such option
SearchHeadline("body", "x", { start: "<b>" });
// @ts-expect-error searched by texts
Page.objects.filter({ body__search: 3 });
