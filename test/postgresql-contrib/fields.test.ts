/** Arrays, maps and ranges against what Django answers: see django_fields.py, which has the same cases. */
import { F, Max, Temporal, Upper, Value } from "asgimod";
import { Range } from "asgimod/postgres";
import { adeserialize, aserialize } from "asgimod/serializers";
import { Dog, Event, Post } from "./models.ts";
import { clean, compareWithDjango, setUp } from "./setup.ts";

await setUp("fields");

const P = Post.aobjects;
const G = Dog.aobjects;
const E = Event.aobjects;

/** Rows of any queryset, in the order of their keys. */
interface Rows {
  orderBy(name: "id"): { valuesList(name: string, options: { flat: true }): PromiseLike<unknown> };
}
const titles = async (rows: unknown) => (rows as Rows).orderBy("id").valuesList("title", { flat: true });
const names = async (rows: unknown) => (rows as Rows).orderBy("id").valuesList("name", { flat: true });
const ids = async (rows: unknown) => (rows as Rows).orderBy("id").valuesList("id", { flat: true });

const day = (text: string) => Temporal.PlainDate.from(text);
const noon = new Date("2024-01-01T12:00:00Z");

await P.create({
  title: "a",
  tags: ["x", "y"],
  scores: [1, 2, 3],
  grid: [
    [1, 2],
    [3, 4],
  ],
  prices: ["1.50", "2"],
});
await P.create({ title: "b", tags: ["y"], scores: [], days: [day("2024-01-31"), day("2024-02-29")] });
await P.create({ title: "c", tags: [], scores: null, bigs: [2 ** 60, null], grid: [] });
await P.create({
  title: "d",
  tags: ["x", 'q"u,o{t}e\\', "NULL", ""],
  scores: [7],
  uuids: ["6ba7b810-9dad-11d1-80b4-00c04fd430c8"],
  documents: [{ a: 1 }, { a: 2 }],
});
await G.create({ name: "a", data: { breed: "collie", size: "L", owner: null } });
await G.create({ name: "b", data: { breed: "lab", 'q"u\\o': "te,=>\n" } });
await G.create({ name: "c", data: {} });
await G.create({ name: "d", data: null, many: [{ x: "1" }, { y: null }] });
await E.create({
  ints: new Range(1, 5),
  bigints: [2 ** 40, 2n ** 41n],
  n: 3,
  small: 3,
  float: 2.5,
  amount: "2.5",
});
await E.create({
  ints: new Range(5, 10, "[]"),
  decimals: ["1.5", "3.25"],
  n: 30,
  small: 30,
  float: 30,
  amount: "30",
});
await E.create({
  ints: new Range<number>(null, 0),
  days: new Range(day("2024-01-01"), day("2024-01-31"), "[]"),
  day: day("2024-01-15"),
});
await E.create({
  ints: Range.empty(),
  instants: [noon, new Date("2024-01-02T00:00:00Z")],
  at: new Date("2024-01-01T15:00:00Z"),
});
await E.create({ ints: [100, null], several: [new Range(1, 2), Range.empty()], n: -1 });
await E.create({});

compareWithDjango("arrays", {
  values: () =>
    P.orderBy("id").valuesList("tags", "scores", "grid", "prices", "days", "bigs", "uuids", "documents"),
  exact: () => titles(P.filter({ tags: ["x", "y"] })),
  "exact empty": () => titles(P.filter({ tags: [] })),
  "exact nested": () =>
    titles(
      P.filter({
        grid: [
          [1, 2],
          [3, 4],
        ],
      }),
    ),
  "is null": () => titles(P.filter({ scores: null })),
  contains: () => titles(P.filter({ tags__contains: ["x"] })),
  "contains nothing": () => titles(P.filter({ tags__contains: [] })),
  "contains quoted": () => titles(P.filter({ tags__contains: ['q"u,o{t}e\\', "NULL"] })),
  "contained by": () => titles(P.filter({ tags__contained_by: ["x", "y", "z"] })),
  overlap: () => titles(P.filter({ tags__overlap: ["x", "z"] })),
  "overlap with subquery": () =>
    titles(P.filter({ tags__overlap: P.filter({ title: "b" }).valuesList("tags__0") })),
  "contains expressions": () => titles(P.filter({ tags__contains: [Value("x"), F("tags__0")] })),
  "exclude overlap": () => titles(P.exclude({ tags__overlap: ["x"] })),
  length: () => titles(P.filter({ tags__len: 2 })),
  "length at least": () => titles(P.filter({ scores__len__gte: 1 })),
  "length of empty": () => titles(P.filter({ scores__len: 0 })),
  index: () => titles(P.filter({ tags__0: "y" })),
  "index with lookup": () => titles(P.filter({ scores__0__gt: 1 })),
  "index nested": () => titles(P.filter({ grid__1__0: 3 })),
  "index missing": () => titles(P.filter({ tags__9: "y" })),
  "index text lookup": () => titles(P.filter({ tags__1__icontains: "U" })),
  slice: () => titles(P.filter({ scores__0_2: [1, 2] })),
  "slice contains": () => titles(P.filter({ tags__0_1__contains: ["x"] })),
  "slice nested index": () => titles(P.filter({ grid__0_1: [[1, 2]] })),
  in: () => titles(P.filter({ tags__in: [["y"], ["x", "y"]] })),
  "in with subquery": () => titles(P.filter({ tags__in: P.filter({ title: "a" }).values("tags") })),
  greater: () => titles(P.filter({ scores__gt: [1, 2] })),
  decimals: () => titles(P.filter({ prices__contains: ["1.5"] })),
  dates: () => titles(P.filter({ days__contains: ["2024-02-29"] })),
  large: () => titles(P.filter({ bigs__contains: [2n ** 60n] })),
  "index value": () => P.orderBy("id").valuesList("tags__0", { flat: true }),
  "index of index value": () => P.orderBy("id").valuesList("grid__1__1", { flat: true }),
  "length value": () => P.orderBy("id").valuesList("tags__len", { flat: true }),
  "slice value": () => P.orderBy("id").valuesList("scores__0_2", { flat: true }),
  "slice of F": () =>
    P.orderBy("id")
      .annotate({ s: F("tags").slice(0, 1) })
      .valuesList("s", { flat: true }),
  "index of F": () =>
    P.orderBy("id")
      .annotate({ s: F("tags").at(1) })
      .valuesList("s", { flat: true }),
  "order by index": () => titles(P.orderBy("scores__0", "id")),
  grouped: () =>
    P.values("tags__0")
      .annotate({ n: Max("title") })
      .orderBy("n")
      .valuesList("tags__0", "n"),
  max: async () => (await P.aggregate({ m: Max("scores") })).m,
  update: async () => [
    await P.filter({ title: "c" }).update({ tags: ["u"] }),
    (await P.get({ title: "c" })).tags,
    await P.filter({ title: "c" }).update({ tags: [] }),
  ],
  "null inside contains": () => titles(P.filter({ bigs__contains: [null] })),
  "annotation lookup": () => titles(P.annotate({ t: F("tags") }).filter({ t__contains: ["y"] })),
  "too long an item": async () => {
    await P.filter({ title: "c" }).update({ tags: ["abcdefghijklmnop"] });
    return (await P.get({ title: "c" })).tags;
  },
  // @ts-expect-error a text is no list
  malformed: () => titles(P.filter({ scores: "x" })),
  // @ts-expect-error a text is no number
  "wrong item": () => titles(P.filter({ scores: ["x"] })),
});

compareWithDjango("array validation", {
  good: () => clean(new Post({ title: "t", tags: ["a"] })),
  "too many": () => clean(new Post({ title: "t", scores: [1, 2, 3, 4] })),
  "item too long": () => clean(new Post({ title: "t", tags: ["a", "abcdefghijklmnop"] })),
  "item null": () => clean(new Post({ title: "t", tags: [null] })),
  "two items": () => clean(new Post({ title: "t", tags: ["abcdefghijklmnop", ""] })),
  uneven: () => clean(new Post({ title: "t", grid: [[1], [2, 3]] })),
  "nested item": () => clean(new Post({ title: "t", grid: [[1], [null]] })),
  "from text": () =>
    (Post as unknown as { _meta: { getField(name: string): { toPython(text: string): unknown } } })._meta
      .getField("scores")
      .toPython('["1", 2]'),
});

/** What deserializing makes of the serialized objects. */
async function read(rows: Parameters<typeof aserialize>[1]): Promise<unknown[]> {
  const objects: unknown[] = [];
  for await (const { object } of adeserialize("json", await aserialize("json", rows))) {
    const { _meta } = object as unknown as { _meta: { fields: { attname: string }[] } };
    objects.push(_meta.fields.map(({ attname }) => (object as unknown as Record<string, unknown>)[attname]));
  }
  return objects;
}

compareWithDjango("serialized arrays", {
  written: async () => {
    await P.filter({ title: "d" }).update({ tags: ["é", 'q"\\\n', ""] });
    return aserialize("json", P.orderBy("id"));
  },
  read: () => read(P.orderBy("id")),
});

compareWithDjango("maps", {
  values: () => G.orderBy("id").valuesList("data", "many"),
  exact: () => names(G.filter({ data: { size: "L", owner: null, breed: "collie" } })),
  "exact empty": () => names(G.filter({ data: {} })),
  key: () => names(G.filter({ data__breed: "collie" })),
  "key contains": () => names(G.filter({ data__breed__contains: "l" })),
  "key in": () => names(G.filter({ data__breed__in: ["lab", "pug"] })),
  "key is null": () => names(G.filter({ data__owner__isnull: true })),
  "key missing": () => names(G.filter({ data__other: "x" })),
  contains: () => names(G.filter({ data__contains: { size: "L" } })),
  "contains two": () => names(G.filter({ data__contains: { size: "L", breed: "lab" } })),
  "contains number": () => names(G.filter({ data__contains: { size: 1 } })),
  "contained by": () =>
    names(G.filter({ data__contained_by: { breed: "lab", 'q"u\\o': "te,=>\n", z: "1" } })),
  "has key": () => names(G.filter({ data__has_key: "owner" })),
  "has keys": () => names(G.filter({ data__has_keys: ["breed", "size"] })),
  "has any keys": () => names(G.filter({ data__has_any_keys: ["size", "nope"] })),
  keys: () => names(G.filter({ data__keys__contains: ["owner"] })),
  "keys value": () => G.orderBy("id").valuesList("data__keys", { flat: true }),
  "values value": () => G.orderBy("id").valuesList("data__values", { flat: true }),
  "values lookup": () => names(G.filter({ data__values__contains: ["lab"] })),
  "values length": () => names(G.filter({ data__values__len: 2 })),
  "key value": () => G.orderBy("id").valuesList("data__breed", { flat: true }),
  "key upper": () =>
    G.orderBy("id")
      .annotate({ u: Upper("data__breed") })
      .valuesList("u", { flat: true }),
  "order by key": () => names(G.orderBy("-data__breed")),
  "exclude key": () => names(G.exclude({ data__breed: "lab" })),
  grouped: () =>
    G.values("data__breed")
      .annotate({ n: Max("name") })
      .orderBy("n")
      .valuesList("data__breed", "n"),
  "stored numbers": async () => [
    await G.filter({ name: "c" }).update({ data: { a: 1, b: true, 3: null } }),
    (await G.get({ name: "c" })).data,
  ],
});

compareWithDjango("serialized maps", {
  written: () => aserialize("json", G.orderBy("id").defer("many")),
  read: () => read(G.exclude({ name: "d" }).orderBy("id")),
});

compareWithDjango("map validation", {
  "no text": () => clean(new Dog({ name: "x", data: { a: 1 } })),
  good: () => clean(new Dog({ name: "x", data: { a: "1", b: null } })),
});

compareWithDjango("ranges", {
  values: () => E.orderBy("id").valuesList("ints", "bigints", "decimals", "instants", "days", "several"),
  exact: () => ids(E.filter({ ints: new Range(1, 5) })),
  "exact other bounds": () => ids(E.filter({ ints: new Range(1, 4, "[]") })),
  "exact list": () => ids(E.filter({ ints: [5, 11] })),
  "is null": () => ids(E.filter({ ints: null })),
  "contains value": () => ids(E.filter({ ints__contains: 4 })),
  "contains range": () => ids(E.filter({ ints__contains: new Range(6, 8) })),
  "contains list": () => ids(E.filter({ ints__contains: [2, 3] })),
  "contains large": () => ids(E.filter({ bigints__contains: 2 ** 40 + 1 })),
  "contains small in large": () => ids(E.filter({ bigints__contains: 1 })),
  "contains column": () => ids(E.filter({ ints__contains: F("n") })),
  "contains day": () => ids(E.filter({ days__contains: day("2024-01-31") })),
  "contains instant": () => ids(E.filter({ instants__contains: noon })),
  "contains end by default bounds": () =>
    ids(E.filter({ instants__contains: new Date("2024-01-02T00:00:00Z") })),
  "contains date column": () => ids(E.filter({ days__contains: F("day") })),
  "contains instant column": () => ids(E.filter({ instants__contains: F("at") })),
  "contained by": () => ids(E.filter({ ints__contained_by: new Range(0, 20) })),
  overlap: () => ids(E.filter({ ints__overlap: new Range(4, 6) })),
  "fully lt": () => ids(E.filter({ ints__fully_lt: new Range(5, 8) })),
  "fully gt": () => ids(E.filter({ ints__fully_gt: new Range(0, 4) })),
  "not lt": () => ids(E.filter({ ints__not_lt: new Range(5, 8) })),
  "not gt": () => ids(E.filter({ ints__not_gt: new Range(5, 8) })),
  "adjacent to": () => ids(E.filter({ ints__adjacent_to: new Range(11, 20) })),
  startswith: () => ids(E.filter({ ints__startswith: 1 })),
  "startswith gte": () => ids(E.filter({ ints__startswith__gte: 5 })),
  endswith: () => ids(E.filter({ ints__endswith: 11 })),
  "day startswith year": () => ids(E.filter({ days__startswith__year: 2024 })),
  isempty: () => ids(E.filter({ ints__isempty: true })),
  "not isempty": () => ids(E.filter({ ints__isempty: false })),
  "lower inc": () => ids(E.filter({ ints__lower_inc: true })),
  "lower inf": () => ids(E.filter({ ints__lower_inf: true })),
  "upper inc": () => ids(E.filter({ instants__upper_inc: true })),
  "upper inf": () => ids(E.filter({ ints__upper_inf: true })),
  gt: () => ids(E.filter({ ints__gt: new Range(1, 5) })),
  in: () => ids(E.filter({ ints__in: [[1, 5], Range.empty<number>()] })),
  "value contained by": () => ids(E.filter({ n__contained_by: new Range(1, 5) })),
  "id contained by": () => ids(E.filter({ id__contained_by: [1, 3] })),
  "small contained by": () => ids(E.filter({ small__contained_by: new Range(1, 5) })),
  "float contained by": () => ids(E.filter({ float__contained_by: new Range(1, 5) })),
  "decimal contained by": () => ids(E.filter({ amount__contained_by: new Range(1, 5) })),
  "day contained by": () =>
    ids(E.filter({ day__contained_by: new Range(day("2024-01-01"), day("2024-02-01")) })),
  "instant contained by": () => ids(E.filter({ at__contained_by: [noon, null] })),
  "contained by column": () => ids(E.filter({ n__contained_by: F("ints") })),
  "lower value": () => E.orderBy("id").valuesList("ints__startswith", { flat: true }),
  "upper day value": () => E.orderBy("id").valuesList("days__endswith", { flat: true }),
  "array of ranges": () => ids(E.filter({ several__contains: [new Range(1, 2)] })),
  "wrong order": () => ids(E.filter({ ints: [5, 1] })),
  update: async () => [await E.filter({ n: -1 }).update({ ints: [7, 9] }), (await E.get({ n: -1 })).ints],
});

compareWithDjango("serialized ranges", {
  written: () => aserialize("json", E.orderBy("id")),
  read: () => read(E.orderBy("id")),
});
