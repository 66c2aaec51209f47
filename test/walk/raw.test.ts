/** SQL by hand. Django: "Performing raw SQL queries". */
import { walk } from "./walk.ts";

walk("raw", ({ c, classes, each, objects }) => {
  const { Author, Blog } = classes;
  const B = objects(Blog);
  const R = (sql: string, params: unknown = [], options: object = {}) => B.raw(sql, params, options).eval();

  c(
    "Blog.objects.raw('select * from walk_blog where id=%s',[1])[0].name",
    () => R("select * from walk_blog where id=%s", [1])[0].name,
  );
  c(
    "Blog.objects.raw('select id from walk_blog where id=1')[0].name",
    () => R("select id from walk_blog where id=1")[0].name,
  );
  c("Blog.objects.raw('select name from walk_blog')", () => R("select name from walk_blog"));
  c(
    "Blog.objects.raw('select id, name as nom from walk_blog where id=1',translations={'nom':'name'})[0].name",
    () =>
      R("select id, name as nom from walk_blog where id=1", [], { translations: { nom: "name" } })[0].name,
  );
  c(
    "Blog.objects.raw('select id, name as nom from walk_blog where id=1')[0].nom",
    () => R("select id, name as nom from walk_blog where id=1")[0].nom,
  );
  c(
    "Blog.objects.raw('select id, 1+1 as two from walk_blog where id=1')[0].two",
    () => R("select id, 1+1 as two from walk_blog where id=1")[0].two,
  );
  c(
    "Blog.objects.raw('select * from walk_blog where id=%(x)s',{'x':1})[0].name",
    () => R("select * from walk_blog where id=%(x)s", { x: 1 })[0].name,
  );
  c(
    "Blog.objects.raw('select * from walk_blog order by id')[0].pk",
    () => B.raw("select * from walk_blog order by id")[0].pk,
  );
  c("(r := Blog.objects.raw('select * from walk_blog'), list(r), list(r))[2]", async () => {
    const r = B.raw("select * from walk_blog");
    await r.eval();
    return r.eval();
  });
  c("Blog.objects.raw('insert nonsense')", () => R("insert nonsense"));
  c(
    "Blog.objects.raw(\"select * from walk_blog where name like 'B%' and id=1\")[0].pk",
    () => R("select * from walk_blog where name like 'B%' and id=1")[0].pk,
  );
  c(
    "Blog.objects.filter(id=99).raw('select * from walk_blog where id=1')[0].pk",
    () => B.filter({ id: 99 }).raw("select * from walk_blog where id=1")[0].pk,
  );
  c(
    "[y.headline for y in Blog.objects.prefetch_related('entry_set').raw('select * from walk_blog where id=1')[0].entry_set.all()]",
    () =>
      each(
        B.prefetchRelated("entry_set").raw("select * from walk_blog where id=1")[0].entry_set.all().eval(),
        (y) => y.headline,
      ),
  );
  c(
    "[y.headline for y in Blog.objects.raw('select * from walk_blog where id=1').prefetch_related('entry_set')[0].entry_set.all()]",
    () =>
      each(
        B.raw("select * from walk_blog where id=1").prefetchRelated("entry_set")[0].entry_set.all().eval(),
        (y) => y.headline,
      ),
  );
  c(
    "list(Author.objects.raw('select id, name, mentor_id from walk_author where id=1'))[0].mentor",
    () => objects(Author).raw("select id, name, mentor_id from walk_author where id=1").eval()[0].mentor,
  );
  c(
    "Blog.objects.raw('select id, id as pk2 from walk_blog where id=1')[0].pk2",
    () => R("select id, id as pk2 from walk_blog where id=1")[0].pk2,
  );
  c("[x.pk for x in Blog.objects.raw('select * from walk_blog').iterator()]", () =>
    each(B.raw("select * from walk_blog").eval(), (x) => x.pk),
  );
  c(
    "Blog.objects.raw('select * from walk_blog',translations={'name':'nope'})[0].pk",
    () => R("select * from walk_blog", [], { translations: { name: "nope" } })[0].pk,
  );
  c(
    "Blog.objects.raw('select * from walk_blog').using('default')[0].pk",
    () => B.raw("select * from walk_blog").using("default")[0].pk,
  );
  c(
    "Blog.objects.raw('select id as ID from walk_blog where id=1')[0].pk",
    () => R("select id as ID from walk_blog where id=1")[0].pk,
  );
});
