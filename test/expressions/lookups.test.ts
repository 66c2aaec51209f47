import assert from "node:assert/strict";
import { test } from "node:test";
import type { Compiler } from "../../src/backends/base/compiler/compiler.ts";
import * as registered from "../../src/fields/index.ts";
import { type Sql, sql } from "../../src/sql/sql.ts";
import { GreaterThan, HasKey, In, KT, Lookup, Transform } from "./loose.ts";
import { F, Film, methods, Q, rows, Value, where } from "./support.ts";

test("comparisons send the value as a parameter", () => {
  assert.deepEqual(where({ minutes: 3 }), ["minutes = ?", 3]);
  assert.deepEqual(where({ minutes__gt: 3 }), ["minutes > ?", 3]);
  assert.deepEqual(where({ minutes__lte: "3" }), ["minutes <= ?", 3]);
  assert.deepEqual(where({ title__iexact: "a_b" }), ["title LIKE ? ESCAPE '\\'", "a\\_b"]);
  assert.deepEqual(where({ minutes: null }), ["minutes IS NULL"]);
  assert.deepEqual(where({ minutes__isnull: false }), ["minutes IS NOT NULL"]);
});

test("a boolean column stands for itself", () => {
  assert.deepEqual(where({ color: true }), ["color"]);
  assert.deepEqual(where({ color: false }), ["NOT color"]);
  assert.deepEqual(where({ color: 1 }), ["color = ?", 1]);
});

test("another value of the same shape takes the same plan", () => {
  const first = rows().filter({ minutes__gt: 1, title__contains: "x" });
  const second = rows().filter({ title__contains: "%", minutes__gt: 2 });
  assert.equal(first.shape, second.shape);
  assert.deepEqual(second.where.params, [2, "%\\%%"]);
  assert.notEqual(rows().filter({ minutes: null }).shape, rows().filter({ minutes: 1 }).shape);
  assert.notEqual(rows().filter({ minutes__in: [] }).shape, rows().filter({ minutes__in: [1, 2] }).shape);
  assert.equal(rows().filter({ minutes__in: [1] }).shape, rows().filter({ minutes__in: [3, 4] }).shape);
});

test("values are checked when the call is chained, each time", () => {
  for (const _ of [1, 2]) {
    assert.throws(() => rows().filter({ minutes: "abc" }), /Field 'minutes' expected a number but got 'abc'/);
    assert.throws(() => rows().filter({ minutes__in: [1, "abc"] }), /expected a number but got 'abc'/);
    assert.throws(() => rows().filter({ minutes: undefined }), /undefined is not a value/);
    assert.throws(() => rows().filter({ minutes__in: 3 }), TypeError);
    assert.throws(() => rows().filter({ minutes__gt: null }), /Cannot use None as a query value/);
  }
});

test("an integer beyond the column's range decides the condition", () => {
  const fits = rows().filter({ minutes__gt: 5 });
  assert.deepEqual(fits.where, { sql: "minutes > ?", params: [5] });
  // The same shape: its kept plan does not hold for this value.
  assert.equal(rows().filter({ minutes__gt: 2n ** 70n }).where.sql, null);
  assert.equal(rows().filter({ minutes__gt: -(2n ** 70n) }).where.sql, "");
  assert.equal(rows().filter({ minutes__lt: 2n ** 70n }).where.sql, "");
  assert.equal(rows().filter({ minutes: 2n ** 70n }).where.sql, null);
  assert.deepEqual(rows().filter({ minutes__gt: 6 }).where, { sql: "minutes > ?", params: [6] });
});

test("fractions are rounded up where that keeps the meaning", () => {
  assert.deepEqual(where({ minutes__gte: 2.5 }), ["minutes >= ?", 3]);
  assert.deepEqual(where({ minutes__lt: 2.5 }), ["minutes < ?", 3]);
  assert.deepEqual(where({ minutes__gt: 2.5 }), ["minutes > ?", 2]);
});

test("in: nulls are left out, an empty list finds nothing", () => {
  assert.deepEqual(where({ minutes__in: [1, null, 2] }), ["minutes IN (?, ?)", 1, 2]);
  assert.deepEqual(where({ minutes__in: new Set([1, 2]) }), ["minutes IN (?, ?)", 1, 2]);
  assert.deepEqual(where({ minutes__in: [] }), [null]);
  assert.deepEqual(where({ minutes__in: [null] }), [null]);
  assert.deepEqual(where({ minutes__in: [F("views"), 3] }), ["minutes IN (views, ?)", 3]);
  assert.deepEqual(where({ title__in: "ab" }), ["title IN (?, ?)", "a", "b"]);
  assert.deepEqual(where({ title__in: "abc" }), ["title IN (?, ?, ?)", "a", "b", "c"]);
});

test("a long list is one parameter", () => {
  const many = Array.from({ length: 1001 }, (_, i) => i);
  assert.deepEqual(where({ minutes__in: many }), [
    "minutes IN (SELECT value FROM json_each(?))",
    `[${many.join(", ")}]`,
  ]);
});

test("in and exact with subqueries", () => {
  assert.deepEqual(
    where({ minutes__in: rows().filter({ color: true }).values("minutes") })[0]?.slice(0, 26),
    "minutes IN (SELECT U0.minu",
  );
  assert.match(
    where({ studio__in: rows().filter({ color: true }).values("studio") })[0] as string,
    /^studio_id IN \(SELECT U0.studio_id /,
  );
  assert.throws(() => rows().filter({ id: rows() }), /must be limited to one result using slicing/);
  assert.throws(
    () => rows().filter({ id__in: rows().values("id", "title") }),
    /The QuerySet value for the 'in' lookup must have 1 selected fields \(received 2\)/,
  );
});

test("patterns escape values, and in SQL what is SQL", () => {
  assert.deepEqual(where({ title__startswith: "100%" }), ["title LIKE ? ESCAPE '\\'", "100\\%%"]);
  assert.deepEqual(
    where({ title__icontains: F("studio__name") })[0]?.includes("'%' || UPPER(REPLACE("),
    true,
  );
  assert.deepEqual(where({ title__regex: "^a" }), ["title REGEXP ?", "^a"]);
  assert.deepEqual(where({ title__iregex: "^a" }), ["title REGEXP '(?i)' || ?", "^a"]);
});

test("a year is looked up through its bounds", () => {
  assert.deepEqual(where({ released__year: 2020 }), ["released BETWEEN ? AND ?", "2020-01-01", "2020-12-31"]);
  assert.deepEqual(where({ seen__year__gt: 2020 }), ["seen > ?", "2020-12-31 23:59:59.999999"]);
  assert.deepEqual(where({ released__iso_year: 2020 }), [
    "released BETWEEN ? AND ?",
    "2019-12-30",
    "2021-01-03",
  ]);
  assert.deepEqual(where({ released__month: 5 }), ["django_date_extract(?, released) = ?", "month", 5]);
  assert.throws(() => rows().filter({ released__year: 0 }).where, /year 0 is out of range/);
});

test("UUIDs are compared as texts without hyphens", () => {
  assert.deepEqual(where({ code__startswith: "12-3" }), [
    "code LIKE REPLACE(REPLACE(REPLACE((REPLACE(?, ?, ?)), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%' ESCAPE '\\'",
    "12-3",
    "-",
    "",
  ]);
});

test("JSON: paths, keys and null", () => {
  const at = (path: string) =>
    `(CASE WHEN JSON_TYPE(data, ?) IN ('false','true','null') THEN JSON_TYPE(data, ?) ELSE JSON_EXTRACT(data, ?) END)${path}`;
  const three = (path: string) => [path, path, path];
  assert.deepEqual(where({ data__a__0__b: 1 }), [
    at(" = JSON_EXTRACT(?, '$')"),
    ...three('$."a"[0]."b"'),
    "1",
  ]);
  assert.deepEqual(where({ data__a: null }), [at(" = ?"), ...three('$."a"'), "null"]);
  assert.deepEqual(where({ data__a: true }), [at(" = ?"), ...three('$."a"'), "true"]);
  assert.deepEqual(where({ data__a__gt: 2 }), [at(" > ?"), ...three('$."a"'), 2]);
  assert.deepEqual(where({ "data__-1": 2 }), [at(" = JSON_EXTRACT(?, '$')"), ...three("$[#-1]"), "2"]);
  assert.deepEqual(where({ data__a__isnull: true }), ["JSON_TYPE(data, ?) IS NULL", '$."a"']);
  assert.deepEqual(where({ data: null }), ["data = ?", "null"]);
  assert.deepEqual(where({ data__isnull: true }), ["data IS NULL"]);
  assert.deepEqual(where({ data__has_key: 'q"' }), ["JSON_TYPE(data, ?) IS NOT NULL", '$."q\\""']);
  assert.deepEqual(where({ data__a__has_any_keys: ["b", 1] }), [
    "(JSON_TYPE(data, ?) IS NOT NULL OR JSON_TYPE(data, ?) IS NOT NULL)",
    '$."a"."b"',
    '$."a"."1"',
  ]);
  assert.deepEqual(where({ data__a__in: [1, true, "x"] }), [
    at(" IN (JSON_EXTRACT(?, '$'), JSON_EXTRACT(?, '$'), JSON_EXTRACT(?, '$'))"),
    ...three('$."a"'),
    "1",
    '"true"',
    '"x"',
  ]);
  assert.deepEqual(where(HasKey(F("data"), "b")), ["JSON_TYPE(data, ?) IS NOT NULL", '$."b"']);
  assert.throws(() => rows().filter({ data__contains: { a: 1 } }).where, /contains lookup is not supported/);
  assert.match(String(KT("data__a__b")), /KeyTextTransform/);
  assert.throws(() => KT("data"), /Lookup must contain key or index transforms/);
});

test("relations take keys and objects", () => {
  const studio = { _state: {}, _meta: Film._meta, pk: null };
  assert.deepEqual(where({ studio: 3 }), ["studio_id = ?", 3]);
  assert.deepEqual(where({ studio__in: [1, 2] }), ["studio_id IN (?, ?)", 1, 2]);
  assert.deepEqual(where({ studio__isnull: true }), ["studio_id IS NULL"]);
  assert.throws(() => rows().filter({ studio }), /Must be "Studio" instance|must be saved/);
  assert.throws(() => rows().filter({ studio: "abc" }), /Field 'id' expected a number but got 'abc'/);
  assert.throws(() => rows().filter({ studio__contains: "x" }), /contains/);
});

test("lookups stand for themselves", () => {
  assert.deepEqual(where(GreaterThan(F("minutes"), F("views"))), ["minutes > (views)"]);
  assert.deepEqual(where(GreaterThan(F("minutes"), 3)), ["minutes > ?", 3]);
  assert.deepEqual(where(In(F("minutes"), [1, 2])), ["minutes IN (?, ?)", 1, 2]);
  assert.deepEqual(where(methods(GreaterThan(F("minutes"), 3)).and?.(Q({ color: true }))), [
    "(minutes > ? AND color)",
    3,
  ]);
  assert.deepEqual(where(Q(GreaterThan(Value(5), F("minutes")))), ["? > (minutes)", 5]);
});

test("lookups and transforms of one's own", () => {
  class NotEqual extends Lookup {
    static override readonly lookupName: string = "ne";

    override asSql(compiler: Compiler): Sql {
      return sql`${this.processLhs(compiler)} <> ${this.processRhs(compiler)}`;
    }
  }
  class Shout extends Transform {
    static override readonly function: string = "UPPER";
    static override readonly lookupName: string = "shout";
    static override readonly bilateral: boolean = true;
  }
  registered.Field.registerLookup(NotEqual);
  registered.CharField.registerLookup(Shout);
  assert.deepEqual(where({ minutes__ne: "4" }), ["minutes <> ?", 4]);
  assert.deepEqual(where({ title__shout__ne: "x" }), ["UPPER(title) <> (UPPER(?))", "x"]);
  assert.deepEqual(where({ title__shout: "x" }), ["UPPER(title) = (UPPER(?))", "x"]);
  assert.deepEqual(where({ title__shout__in: ["x", "y"] }), [
    "UPPER(title) IN (UPPER(?), UPPER(?))",
    "x",
    "y",
  ]);
  assert.deepEqual(
    where({ title__shout__contains: "x" })[0]?.startsWith("UPPER(title) LIKE '%' || REPLACE("),
    true,
  );
  assert.throws(
    () => rows().filter({ title__shout__in: rows().values("title") }),
    /Bilateral transformations/,
  );
  registered.Field.unregisterLookup(NotEqual);
  registered.CharField.unregisterLookup(Shout);
  assert.throws(() => rows().filter({ minutes__ne: 5 }), /Unsupported lookup 'ne' for IntegerField/);
});
