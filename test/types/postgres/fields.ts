// biome-ignore-all format: an expected error stands on the line below its comment
/** Arrays, maps and ranges: compiled, never run. */
import { CASCADE, CharField, type Decimal, F, ForeignKey, IntegerField, Model, type Temporal, TextField } from "asgimod";
import {
  ArrayField,
  BigIntegerRangeField,
  DateRangeField,
  DateTimeRangeField,
  DecimalRangeField,
  HStoreField,
  IntegerRangeField,
  Range,
} from "asgimod/postgres";
import { is } from "../check.ts";

export class Note extends Model("typed.Note", {
  text: TextField(),
  tags: ArrayField(CharField({ maxLength: 10 }), { default: () => [], size: 3 }),
  grid: ArrayField(ArrayField(IntegerField()), { null: true }),
  holes: ArrayField(IntegerField({ null: true })),
  data: HStoreField({ null: true }),
  ints: IntegerRangeField(),
  bigints: BigIntegerRangeField({ null: true }),
  decimals: DecimalRangeField({ null: true, defaultBounds: "[]" }),
  instants: DateTimeRangeField({ null: true }),
  days: DateRangeField({ null: true }),
}) {}

declare module "asgimod" {
  interface Apps {
    typed: typeof import("./fields.ts");
  }
}

const note = new Note({ text: "x", holes: [1, null], ints: [1, 5] });

is<string[]>()(note.tags);
is<number[][] | null>()(note.grid);
is<(number | null)[]>()(note.holes);
is<Record<string, string | null> | null>()(note.data);
is<Range<number>>()(note.ints);
is<Range<bigint> | null>()(note.bigints);
is<Range<Decimal> | null>()(note.decimals);
is<Range<Date> | null>()(note.instants);
is<Range<Temporal.PlainDate> | null>()(note.days);

// parts
const parts = Note.objects.annotate({ some: F("tags").slice(0, 2), one: F("tags").at(0), rows: F("grid").slice(1) });
is<string[]>()(parts[0].some);
is<string[]>()(parts[0].one);
is<number[][] | null>()(parts[0].rows);
// @ts-expect-error a map has no parts
Note.objects.annotate({ some: F("data").slice(0, 2) });

// lookups
Note.objects.filter({
  tags: ["a"], tags__contains: ["a"], tags__contained_by: ["a"], tags__overlap: Note.objects.values("tags__0"),
  tags__len__gte: 2, tags__0: "a", tags__0__startswith: "a", tags__0_2: ["a"], tags__0_2__contains: ["a"],
  tags__in: [["a"], ["b"]], grid__0__1: 3, grid__0__1__gt: 3, grid__isnull: true,
});
Note.aobjects.filter({ tags__contains: [F("text"), "x"] });
Note.aobjects.filter({
  data: { a: "1" }, data__breed: "x", data__breed__in: ["x"], data__has_key: "a", data__has_keys: ["a"],
  data__keys__contains: ["a"], data__values__len: 2, data__contains: { a: 1 },
});
Note.aobjects.filter({
  ints__contains: 3, ints__overlap: [1, null], ints__fully_lt: new Range(1, 2), ints__startswith__gte: 1,
  days__contains: "2024-01-01", days__startswith__year: 2024, decimals__contains: "1.5", ints__isempty: false,
  bigints__endswith: 3n, instants__contains: new Date(), id__contained_by: [1, 5],
});

// paths
async function values(): Promise<void> {
  const [row] = await Note.aobjects.valuesList("tags", "tags__0", "tags__len", "grid__0__1", "tags__0_2", "ints__startswith", "days__endswith", "data__keys");
  is<[string[], string | null, number, number | null, string[], number | null, Temporal.PlainDate | null, string[] | null] | undefined>()(row);
  await Note.aobjects.orderBy("tags__0", "-ints__startswith");
}
void values;

// what must not compile
// @ts-expect-error an item of another type
Note.objects.filter({ tags__contains: [1] });
// @ts-expect-error no list
Note.objects.filter({ tags__contains: "a" });
// @ts-expect-error an item of another type
Note.objects.filter({ tags__0: 1 });
// @ts-expect-error a lookup that arrays do not have
Note.objects.filter({ tags__startswith: "a" });
// @ts-expect-error a lookup that the items do not have
Note.objects.filter({ grid__0__1__year: 2 });
// @ts-expect-error lists of lists
Note.objects.filter({ tags__in: ["a"] });
// @ts-expect-error a number
Note.objects.filter({ tags__len: "2" });
// @ts-expect-error a value of another type
Note.objects.filter({ ints__contains: "x" });
// @ts-expect-error a range has two ends
Note.objects.filter({ ints__overlap: [1] });
// @ts-expect-error a lookup that ranges do not have
Note.objects.filter({ ints__icontains: "x" });
// @ts-expect-error texts do not lie in ranges of numbers
Note.objects.filter({ id__contained_by: ["a", "b"] });
// @ts-expect-error only texts and the like
Note.objects.filter({ data: { a: [1] } });
// @ts-expect-error ranges of whole numbers have no other bounds
IntegerRangeField({ defaultBounds: "[]" });
// @ts-expect-error unknown bounds
new Range(1, 2, "[[");
// @ts-expect-error an array needs the field of its items
ArrayField({ size: 3 });
// @ts-expect-error an option that there is not
ArrayField(IntegerField(), { length: 3 });
// @ts-expect-error a relation is no item
ArrayField(ForeignKey("typed.Note", { onDelete: CASCADE }));
// @ts-expect-error wrong type of an item
new Note({ text: "x", holes: ["a"], ints: [1, 5] });
