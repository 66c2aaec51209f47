/** Aggregates over querysets and groups. Django: "Aggregation", QuerySet API reference. */
import { Temporal } from "asgimod";
import { type Loose, library } from "./colours.ts";
import { walk } from "./walk.ts";

const {
  Avg,
  Case,
  Count,
  Exists,
  F,
  FloatField,
  IntegerField,
  Lower,
  Max,
  Min,
  Q,
  StdDev,
  Sum,
  Variance,
  When,
} = library;

walk("aggregation", ({ c, classes, made, objects }) => {
  const { Author, Blog, Entry } = classes;
  const E = objects(Entry);
  const B = objects(Blog);
  const flat = { flat: true };
  const D = (year: number, month: number, day: number) => new Temporal.PlainDate(year, month, day);
  const d7 = {
    a: Avg("rating", { default: 7 }),
    s: Sum("rating", { default: 0 }),
    m: Max("published", { default: D(2000, 1, 1) }),
  };
  const _a = (i: number) => made().authors[i] as Loose;
  const _b = (i: number) => made().blogs[i] as Loose;

  c("E.aggregate(Avg('rating'),Max('rating'),Min('rating'),Sum('rating'),Count('rating'))", () =>
    E.aggregate(Avg("rating"), Max("rating"), Min("rating"), Sum("rating"), Count("rating")),
  );
  c("E.none().aggregate(Avg('rating'),Sum('rating'),Count('rating'))", () =>
    E.none().aggregate(Avg("rating"), Sum("rating"), Count("rating")),
  );
  c(
    "E.none().aggregate(a=Avg('rating',default=7),s=Sum('rating',default=0),m=Max('published',default=D(2000,1,1)))",
    () => E.none().aggregate(d7),
  );
  c(
    "E.filter(id=-1).aggregate(a=Avg('rating',default=7),s=Sum('rating',default=0),m=Max('published',default=D(2000,1,1)))",
    () => E.filter({ id: -1 }).aggregate(d7),
  );
  c("E.aggregate(n=Count('rating',default=0))", () => E.aggregate({ n: Count("rating", { default: 0 }) }));
  c("E.aggregate(n=Count('rating',distinct=True))", () =>
    E.aggregate({ n: Count("rating", { distinct: true }) }),
  );
  c("E.aggregate(n=Count('*'))", () => E.aggregate({ n: Count("*") }));
  c("E.aggregate(n=Count('*',filter=Q(rating=5)))", () =>
    E.aggregate({ n: Count("*", { filter: Q({ rating: 5 }) }) }),
  );
  c("E.aggregate(n=Count('*',distinct=True))", () => E.aggregate({ n: Count("*", { distinct: true }) }));
  c("E.aggregate(n=Sum('rating',filter=Q(rating__gt=100)))", () =>
    E.aggregate({ n: Sum("rating", { filter: Q({ rating__gt: 100 }) }) }),
  );
  c("E.aggregate(n=Sum('rating',filter=Q(rating__gt=100),default=0))", () =>
    E.aggregate({ n: Sum("rating", { filter: Q({ rating__gt: 100 }), default: 0 }) }),
  );
  c("E.aggregate()", () => E.aggregate());
  c("E.aggregate(F('rating'))", () => E.aggregate(F("rating")));
  c("E.aggregate(n=F('rating'))", () => E.aggregate({ n: F("rating") }));
  c("E.aggregate(n=Lower('headline'))", () => E.aggregate({ n: Lower("headline") }));
  c("E.aggregate(n=5)", () => E.aggregate({ n: 5 }));
  c("E.aggregate(Sum(F('rating')*2))", () => E.aggregate(Sum(F("rating").mul(2))));
  c("E.aggregate(n=Sum(F('rating')*2)+Max('comments'))", () =>
    E.aggregate({ n: Sum(F("rating").mul(2)).add(Max("comments")) }),
  );
  c("E.aggregate(n=Sum('rating'),m=F('n')/2)", () => E.aggregate({ n: Sum("rating"), m: F("n").div(2) }));
  c("E.annotate(n=Count('authors')).aggregate(Sum('n'),Avg('n'))", () =>
    E.annotate({ n: Count("authors") }).aggregate(Sum("n"), Avg("n")),
  );
  c(
    "E.aggregate(s=StdDev('rating'),v=Variance('rating'),ss=StdDev('rating',sample=True),vs=Variance('rating',sample=True))",
    () =>
      E.aggregate({
        s: StdDev("rating"),
        v: Variance("rating"),
        ss: StdDev("rating", { sample: true }),
        vs: Variance("rating", { sample: true }),
      }),
  );
  c("E.filter(id=1).aggregate(s=StdDev('rating'),ss=StdDev('rating',sample=True))", () =>
    E.filter({ id: 1 }).aggregate({ s: StdDev("rating"), ss: StdDev("rating", { sample: true }) }),
  );
  c("Blog.objects.aggregate(n=Count('entry__authors',distinct=True))", () =>
    B.aggregate({ n: Count("entry__authors", { distinct: true }) }),
  );
  c(
    "Blog.objects.annotate(lo=Min('entry__rating'),hi=Max('entry__rating')).order_by('id').values_list('lo','hi')",
    () =>
      B.annotate({ lo: Min("entry__rating"), hi: Max("entry__rating") })
        .orderBy("id")
        .valuesList("lo", "hi"),
  );
  c(
    "Blog.objects.annotate(n=Count('entry'),m=Count('entry__authors')).order_by('id').values_list('n','m')",
    () =>
      B.annotate({ n: Count("entry"), m: Count("entry__authors") })
        .orderBy("id")
        .valuesList("n", "m"),
  );
  c(
    "Blog.objects.annotate(n=Count('entry',distinct=True),m=Count('entry__authors',distinct=True)).order_by('id').values_list('n','m')",
    () =>
      B.annotate({ n: Count("entry", { distinct: true }), m: Count("entry__authors", { distinct: true }) })
        .orderBy("id")
        .valuesList("n", "m"),
  );
  c(
    "Blog.objects.filter(entry__rating=5).annotate(n=Count('entry')).order_by('id').values_list('n',flat=True)",
    () =>
      B.filter({ entry__rating: 5 })
        .annotate({ n: Count("entry") })
        .orderBy("id")
        .valuesList("n", flat),
  );
  c(
    "Blog.objects.annotate(n=Count('entry')).filter(entry__rating=5).order_by('id').values_list('n',flat=True)",
    () =>
      B.annotate({ n: Count("entry") })
        .filter({ entry__rating: 5 })
        .orderBy("id")
        .valuesList("n", flat),
  );
  c(
    "Blog.objects.annotate(n=Count('entry',filter=Q(entry__rating=5))).order_by('id').values_list('n',flat=True)",
    () =>
      B.annotate({ n: Count("entry", { filter: Q({ entry__rating: 5 }) }) })
        .orderBy("id")
        .valuesList("n", flat),
  );
  c("Author.objects.annotate(n=Count('entry')).filter(n__gt=1).count()", () =>
    objects(Author)
      .annotate({ n: Count("entry") })
      .filter({ n__gt: 1 })
      .count(),
  );
  c(
    "Author.objects.alias(n=Count('entry')).filter(n__gt=1).order_by('-n').values_list('name',flat=True)",
    () =>
      objects(Author)
        .alias({ n: Count("entry") })
        .filter({ n__gt: 1 })
        .orderBy("-n")
        .valuesList("name", flat),
  );
  c("E.values('blog').annotate(n=Count('id')).filter(n__gt=F('blog')).order_by('blog')", () =>
    E.values("blog")
      .annotate({ n: Count("id") })
      .filter({ n__gt: F("blog") })
      .orderBy("blog"),
  );
  c("E.order_by('blog__name').values('blog__name').annotate(n=Count('id'))", () =>
    E.orderBy("blog__name")
      .values("blog__name")
      .annotate({ n: Count("id") }),
  );
  c("E.order_by('rating').values('blog__name').annotate(n=Count('id'))", () =>
    E.orderBy("rating")
      .values("blog__name")
      .annotate({ n: Count("id") }),
  );
  c("E.values('blog__name').annotate(n=Count('id')).order_by('rating')", () =>
    E.values("blog__name")
      .annotate({ n: Count("id") })
      .orderBy("rating"),
  );
  c("E.annotate(n=Count('authors')).values('n').annotate(k=Count('id')).order_by('n')", () =>
    E.annotate({ n: Count("authors") })
      .values("n")
      .annotate({ k: Count("id") })
      .orderBy("n"),
  );
  c("E.annotate(n=Count('authors')).values('n').distinct().order_by('n')", () =>
    E.annotate({ n: Count("authors") })
      .values("n")
      .distinct()
      .orderBy("n"),
  );
  c("E.aggregate(m=Max('headline'))", () => E.aggregate({ m: Max("headline") }));
  c("E.aggregate(m=Max('updated'))", () => E.aggregate({ m: Max("updated") }));
  c("E.aggregate(m=Avg('published'))", () => E.aggregate({ m: Avg("published") }));
  c("E.aggregate(m=Sum('headline'))", () => E.aggregate({ m: Sum("headline") }));
  c(
    "E.annotate(n=Count('authors')).filter(Q(n__gt=1)|Q(rating=5)).order_by('id').values_list('id',flat=True)",
    () =>
      E.annotate({ n: Count("authors") })
        .filter(Q({ n__gt: 1 }).or(Q({ rating: 5 })))
        .orderBy("id")
        .valuesList("id", flat),
  );
  c("E.annotate(n=Count('authors')).exclude(n=2).order_by('id').values_list('id',flat=True)", () =>
    E.annotate({ n: Count("authors") })
      .exclude({ n: 2 })
      .orderBy("id")
      .valuesList("id", flat),
  );
  c("E.filter(rating__gt=Avg('rating'))", () => E.filter({ rating__gt: Avg("rating") }));
  c("E.annotate(x=Max(Count('authors')))", () => E.annotate({ x: Max(Count("authors")) }));
  c("E.annotate(n=Count('authors')).annotate(x=Max('n'))", () =>
    E.annotate({ n: Count("authors") }).annotate({ x: Max("n") }),
  );
  c("E.distinct().values('rating').annotate(n=Count('id')).order_by('rating')", () =>
    E.distinct()
      .values("rating")
      .annotate({ n: Count("id") })
      .orderBy("rating"),
  );
  c("E.aggregate(headline=Max('headline'))", () => E.aggregate({ headline: Max("headline") }));
  c("E.aggregate(**{'a b':Max('headline')})", () => E.aggregate({ "a b": Max("headline") }));
  c("E.order_by('id')[:2].aggregate(Sum('rating'),Max('rating'))", () =>
    E.orderBy("id").slice(0, 2).aggregate(Sum("rating"), Max("rating")),
  );
  c("E.aggregate(x=Exists(Author.objects.all()))", () => E.aggregate({ x: Exists(objects(Author).all()) }));
  c(
    "E.annotate(t=Sum('rating',filter=Q(authors__name='Ann'),default=0)).order_by('id').values_list('t',flat=True)",
    () =>
      E.annotate({ t: Sum("rating", { filter: Q({ authors__name: "Ann" }), default: 0 }) })
        .orderBy("id")
        .valuesList("t", flat),
  );
  c("E.aggregate(n=Count('blog__name',distinct=True,filter=Q(rating__gte=4)))", () =>
    E.aggregate({ n: Count("blog__name", { distinct: true, filter: Q({ rating__gte: 4 }) }) }),
  );
  c("E.aggregate(n=Count(Case(When(rating=5, then=1))))", () =>
    E.aggregate({ n: Count(Case(When({ rating: 5 }, { then: 1 }))) }),
  );
  c("E.aggregate(n=Sum(Case(When(rating=5, then=1), default=0, output_field=IntegerField())))", () =>
    E.aggregate({
      n: Sum(Case(When({ rating: 5 }, { then: 1 }), { default: 0, outputField: IntegerField() })),
    }),
  );
  c("E.aggregate(n=Max('rating',output_field=FloatField()))", () =>
    E.aggregate({ n: Max("rating", { outputField: FloatField() }) }),
  );
  c("E.values_list('blog').annotate(Count('id')).order_by('blog')", () =>
    E.valuesList("blog").annotate(Count("id")).orderBy("blog"),
  );
  c("E.aggregate(n=Min('nope'))", () => E.aggregate({ n: Min("nope") }));
  c("E.aggregate(n=Max())", () => E.aggregate({ n: Max() }));
  c("E.annotate(c=Count('authors')).filter(c__in=[0,1]).order_by('id').values_list('id',flat=True)", () =>
    E.annotate({ c: Count("authors") })
      .filter({ c__in: [0, 1] })
      .orderBy("id")
      .valuesList("id", flat),
  );
});
