/** Dates, the first and the last, slices, and what may not follow them; `update` and `delete`. Django: QuerySet API reference, "Making queries". */
import { library } from "./colours.ts";
import { walk } from "./walk.ts";

const { Count, F, Length, OuterRef, Q, Subquery, Sum } = library;

walk("slicing and updating", ({ c, classes, made, objects }) => {
  const { Author, Blog, Entry, ThemeBlog } = classes;
  const E = objects(Entry);
  const B = objects(Blog);
  const O = () => E.orderBy("id");
  const S = () => E.all().slice(0, 2);

  c("E.dates('published', 'month', order='desc')", () => E.dates("published", "month", "desc"));
  c("E.dates('blog__entry__published', 'year')", () => E.dates("blog__entry__published", "year"));
  c("E.dates('detail__entry__published', 'year')", () => E.dates("detail__entry__published", "year"));
  c("E.dates('updated', 'year')", () => E.dates("updated", "year"));
  c("E.datetimes('published', 'year')", () => E.datetimes("published", "year"));
  c("E.datetimes('updated', 'hour').reverse()", () => E.datetimes("updated", "hour").reverse());
  c("E.dates('published', 'month').count()", () => E.dates("published", "month").count());
  c("E.dates('published', 'month')[1]", () => E.dates("published", "month")[1]);
  c("E.dates('published', 'month').filter(rating=5)", () =>
    E.dates("published", "month").filter({ rating: 5 }),
  );
  c("E.dates('published', 'month').last()", () => E.dates("published", "month").last());
  c("E.dates('published', 'week', order='DESC')", () => E.dates("published", "week", "DESC"));
  c("E.none().dates('published', 'year')", () => E.none().dates("published", "year"));
  c("E.earliest('published', '-rating')", () => E.earliest("published", "-rating"));
  c("E.latest('rating', 'comments')", () => E.latest("rating", "comments"));
  c("E.latest(F('rating').asc())", () => E.latest(F("rating").asc()));
  c("E.latest('-published')", () => E.latest("-published"));
  c("E.latest()", () => E.latest());
  c("E.latest('nope')", () => E.latest("nope"));
  c("E.latest('blog__name', 'pk')", () => E.latest("blog__name", "pk"));
  c("Blog.objects.latest()", () => B.latest());
  c("E.none().latest()", () => E.none().latest());
  c("S().latest()", () => S().latest());
  c("E.values('headline').latest('published')", () => E.values("headline").latest("published"));
  c("E.order_by('headline').latest('published')", () => E.orderBy("headline").latest("published"));
  c("E.filter(id=-1).first()", () => E.filter({ id: -1 }).first());
  c("E.filter(id=-1).last()", () => E.filter({ id: -1 }).last());
  c("S().last()", () => S().last());
  c("S().first()", () => S().first());
  c("E.order_by('-rating')[:2].first()", () => E.orderBy("-rating").slice(0, 2).first());
  c("E.values('rating').annotate(n=Count('id')).first()", () =>
    E.values("rating")
      .annotate({ n: Count("id") })
      .first(),
  );
  c("S().reverse()", () => S().reverse());
  c("S().order_by('id')", () => S().orderBy("id"));
  c("S().filter(id=1)", () => S().filter({ id: 1 }));
  c("S().filter()", () => S().filter());
  c("S().filter(Q())", () => S().filter(Q()));
  c("S().exclude(id=1)", () => S().exclude({ id: 1 }));
  c("S().distinct()", () => S().distinct());
  c("S().select_related('blog')", () => S().selectRelated("blog"));
  c("S().annotate(n=Count('authors'))", () => S().annotate({ n: Count("authors") }));
  c("S().update(rating=1)", () => S().update({ rating: 1 }));
  c("S().delete()", () => S().delete());
  c("E.distinct('id').delete()", () => E.distinct("id").delete());
  c("E.distinct('id').update(rating=1)", () => E.distinct("id").update({ rating: 1 }));
  c("E.values('id').delete()", () => E.values("id").delete());
  c("E.values_list('id').delete()", () => E.valuesList("id").delete());
  c("S().in_bulk()", () => S().inBulk());
  c("S().get(id=1)", () => S().get({ id: 1 }));
  c("E.order_by('id')[:1].get()", () => O().slice(0, 1).get());
  c("S().dates('published', 'year')", () => S().dates("published", "year"));
  c("S().aggregate(Sum('rating'))", () => S().aggregate(Sum("rating")));
  c("S().count()", () => S().count());
  c("E.all()[1:].count()", () => E.all().slice(1).count());
  c("E.all()[10:].count()", () => E.all().slice(10).count());
  c("S().exists()", () => S().exists());
  c("E.all()[5:].exists()", () => E.all().slice(5).exists());
  c("E.all()[1:2][0:5].count()", () => E.all().slice(1, 2).slice(0, 5).count());
  c("E.all()[:0].count()", () => E.all().slice(0, 0).count());
  c("list(E.all()[2:1])", () => E.all().slice(2, 1));
  c("list(O()[1:3][1:])", () => O().slice(1, 3).slice(1));
  c("O()[1:3][1]", () => O().slice(1, 3)[1]);
  c("S().contains(E.get(id=3))", () => (async () => S().contains(await E.get({ id: 3 })))());
  c("E.values('id').contains(E.get(id=3))", () =>
    (async () => E.values("id").contains(await E.get({ id: 3 })))(),
  );
  c("E.contains(b1)", () => E.contains(made().blogs[0]));
  c("E.contains(1)", () => E.contains(1));
  c("E.contains(Entry())", () => E.contains(new Entry()));
  c("ThemeBlog.objects.contains(b1)", () => objects(ThemeBlog).contains(made().blogs[0]));
  c("S().defer('body')", () => S().defer("body"));
  c("S().extra(where=['1=1'])", () => S().extra({ where: ["1=1"] }));
  c("S().select_for_update()", () => S().selectForUpdate());
  c("S().using('default').count()", () => S().using("default").count());
  c("(S() | E.all()).count()", () => S().or(E.all()).count());
  c("(S() & S()).count()", () => S().and(S()).count());
  c("(E.all() | S()).count()", () => E.all().or(S()).count());
  c("(S() ^ E.all()).count()", () => S().xor(E.all()).count());
  c("(E.all() & E.none())", () => E.all().and(E.none()));
  c("(E.none() | E.all()).count()", () => E.none().or(E.all()).count());
  c("(E.all() ^ E.none()).count()", () => E.all().xor(E.none()).count());
  c("(E.values('id') | E.all()).count()", () => E.values("id").or(E.all()).count());
  c("(E.values('id') | E.values('headline')).count()", () => E.values("id").or(E.values("headline")).count());
  c("(E.distinct() | E.all()).count()", () => E.distinct().or(E.all()).count());
  c("(E.all() | E.select_related('blog')).count()", () => E.all().or(E.selectRelated("blog")).count());
  c("(E.union(E.all()) | E.all())", () => E.union(E.all()).or(E.all()));
  c("(E.all() | E.union(E.all()))", () => E.all().or(E.union(E.all())));
  c("(E.all() & B.all())", () => E.all().and(B.all()));
  c("E.filter(authors__name='Ann').update(rating=2)", () =>
    E.filter({ authors__name: "Ann" }).update({ rating: 2 }),
  );
  c("E.update(rating=F('comments') + 1)", () => E.update({ rating: F("comments").add(1) }));
  c("E.update(rating=F('blog__id'))", () => E.update({ rating: F("blog__id") }));
  c("E.update(blog__name='x')", () => E.update({ blog__name: "x" }));
  c("E.update(pk=1)", () => E.update({ pk: 1 }));
  c("E.update(blog=b2)", () => E.update({ blog: made().blogs[1] }));
  c("E.update(blog_id=1)", () => E.update({ blog_id: 1 }));
  c("E.update(rating=Count('authors'))", () => E.update({ rating: Count("authors") }));
  c(
    "E.filter(id__in=[1, 2, 3]).update(rating=Subquery(Author.objects.filter(entry=OuterRef('pk')).values('id')[:1]))",
    () =>
      E.filter({ id__in: [1, 2, 3] }).update({
        rating: Subquery(
          objects(Author)
            .filter({ entry: OuterRef("pk") })
            .values("id")
            .slice(0, 1),
        ),
      }),
  );
  c("E.order_by('id').update(rating=3)", () => O().update({ rating: 3 }));
  c("E.order_by('blog__name').update(rating=3)", () => E.orderBy("blog__name").update({ rating: 3 }));
  c("E.annotate(n=Count('authors')).filter(n__gt=1).update(rating=4)", () =>
    E.annotate({ n: Count("authors") })
      .filter({ n__gt: 1 })
      .update({ rating: 4 }),
  );
  c("E.annotate(n=Length('headline')).update(rating=F('n'))", () =>
    E.annotate({ n: Length("headline") }).update({ rating: F("n") }),
  );
  c("E.select_related('blog').update(rating=5)", () => E.selectRelated("blog").update({ rating: 5 }));
  c("E.values('id').update(rating=5)", () => E.values("id").update({ rating: 5 }));
  c("E.distinct().update(rating=5)", () => E.distinct().update({ rating: 5 }));
  c("E.none().update(rating=5)", () => E.none().update({ rating: 5 }));
  c("E.none().delete()", () => E.none().delete());
  c("E.update(rating=None)", () => E.update({ rating: null }));
  c("E.update(rating='x')", () => E.update({ rating: "x" }));
  c(
    "ThemeBlog.objects.create(name='t', theme='d').pk",
    () => objects(ThemeBlog).create({ name: "t", theme: "d" }).pk,
  );
  c("ThemeBlog.objects.update(name='u')", () => objects(ThemeBlog).update({ name: "u" }));
  c("ThemeBlog.objects.update(name='u', theme='e')", () =>
    objects(ThemeBlog).update({ name: "u", theme: "e" }),
  );
  c("ThemeBlog.objects.update(theme=F('name'))", () => objects(ThemeBlog).update({ theme: F("name") }));
  c("ThemeBlog.objects.filter(name='u').delete()", () => objects(ThemeBlog).filter({ name: "u" }).delete());
  c("Entry.objects.filter(blog__name='Butter').delete()", () => E.filter({ blog__name: "Butter" }).delete());
  c("E.filter(authors__name='Ann').distinct().delete()", () =>
    E.filter({ authors__name: "Ann" }).distinct().delete(),
  );
  c("E.annotate(n=Count('authors')).filter(n=0).delete()", () =>
    E.annotate({ n: Count("authors") })
      .filter({ n: 0 })
      .delete(),
  );
});
