/** Related managers and related objects. Django: Related objects reference, "Making queries". */
import { Temporal } from "asgimod";
import type { Loose } from "./colours.ts";
import { walk } from "./walk.ts";

walk("relating", ({ c, classes, inColour, made, objects }) => {
  const { Author, Blog, Detail, Entry, Membership, Person, Team, ThemeBlog } = classes;
  const E = objects(Entry);
  const B = objects(Blog);
  const flat = { flat: true };
  const D = (year: number, month: number, day: number) => new Temporal.PlainDate(year, month, day);
  const a = (i: number) => made().authors[i] as Loose;
  const b = (i: number) => made().blogs[i] as Loose;
  const e = (i: number) => made().entries[i] as Loose;
  const people: Loose[] = [];
  const p = (i: number) => people[i] as Loose;
  const teams: Loose[] = [];
  const team = () => teams[0] as Loose;

  c(
    "(p := [Person.objects.create(name=n) for n in ('Pat', 'Quin', 'Ruth')], [x.pk for x in p])[1]",
    async () => {
      for (const name of ["Pat", "Quin", "Ruth"]) people.push(await objects(Person).create({ name }));
      return people.map((person) => person.pk);
    },
  );
  c("(t1 := Team.objects.create(name='One')).pk", async () => {
    teams.push(await objects(Team).create({ name: "One" }));
    return team().pk;
  });
  c("b1.entry_set.add(e[2])", () => b(0).entry_set.add(e(2)));
  c("Entry.objects.get(id=3).blog_id", () => E.get({ id: 3 }).blog_id);
  c("b2.entry_set.add(e[2],bulk=False)", () => b(1).entry_set.add(e(2), { bulk: false }));
  c("b2.entry_set.add(Entry(headline='n',published=D(2024,1,1)),bulk=False)", () =>
    b(1).entry_set.add(new Entry({ headline: "n", published: D(2024, 1, 1) }), { bulk: false }),
  );
  c("b2.entry_set.add(a[0])", () => b(1).entry_set.add(a(0)));
  c("b2.entry_set.add(5)", () => b(1).entry_set.add(5));
  c("a[0].pupils.add(a[1],a[2])", () => a(0).pupils.add(a(1), a(2)));
  c("a[0].pupils.remove(a[1])", () => a(0).pupils.remove(a(1)));
  c("a[0].pupils.remove(5)", () => a(0).pupils.remove(5));
  c("a[0].pupils.remove(b1)", () => a(0).pupils.remove(b(0)));
  c("a[0].pupils.set([a[1],a[2]])", () => a(0).pupils.set([a(1), a(2)]));
  c("a[0].pupils.set([a[1]],clear=True)", () => a(0).pupils.set([a(1)], { clear: true }));
  c("a[0].pupils.set([a[2]],bulk=False)", () => a(0).pupils.set([a(2)], { bulk: false }));
  c("list(a[0].pupils.all())", () => a(0).pupils.all().eval());
  c("a[0].pupils.clear(bulk=False)", () => a(0).pupils.clear({ bulk: false }));
  c("a[0].pupils.count()", () => a(0).pupils.count());
  c("b1.entry_set.set([e[0]])", () => b(0).entry_set.set([e(0)]));
  c("b1.entry_set.count()", () => b(0).entry_set.count());
  c("Blog(name='x').entry_set.all()", () => new Blog({ name: "x" }).entry_set.all());
  c("Blog(name='x').entry_set.create(headline='x',published=D(2024,1,1))", () =>
    new Blog({ name: "x" }).entry_set.create({ headline: "x", published: D(2024, 1, 1) }),
  );
  c("Entry(headline='x').authors", () => new Entry({ headline: "x" }).authors);
  c("Entry(id=999,headline='x').authors.add(a[0])", () =>
    new Entry({ id: 999, headline: "x" }).authors.add(a(0)),
  );
  c("e[3].authors.add(a[0],a[0].pk,a[1])", () => e(3).authors.add(a(0), a(0).pk, a(1)));
  c("e[3].authors.add(a[0])", () => e(3).authors.add(a(0)));
  c("e[3].authors.add('x')", () => e(3).authors.add("x"));
  c("e[3].authors.add(b1)", () => e(3).authors.add(b(0)));
  c("e[3].authors.add(Author(name='unsaved'))", () => e(3).authors.add(new Author({ name: "unsaved" })));
  c("e[3].authors.add(None)", () => e(3).authors.add(null));
  c("e[3].authors.add(12345)", () => e(3).authors.add(12345));
  c("e[3].authors.remove(a[0],12)", () => e(3).authors.remove(a(0), 12));
  c("e[3].authors.set([a[2]])", () => e(3).authors.set([a(2)]));
  c("e[3].authors.set([a[2].pk,a[0]],clear=True)", () => e(3).authors.set([a(2).pk, a(0)], { clear: true }));
  c("list(e[3].authors.order_by('id'))", () => e(3).authors.orderBy("id").eval());
  c("e[3].authors.create(name='Dee').pk", () => e(3).authors.create({ name: "Dee" }).pk);
  c(
    "a[0].entry_set.create(headline='m2m',blog=b1,published=D(2024,8,8)).pk",
    () => a(0).entry_set.create({ headline: "m2m", blog: b(0), published: D(2024, 8, 8) }).pk,
  );
  c("a[0].entry_set.filter(headline='m2m').count()", () =>
    a(0).entry_set.filter({ headline: "m2m" }).count(),
  );
  c("Entry(headline='x',authors=[a[0]])", () => new Entry({ headline: "x", authors: [a(0)] }));
  c("t1.members.add(p[0])", () => team().members.add(p(0)));
  c("t1.members.add(p[0],through_defaults={'reason':'R'})", () =>
    team().members.add(p(0), { throughDefaults: { reason: "R" } }),
  );
  c("Membership.objects.values_list('reason',flat=True)", () =>
    objects(Membership).valuesList("reason", flat),
  );
  c(
    "t1.members.create(name='New',through_defaults={'reason':'C'}).pk",
    () => team().members.create({ name: "New" }, { throughDefaults: { reason: "C" } }).pk,
  );
  c("t1.members.set([p[1],p[2]],through_defaults={'reason':'S'})", () =>
    team().members.set([p(1), p(2)], { throughDefaults: { reason: "S" } }),
  );
  c("Membership.objects.order_by('id').values_list('person__name','reason')", () =>
    objects(Membership).orderBy("id").valuesList("person__name", "reason"),
  );
  c(
    "t1.members.get_or_create(name='Zed',through_defaults={'reason':'G'})[1]",
    () => team().members.getOrCreate({ name: "Zed" }, { throughDefaults: { reason: "G" } })[1],
  );
  c(
    "t1.members.update_or_create(name='Zed',defaults={'size':'L'},through_defaults={'reason':'G'})[1]",
    () =>
      team().members.updateOrCreate(
        { name: "Zed" },
        { defaults: { size: "L" }, throughDefaults: { reason: "G" } },
      )[1],
  );
  c(
    "t1.members.update_or_create(name='Yan',defaults={'size':'L'},through_defaults={'reason':'Y'})[1]",
    () =>
      team().members.updateOrCreate(
        { name: "Yan" },
        { defaults: { size: "L" }, throughDefaults: { reason: "Y" } },
      )[1],
  );
  c("t1.members.add(p[0],through_defaults={'nope':'R'})", () =>
    team().members.add(p(0), { throughDefaults: { nope: "R" } }),
  );
  c("t1.members.add(p[0],through_defaults={'reason':lambda: 'called'})", () =>
    team().members.add(p(0), { throughDefaults: { reason: () => "called" } }),
  );
  c("Membership.objects.filter(person=p[0]).values_list('reason',flat=True)", () =>
    objects(Membership)
      .filter({ person: p(0) })
      .valuesList("reason", flat),
  );
  c("t1.members.remove(p[0])", () => team().members.remove(p(0)));
  c(
    "Membership.objects.create(team=t1,person=p[1],reason='again').pk and t1.members.filter(name='Quin').count()",
    async () => {
      await objects(Membership).create({ team: team(), person: p(1), reason: "again" });
      return team().members.filter({ name: "Quin" }).count();
    },
  );
  c("t1.members.remove(p[1])", () => team().members.remove(p(1)));
  c("t1.members.filter(membership__reason='S').values_list('name',flat=True)", () =>
    team().members.filter({ membership__reason: "S" }).valuesList("name", flat),
  );
  c("Person.objects.filter(team__name='One',membership__reason='S').values_list('name',flat=True)", () =>
    objects(Person).filter({ team__name: "One", membership__reason: "S" }).valuesList("name", flat),
  );
  c("t1.members.through.__name__", () => team().members.through.name);
  c("t1.membership_set.count()", () => team().membership_set.count());
  c("p[0].invited.count()", () => p(0).invited.count());
  c("p[0].team_set.add(t1,through_defaults={'reason':'rev'})", () =>
    p(0).team_set.add(team(), { throughDefaults: { reason: "rev" } }),
  );
  c("p[0].team_set.values_list('name',flat=True)", () => p(0).team_set.valuesList("name", flat));
  c("e[0].detail.text", () => e(0).detail.text);
  c("e[1].detail", () => e(1).detail);
  c("(setattr(e[1], 'detail', Detail(text='s')), e[1].detail.entry_id)[1]", async () => {
    Object.assign(e(1), { detail: new Detail({ text: "s" }) });
    return (await e(1).detail).entry_id;
  });
  c("e[1].detail.pk", () => e(1).detail.pk);
  c("(setattr(e[0], 'detail', None), Detail.objects.filter(entry=e[0]).count())[1]", () => {
    Object.assign(e(0), { detail: null });
    return objects(Detail)
      .filter({ entry: e(0) })
      .count();
  });
  c("setattr(e[0], 'detail', 5)", () => {
    Object.assign(e(0), { detail: 5 });
  });
  c("Detail.objects.create(entry=e[0],text='dup')", () =>
    objects(Detail).create({ entry: e(0), text: "dup" }),
  );
  c("Entry(headline='x',blog=5)", () => new Entry({ headline: "x", blog: 5 }));
  c("Entry(headline='x',blog=None).blog", () => new Entry({ headline: "x", blog: null }).blog);
  c("Entry(headline='x').blog", () => new Entry({ headline: "x" }).blog);
  c("Entry(headline='x',blog_id=1).blog", () => new Entry({ headline: "x", blog_id: 1 }).blog);
  c("Entry(headline='x',blog_id=991).blog", () => new Entry({ headline: "x", blog_id: 991 }).blog);
  c("(x := Entry.objects.get(id=1), x.blog, setattr(x, 'blog_id', 2), x.blog.pk)[-1]", async () => {
    const x = await E.get({ id: 1 });
    await x.blog;
    Object.assign(x, { blog_id: 2 });
    return (await x.blog).pk;
  });
  c(
    "(late := Blog(name='late'), x := Entry(headline='l', published=D(2024, 1, 1), blog=late), late.save(), x.save(), x.blog_id == late.id)[-1]",
    async () => {
      const late = inColour(new Blog({ name: "late" }));
      const x = inColour(new Entry({ headline: "l", published: D(2024, 1, 1), blog: late }));
      await late.save();
      await x.save();
      return x.blog_id === late.id;
    },
  );
  c("Entry(headline='l', published=D(2024, 1, 1), blog=Blog(name='late')).save()", () =>
    inColour(new Entry({ headline: "l", published: D(2024, 1, 1), blog: new Blog({ name: "late" }) })).save(),
  );
  c(
    "ThemeBlog.objects.create(name='th',theme='dark').pk",
    () => objects(ThemeBlog).create({ name: "th", theme: "dark" }).pk,
  );
  c("Blog.objects.get(name='th').themeblog.theme", () => B.get({ name: "th" }).themeblog.theme);
  c("b1.themeblog", () => b(0).themeblog);
  c("ThemeBlog.objects.filter(name='th',blog_ptr__name='th').count()", () =>
    objects(ThemeBlog).filter({ name: "th", blog_ptr__name: "th" }).count(),
  );
  c(
    "ThemeBlog.objects.get(name='th').blog_ptr.name",
    () => objects(ThemeBlog).get({ name: "th" }).blog_ptr.name,
  );
  c("Blog.objects.filter(themeblog__isnull=False).count()", () =>
    B.filter({ themeblog__isnull: false }).count(),
  );
  c(
    "Blog.objects.filter(name='th').select_related('themeblog')[0].themeblog.theme",
    () => B.filter({ name: "th" }).selectRelated("themeblog")[0].themeblog.theme,
  );
});
