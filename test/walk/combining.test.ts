/** `union`, `intersection`, `difference`, and what may follow them. Django: QuerySet API reference. */
import { Temporal } from "asgimod";
import { type Loose, library } from "./colours.ts";
import { walk } from "./walk.ts";

const { Count, F, Value } = library;

walk("combining", ({ c, classes, made, objects }) => {
  const { Blog, Entry } = classes;
  const E = objects(Entry);
  const B = objects(Blog);
  const U = () => E.union(E.all());
  const flat = { flat: true };
  const D = (year: number, month: number, day: number) => new Temporal.PlainDate(year, month, day);
  const b = (i: number) => made().blogs[i] as Loose;

  c("E.union(E.all()).filter(id=1)", () => U().filter({ id: 1 }));
  c("E.union(E.all()).exclude(id=1)", () => U().exclude({ id: 1 }));
  c("E.union(E.all()).annotate(n=Count('id'))", () => U().annotate({ n: Count("id") }));
  c("E.union(E.all()).update(rating=1)", () => U().update({ rating: 1 }));
  c("E.union(E.all()).delete()", () => U().delete());
  c("E.union(E.all()).get(id=1)", () => U().get({ id: 1 }));
  c("E.filter(id=1).union(E.filter(id=1)).get()", () =>
    E.filter({ id: 1 })
      .union(E.filter({ id: 1 }))
      .get(),
  );
  c("E.union(E.all()).distinct()", () => U().distinct());
  c("E.union(E.all()).select_related('blog')", () => U().selectRelated("blog"));
  c("list(E.union(E.all()).prefetch_related('authors'))[:0]", () =>
    U().prefetchRelated("authors").eval().slice(0, 0),
  );
  c("E.union(E.all()).defer('body')", () => U().defer("body"));
  c("E.union(E.all()).only('body')", () => U().only("body"));
  c("E.union(E.all()).extra(where=['1=1'])", () => U().extra({ where: ["1=1"] }));
  c("E.union(E.all()).count()", () => U().count());
  c("E.union(E.all()).exists()", () => U().exists());
  c("E.union(E.all()).first()", () => U().first());
  c("E.union(E.all()).last()", () => U().last());
  c("E.union(E.all()).order_by('-id')[:1]", () => U().orderBy("-id").slice(0, 1));
  c("E.values('id').union(Blog.objects.values('id')).order_by('id')", () =>
    E.values("id").union(B.values("id")).orderBy("id"),
  );
  c("E.values_list('headline').union(Blog.objects.values_list('name')).order_by('headline')", () =>
    E.valuesList("headline").union(B.valuesList("name")).orderBy("headline"),
  );
  c("list(E.values('id').union(Blog.objects.values('id','name')))", () =>
    E.values("id").union(B.values("id", "name")).eval(),
  );
  c("E.none().union(E.filter(id=1))", () => E.none().union(E.filter({ id: 1 })));
  c("E.filter(id=1).union(E.none())", () => E.filter({ id: 1 }).union(E.none()));
  c("E.none().union(E.none()).count()", () => E.none().union(E.none()).count());
  c("E.filter(id=1).intersection(E.none())", () => E.filter({ id: 1 }).intersection(E.none()));
  c("E.none().difference(E.all())", () => E.none().difference(E.all()));
  c("E.filter(id=1).difference(E.none())", () => E.filter({ id: 1 }).difference(E.none()));
  c("E.filter(id__lte=2).intersection(E.filter(id__gte=2))", () =>
    E.filter({ id__lte: 2 }).intersection(E.filter({ id__gte: 2 })),
  );
  c("E.filter(id__lte=2).difference(E.filter(id__gte=2))", () =>
    E.filter({ id__lte: 2 }).difference(E.filter({ id__gte: 2 })),
  );
  c("E.union()", () => E.union());
  c("E.order_by('id')[:1].union(E.order_by('-id')[:1]).order_by('id')", () =>
    E.orderBy("id").slice(0, 1).union(E.orderBy("-id").slice(0, 1)).orderBy("id"),
  );
  c("list(E.order_by('id').union(E.order_by('-id')))", () => E.orderBy("id").union(E.orderBy("-id")).eval());
  c("list(E.filter(id=1).union(E.filter(id=1),all=True))", () =>
    E.filter({ id: 1 })
      .union(E.filter({ id: 1 }), { all: true })
      .eval(),
  );
  c("E.filter(id__in=E.values('id').union(E.values('id'))).count()", () =>
    E.filter({ id__in: E.values("id").union(E.values("id")) }).count(),
  );
  c("E.union(E.all()).aggregate(n=Count('id'))", () => U().aggregate({ n: Count("id") }));
  c("E.union(E.all()).in_bulk([1])", () => U().inBulk([1]));
  c("len(E.union(E.all()).in_bulk())", () => U().inBulk().size);
  c("E.union(E.all()).dates('published','year')", () => U().dates("published", "year"));
  c(
    "E.union(E.all()).values('headline').order_by('headline')[0]",
    () => U().values("headline").orderBy("headline")[0],
  );
  c(
    "E.union(E.all()).values_list('headline',flat=True).order_by('headline')[0]",
    () => U().valuesList("headline", flat).orderBy("headline")[0],
  );
  c("E.union(E.all()).reverse()", () => U().reverse());
  c("E.union(E.all()).earliest('id')", () => U().earliest("id"));
  c("E.union(E.all()).contains(E.get(id=1))", () => U().contains(E.get({ id: 1 })));
  c("E.union(E.all()).alias(n=F('id'))", () => U().alias({ n: F("id") }));
  c("E.union(E.all()).select_for_update()", () => U().selectForUpdate());
  c("E.filter(id=1).union(E.filter(id=2)).union(E.filter(id=3)).count()", () =>
    E.filter({ id: 1 })
      .union(E.filter({ id: 2 }))
      .union(E.filter({ id: 3 }))
      .count(),
  );
  c("E.filter(id=1).union(E.filter(id=2)).difference(E.filter(id=2)).count()", () =>
    E.filter({ id: 1 })
      .union(E.filter({ id: 2 }))
      .difference(E.filter({ id: 2 }))
      .count(),
  );
  c(
    "E.union(E.all()).create(blog=b1,headline='u',published=D(2024,1,1)).headline",
    () => U().create({ blog: b(0), headline: "u", published: D(2024, 1, 1) }).headline,
  );
  c("E.union(E.all()).bulk_create([])", () => U().bulkCreate([]));
  c("E.union(E.all()).get_or_create(id=1)", () => U().getOrCreate({ id: 1 }));
  c("E.union(E.all()).raw('select 1')", () => U().raw("select 1"));
  c(
    "list(E.values('id',x=Value(1)).union(Blog.objects.values('id',x=Value(2))).order_by('x','id'))[0]",
    () =>
      E.values("id", { x: Value(1) })
        .union(B.values("id", { x: Value(2) }))
        .orderBy("x", "id")
        .eval()[0],
  );
});
