/** Rows: `values`, `valuesList`, `annotate`, `alias`, `orderBy`. Django: QuerySet API reference. */
import { type Loose, library } from "./colours.ts";
import { walk } from "./walk.ts";

const { Count, Exists, ExtractYear, F, Lower, Max, OuterRef, Q, Sum, Upper, Value } = library;

walk("values", ({ c, classes, made, objects }) => {
  const { Author, Blog, Entry, Person } = classes;
  const E = objects(Entry);
  const O = () => E.orderBy("id");
  const flat = { flat: true };
  const _b = (i: number) => made().blogs[i] as Loose;

  c("O().values('blog')[0]", () => O().values("blog")[0]);
  c("O().values('blog_id','blog')[0]", () => O().values("blog_id", "blog")[0]);
  c("O().values('blog__name','authors__name')", () => O().values("blog__name", "authors__name"));
  c("Blog.objects.order_by('id').values('name','entry__headline')", () =>
    Blog.objects.orderBy("id").values("name", "entry__headline"),
  );
  c("O().values('pk')[0]", () => O().values("pk")[0]);
  c("O().values(pk2=F('pk'))[0]", () => O().values({ pk2: F("pk") })[0]);
  c(
    "O().values('headline',lower=Lower('headline'))[0]",
    () => O().values("headline", { lower: Lower("headline") })[0],
  );
  c("O().values_list(Lower('headline'),'id')[0]", () => O().valuesList(Lower("headline"), "id")[0]);
  c(
    "O().values_list('id',Lower('headline'),Upper('headline'))[0]",
    () => O().valuesList("id", Lower("headline"), Upper("headline"))[0],
  );
  c("O().values_list('id','headline',flat=True)", () => O().valuesList("id", "headline", flat));
  c("O().values_list(flat=True,named=True)", () => O().valuesList({ flat: true, named: true }));
  c(
    "O().values_list('id',flat=True).values('headline')[0]",
    () => O().valuesList("id", flat).values("headline")[0],
  );
  c("O().values('headline').values_list('id')[0]", () => O().values("headline").valuesList("id")[0]);
  c("O().values('headline').values()[0]", () => O().values("headline").values()[0]);
  c(
    "O().annotate(n=Count('authors')).values()[0]",
    () =>
      O()
        .annotate({ n: Count("authors") })
        .values()[0],
  );
  c(
    "O().annotate(n=Count('authors')).values('headline')[0]",
    () =>
      O()
        .annotate({ n: Count("authors") })
        .values("headline")[0],
  );
  c("O().annotate(n=Count('authors')).values_list('n','headline')", () =>
    O()
      .annotate({ n: Count("authors") })
      .valuesList("n", "headline"),
  );
  c("O().values('headline').annotate(n=Count('authors')).values_list('n','headline')", () =>
    O()
      .values("headline")
      .annotate({ n: Count("authors") })
      .valuesList("n", "headline"),
  );
  c("O().values('headline').annotate(n=Count('authors')).values_list()", () =>
    O()
      .values("headline")
      .annotate({ n: Count("authors") })
      .valuesList(),
  );
  c(
    "O().extra(select={'x':'1+1'}).values('x','id')[0]",
    () =>
      O()
        .extra({ select: { x: "1+1" } })
        .values("x", "id")[0],
  );
  c(
    "O().extra(select={'x':'1+1'}).values()[0]",
    () =>
      O()
        .extra({ select: { x: "1+1" } })
        .values()[0],
  );
  c(
    "O().values('id').extra(select={'x':'1+1'})[0]",
    () =>
      O()
        .values("id")
        .extra({ select: { x: "1+1" } })[0],
  );
  c(
    "O().values_list('id','x').extra(select={'x':'1+1'})[0]",
    () =>
      O()
        .valuesList("id", "x")
        .extra({ select: { x: "1+1" } })[0],
  );
  c(
    "O().extra(select={'x':'1+1'}).values_list('id','x')[0]",
    () =>
      O()
        .extra({ select: { x: "1+1" } })
        .valuesList("id", "x")[0],
  );
  c("O().values('id','id')[0]", () => O().values("id", "id")[0]);
  c("O().values_list('id','id')[0]", () => O().valuesList("id", "id")[0]);
  c("O().values('headline','body').distinct().count()", () =>
    O().values("headline", "body").distinct().count(),
  );
  c("O().values(**{'a__b':F('id')})[0]", () => O().values({ a__b: F("id") })[0]);
  c("O().values(headline=Lower('headline'))[0]", () => O().values({ headline: Lower("headline") })[0]);
  c("O().values(headline2=Lower('nope'))[0]", () => O().values({ headline2: Lower("nope") })[0]);
  c("O().values('headline__lower')[0]", () => O().values("headline__lower")[0]);
  c("O().values('published__year')[0]", () => O().values("published__year")[0]);
  c(
    "O().values('published__year','published__year__lt')[0]",
    () => O().values("published__year", "published__year__lt")[0],
  );
  c("O().values('detail')", () => O().values("detail"));
  c("O().values('detail__text')", () => O().values("detail__text"));
  c("O().values('authors').order_by('id','authors')", () => O().values("authors").orderBy("id", "authors"));
  c("O().values('updated__date')[0]", () => O().values("updated__date")[0]);
  c(
    "O().values('headline').select_related('blog')[0]",
    () => O().values("headline").selectRelated("blog")[0],
  );
  c(
    "O().select_related('blog').values('headline')[0]",
    () => O().selectRelated("blog").values("headline")[0],
  );
  c("list(O().values('headline').prefetch_related('authors'))", () =>
    O().values("headline").prefetchRelated("authors").eval(),
  );
  c("list(O().prefetch_related('authors').values('headline'))", () =>
    O().prefetchRelated("authors").values("headline").eval(),
  );
  c("O().values('headline').defer('id')[0]", () => O().values("headline").defer("id")[0]);
  c("O().values('headline').only('id')[0]", () => O().values("headline").only("id")[0]);
  c("O().defer('headline').values('headline')[0]", () => O().defer("headline").values("headline")[0]);
  c("O().values_list('id',flat=True).get(headline='Rye')", () =>
    O().valuesList("id", flat).get({ headline: "Rye" }),
  );
  c("O().values('id').first()", () => O().values("id").first());
  c("O().values('id').last()", () => O().values("id").last());
  c(
    "O().values().order_by('headline').values('id').reverse()[0]",
    () => O().values().orderBy("headline").values("id").reverse()[0],
  );
  c("list(O().values_list('id', flat=True).iterator())", () => O().valuesList("id", flat).iterator());
  c("O().values('nope')", () => O().values("nope"));
  c("O().values('blog__nope')", () => O().values("blog__nope"));
  c("O().values('headline__nope')", () => O().values("headline__nope"));
  c("O().values('blog__entry__blog__name').distinct().order_by('blog__entry__blog__name')", () =>
    O().values("blog__entry__blog__name").distinct().orderBy("blog__entry__blog__name"),
  );
  c("O().values('rating').annotate(n=Count('id')).order_by('rating')", () =>
    O()
      .values("rating")
      .annotate({ n: Count("id") })
      .orderBy("rating"),
  );
  c("E.values('rating').annotate(n=Count('id')).order_by('rating').values_list('n',flat=True)", () =>
    E.values("rating")
      .annotate({ n: Count("id") })
      .orderBy("rating")
      .valuesList("n", flat),
  );
  c("E.values('rating').annotate(n=Count('id')).filter(n__gt=1)", () =>
    E.values("rating")
      .annotate({ n: Count("id") })
      .filter({ n__gt: 1 }),
  );
  c("E.values('blog__name').annotate(s=Sum('rating'),m=Max('comments')).order_by('-s')", () =>
    E.values("blog__name")
      .annotate({ s: Sum("rating"), m: Max("comments") })
      .orderBy("-s"),
  );
  c("E.values('published__year').annotate(n=Count('*')).order_by('published__year')", () =>
    E.values("published__year")
      .annotate({ n: Count("*") })
      .orderBy("published__year"),
  );
  c("E.annotate(y=ExtractYear('published')).values('y').annotate(n=Count('*')).order_by('y')", () =>
    E.annotate({ y: ExtractYear("published") })
      .values("y")
      .annotate({ n: Count("*") })
      .orderBy("y"),
  );
  c("E.values(y=ExtractYear('published')).annotate(n=Count('*')).order_by('y')", () =>
    E.values({ y: ExtractYear("published") })
      .annotate({ n: Count("*") })
      .orderBy("y"),
  );
  c("E.values('rating').annotate(n=Count('id')).order_by()", () =>
    E.values("rating")
      .annotate({ n: Count("id") })
      .orderBy(),
  );
  c("E.values('rating').annotate(n=Count('id')).count()", () =>
    E.values("rating")
      .annotate({ n: Count("id") })
      .count(),
  );
  c("E.values('rating').annotate(n=Count('id')).aggregate(Max('n'),Sum('n'))", () =>
    E.values("rating")
      .annotate({ n: Count("id") })
      .aggregate(Max("n"), Sum("n")),
  );
  c("E.values('rating').aggregate(n=Count('rating'))", () =>
    E.values("rating").aggregate({ n: Count("rating") }),
  );
  c("E.values('rating').distinct().aggregate(n=Count('rating'))", () =>
    E.values("rating")
      .distinct()
      .aggregate({ n: Count("rating") }),
  );
  c("E.values_list('rating',flat=True).distinct().order_by('rating')", () =>
    E.valuesList("rating", flat).distinct().orderBy("rating"),
  );
  c(
    "E.values('headline').annotate(blog_name=F('blog__name')).order_by('id')[0]",
    () =>
      E.values("headline")
        .annotate({ blog_name: F("blog__name") })
        .orderBy("id")[0],
  );
  c(
    "E.values('headline').alias(b=F('blog__name')).order_by('-b','id')[0]",
    () =>
      E.values("headline")
        .alias({ b: F("blog__name") })
        .orderBy("-b", "id")[0],
  );
  c("E.alias(b=F('blog__name')).values('b')", () => E.alias({ b: F("blog__name") }).values("b"));
  c(
    "E.alias(b=F('blog__name')).annotate(b=F('b')).order_by('id').values('b')[0]",
    () =>
      E.alias({ b: F("blog__name") })
        .annotate({ b: F("b") })
        .orderBy("id")
        .values("b")[0],
  );
  c(
    "E.alias(b=F('blog__name')).annotate(d=F('b')).order_by('id').values('d')[0]",
    () =>
      E.alias({ b: F("blog__name") })
        .annotate({ d: F("b") })
        .orderBy("id")
        .values("d")[0],
  );
  c("E.annotate(headline=F('id'))", () => E.annotate({ headline: F("id") }));
  c("E.annotate(blog_id=F('id'))", () => E.annotate({ blog_id: F("id") }));
  c("E.annotate(detail=F('id'))", () => E.annotate({ detail: F("id") }));
  c("E.annotate(authors=F('id'))", () => E.annotate({ authors: F("id") }));
  c("E.annotate(pk=F('id'))", () => E.annotate({ pk: F("id") }));
  c("E.annotate(**{'a b':F('id')})", () => E.annotate({ "a b": F("id") }));
  c("E.annotate(**{'a;b':F('id')})", () => E.annotate({ "a;b": F("id") }));
  c("E.annotate(**{'a.b':F('id')})", () => E.annotate({ "a.b": F("id") }));
  c("E.annotate(F('id'))", () => E.annotate(F("id")));
  c("E.annotate(Lower('headline'))", () => E.annotate(Lower("headline")));
  c("E.annotate(Count('authors'),authors__count=F('id'))", () =>
    E.annotate(Count("authors"), { authors__count: F("id") }),
  );
  c("E.annotate(Count(F('rating')*2))", () => E.annotate(Count(F("rating").mul(2))));
  c("E.annotate(n=5)", () => E.annotate({ n: 5 }));
  c("E.annotate(n='headline')", () => E.annotate({ n: "headline" }));
  c(
    "E.annotate(Count('authors'),Count('authors')).order_by('id').values_list('authors__count',flat=True)",
    () => E.annotate(Count("authors"), Count("authors")).orderBy("id").valuesList("authors__count", flat),
  );
  c(
    "E.annotate(n=Count('authors')).annotate(n=Count('detail')).order_by('id').values_list('n',flat=True)",
    () =>
      E.annotate({ n: Count("authors") })
        .annotate({ n: Count("detail") })
        .orderBy("id")
        .valuesList("n", flat),
  );
  c("E.annotate(q=Q(rating__gt=4)).order_by('id').values_list('q',flat=True)", () =>
    E.annotate({ q: Q({ rating__gt: 4 }) })
      .orderBy("id")
      .valuesList("q", flat),
  );
  c("E.annotate(q=~Q(rating__gt=4) & Q(blog__name='Bread')).order_by('id').values_list('q',flat=True)", () =>
    E.annotate({
      q: Q({ rating__gt: 4 })
        .not()
        .and(Q({ blog__name: "Bread" })),
    })
      .orderBy("id")
      .valuesList("q", flat),
  );
  c("E.filter(Value(True)).count()", () => E.filter(Value(true)).count());
  c("E.filter(Exists(Author.objects.filter(entry=OuterRef('pk')))).count()", () =>
    E.filter(Exists(objects(Author).filter({ entry: OuterRef("pk") }))).count(),
  );
  c("E.exclude(Exists(Author.objects.filter(entry=OuterRef('pk')))).count()", () =>
    E.exclude(Exists(objects(Author).filter({ entry: OuterRef("pk") }))).count(),
  );
  c(
    "E.annotate(x=Author.objects.filter(entry=OuterRef('pk')).values('name')[:1]).order_by('id').values_list('x',flat=True)",
    () =>
      E.annotate({
        x: objects(Author)
          .filter({ entry: OuterRef("pk") })
          .values("name")
          .slice(0, 1),
      })
        .orderBy("id")
        .valuesList("x", flat),
  );
  c("E.order_by('blog').values_list('id',flat=True)", () => E.orderBy("blog").valuesList("id", flat));
  c("E.order_by('blog__name','-id').values_list('id',flat=True)", () =>
    E.orderBy("blog__name", "-id").valuesList("id", flat),
  );
  c("E.order_by('-blog','-pk').values_list('id',flat=True)", () =>
    E.orderBy("-blog", "-pk").valuesList("id", flat),
  );
  c("E.order_by('authors__name','id').values_list('id',flat=True)", () =>
    E.orderBy("authors__name", "id").valuesList("id", flat),
  );
  c("E.order_by('rating').order_by('id').values_list('id',flat=True)", () =>
    E.orderBy("rating").orderBy("id").valuesList("id", flat),
  );
  c("E.order_by(Lower('headline').desc()).values_list('id',flat=True)", () =>
    E.orderBy(Lower("headline").desc()).valuesList("id", flat),
  );
  c("E.order_by('headline__lower').values_list('id',flat=True)", () =>
    E.orderBy("headline__lower").valuesList("id", flat),
  );
  c("E.order_by('-headline__lower').values_list('id',flat=True)", () =>
    E.orderBy("-headline__lower").valuesList("id", flat),
  );
  c("E.order_by('headline__nope')", () => E.orderBy("headline__nope"));
  c("E.order_by('+headline')", () => E.orderBy("+headline"));
  c("E.order_by('--headline')", () => E.orderBy("--headline"));
  c("E.order_by('').count()", () => E.orderBy("").count());
  c("E.order_by('?').count()", () => E.orderBy("?").count());
  c("E.order_by('walk_entry.headline')", () => E.orderBy("walk_entry.headline"));
  c("E.order_by(Count('authors').desc(),'id').values_list('id',flat=True)", () =>
    E.orderBy(Count("authors").desc(), "id").valuesList("id", flat),
  );
  c("E.order_by(F('detail__text').asc(nulls_last=True),'id').values_list('id',flat=True)", () =>
    E.orderBy(F("detail__text").asc({ nullsLast: true }), "id").valuesList("id", flat),
  );
  c("E.order_by(F('detail__text').asc(nulls_last=True,nulls_first=True))", () =>
    E.orderBy(F("detail__text").asc({ nullsLast: true, nullsFirst: true })),
  );
  c("E.order_by(F('detail__text').asc(nulls_last=False))", () =>
    E.orderBy(F("detail__text").asc({ nullsLast: false })),
  );
  c("E.order_by(F('detail__text').asc(nulls_last=True),'-id').reverse().values_list('id',flat=True)", () =>
    E.orderBy(F("detail__text").asc({ nullsLast: true }), "-id")
      .reverse()
      .valuesList("id", flat),
  );
  c("E.reverse().reverse().ordered", () => E.reverse().reverse().ordered);
  c("Person.objects.reverse().ordered", () => objects(Person).reverse().ordered);
  c("Person.objects.order_by().ordered", () => objects(Person).orderBy().ordered);
  c(
    "Person.objects.values('size').annotate(n=Count('id')).ordered",
    () =>
      objects(Person)
        .values("size")
        .annotate({ n: Count("id") }).ordered,
  );
  c("E.extra(order_by=['id']).ordered", () => E.extra({ orderBy: ["id"] }).ordered);
  c("E.none().ordered", () => E.none().ordered);
  c(
    "E.annotate(n=Count('authors')).order_by('n').ordered",
    () => E.annotate({ n: Count("authors") }).orderBy("n").ordered,
  );
});
