/** What Django's documentation says of versions 6.0 and later, which the recorded answers are not of. */
import {
  AnyValue,
  Coalesce,
  Count,
  F,
  JSONArray,
  JSONField,
  JSONNull,
  Lower,
  NotSupportedError,
  Q,
  StringAgg,
  UUID4,
  UUID7,
  Value,
} from "asgimod";
import { answersAre, inOrder, names, rows } from "./expression-setup.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([47])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

answersAre("StringAgg", ({ Event, Venue, backend }) => ({
  "in an order": [
    () => Event.aggregate({ x: StringAgg("name", "-", { orderBy: "-name" }) }),
    { x: "Talk-Opera-Jazz" },
  ],
  "of expressions, without nulls": [
    () => Event.aggregate({ x: StringAgg("note", Value("/")), y: StringAgg(Lower("note"), ",") }),
    { x: "long", y: "long" },
  ],
  filtered: [
    () => Event.aggregate({ x: StringAgg("name", "+", { filter: Q({ seats__gt: 30 }), orderBy: "id" }) }),
    { x: "Opera+Jazz" },
  ],
  "of nothing": [
    () =>
      Event.filter({ name: "x" }).aggregate({
        x: StringAgg("name", ","),
        y: StringAgg("name", ",", { default: Value("none") }),
      }),
    { x: null, y: "none" },
  ],
  "of a group": [
    () =>
      Venue.orderBy("id")
        .annotate({ x: StringAgg("event__name", ",", { orderBy: "event__seats" }) })
        .valuesList("x", { flat: true }),
    ["Jazz,Opera", "Talk"],
  ],
  distinct: [
    () => Event.aggregate({ x: StringAgg("venue__name", ",", { distinct: true, orderBy: "venue__name" }) }),
    backend === "sqlite"
      ? new NotSupportedError(
          "SQLite doesn't support DISTINCT on aggregate functions accepting multiple arguments.",
        )
      : { x: "Barn,Hall" },
  ],
  "has no name": [
    () => Event.aggregate(StringAgg("name", ",")),
    new TypeError("Complex aggregates require an alias"),
  ],
}));

answersAre("other functions", ({ Event, Venue, all, col, backend }) => ({
  // The versions of the servers differ.
  ...(backend === "sqlite" && {
    AnyValue: [
      () =>
        Venue.orderBy("id")
          .annotate({ x: AnyValue("event__venue") })
          .valuesList("x", { flat: true }),
      [1, 2],
    ],
  }),
  "JSONArray of nothing": [() => col({ x: JSONArray() }), [[], [], []]],
  "JSONArray keeps nulls": [
    () => col({ x: JSONArray("name", "sold", Value("x")) }),
    [
      ["Opera", 80, "x"],
      ["Jazz", null, "x"],
      ["Talk", 20, "x"],
    ],
  ],
  // Django 5.2 could not on SQLite.
  "the last item of a list": [() => names(all.filter({ "data__tags__-1": "opera" })), ["Opera"]],
  ...(backend !== "mysql" && {
    "a random UUID for each row": [
      async () => {
        const values = (await rows(col({ x: UUID4() }))) as string[];
        return [new Set(values).size, values.every((value) => UUID.exec(value)?.[1] === "4")];
      },
      [3, true],
    ],
    "a random UUID, written": [
      () =>
        inOrder(
          () => Event.update({ code: UUID4() }),
          () => Event.aggregate({ n: Count("code", { distinct: true }) }),
        ),
      [3, { n: 3 }],
    ],
  }),
  ...(backend === "sqlite" && {
    "a UUID with the time": [
      async () => {
        const values = (await rows(col({ x: UUID7() }))) as string[];
        return [new Set(values).size, values.every((value) => UUID.exec(value)?.[1] === "7")];
      },
      [3, true],
    ],
  }),
}));

const bare = { day: "2024-01-01", starts: new Date(0), doors: "10:00", seats: 1, price: "1" };

answersAre("JSONNull", ({ Event, col }) => {
  /** JSON's null, SQL's, JSON's by a value, and all but JSON's, where SQL's is none of a kind. */
  const found = () =>
    inOrder(
      () => Event.filter({ data: JSONNull() }).count(),
      () => Event.filter({ data__isnull: true }).count(),
      () => Event.filter({ data: Value(null, { outputField: JSONField() }) }).count(),
      () => Event.exclude({ data: JSONNull() }).count(),
    );
  return {
    none: [found, [0, 1, 0, 3]],
    created: [
      async () => {
        await Event.create({ ...bare, name: "N", data: JSONNull() });
        return found();
      },
      [1, 1, 1, 3],
    ],
    "null is SQL's": [
      async () => {
        await Event.create({ ...bare, name: "N", data: null });
        return found();
      },
      [0, 2, 0, 4],
    ],
    updated: [
      async () => {
        await Event.filter({ name: "Opera" }).update({ data: JSONNull() });
        return found();
      },
      [1, 1, 1, 2],
    ],
    "as a value": [
      () => col({ x: Coalesce("data__owner", JSONNull()), y: F("data__owner__name") }),
      [
        [{ name: "Ann", age: 40 }, "Ann"],
        [null, null],
        [null, null],
      ],
    ],
  };
});
