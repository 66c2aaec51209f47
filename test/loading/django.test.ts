/** Prefetching and generic relations against what Django answers: see django_answers.py, which has the same cases. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import {
  aprefetchRelatedObjects,
  Count,
  countQueries,
  F,
  Prefetch,
  prefetchRelatedObjects,
  Q,
} from "asgimod";
import { ContentType, GenericPrefetch } from "asgimod/contenttypes";
import { Box, Certificate, Note, Pizza, Reply, reset, Topping } from "./models.ts";

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
  readonly message?: string;
  readonly queries: number;
}

const answers = JSON.parse(readFileSync(new URL("django-answers.json", import.meta.url), "utf8")) as Record<
  string,
  Answer
>;

/** Querysets of a colour, without their types: a case is written once. */
interface Rows {
  readonly [method: string]: (...args: readonly unknown[]) => Rows;
}
type Item = Readonly<Record<string, unknown>>;
type Colour = "sync" | "async";

/** The rows of a queryset of either colour. */
async function list(rows: unknown): Promise<Item[]> {
  return Symbol.asyncIterator in (rows as object)
    ? await (rows as Promise<Item[]>)
    : [...(rows as Iterable<Item>)];
}
const map = async (rows: unknown, make: (item: Item) => unknown) =>
  Promise.all((await list(rows)).map(async (item) => make(item)));
const name = (item: unknown) => (item == null ? null : ((item as Item).name ?? (item as Item).code ?? null));
const names = (rows: unknown) => map(rows, (item) => item.name);
const texts = (rows: unknown) => map(rows, (item) => item.text);
const deferred = (item: unknown) => [...(item as Pizza).getDeferredFields()].sort();
const at = (item: Item, ...path: string[]) =>
  path.reduce<unknown>((value, part) => (value == null ? null : (value as Item)[part]), item);
/** A relation to one object that may be missing. */
function orNull(get: () => unknown): unknown {
  try {
    return get();
  } catch {
    return null;
  }
}

function cases(colour: Colour): Record<string, () => unknown> {
  const of = (model: { objects: unknown; aobjects: unknown }) =>
    (colour === "sync" ? model.objects : model.aobjects) as Rows & { readonly [Symbol.iterator]?: unknown };
  const a = colour === "sync" ? "" : "a";
  const [P, B, N, T] = [of(Pizza), of(Box), of(Note), of(Topping)] as [Rows, Rows, Rows, Rows];
  const all = (item: Item, relation: string) => ((item[`${a}${relation}`] as Rows).all as () => Rows)();
  const run = (rows: Rows, method: string, ...args: unknown[]) =>
    (rows[method] as (...a: unknown[]) => unknown).apply(rows, args);
  const pre = (rows: Rows, ...lookups: unknown[]) => run(rows, "prefetchRelated", ...lookups) as Rows;
  const later = async (rows: unknown, ...lookups: string[]) => {
    const items = await list(rows);
    if (colour === "sync") prefetchRelatedObjects(items as unknown as Pizza[], ...(lookups as "box"[]));
    else await aprefetchRelatedObjects(items as unknown as Pizza[], ...(lookups as "box"[]));
    return items;
  };
  const call = (rows: Rows, method: string, ...args: unknown[]) => run(rows, method, ...args) as Rows;
  return {
    "sliced many": () =>
      map(
        pre(
          P,
          Prefetch("toppings", {
            queryset: call(call(T, "orderBy", "-name"), "slice", 0, 1) as never,
            toAttr: "some",
          }),
        ),
        (p) => names(p.some),
      ),
    "sliced reverse": () =>
      map(
        pre(
          call(B, "orderBy", "id"),
          Prefetch("pizza_set", {
            queryset: call(call(P, "orderBy", "-name"), "slice", 1, 2) as never,
            toAttr: "some",
          }),
        ),
        (b) => names(b.some),
      ),
    "sliced manager": () =>
      list(pre(B, Prefetch("pizza_set", { queryset: call(P, "slice", 0, 1) as never }))),
    "nested queryset": () =>
      map(
        pre(
          call(B, "orderBy", "id"),
          Prefetch("pizza_set", { queryset: pre(call(P, "orderBy", "-id"), "toppings") as never }),
        ),
        (b) => map(all(b, "pizza_set"), (p) => names(all(p, "toppings"))),
      ),
    "behind an attribute": () =>
      map(pre(call(B, "orderBy", "id"), Prefetch("pizza_set", { toAttr: "some" }), "some__toppings"), (b) =>
        map(b.some, (p) => names(all(p, "toppings"))),
      ),
    "attribute inside": () =>
      map(
        pre(
          call(B, "orderBy", "id"),
          Prefetch("pizza_set__toppings", {
            queryset: call(T, "filter", { name: "Ham" }) as never,
            toAttr: "hams",
          }),
        ),
        (b) => map(all(b, "pizza_set"), (p) => names(p.hams)),
      ),
    "two attributes": () =>
      map(
        pre(
          P,
          Prefetch("toppings", { queryset: call(T, "filter", { name: "Ham" }) as never, toAttr: "hams" }),
          Prefetch("toppings", { queryset: call(T, "exclude", { name: "Ham" }) as never, toAttr: "others" }),
        ),
        async (p) => [await names(p.hams), await names(p.others)],
      ),
    "seen before": () =>
      list(pre(P, "toppings", Prefetch("toppings", { queryset: call(T, "all") as never }))),
    "seen before by a path": () =>
      list(pre(B, "pizza_set__toppings", Prefetch("pizza_set", { queryset: call(P, "all") as never }))),
    "queryset, then a path": () =>
      map(
        pre(
          call(B, "orderBy", "id"),
          Prefetch("pizza_set", { queryset: call(P, "filter", { name__startswith: "M" }) as never }),
          "pizza_set__toppings",
        ),
        (b) => map(all(b, "pizza_set"), (p) => names(all(p, "toppings"))),
      ),
    "single attribute": () => map(pre(P, Prefetch("box", { toAttr: "kept" })), (p) => name(p.kept)),
    "single filtered": () =>
      map(pre(P, Prefetch("box", { queryset: call(B, "filter", { name: "small" }) as never })), (p) =>
        name(p.box),
      ),
    "single back": () =>
      map(call(pre(P, "certificate"), "orderBy", "id"), (p) => name(orNull(() => p.certificate))),
    "back and on": () =>
      map(call(pre(P, "certificate__pizza__box"), "orderBy", "id"), (p) => name(orNull(() => p.certificate))),
    "joined, then prefetched": () =>
      map(pre(call(P, "selectRelated", "box"), "box__pizza_set"), (p) =>
        p.box === null ? null : names(all(p.box as Item, "pizza_set")),
      ),
    forgotten: () => map(pre(pre(P, "toppings"), null), (p) => names(all(p, "toppings"))),
    values: () => list(call(pre(P, "toppings"), "valuesList", "name", { flat: true })),
    "filter asks anew": () =>
      map(call(pre(P, "toppings"), "orderBy", "id"), (p) =>
        names(call(p[`${a}toppings`] as Rows, "filter", { name: "Ham" })),
      ),
    "count, exists": () =>
      map(pre(P, "toppings"), async (p) => {
        const manager = p[`${a}toppings`] as Rows;
        return [
          await run(manager, "count"),
          await run(manager, "exists"),
          await run(call(manager, "all"), "count"),
        ];
      }),
    "first of prefetched": () =>
      map(pre(P, "toppings"), async (p) => name(await run(p[`${a}toppings`] as Rows, "first"))),
    later: async () => map(await later(call(P, "all"), "toppings", "box"), (p) => names(all(p, "toppings"))),
    "later, some are there": async () => {
      const some = await list(call(pre(P, "toppings"), "slice", 0, 2));
      return map(await later([...some, ...(await list(call(P, "slice", 2)))], "toppings"), (p) =>
        names(all(p, "toppings")),
      );
    },
    iterator: async () => {
      const items: Item[] = [];
      for await (const item of run(pre(P, "toppings"), "iterator", { chunkSize: 2 }) as AsyncIterable<Item>)
        items.push(item);
      return map(items, (p) => names(all(p, "toppings")));
    },
    "wrong name": () => list(pre(P, "wrong")),
    "wrong name deeper": () => list(pre(P, "toppings__wrong")),
    "a column": () => list(pre(P, "name")),
    "a column's column": () => list(pre(P, "box__name")),
    "values in Prefetch": () => Prefetch("toppings", { queryset: call(T, "values", "name") as never }),
    annotated: () =>
      map(
        pre(
          call(B, "orderBy", "id"),
          Prefetch("pizza_set", {
            queryset: call(call(P, "annotate", { n: Count("toppings") }), "orderBy", "id") as never,
          }),
        ),
        (b) => map(all(b, "pizza_set"), (p) => p.n),
      ),
    deferred: () =>
      map(
        pre(
          call(B, "orderBy", "id"),
          Prefetch("pizza_set", { queryset: call(P, "only", "name", "box") as never }),
        ),
        (b) => map(all(b, "pizza_set"), deferred),
      ),
    "many of many": () =>
      map(pre(P, "toppings__pizza_set__toppings"), (p) =>
        map(all(p, "toppings"), (t) => map(all(t, "pizza_set"), (q) => names(all(q, "toppings")))),
      ),
    "generic read": () => map(call(N, "all"), async (n) => name(await n[`${a}about`])),
    "generic prefetch": () => map(pre(N, "about"), (n) => name(n.about)),
    "generic prefetch, querysets": () =>
      map(pre(N, GenericPrefetch("about", [call(P, "only", "name"), call(B, "all")] as never)), (n) => [
        name(n.about),
        deferred(n.about),
      ]),
    "generic prefetch, filtered": () =>
      map(pre(N, GenericPrefetch("about", [call(P, "filter", { name: "Hawaii" })] as never)), (n) =>
        name(n.about),
      ),
    "generic prefetch, twice": () =>
      list(pre(N, GenericPrefetch("about", [call(P, "all"), call(P, "all")] as never))),
    "generic attribute": () =>
      map(pre(N, GenericPrefetch("about", [], { toAttr: "subject" })), (n) => name(n.subject)),
    "generic back": () => map(pre(P, "notes"), (p) => texts(all(p, "notes"))),
    "generic back, queryset": () =>
      map(pre(P, Prefetch("notes", { queryset: call(N, "orderBy", "-text") as never })), (p) =>
        texts(all(p, "notes")),
      ),
    "generic back, attribute": () =>
      map(
        pre(P, Prefetch("notes", { queryset: call(N, "filter", { text: "hot" }) as never, toAttr: "hot" })),
        (p) => texts(p.hot),
      ),
    "generic back, sliced": () =>
      list(pre(P, Prefetch("notes", { queryset: call(N, "slice", 0, 1) as never, toAttr: "x" }))),
    "generic back and on": () =>
      map(pre(P, "notes__reply_set"), (p) => map(all(p, "notes"), (n) => texts(all(n, "reply_set")))),
    "generic there and back": () =>
      map(pre(call(N, "filter", { pizza__isnull: false }), "about__notes"), (n) =>
        texts(all(n.about as Item, "notes")),
      ),
    "generic filter": () => names(call(P, "filter", { notes__text: "hot" })),
    "generic filter twice": () =>
      names(call(call(P, "filter", { notes__text: "hot" }), "filter", { notes__text: "good" })),
    "generic filter both": () => names(call(P, "filter", { notes__text: "hot", notes__id__gt: 100 })),
    "generic exclude": () => names(call(P, "exclude", { notes__text: "hot" })),
    "generic isnull": () => names(call(P, "filter", { notes__isnull: true })),
    "generic or": () => names(call(P, "filter", Q({ notes__text: "hot" }).or(Q({ name: "Funghi" })))),
    "generic through a key": () => names(call(P, "filter", { box__notes__text: "wet" })),
    "generic on and on": () => names(call(P, "filter", { notes__reply__text: "no" })),
    "generic object": async () => names(call(P, "filter", { notes: await run(N, "get", { text: "good" }) })),
    "generic objects": () =>
      names(call(P, "filter", { notes__in: call(N, "filter", { text__in: ["good", "thin"] }) })),
    "generic reverse": () => texts(call(N, "filter", { pizza__name: "Hawaii" })),
    "generic reverse object": async () =>
      texts(call(N, "filter", { pizza: await run(P, "get", { name: "Hawaii" }) })),
    "generic reverse exclude": () => texts(call(N, "exclude", { pizza__name: "Hawaii" })),
    "generic reverse values": () => list(call(N, "valuesList", "text", "pizza__name", "box__name")),
    "generic values": () =>
      list(call(call(P, "valuesList", "name", "notes__text"), "orderBy", "id", "notes__text")),
    "generic ordering": () => names(call(P, "orderBy", "notes__text", "id")),
    "generic count": () =>
      list(
        call(call(call(P, "annotate", { n: Count("notes") }), "orderBy", "id"), "valuesList", "name", "n"),
      ),
    "generic F": () => names(call(call(P, "filter", { notes__object_id: F("id") }), "orderBy", "id")),
    "generic distinct": () => names(call(call(P, "filter", { notes__isnull: false }), "distinct")),
    "generic aggregate": async () => at((await run(P, "aggregate", { n: Count("notes") })) as Item, "n"),
    "generic in a subquery": () =>
      names(
        call(P, "filter", {
          pk__in: call(call(N, "filter", { pizza__isnull: false }), "values", "object_id"),
        }),
      ),
    "generic key in a filter": () => texts(call(N, "filter", { about: 1 })),
    "generic key in values": () => list(call(N, "valuesList", "about")),
    "generic key joined": () => list(call(N, "selectRelated", "about")),
    "generic relation joined": () => list(call(P, "selectRelated", "notes")),
    "generic only": () =>
      map(call(call(N, "only", "text"), "filter", { text: "hot" }), async (n) => name(await n[`${a}about`])),
  };
}

/** Where asgimod says it in other words, or asks less. */
const CLASSES: Record<string, string> = { AttributeError: "TypeError", TypeError: "TypeError" };
const RENAMED: readonly (readonly [RegExp, string])[] = [
  [/prefetch_related\(\)/g, "prefetchRelated()"],
  [/values_list\(\)/g, "valuesList()"],
  // A relation without a name is none to choose.
  [/Choices are: \+, /g, "Choices are: "],
];
/** What Django cannot do, or cannot be asked here. */
const LEFT_OUT = new Set(["attribute of a field"]);

before(() => {
  reset();
  const toppings = ["Ham", "Basil"].map((each) => Topping.objects.create({ name: each }));
  const boxes = ["small", "large"].map((each) => Box.objects.create({ name: each }));
  for (const [i, each] of ["Hawaii", "Napoli", "Funghi"].entries()) {
    const pizza = Pizza.objects.create({ name: each, box: boxes[i] ?? null });
    if (i < 2) Certificate.objects.create({ pizza, code: `c${i}` });
    pizza.toppings.add(...toppings.slice(0, i));
  }
  Pizza.objects.create({ name: "Marinara", box: boxes[0] as Box });
  const hawaii = Pizza.objects.get({ name: "Hawaii" });
  hawaii.notes.create({ text: "hot" });
  hawaii.notes.create({ text: "good" });
  Pizza.objects.get({ name: "Napoli" }).notes.create({ text: "thin" });
  (boxes[0] as Box).notes.create({ text: "wet" });
  Reply.objects.create({ note: Note.objects.get({ text: "hot" }), text: "no" });
  ContentType.objects.getForModels(Box, Pizza);
});

for (const colour of ["sync", "async"] as const) {
  const all = cases(colour);
  for (const [title, answer] of Object.entries(answers)) {
    if (LEFT_OUT.has(title)) continue;
    test(`${title} (${colour})`, async () => {
      const ask = all[title];
      assert(ask !== undefined, "there is no such case");
      const { value, count } = await countQueries(async () => {
        try {
          return { value: await ask() };
        } catch (error) {
          assert(error instanceof Error);
          const { name: given } = error;
          return { error: given, message: error.message };
        }
      });
      if (answer.error !== undefined) {
        let message = answer.message ?? "";
        for (const [from, to] of RENAMED) message = message.replace(from, to);
        assert.deepEqual(value, { error: CLASSES[answer.error] ?? answer.error, message });
      } else {
        assert.deepEqual(JSON.parse(JSON.stringify(value)), { value: answer.value });
      }
      assert(count <= answer.queries, `${count} queries, Django makes ${answer.queries}`);
    });
  }
}
