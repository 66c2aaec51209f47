"""The questions about searches: search.test.ts has the same."""

from django.contrib.postgres.search import (
    SearchHeadline,
    SearchQuery,
    SearchRank,
    SearchVector,
    SearchVectorField,
    TrigramDistance,
    TrigramSimilarity,
    TrigramStrictWordDistance,
    TrigramStrictWordSimilarity,
    TrigramWordDistance,
    TrigramWordSimilarity,
)
from django.db import models
from django.db.models import Count, F, Value


class Recipe(models.Model):
    title = models.CharField(max_length=60)
    body = models.TextField(null=True)
    language = models.CharField(max_length=20, default="english")
    stars = models.IntegerField(default=0)
    vector = SearchVectorField(null=True)

    class Meta:
        app_label = "contrib"


MODELS = [Recipe]

ROWS = [
    ("Tomato soup", "Boil red tomatoes, then stir the soup slowly. Serve the soups hot.", "english", 5),
    ("Green salad", "Cut green tomatoes and lettuce; add the oil last.", "english", 3),
    ("Crêpes", "Mélanger la farine et le lait, cuire les crêpes.", "french", 4),
    ("Bread", None, "english", 1),
]


def ask(section):
    R = Recipe.objects
    for title, body, language, stars in ROWS:
        R.create(title=title, body=body, language=language, stars=stars)
    titles = lambda q: list(q.order_by("id").values_list("title", flat=True))  # noqa: E731
    both = SearchVector("title", "body")
    weighted = SearchVector("title", weight="A") + SearchVector("body", weight="B")
    fitting = lambda q: titles(R.annotate(search=both).filter(search=q))  # noqa: E731
    values = lambda e: list(R.annotate(v=e).order_by("id").values_list("v", flat=True))  # noqa: E731
    section(
        "searches",
        {
            "lookup": lambda: titles(R.filter(body__search="tomato")),
            "lookup two words": lambda: titles(R.filter(body__search="tomatoes lettuce")),
            "lookup nothing": lambda: titles(R.filter(body__search="")),
            "lookup on title": lambda: titles(R.filter(title__search="Bread")),
            "lookup with query": lambda: titles(R.filter(body__search=SearchQuery("cuit", config="french"))),
            "lookup with column": lambda: titles(R.filter(body__search=F("title"))),
            "exclude": lambda: titles(R.exclude(body__search="tomato")),
            "vector": lambda: fitting("bread"),
            "vector two columns": lambda: fitting("salad lettuce"),
            "vector of number": lambda: titles(R.annotate(s=SearchVector("title", "stars")).filter(s="bread 1")),
            "vector with config": lambda: titles(
                R.annotate(s=SearchVector("body", config="french")).filter(s="mélange")
            ),
            "config of column": lambda: titles(
                R.annotate(s=SearchVector("body", config=F("language"))).filter(
                    s=SearchQuery("crêpe", config=F("language"))
                )
            ),
            "vector without config": lambda: titles(R.annotate(s=SearchVector("body", config="simple")).filter(s="tomato")),
            "plain": lambda: fitting(SearchQuery("red soup")),
            "phrase": lambda: fitting(SearchQuery("red tomatoes", search_type="phrase")),
            "phrase turned": lambda: fitting(SearchQuery("tomatoes red", search_type="phrase")),
            "raw": lambda: fitting(SearchQuery("tomato & !green", search_type="raw")),
            "raw prefix": lambda: fitting(SearchQuery("lett:*", search_type="raw")),
            "websearch": lambda: fitting(SearchQuery('"green tomatoes" -soup', search_type="websearch")),
            "websearch or": lambda: fitting(SearchQuery("bread or lettuce", search_type="websearch")),
            "and": lambda: fitting(SearchQuery("red") & SearchQuery("soup")),
            "or": lambda: fitting(SearchQuery("bread") | SearchQuery("lettuce")),
            "not": lambda: fitting(~SearchQuery("tomato")),
            "not not": lambda: fitting(~~SearchQuery("tomato")),
            "and or": lambda: fitting((SearchQuery("red") & SearchQuery("soup")) | SearchQuery("bread")),
            "and not": lambda: fitting(SearchQuery("tomato") & ~SearchQuery("green")),
            "unknown type": lambda: fitting(SearchQuery("x", search_type="fancy")),
            "bad raw": lambda: fitting(SearchQuery("a &", search_type="raw")),
            "combined": lambda: titles(R.annotate(s=weighted).filter(s="tomato")),
            "weights of words": lambda: titles(R.annotate(s=weighted).filter(s=SearchQuery("tomato:A", search_type="raw"))),
            "rank": lambda: values(SearchRank(both, SearchQuery("tomato"))),
            "rank of texts": lambda: values(SearchRank("body", "tomato")),
            "rank order": lambda: list(
                R.annotate(rank=SearchRank(weighted, SearchQuery("tomato soup"))).filter(rank__gt=0.01)
                .order_by("-rank").values_list("title", flat=True)
            ),
            "rank weights": lambda: values(SearchRank(weighted, SearchQuery("tomato"), weights=[0.1, 0.2, 0.9, 0.3])),
            "rank normalization": lambda: values(SearchRank(both, SearchQuery("soup"), normalization=2)),
            "rank normalizations": lambda: values(
                SearchRank(both, SearchQuery("soup"), normalization=Value(2).bitor(Value(4)))
            ),
            "rank cover density": lambda: values(SearchRank(both, SearchQuery("red tomato"), cover_density=True)),
            "headline": lambda: values(SearchHeadline("body", "tomato")),
            "headline options": lambda: values(
                SearchHeadline(
                    "body", SearchQuery("soup"), start_sel="<i>", stop_sel="'</i>'", max_words=8, min_words=3,
                    short_word=1, max_fragments=2, fragment_delimiter=" ~ ",
                )
            ),
            "headline all": lambda: values(SearchHeadline("body", SearchQuery("soup"), highlight_all=True)),
            "headline config": lambda: values(SearchHeadline("body", SearchQuery("crêpe", config="french"), config="french")),
            "stored vector": lambda: [
                R.update(vector=SearchVector("title", "body", config="english")),
                titles(R.filter(vector="soup")),
                titles(R.filter(vector=SearchQuery("tomatoes", config="english") & SearchQuery("red"))),
                R.get(title="Bread").vector,
                values(SearchRank(F("vector"), SearchQuery("tomato"))),
            ],
            "grouped by rank": lambda: sorted(
                [round(rank, 4), n]
                for rank, n in R.annotate(rank=SearchRank(both, SearchQuery("tomato"))).values("rank")
                .annotate(n=Count("id")).values_list("rank", "n")
            ),
            "unaccent": lambda: titles(R.filter(title__unaccent="Crepes")),
            "unaccent both sides": lambda: titles(R.filter(title__unaccent__icontains="CRÉP")),
            "unaccent order": lambda: list(R.order_by("title__unaccent").values_list("title", flat=True)),
            "trigram similar": lambda: titles(R.filter(title__trigram_similar="tomatto soup")),
            "trigram word similar": lambda: titles(R.filter(title__trigram_word_similar="sallad")),
            "trigram strict word similar": lambda: titles(R.filter(body__trigram_strict_word_similar="lettuce")),
            "similarity": lambda: values(TrigramSimilarity("title", "tomato soop")),
            "distance": lambda: values(TrigramDistance("title", "tomato soop")),
            "word similarity": lambda: values(TrigramWordSimilarity("tomatos", "body")),
            "strict word similarity": lambda: values(TrigramStrictWordSimilarity("tomatos", "body")),
            "word distance": lambda: values(TrigramWordDistance("tomatos", "body")),
            "strict word distance": lambda: values(TrigramStrictWordDistance("tomatos", "body")),
            "similarity of columns": lambda: values(TrigramSimilarity("title", F("body"))),
            "similar first": lambda: list(
                R.annotate(s=TrigramSimilarity("title", "green salat")).filter(s__gt=0.2).order_by("-s")
                .values_list("title", flat=True)
            ),
        },
    )
