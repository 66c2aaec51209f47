/** Objects: equality, refreshing, saving, deleting, and what their values may be. Django: Model instance reference. */
import { Temporal } from "asgimod";
import { type Loose, library, plain } from "./colours.ts";
import { walk } from "./walk.ts";

const { F } = library;

walk("instances", ({ c, classes, inColour, made, objects }) => {
  const { Author, Blog, Entry, Person, ThemeBlog } = classes;
  const E = objects(Entry);
  const B = objects(Blog);
  const D = (year: number, month: number, day: number) => new Temporal.PlainDate(year, month, day);
  const b = (i: number) => made().blogs[i] as Loose;
  const e = (i: number) => made().entries[i] as Loose;

  c("Entry.objects.get(id=1)==Entry.objects.get(id=1)", async () =>
    E.get({ id: 1 }).equals(await E.get({ id: 1 })),
  );
  c("Blog(id=1)==ThemeBlog(id=1)", () => new Blog({ id: 1 }).equals(new ThemeBlog({ id: 1 })));
  c("Blog()==Blog()", () => new Blog().equals(new Blog()));
  c("(x := Blog(), x == x)[1]", () => {
    const x = new Blog();
    return x.equals(x);
  });
  c("Blog(id=1)==Author(id=1)", () => new Blog({ id: 1 }).equals(new Author({ id: 1 })));
  c("Blog(id=1)==1", () => new Blog({ id: 1 }).equals(1));
  c("str(Blog(id=1))", () => String(new Blog({ id: 1 })));
  c("str(Blog())", () => String(new Blog()));
  c("Person(size='S').get_size_display()", () => new Person({ size: "S" }).get_size_display());
  c("Person(size='Z').get_size_display()", () => new Person({ size: "Z" }).get_size_display());
  c("Person(size=None).get_size_display()", () => new Person({ size: null }).get_size_display());
  c("e[0].get_next_by_published().pk", () => e(0).get_next_by_published().pk);
  c("e[3].get_next_by_published()", () => e(3).get_next_by_published());
  c("e[3].get_previous_by_published().pk", () => e(3).get_previous_by_published().pk);
  c("e[0].get_next_by_published(blog=b2).pk", () => e(0).get_next_by_published({ blog: b(1) }).pk);
  c("Entry(published=D(2024,1,1)).get_next_by_published()", () =>
    new Entry({ published: D(2024, 1, 1) }).get_next_by_published(),
  );
  c("Blog(name='a',nope=1)", () => new Blog({ name: "a", nope: 1 }));
  c("Blog(pk=7).id", () => new Blog({ pk: 7 }).id);
  c("Entry(blog_id=1,blog=b2).blog_id", () => new Entry({ blog_id: 1, blog: b(1) }).blog_id);
  c(
    "(x := Blog.objects.get(id=1), Blog.objects.filter(id=1).update(name='Z'), x.refresh_from_db(), x.name)[-1]",
    async () => {
      const x = await B.get({ id: 1 });
      await B.filter({ id: 1 }).update({ name: "Z" });
      await x.refreshFromDb();
      return x.name;
    },
  );
  c(
    "(x := Blog.objects.get(id=1), Blog.objects.filter(id=1).update(name='Y', tagline='Y'), x.refresh_from_db(fields=['name']), [x.name, x.tagline == 'Y'])[-1]",
    async () => {
      const x = await B.get({ id: 1 });
      await B.filter({ id: 1 }).update({ name: "Y", tagline: "Y" });
      await x.refreshFromDb({ fields: ["name"] });
      return [x.name, (x.tagline as unknown) === "Y"];
    },
  );
  c("Blog.objects.get(id=1).refresh_from_db(fields=['nope'])", () =>
    B.get({ id: 1 }).refreshFromDb({ fields: ["nope"] }),
  );
  c("Blog.objects.get(id=1).refresh_from_db(fields=['name__x'])", () =>
    B.get({ id: 1 }).refreshFromDb({ fields: ["name__x"] }),
  );
  c("Blog.objects.get(id=1).refresh_from_db(fields=[])", () =>
    B.get({ id: 1 }).refreshFromDb({ fields: [] }),
  );
  c("Blog(id=555).refresh_from_db()", () => new Blog({ id: 555 }).refreshFromDb());
  c("Blog().refresh_from_db()", () => new Blog().refreshFromDb());
  c("(x := Entry.objects.get(id=1), x.blog, x.refresh_from_db(), x.blog.name)[-1]", async () => {
    const x = await E.get({ id: 1 });
    await x.blog;
    await x.refreshFromDb();
    return x.blog.name;
  });
  c(
    "(x := Entry.objects.select_related('blog').get(id=1), x.refresh_from_db(fields=['headline']), x.blog.name)[-1]",
    async () => {
      const x = await E.selectRelated("blog").get({ id: 1 });
      await x.refreshFromDb({ fields: ["headline"] });
      return x.blog.name;
    },
  );
  c(
    "(x := Entry.objects.only('headline').get(id=1), x.refresh_from_db(), x.get_deferred_fields())[-1]",
    async () => {
      const x = await E.only("headline").get({ id: 1 });
      await x.refreshFromDb();
      return x.getDeferredFields();
    },
  );
  c(
    "(x := Entry.objects.get(id=1), x.refresh_from_db(from_queryset=Entry.objects.select_related('blog')), x.blog.name)[-1]",
    async () => {
      const x = await E.get({ id: 1 });
      await x.refreshFromDb({ fromQueryset: E.selectRelated("blog") });
      return x.blog.name;
    },
  );
  c("Entry.objects.get(id=1).refresh_from_db(from_queryset=Entry.objects.filter(id=2))", () =>
    E.get({ id: 1 }).refreshFromDb({ fromQueryset: E.filter({ id: 2 }) }),
  );
  c("Entry.objects.get(id=1).refresh_from_db(fields=['headline', 'authors'])", () =>
    E.get({ id: 1 }).refreshFromDb({ fields: ["headline", "authors"] }),
  );
  c(
    "(x := Entry.objects.prefetch_related('authors').get(id=1), x.refresh_from_db(fields=['authors']), len(x.authors.all()))[-1]",
    async () => {
      const x = await E.prefetchRelated("authors").get({ id: 1 });
      await x.refreshFromDb({ fields: ["authors"] });
      return x.authors.all().eval().length;
    },
  );
  c(
    "(x := Entry.objects.prefetch_related('authors').get(id=1), x.refresh_from_db(), len(x.authors.all()))[-1]",
    async () => {
      const x = await E.prefetchRelated("authors").get({ id: 1 });
      await x.refreshFromDb();
      return x.authors.all().eval().length;
    },
  );
  c(
    "(x := Blog.from_db('default', ['id', 'name'], [5, 'n']), [x.id, x.name, x.get_deferred_fields(), x._state.adding, x._state.db])[-1]",
    () => {
      const x = Blog.fromDb("default", ["id", "name"], [5, "n"]);
      return [x.id, x.name, x.getDeferredFields(), x._state.adding, x._state.db];
    },
  );
  c("(x := Blog(name='s'), x.save(), [x.pk is not None, x._state.adding, x._state.db])[-1]", async () => {
    const x = inColour(new Blog({ name: "s" }));
    await x.save();
    return [x.pk !== null, x._state.adding, x._state.db];
  });
  c("Blog(id=1,name='s').save(force_insert=True)", () =>
    new Blog({ id: 1, name: "s" }).save({ forceInsert: true }),
  );
  c("Blog(name='s').save(force_update=True)", () => new Blog({ name: "s" }).save({ forceUpdate: true }));
  c("Blog(id=1,name='s').save(force_insert=True,force_update=True)", () =>
    new Blog({ id: 1, name: "s" }).save({ forceInsert: true, forceUpdate: true }),
  );
  c("Blog(id=1,name='s').save(force_insert=True,update_fields=['name'])", () =>
    new Blog({ id: 1, name: "s" }).save({ forceInsert: true, updateFields: ["name"] }),
  );
  c("Blog(id=1,name='s').save(update_fields=['nope'])", () =>
    new Blog({ id: 1, name: "s" }).save({ updateFields: ["nope"] }),
  );
  c("Blog(id=1,name='s').save(update_fields=['id'])", () =>
    new Blog({ id: 1, name: "s" }).save({ updateFields: ["id"] }),
  );
  c("Blog(id=1,name='s').save(update_fields=[])", () =>
    new Blog({ id: 1, name: "s" }).save({ updateFields: [] }),
  );
  c("Blog(id=9192,name='s').save()", () => new Blog({ id: 9192, name: "s" }).save());
  c("Blog(name='s').save(update_fields=['name'])", () =>
    new Blog({ name: "s" }).save({ updateFields: ["name"] }),
  );
  c(
    "(x := Entry.objects.only('headline').get(id=1), setattr(x, 'headline', 'k'), x.save(), x.get_deferred_fields())[-1]",
    async () => {
      const x = await E.only("headline").get({ id: 1 });
      Object.assign(x, { headline: "k" });
      await x.save();
      return x.getDeferredFields();
    },
  );
  c(
    "(x := Entry.objects.defer('headline').get(id=1), setattr(x, 'headline', 'k2'), x.save(), Entry.objects.get(id=1).headline)[-1]",
    async () => {
      const x = await E.defer("headline").get({ id: 1 });
      Object.assign(x, { headline: "k2" });
      await x.save();
      return E.get({ id: 1 }).headline;
    },
  );
  c(
    "(x := Entry.objects.get(id=1), setattr(x, 'rating', F('rating') + 1), x.save(), x.refresh_from_db(), x.rating)[-1]",
    async () => {
      const x = await E.get({ id: 1 });
      Object.assign(x, { rating: F("rating").add(1) });
      await x.save();
      await x.refreshFromDb();
      return x.rating;
    },
  );
  c(
    "(x := Blog.objects.get(id=1), setattr(x, 'pk', None), setattr(x._state, 'adding', True), x.save(), x.pk != 1)[-1]",
    async () => {
      const x = await B.get({ id: 1 });
      Object.assign(x, { pk: null });
      Object.assign(x._state, { adding: true });
      await x.save();
      return (x.pk as unknown) !== 1;
    },
  );
  c(
    "(x := ThemeBlog.objects.create(name='t', theme='d'), setattr(x, 'pk', None), setattr(x, 'id', None), setattr(x._state, 'adding', True), x.save(), ThemeBlog.objects.count())[-1]",
    async () => {
      const x = await objects(ThemeBlog).create({ name: "t", theme: "d" });
      Object.assign(x, { pk: null });
      Object.assign(x, { id: null });
      Object.assign(x._state, { adding: true });
      await x.save();
      return objects(ThemeBlog).count();
    },
  );
  c("Blog().delete()", () => new Blog().delete());
  c("(x := Blog.objects.create(name='d'), [x.delete(), x.pk, x.id])[-1]", async () => {
    const x = await B.create({ name: "d" });
    return [await plain(x.delete()), x.pk, x.id];
  });
  c("(x := Blog.objects.create(name='d'), x.delete(), x.delete())", async () => {
    const x = await B.create({ name: "d" });
    await x.delete();
    await x.delete();
  });
  c("ThemeBlog.objects.first().delete(keep_parents=True)", () =>
    objects(ThemeBlog).first().delete({ keepParents: true }),
  );
  c("E.get(id=3).delete()", () => E.get({ id: 3 }).delete());
  c("E.filter(id=2).delete()", () => E.filter({ id: 2 }).delete());
  c("E.filter(id=22222).delete()", () => E.filter({ id: 22222 }).delete());
  c("Blog.objects.filter(id=2).delete()", () => B.filter({ id: 2 }).delete());
  c("E.all().order_by('id').delete()", () => E.all().orderBy("id").delete());
  c(
    "E.create(id=None,blog=b1,headline='x',published='2024-01-01').published",
    () => E.create({ id: null, blog: b(0), headline: "x", published: "2024-01-01" }).published,
  );
  c(
    "E.create(blog=b1,headline=5,published='2024-01-01').headline",
    () => E.create({ blog: b(0), headline: 5, published: "2024-01-01" }).headline,
  );
  c("E.create(blog=b1,headline=None,published='2024-01-01')", () =>
    E.create({ blog: b(0), headline: null, published: "2024-01-01" }),
  );
  c(
    "E.create(blog=b1,headline='x',published='2024-01-01',rating='7').rating",
    () => E.create({ blog: b(0), headline: "x", published: "2024-01-01", rating: "7" }).rating,
  );
  c("E.create(blog=b1,headline='x',published='2024-01-01',rating='x')", () =>
    E.create({ blog: b(0), headline: "x", published: "2024-01-01", rating: "x" }),
  );
  c(
    "E.create(blog_id='1',headline='x',published='2024-01-01').blog_id",
    () => E.create({ blog_id: "1", headline: "x", published: "2024-01-01" }).blog_id,
  );
});
