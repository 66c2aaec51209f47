/**
 * What users write themselves, where it is JavaScript's: the pages "How to write custom lookups", "Lookup API reference" and
 * "Writing your own query expressions" beyond what expressions.test.ts compares with Django.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  Aggregate,
  CharField,
  type Compiler,
  Count,
  callable,
  configure,
  connections,
  createTables,
  customField,
  Expression,
  F,
  Field,
  FieldError,
  Func,
  IntegerField,
  Lookup,
  Model,
  Q,
  type Sql,
  sql,
  Transform,
  UniqueConstraint,
  Upper,
  ValidationError,
  Value,
  ValueError,
} from "asgimod";

/** What validation does not see: a mark around a column. */
class MarkedExpression extends Expression {
  readonly inner: Expression;

  constructor(name: string) {
    super();
    this.inner = new F(name);
  }

  override get constraintValidationCompatible() {
    return false;
  }

  override sources(): readonly (Expression | null)[] {
    return [this.inner];
  }

  override withSources([inner]: readonly (Expression | null)[]) {
    return this.copy({ inner });
  }

  override asSql(compiler: Compiler): Sql {
    return sql`(${compiler.compile(this.inner)})`;
  }
}

/** As it is, but of two parts. */
class TwiceExpression extends MarkedExpression {
  override sources() {
    return [this.inner, this.inner];
  }
}

const Marked = callable(MarkedExpression);
const Twice = callable(TwiceExpression);

/** `x7`, `y3`: the lookups are made of their names. */
class PointColumn extends Field {
  override get internalType() {
    return "CharField";
  }

  override get columnParameters() {
    return { maxLength: 20 };
  }

  override getTransform(name: string) {
    const axis = /^(x|y)$/.exec(name)?.[1];
    return axis === undefined ? super.getTransform(name) : axisOf(axis);
  }

  override getLookup(name: string) {
    const [, axis, place] = /^(x|y)(\d+)$/.exec(name) ?? [];
    return axis === undefined ? super.getLookup(name) : placeOf(axis, Number(place));
  }
}

function axisOf(axis: string) {
  return class extends Transform {
    static override readonly lookupName = axis;
    static override readonly outputField = IntegerField();

    override asSql(compiler: Compiler): Sql {
      const point = compiler.compile(this.lhs);
      return axis === "x"
        ? sql`CAST(SUBSTR(${point}, 1, INSTR(${point}, ',') - 1) AS INTEGER)`
        : sql`CAST(SUBSTR(${point}, INSTR(${point}, ',') + 1) AS INTEGER)`;
    }
  };
}

function placeOf(axis: string, place: number) {
  const Axis = axisOf(axis);
  return class extends Lookup {
    static override readonly lookupName = `${axis}${place}`;
    static override readonly prepareRhs = false;

    override asSql(compiler: Compiler): Sql {
      const at = sql`${compiler.compile(new Axis(this.lhs))} = ${compiler.compile(new Value(place))}`;
      return sql`(${at}) = ${this.processRhs(compiler)}`;
    }
  };
}

const PointField = customField<string, string, { exact: string; x7: boolean; y: number; y__gt: number }>(
  PointColumn,
);

class Place extends Model(
  "walkown.Place",
  {
    name: CharField({ maxLength: 20 }),
    town: CharField({ maxLength: 20, default: "" }),
    at: PointField({ default: "0,0" }),
  },
  { constraints: [UniqueConstraint(Marked("name"), { name: "name_once" })] },
) {}

class Broken extends Model(
  "walkown.Broken",
  { name: CharField({ maxLength: 20 }) },
  { constraints: [UniqueConstraint(Twice("name"), { name: "never" })] },
) {}

declare module "asgimod" {
  interface Apps {
    walkown: { Place: typeof Place; Broken: typeof Broken };
  }
  interface TextLookups<T> {
    /** Of a town only. */
    ending: T;
  }
  interface TextTransforms {
    louder: TextLookups;
  }
}

class EndingLookup extends Lookup {
  static override readonly lookupName = "ending";

  override asSql(compiler: Compiler): Sql {
    return sql`${this.processLhs(compiler)} LIKE '%' || ${this.processRhs(compiler)}`;
  }
}

before(async () => {
  configure({ apps: { walkown: { Place, Broken } }, databases: { default: "sqlite::memory:" } });
  await createTables({ apps: ["walkown"] });
  await Place.aobjects.create({ name: "Inn", town: "Ulm", at: "7,2" });
  await Place.aobjects.create({ name: "Bar", town: "Köln", at: "3,9" });
});
after(() => connections.close());

/** A field of a model, as the registry of lookups knows it. */
const fieldOf = (name: string) =>
  (Place._meta as unknown as { getField(name: string): Field }).getField(name);

test("lookups of one field alone", async () => {
  const town = fieldOf("town");
  town.registerLookup(EndingLookup);
  assert.equal(await Place.aobjects.filter({ town__ending: "m" }).count(), 1);
  assert.equal(Place.objects.filter({ town__ending: "m" }).count(), 1);
  assert.throws(() => Place.objects.filter({ name__ending: "m" }), FieldError);
  town.unregisterLookup(EndingLookup);
  assert.throws(() => Place.objects.filter({ town__ending: "m" }), FieldError);
});

test("lookups behind a transform alone", async () => {
  class Louder extends Transform {
    static override readonly lookupName = "louder";
    static override readonly function = "UPPER";
  }
  CharField.registerLookup(Louder);
  const ending = (value: string) => Place.objects.filter({ name__louder__ending: value });
  assert.throws(() => ending("NN"), FieldError);
  Louder.registerLookup(EndingLookup);
  assert.equal(ending("NN").count(), 1);
  assert.equal(ending("nn").count(), 1, "LIKE of SQLite minds no case");
  Louder.unregisterLookup(EndingLookup);
  assert.throws(() => ending("NN"), FieldError);
  CharField.unregisterLookup(Louder);
});

test("a field that makes its lookups itself", async () => {
  assert.deepEqual(await Place.aobjects.filter({ at__x7: true }).valuesList("name", { flat: true }), ["Inn"]);
  assert.deepEqual([...Place.objects.filter({ at__y__gt: 2 }).valuesList("name", { flat: true })], ["Bar"]);
  // @ts-expect-error no such lookup
  assert.throws(() => Place.objects.filter({ at__z7: true }), FieldError);
});

test("validation looks through what has no part in it", async () => {
  const clean = (place: Place) => place.avalidateConstraints();
  await clean(new Place({ name: "Pub" }));
  await assert.rejects(clean(new Place({ name: "Inn" })), ValidationError);
  assert.throws(() => new Place({ name: "Inn" }).validateConstraints(), ValidationError);
  await assert.rejects(
    new Broken({ name: "x" }).avalidateConstraints(),
    (error: Error) =>
      error instanceof ValueError &&
      error.message ===
        "Expressions with constraintValidationCompatible set to false must have only one source expression.",
  );
});

test("what a query is grouped by because of an expression", async () => {
  class TodayFunction extends Func {
    static override readonly function = "DATE";
    static override readonly outputField = CharField();

    /** The same for all rows. */
    override getGroupByCols() {
      return [];
    }
  }
  const Today = callable(TodayFunction);
  const grouped = Place.objects
    .values("town", { today: Today(Value("2024-01-01")) })
    .annotate({ n: Count("id") });
  assert.doesNotMatch(String(grouped), /GROUP BY.*DATE/);
  const rows = await Place.aobjects
    .values("town", { today: Today(Value("2024-01-01")) })
    .annotate({ n: Count("id") })
    .orderBy("town");
  const today: string | undefined = rows[0]?.today;
  assert.deepEqual([today, rows.map(({ n }) => n)], ["2024-01-01", [1, 1]]);
});

test("what is checked once the model is known", async () => {
  class TextFunction extends Func {
    static override readonly function = "UPPER";

    override resolveExpression(...args: Parameters<Expression["resolveExpression"]>) {
      const resolved = super.resolveExpression(...args);
      if (resolved.outputField.internalType !== "CharField") throw new ValueError("a text is needed");
      return resolved;
    }
  }
  const Text = callable(TextFunction);
  assert.equal((await Place.aobjects.annotate({ x: Text("name") }).get({ town: "Ulm" })).x, "INN");
  assert.throws(() => Place.objects.annotate({ x: Text("id") }).count(), /a text is needed/);
});

test("aggregates are typed as the built-in ones", async () => {
  class LongestAggregate extends Aggregate {
    static override readonly function = "MAX";
    static override readonly outputField = CharField();
  }
  const Longest = callable(LongestAggregate);
  const { all, none, some } = await Place.aobjects.aggregate({
    all: Longest("name"),
    none: Longest("name", { filter: { town: "" }, default: Value("-") }),
    some: Longest(Upper("name"), { filter: Q({ town: "Ulm" }) }),
  });
  const found: readonly [string | null, string, string | null] = [all, none, some];
  // @ts-expect-error it may be null
  const sure: string = all;
  assert.deepEqual([...found, sure], ["Inn", "-", "INN", "Inn"]);
  await assert.rejects(async () => {
    // @ts-expect-error unknown name in the filter
    await Place.aobjects.aggregate({ x: Longest("name", { filter: { twon: "" } }) });
  }, FieldError);
  await assert.rejects(async () => {
    // @ts-expect-error unknown path
    await Place.aobjects.aggregate({ x: Longest("nam") });
  }, FieldError);
});

test("an expression is written, too", async () => {
  const Mark = callable(
    class extends Func {
      static override readonly function = "UPPER";
      static override readonly outputField = CharField();
    },
  );
  const place = await Place.aobjects.create({ name: Mark(Value("new")) });
  assert.equal((await Place.aobjects.get({ pk: place.pk })).name, "NEW");
  assert.equal(await Place.aobjects.filter({ pk: place.pk }).update({ town: Mark("name") }), 1);
  assert.equal((await Place.aobjects.get({ pk: place.pk })).town, "NEW");
});
