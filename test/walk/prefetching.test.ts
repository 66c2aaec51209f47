/** `selectRelated`, `prefetchRelated`, `Prefetch`, `prefetchRelatedObjects`, `only`, `defer`. Django: QuerySet API reference, "Database access optimization". */
import { type Loose, library } from "./colours.ts";
import { walk } from "./walk.ts";

const { Prefetch, aprefetchRelatedObjects, prefetchRelatedObjects } = library;

walk("prefetching", ({ c, classes, each, inColour, made, objects, colour }) => {
  const { Author, Blog, Entry } = classes;
  const E = objects(Entry);
  const B = objects(Blog);
  const O = () => E.orderBy("id");
  const df = async (rows: Loose) => ((await rows.eval())[0] as Loose).getDeferredFields();
  const a = (i: number) => made().authors[i] as Loose;
  const loadAlong = colour === "sync" ? prefetchRelatedObjects : aprefetchRelatedObjects;

  c("[[y.name for y in x.authors.all()] for x in O().prefetch_related('authors')]", () =>
    each(O().prefetchRelated("authors").eval(), (x) => each(x.authors.all().eval(), (y) => y.name)),
  );
  c("[[y.name for y in x.authors.filter(name='Ann')] for x in O().prefetch_related('authors')]", () =>
    each(O().prefetchRelated("authors").eval(), (x) =>
      each(x.authors.filter({ name: "Ann" }).eval(), (y) => y.name),
    ),
  );
  c(
    "[[y.headline for y in x.entry_set.all()] for x in Blog.objects.order_by('id').prefetch_related('entry_set__authors')]",
    () =>
      each(B.orderBy("id").prefetchRelated("entry_set__authors").eval(), (x) =>
        each(x.entry_set.all().eval(), (y) => y.headline),
      ),
  );
  c("[x.blog.name for x in O().prefetch_related('blog')]", () =>
    each(O().prefetchRelated("blog").eval(), (x) => x.blog.name),
  );
  c("list(O().prefetch_related('headline'))", () => O().prefetchRelated("headline").eval());
  c("list(O().prefetch_related('blog_id'))", () => O().prefetchRelated("blog_id").eval());
  c("list(E.none().prefetch_related('nope'))", () => E.none().prefetchRelated("nope").eval());
  c("[x.pk for x in O().prefetch_related('authors').prefetch_related(None)]", () =>
    each(O().prefetchRelated("authors").prefetchRelated(null).eval(), (x) => x.pk),
  );
  c(
    "[len(x.bs) for x in O().prefetch_related(Prefetch('authors',Author.objects.filter(name__startswith='B'),to_attr='bs'))]",
    () =>
      each(
        O()
          .prefetchRelated(
            Prefetch("authors", {
              queryset: objects(Author).filter({ name__startswith: "B" }),
              toAttr: "bs",
            }),
          )
          .eval(),
        (x) => x.bs.length,
      ),
  );
  c(
    "list(O().prefetch_related(Prefetch('authors',Author.objects.all(),to_attr='bs'),Prefetch('authors',Author.objects.all(),to_attr='bs')))",
    () =>
      O()
        .prefetchRelated(
          Prefetch("authors", { queryset: objects(Author).all(), toAttr: "bs" }),
          Prefetch("authors", { queryset: objects(Author).all(), toAttr: "bs" }),
        )
        .eval(),
  );
  c("list(O().prefetch_related('authors',Prefetch('authors',Author.objects.all())))", () =>
    O()
      .prefetchRelated("authors", Prefetch("authors", { queryset: objects(Author).all() }))
      .eval(),
  );
  c("[x.pk for x in O().prefetch_related(Prefetch('authors', Author.objects.all()), 'authors')]", () =>
    each(
      O()
        .prefetchRelated(Prefetch("authors", { queryset: objects(Author).all() }), "authors")
        .eval(),
      (x) => x.pk,
    ),
  );
  c("list(O().prefetch_related(Prefetch('authors',Author.objects.all(),to_attr='headline')))", () =>
    O()
      .prefetchRelated(Prefetch("authors", { queryset: objects(Author).all(), toAttr: "headline" }))
      .eval(),
  );
  c("Prefetch('authors',Author.objects.values('id'))", () =>
    Prefetch("authors", { queryset: objects(Author).values("id") }),
  );
  c("Prefetch('authors',Author.objects.raw('x'))", () =>
    Prefetch("authors", { queryset: objects(Author).raw("x") }),
  );
  c(
    "[[y.name for y in x.authors.all()] for x in O().prefetch_related(Prefetch('authors', Author.objects.order_by('-name')[:1]))]",
    () =>
      each(
        O()
          .prefetchRelated(Prefetch("authors", { queryset: objects(Author).orderBy("-name").slice(0, 1) }))
          .eval(),
        (x) => each(x.authors.all().eval(), (y) => y.name),
      ),
  );
  c("list(O().prefetch_related(Prefetch('blog',Blog.objects.order_by('id')[:1])))", () =>
    O()
      .prefetchRelated(Prefetch("blog", { queryset: B.orderBy("id").slice(0, 1) }))
      .eval(),
  );
  c("[x.detail.text for x in O().prefetch_related('detail') if hasattr(x, 'detail')]", () =>
    each(O().filter({ detail__isnull: false }).prefetchRelated("detail").eval(), (x) => x.detail.text),
  );
  c("list(O().select_related('authors'))", () => O().selectRelated("authors").eval());
  c("list(O().select_related('blog__nope'))", () => O().selectRelated("blog__nope").eval());
  c("list(O().select_related('headline'))", () => O().selectRelated("headline").eval());
  c("list(O().select_related('blog').only('headline'))", () =>
    O().selectRelated("blog").only("headline").eval(),
  );
  c(
    "list(O().select_related('blog').only('headline','blog__name'))[0].blog.name",
    () => O().selectRelated("blog").only("headline", "blog__name").eval()[0].blog.name,
  );
  c("list(O().select_related('blog').defer('blog'))", () => O().selectRelated("blog").defer("blog").eval());
  c("sorted(list(O().only('headline'))[0].get_deferred_fields())", () => df(O().only("headline")));
  c("sorted(list(O().defer('headline').only('body','headline'))[0].get_deferred_fields())", () =>
    df(O().defer("headline").only("body", "headline")),
  );
  c("sorted(list(O().only('body','rating').defer('body'))[0].get_deferred_fields())", () =>
    df(O().only("body", "rating").defer("body")),
  );
  c("sorted(list(O().only('body').only('rating'))[0].get_deferred_fields())", () =>
    df(O().only("body").only("rating")),
  );
  c("sorted(list(O().defer('body').defer('rating'))[0].get_deferred_fields())", () =>
    df(O().defer("body").defer("rating")),
  );
  c("sorted(list(O().defer('body').defer(None))[0].get_deferred_fields())", () =>
    df(O().defer("body").defer(null)),
  );
  c("list(O().only(None))", () => O().only(null).eval());
  c("sorted(list(O().only())[0].get_deferred_fields())", () => df(O().only()));
  c("sorted(list(O().defer('id','pk'))[0].get_deferred_fields())", () => df(O().defer("id", "pk")));
  c("list(O().defer('nope'))", () => O().defer("nope").eval());
  c("list(O().defer('blog__nope'))", () => O().defer("blog__nope").eval());
  c("sorted(list(O().select_related('blog').defer('blog__tagline'))[0].blog.get_deferred_fields())", () =>
    O().selectRelated("blog").defer("blog__tagline").eval()[0].blog.getDeferredFields(),
  );
  c("sorted(list(O().only('blog'))[0].get_deferred_fields())", () => df(O().only("blog")));
  c("sorted(list(O().only('blog_id'))[0].get_deferred_fields())", () => df(O().only("blog_id")));
  c("len(O().only('headline').values())", () => O().only("headline").values().eval().length);
  c("(x := list(O().only('headline'))[0], x.headline)[1]", () => O().only("headline").eval()[0].headline);
  c(
    "(x := list(O().only('headline'))[0], setattr(x, 'headline', 'changed'), x.save(), Entry.objects.get(pk=x.pk).headline)[-1]",
    async () => {
      const x = inColour((await O().only("headline").eval())[0]);
      Object.assign(x, { headline: "changed" });
      await x.save();
      return E.get({ pk: x.pk }).headline;
    },
  );
  c(
    "(xs := list(O()), prefetch_related_objects(xs, 'authors', 'blog'), [[len(x.authors.all()), x.blog.name] for x in xs])[-1]",
    async () => {
      const xs = await O().eval();
      await loadAlong(xs, "authors", "blog");
      return each(xs, (x) => [x.authors.all().eval().length, x.blog.name]);
    },
  );
  c(
    "(xs := list(O()), prefetch_related_objects(xs, 'authors'), prefetch_related_objects(xs, 'authors'), len(xs[0].authors.all()))[-1]",
    async () => {
      const xs = await O().eval();
      await loadAlong(xs, "authors");
      await loadAlong(xs, "authors");
      return inColour(xs[0]).authors.all().eval().length;
    },
  );
  c("prefetch_related_objects([], 'nope')", () => loadAlong([], "nope"));
  c("[len(x.authors.all()) for x in O().prefetch_related('authors').iterator(chunk_size=2)]", () =>
    each(O().prefetchRelated("authors").iterator({ chunkSize: 2 }), (x) => x.authors.all().eval().length),
  );
  c("list(O().prefetch_related('authors').iterator())", () => O().prefetchRelated("authors").iterator());
  c("list(O().iterator(chunk_size=0))", () => O().iterator({ chunkSize: 0 }));
  c(
    "(x := Entry.objects.prefetch_related('authors').get(id=2), n := len(x.authors.all()), x.authors.add(a[2]), [n, len(x.authors.all())])[-1]",
    async () => {
      const x = await E.prefetchRelated("authors").get({ id: 2 });
      const n = await x.authors.all().eval().length;
      await x.authors.add(a(2));
      return [n, x.authors.all().eval().length];
    },
  );
  c(
    "(x := Entry.objects.prefetch_related('authors').get(id=2), [x.authors.count(), x.authors.exists(), x.authors.all()[0].name, x.authors.first().name])[-1]",
    async () => {
      const x = await E.prefetchRelated("authors").get({ id: 2 });
      return [x.authors.count(), x.authors.exists(), x.authors.all()[0].name, x.authors.first().name];
    },
  );
});
