/** `FilteredRelation`. Django: QuerySet API reference. */
import { type Loose, library } from "./colours.ts";
import { walk } from "./walk.ts";

const { Count, FilteredRelation, Q } = library;

walk("filtered relations", ({ c, classes, made, objects }) => {
  const { Blog, Entry } = classes;
  const E = objects(Entry);
  const B = objects(Blog);
  const flat = { flat: true };
  const gte5 = { condition: Q({ entry__rating__gte: 5 }) };
  const bread = { condition: Q({ blog__name: "Bread" }) };
  const _b = (i: number) => made().blogs[i] as Loose;

  c(
    "Blog.objects.annotate(g=FilteredRelation('entry',condition=Q(entry__rating__gte=5))).filter(g__headline__startswith='R').values_list('name',flat=True)",
    () =>
      B.annotate({ g: FilteredRelation("entry", gte5) })
        .filter({ g__headline__startswith: "R" })
        .valuesList("name", flat),
  );
  c(
    "Blog.objects.annotate(g=FilteredRelation('entry',condition=Q(entry__rating__gte=5))).values_list('name','g__headline').order_by('id','g__id')",
    () =>
      B.annotate({ g: FilteredRelation("entry", gte5) })
        .valuesList("name", "g__headline")
        .orderBy("id", "g__id"),
  );
  c(
    "Blog.objects.annotate(g=FilteredRelation('entry',condition=Q(entry__rating__gte=5))).order_by('id').annotate(n=Count('g')).values_list('n',flat=True)",
    () =>
      B.annotate({ g: FilteredRelation("entry", gte5) })
        .orderBy("id")
        .annotate({ n: Count("g") })
        .valuesList("n", flat),
  );
  c(
    "Blog.objects.annotate(g=FilteredRelation('entry__authors',condition=Q(entry__rating__gte=5))).order_by('id','g__id').values_list('name','g__name')",
    () =>
      B.annotate({ g: FilteredRelation("entry__authors", gte5) })
        .orderBy("id", "g__id")
        .valuesList("name", "g__name"),
  );
  c(
    "Blog.objects.annotate(g=FilteredRelation('entry',condition=Q(entry__authors__name='Ann'))).values_list('name','g__headline').order_by('id','g__id')",
    () =>
      B.annotate({ g: FilteredRelation("entry", { condition: Q({ entry__authors__name: "Ann" }) }) })
        .valuesList("name", "g__headline")
        .orderBy("id", "g__id"),
  );
  c("Blog.objects.annotate(g=FilteredRelation('entry',condition=Q(g__rating=5)))", () =>
    B.annotate({ g: FilteredRelation("entry", { condition: Q({ g__rating: 5 }) }) }),
  );
  c(
    "list(Blog.objects.annotate(g=FilteredRelation('nope',condition=Q(entry__rating=5))).filter(g__id=1))",
    () =>
      B.annotate({ g: FilteredRelation("nope", { condition: Q({ entry__rating: 5 }) }) })
        .filter({ g__id: 1 })
        .eval(),
  );
  c("FilteredRelation('entry',condition=5)", () => FilteredRelation("entry", { condition: 5 }));
  c("FilteredRelation('',condition=Q(entry__rating=5))", () =>
    FilteredRelation("", { condition: Q({ entry__rating: 5 }) }),
  );
  c(
    "list(Blog.objects.annotate(g=FilteredRelation('entry__headline',condition=Q(entry__rating=5))).filter(g='x'))",
    () =>
      B.annotate({ g: FilteredRelation("entry__headline", { condition: Q({ entry__rating: 5 }) }) })
        .filter({ g: "x" })
        .eval(),
  );
  c(
    "list(Blog.objects.annotate(g=FilteredRelation('entry',condition=Q(name='Bread'))).filter(g__isnull=False))",
    () =>
      B.annotate({ g: FilteredRelation("entry", { condition: Q({ name: "Bread" }) }) })
        .filter({ g__isnull: false })
        .eval(),
  );
  c("Blog.objects.annotate(g=FilteredRelation('entry',condition=Q(entry__rating__gte=5))).count()", () =>
    B.annotate({ g: FilteredRelation("entry", gte5) }).count(),
  );
  c(
    "Blog.objects.annotate(g=FilteredRelation('entry')).values_list('g__headline',flat=True).order_by('g__id')",
    () =>
      B.annotate({ g: FilteredRelation("entry") })
        .valuesList("g__headline", flat)
        .orderBy("g__id"),
  );
  c(
    "E.annotate(g=FilteredRelation('blog',condition=Q(blog__name='Bread'))).select_related('g').order_by('id')[0].g.name",
    () =>
      E.annotate({ g: FilteredRelation("blog", bread) })
        .selectRelated("g")
        .orderBy("id")[0].g.name,
  );
  c(
    "E.annotate(g=FilteredRelation('blog',condition=Q(blog__name='Bread'))).order_by('id').values('id','g')",
    () =>
      E.annotate({ g: FilteredRelation("blog", bread) })
        .orderBy("id")
        .values("id", "g"),
  );
  c(
    "E.alias(g=FilteredRelation('blog',condition=Q(blog__name='Bread'))).filter(g__name='Bread').count()",
    () =>
      E.alias({ g: FilteredRelation("blog", bread) })
        .filter({ g__name: "Bread" })
        .count(),
  );
  c("E.annotate(**{'a b':FilteredRelation('blog',condition=Q(blog__name='Bread'))})", () =>
    E.annotate({ "a b": FilteredRelation("blog", bread) }),
  );
  c(
    "E.annotate(g=FilteredRelation('blog',condition=Q(blog__name='Bread'))).exclude(g__name='Bread').count()",
    () =>
      E.annotate({ g: FilteredRelation("blog", bread) })
        .exclude({ g__name: "Bread" })
        .count(),
  );
  c("E.annotate(g=FilteredRelation('blog',condition=Q(blog__name='Bread'))).aggregate(n=Count('g'))", () =>
    E.annotate({ g: FilteredRelation("blog", bread) }).aggregate({ n: Count("g") }),
  );
  c("E.annotate(blog=FilteredRelation('blog',condition=Q(blog__name='Bread')))", () =>
    E.annotate({ blog: FilteredRelation("blog", bread) }),
  );
});
