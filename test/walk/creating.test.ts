/** Making and updating objects: `create`, `getOrCreate`, `updateOrCreate`, `bulkCreate`, `bulkUpdate`. Django: QuerySet API reference. */
import { Temporal } from "asgimod";
import { type Loose, library, unwrap } from "./colours.ts";
import { walk } from "./walk.ts";

const { F, Q, Upper } = library;

walk("creating", ({ c, classes, each, made, objects }) => {
  const { Blog, Entry, Person, Team, ThemeBlog } = classes;
  const E = objects(Entry);
  const B = objects(Blog);
  const flat = { flat: true };
  const D = (year: number, month: number, day: number) => new Temporal.PlainDate(year, month, day);
  const a = (i: number) => made().authors[i] as Loose;
  const b = (i: number) => made().blogs[i] as Loose;
  const pair = async (found: unknown) => {
    const [object, created] = (await found) as [Loose, boolean];
    return [object.pk, created];
  };

  c("Blog.objects.create(name='x',nope=1)", () => B.create({ name: "x", nope: 1 }));
  c("Blog.objects.create(id=1,name='dup')", () => B.create({ id: 1, name: "dup" }));
  c("pair(Blog.objects.get_or_create(name='Bread'))", async () => pair(B.getOrCreate({ name: "Bread" })));
  c("pair(Blog.objects.get_or_create(name='New',defaults={'tagline':'t'}))", async () =>
    pair(B.getOrCreate({ name: "New" }, { defaults: { tagline: "t" } })),
  );
  c("pair(Blog.objects.get_or_create(name__iexact='bread'))", async () =>
    pair(B.getOrCreate({ name__iexact: "bread" })),
  );
  c("pair(Blog.objects.get_or_create(name__iexact='other',defaults={'name':'Other'}))", async () =>
    pair(B.getOrCreate({ name__iexact: "other" }, { defaults: { name: "Other" } })),
  );
  c("pair(Blog.objects.get_or_create(name='C',defaults={'tagline':lambda: 'called'}))", async () =>
    pair(B.getOrCreate({ name: "C" }, { defaults: { tagline: () => "called" } })),
  );
  c("Blog.objects.get(name='C').tagline", () => B.get({ name: "C" }).tagline);
  c("pair(Blog.objects.get_or_create(defaults={'name':'D'},name='D2'))", async () =>
    pair(B.getOrCreate({ name: "D2" }, { defaults: { name: "D" } })),
  );
  c("Blog.objects.filter(name__in=['D','D2']).values_list('name',flat=True)", () =>
    B.filter({ name__in: ["D", "D2"] }).valuesList("name", flat),
  );
  c(
    "pair(Blog.objects.filter(Q(name='Bread')|Q(name='zzz')).get_or_create(tagline='All of it',defaults={'name':'zzz'}))",
    async () =>
      pair(
        B.filter(Q({ name: "Bread" }).or(Q({ name: "zzz" }))).getOrCreate(
          { tagline: "All of it" },
          { defaults: { name: "zzz" } },
        ),
      ),
  );
  c("pair(Entry.objects.get_or_create(blog=b1,defaults={'headline':'q'}))", async () =>
    pair(E.getOrCreate({ blog: b(0) }, { defaults: { headline: "q" } })),
  );
  c("pair(Entry.objects.get_or_create(headline='q',defaults={'nope':1}))", async () =>
    pair(E.getOrCreate({ headline: "q" }, { defaults: { nope: 1 } })),
  );
  c("pair(Entry.objects.get_or_create(headline='q'))", async () => pair(E.getOrCreate({ headline: "q" })));
  c("pair(Blog.objects.get_or_create(entry__headline='Rye',defaults={'name':'x'}))", async () =>
    pair(B.getOrCreate({ entry__headline: "Rye" }, { defaults: { name: "x" } })),
  );
  c("pair(Blog.objects.get_or_create(entry__headline='Nope',defaults={'name':'x'}))", async () =>
    pair(B.getOrCreate({ entry__headline: "Nope" }, { defaults: { name: "x" } })),
  );
  c("pair(b1.entry_set.get_or_create(headline='Rye'))", async () =>
    pair(b(0).entry_set.getOrCreate({ headline: "Rye" })),
  );
  c("pair(b1.entry_set.get_or_create(headline='Barley',defaults={'published':D(2024,5,5)}))", async () =>
    pair(b(0).entry_set.getOrCreate({ headline: "Barley" }, { defaults: { published: D(2024, 5, 5) } })),
  );
  c("Entry.objects.get(headline='Barley').blog_id", () => E.get({ headline: "Barley" }).blog_id);
  c("pair(a[0].entry_set.get_or_create(headline='Spelt',blog=b1,published=D(2024,6,6)))", async () =>
    pair(a(0).entry_set.getOrCreate({ headline: "Spelt", blog: b(0), published: D(2024, 6, 6) })),
  );
  c("list(Entry.objects.get(headline='Spelt').authors.values_list('name',flat=True))", () =>
    E.get({ headline: "Spelt" }).authors.valuesList("name", flat),
  );
  c("pair(a[1].entry_set.get_or_create(headline='Spelt'))", async () =>
    pair(a(1).entry_set.getOrCreate({ headline: "Spelt" })),
  );
  c("pair(Blog.objects.update_or_create(name='Bread',defaults={'tagline':'new'}))", async () =>
    pair(B.updateOrCreate({ name: "Bread" }, { defaults: { tagline: "new" } })),
  );
  c("Blog.objects.get(id=1).tagline", () => B.get({ id: 1 }).tagline);
  c(
    "pair(Blog.objects.update_or_create(name='E',defaults={'tagline':'d'},create_defaults={'tagline':'cd'}))",
    async () =>
      pair(
        B.updateOrCreate({ name: "E" }, { defaults: { tagline: "d" }, createDefaults: { tagline: "cd" } }),
      ),
  );
  c("Blog.objects.get(name='E').tagline", () => B.get({ name: "E" }).tagline);
  c(
    "pair(Blog.objects.update_or_create(name='E',defaults={'tagline':lambda: 'lazy'},create_defaults={'tagline':'cd'}))",
    async () =>
      pair(
        B.updateOrCreate(
          { name: "E" },
          { defaults: { tagline: () => "lazy" }, createDefaults: { tagline: "cd" } },
        ),
      ),
  );
  c("Blog.objects.filter(name='E').get().tagline", () => B.filter({ name: "E" }).get().tagline);
  c("pair(Blog.objects.update_or_create(defaults={'tagline':'d'},name='G'))", async () =>
    pair(B.updateOrCreate({ name: "G" }, { defaults: { tagline: "d" } })),
  );
  c("pair(Blog.objects.update_or_create(name='G',defaults={'nope':'d'}))", async () =>
    pair(B.updateOrCreate({ name: "G" }, { defaults: { nope: "d" } })),
  );
  c("pair(Blog.objects.update_or_create(name='G',defaults={'pk':500}))", async () =>
    pair(B.updateOrCreate({ name: "G" }, { defaults: { pk: 500 } })),
  );
  c("pair(Blog.objects.update_or_create(name='G',defaults={'name':'H'}))", async () =>
    pair(B.updateOrCreate({ name: "G" }, { defaults: { name: "H" } })),
  );
  c("pair(b1.entry_set.update_or_create(headline='Rye',defaults={'rating':1}))", async () =>
    pair(b(0).entry_set.updateOrCreate({ headline: "Rye" }, { defaults: { rating: 1 } })),
  );
  c("pair(a[0].entry_set.update_or_create(headline='Salted',defaults={'rating':1}))", async () =>
    pair(a(0).entry_set.updateOrCreate({ headline: "Salted" }, { defaults: { rating: 1 } })),
  );
  c(
    "pair(b1.entry_set.update_or_create(headline='Brioche',defaults={'rating':1},create_defaults={'published':D(2024,7,7)}))",
    async () =>
      pair(
        b(0).entry_set.updateOrCreate(
          { headline: "Brioche" },
          { defaults: { rating: 1 }, createDefaults: { published: D(2024, 7, 7) } },
        ),
      ),
  );
  c("Entry.objects.get(headline='Brioche').rating", () => E.get({ headline: "Brioche" }).rating);
  c("pair(Blog.objects.update_or_create(pk=900,defaults={'name':'900'}))", async () =>
    pair(B.updateOrCreate({ pk: 900 }, { defaults: { name: "900" } })),
  );
  c("pair(Blog.objects.update_or_create(name='Bread',defaults={'tagline':F('name')}))", async () =>
    pair(B.updateOrCreate({ name: "Bread" }, { defaults: { tagline: F("name") } })),
  );
  c("Blog.objects.filter(id=1).get().tagline", () => B.filter({ id: 1 }).get().tagline);
  c("pair(Blog.objects.get_or_create())", async () => pair(B.getOrCreate()));
  c("Blog.objects.bulk_create([])", () => B.bulkCreate([]));
  c(
    "[b.pk for b in Blog.objects.bulk_create([Blog(name='k1'),Blog(id=2000,name='k2'),Blog(name='k3')])]",
    () =>
      each(
        B.bulkCreate([
          new Blog({ name: "k1" }),
          new Blog({ id: 2000, name: "k2" }),
          new Blog({ name: "k3" }),
        ]),
        (b) => b.pk,
      ),
  );
  c("[b._state.adding for b in Blog.objects.bulk_create([Blog(name='k4')])]", () =>
    each(B.bulkCreate([new Blog({ name: "k4" })]), (b) => b._state.adding),
  );
  c("[b._state.db for b in Blog.objects.bulk_create([Blog(name='k4')])]", () =>
    each(B.bulkCreate([new Blog({ name: "k4" })]), (b) => b._state.db),
  );
  c("Blog.objects.bulk_create([Blog(name='k4')],batch_size=0)", () =>
    B.bulkCreate([new Blog({ name: "k4" })], { batchSize: 0 }),
  );
  c("Blog.objects.bulk_create([Blog(name='k4')],batch_size=-1)", () =>
    B.bulkCreate([new Blog({ name: "k4" })], { batchSize: -1 }),
  );
  c(
    "len(Blog.objects.bulk_create([Blog(name='k%d'%i) for i in range(5)],batch_size=2))",
    () =>
      B.bulkCreate(
        [0, 1, 2, 3, 4].map((i) => new Blog({ name: `k${i}` })),
        { batchSize: 2 },
      ).length,
  );
  c("Blog.objects.bulk_create([Blog(id=1,name='k')],ignore_conflicts=True,update_conflicts=True)", () =>
    B.bulkCreate([new Blog({ id: 1, name: "k" })], { ignoreConflicts: true, updateConflicts: true }),
  );
  c("Blog.objects.bulk_create([Blog(id=1,name='k')],update_conflicts=True)", () =>
    B.bulkCreate([new Blog({ id: 1, name: "k" })], { updateConflicts: true }),
  );
  c("Blog.objects.bulk_create([Blog(id=1,name='k')],update_conflicts=True,update_fields=['tagline'])", () =>
    B.bulkCreate([new Blog({ id: 1, name: "k" })], { updateConflicts: true, updateFields: ["tagline"] }),
  );
  c(
    "Blog.objects.bulk_create([Blog(id=1,name='k')],update_conflicts=True,update_fields=['id'],unique_fields=['id'])",
    () =>
      B.bulkCreate([new Blog({ id: 1, name: "k" })], {
        updateConflicts: true,
        updateFields: ["id"],
        uniqueFields: ["id"],
      }),
  );
  c(
    "Blog.objects.bulk_create([Blog(id=1,name='k')],update_conflicts=True,update_fields=['nope'],unique_fields=['id'])",
    () =>
      B.bulkCreate([new Blog({ id: 1, name: "k" })], {
        updateConflicts: true,
        updateFields: ["nope"],
        uniqueFields: ["id"],
      }),
  );
  c(
    "Blog.objects.bulk_create([Blog(id=1,name='k')],update_conflicts=True,update_fields=['name'],unique_fields=['nope'])",
    () =>
      B.bulkCreate([new Blog({ id: 1, name: "k" })], {
        updateConflicts: true,
        updateFields: ["name"],
        uniqueFields: ["nope"],
      }),
  );
  c(
    "Blog.objects.bulk_create([Blog(id=1,name='k',tagline='T')],update_conflicts=True,update_fields=['tagline'],unique_fields=['pk'])",
    () =>
      B.bulkCreate([new Blog({ id: 1, name: "k", tagline: "T" })], {
        updateConflicts: true,
        updateFields: ["tagline"],
        uniqueFields: ["pk"],
      }),
  );
  c("[Blog.objects.get(id=1).name,Blog.objects.get(id=1).tagline]", () => [
    B.get({ id: 1 }).name,
    B.get({ id: 1 }).tagline,
  ]);
  c(
    "Team.objects.bulk_create([Team(name='k')],update_conflicts=True,update_fields=['members'],unique_fields=['id'])",
    () =>
      objects(Team).bulkCreate([new Team({ name: "k" })], {
        updateConflicts: true,
        updateFields: ["members"],
        uniqueFields: ["id"],
      }),
  );
  c("Blog.objects.bulk_create([Blog(name='k')],update_fields=['name'])", () =>
    B.bulkCreate([new Blog({ name: "k" })], { updateFields: ["name"] }),
  );
  c(
    "Blog.objects.bulk_create([Blog(name='k')],unique_fields=['name'])[0].name",
    () => B.bulkCreate([new Blog({ name: "k" })], { uniqueFields: ["name"] })[0].name,
  );
  c(
    "[b.pk for b in Person.objects.bulk_create([Person(name='p1'),Person(name='p1')],ignore_conflicts=True)]",
    () =>
      each(
        objects(Person).bulkCreate([new Person({ name: "p1" }), new Person({ name: "p1" })], {
          ignoreConflicts: true,
        }),
        (b) => b.pk,
      ),
  );
  c(
    "[b.pk is None for b in Person.objects.bulk_create([Person(name='p1',size='L'),Person(name='p2')],update_conflicts=True,update_fields=['size'],unique_fields=['name'])]",
    () =>
      each(
        objects(Person).bulkCreate([new Person({ name: "p1", size: "L" }), new Person({ name: "p2" })], {
          updateConflicts: true,
          updateFields: ["size"],
          uniqueFields: ["name"],
        }),
        (b) => b.pk == null,
      ),
  );
  c("ThemeBlog.objects.bulk_create([ThemeBlog(name='t',theme='x')])", () =>
    objects(ThemeBlog).bulkCreate([new ThemeBlog({ name: "t", theme: "x" })]),
  );
  c("Entry.objects.bulk_create([Entry(headline='x',published=D(2024,1,1),blog=Blog(name='unsaved'))])", () =>
    E.bulkCreate([
      new Entry({ headline: "x", published: D(2024, 1, 1), blog: new Blog({ name: "unsaved" }) }),
    ]),
  );
  c("Entry.objects.bulk_create([Entry(headline='x',published=D(2024,1,1))])", () =>
    E.bulkCreate([new Entry({ headline: "x", published: D(2024, 1, 1) })]),
  );
  c("b1.entry_set.bulk_create([Entry(headline='x',published=D(2024,1,1))])", () =>
    b(0).entry_set.bulkCreate([new Entry({ headline: "x", published: D(2024, 1, 1) })]),
  );
  c(
    "Blog.objects.bulk_create(x for x in [Blog(name='gen')])[0].name",
    () =>
      B.bulkCreate(
        (function* () {
          yield unwrap(new Blog({ name: "gen" }));
        })(),
      )[0].name,
  );
  c(
    "Blog.objects.all()[:2].bulk_create([Blog(name='x')])[0].name",
    () =>
      B.all()
        .slice(0, 2)
        .bulkCreate([new Blog({ name: "x" })])[0].name,
  );
  c(
    "Blog.objects.filter(id=1).bulk_create([Blog(name='x')])[0].name",
    () => B.filter({ id: 1 }).bulkCreate([new Blog({ name: "x" })])[0].name,
  );
  c("Blog.objects.bulk_update([],['name'])", () => B.bulkUpdate([], ["name"]));
  c("Blog.objects.bulk_update([Blog(name='x')],['name'])", () =>
    B.bulkUpdate([new Blog({ name: "x" })], ["name"]),
  );
  c("Blog.objects.bulk_update([Blog(id=1,name='x')],['id'])", () =>
    B.bulkUpdate([new Blog({ id: 1, name: "x" })], ["id"]),
  );
  c("Blog.objects.bulk_update([Blog(id=1,name='x')],['pk'])", () =>
    B.bulkUpdate([new Blog({ id: 1, name: "x" })], ["pk"]),
  );
  c("Blog.objects.bulk_update([Blog(id=1,name='x')],['nope'])", () =>
    B.bulkUpdate([new Blog({ id: 1, name: "x" })], ["nope"]),
  );
  c("Team.objects.bulk_update([Team(id=1,name='x')],['members'])", () =>
    objects(Team).bulkUpdate([new Team({ id: 1, name: "x" })], ["members"]),
  );
  c("Blog.objects.bulk_update([Blog(id=1,name='x')],['entry'])", () =>
    B.bulkUpdate([new Blog({ id: 1, name: "x" })], ["entry"]),
  );
  c("Blog.objects.bulk_update([Blog(id=1,name='u8'),Blog(id=2,name='u8')],['name'])", () =>
    B.bulkUpdate([new Blog({ id: 1, name: "u8" }), new Blog({ id: 2, name: "u8" })], ["name"]),
  );
  c("Blog.objects.bulk_update([Blog(id=1,name='u8'),Blog(id=1,name='u9')],['name'])", () =>
    B.bulkUpdate([new Blog({ id: 1, name: "u8" }), new Blog({ id: 1, name: "u9" })], ["name"]),
  );
  c("Blog.objects.get(id=1).name", () => B.get({ id: 1 }).name);
  c("Blog.objects.bulk_update([Blog(id=1,name='u8'),Blog(id=77777,name='u9')],['name'])", () =>
    B.bulkUpdate([new Blog({ id: 1, name: "u8" }), new Blog({ id: 77777, name: "u9" })], ["name"]),
  );
  c("Blog.objects.bulk_update([Blog(id=1,name=Upper('name'))],['name'])", () =>
    B.bulkUpdate([new Blog({ id: 1, name: Upper("name") })], ["name"]),
  );
  c("Blog.objects.filter(id=1).get().name", () => B.filter({ id: 1 }).get().name);
  c("Blog.objects.bulk_update([Blog(id=1,name='x')],['name'],batch_size=-1)", () =>
    B.bulkUpdate([new Blog({ id: 1, name: "x" })], ["name"], { batchSize: -1 }),
  );
  c("Blog.objects.bulk_update([Blog(id=1,name='x')],['name'],batch_size=0)", () =>
    B.bulkUpdate([new Blog({ id: 1, name: "x" })], ["name"], { batchSize: 0 }),
  );
  c("Blog.objects.bulk_update([Blog(id=i,name='x') for i in (1,2,3)],['name','tagline'],batch_size=2)", () =>
    B.bulkUpdate(
      [1, 2, 3].map((id) => new Blog({ id, name: "x" })),
      ["name", "tagline"],
      { batchSize: 2 },
    ),
  );
  c("Blog.objects.filter(id=1).bulk_update([Blog(id=1,name='y'),Blog(id=2,name='y')],['name'])", () =>
    B.filter({ id: 1 }).bulkUpdate(
      [new Blog({ id: 1, name: "y" }), new Blog({ id: 2, name: "y" })],
      ["name"],
    ),
  );
  c("ThemeBlog.objects.bulk_update([ThemeBlog(pk=1,name='y')],['name'])", () =>
    objects(ThemeBlog).bulkUpdate([new ThemeBlog({ pk: 1, name: "y" })], ["name"]),
  );
  c("Entry.objects.bulk_update([Entry(id=1,blog=Blog(name='un'))],['blog'])", () =>
    E.bulkUpdate([new Entry({ id: 1, blog: new Blog({ name: "un" }) })], ["blog"]),
  );
  c("Entry.objects.bulk_update([Entry(id=1,blog_id=2)],['blog'])", () =>
    E.bulkUpdate([new Entry({ id: 1, blog_id: 2 })], ["blog"]),
  );
  c("Entry.objects.get(id=1).blog_id", () => E.get({ id: 1 }).blog_id);
  c("Entry.objects.bulk_update([Entry(id=1,blog_id=1)],['blog_id'])", () =>
    E.bulkUpdate([new Entry({ id: 1, blog_id: 1 })], ["blog_id"]),
  );
});
