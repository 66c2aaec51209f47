/** The pages "Query Expressions", "Conditional Expressions", "Lookup API reference" and "How to write custom lookups". */
import {
  Aggregate,
  BooleanField,
  Case,
  Cast,
  CharField,
  Coalesce,
  type Compiler,
  Count,
  CumeDist,
  callable,
  DecimalField,
  Exact,
  Exists,
  Expression,
  ExpressionWrapper,
  F,
  FirstValue,
  FloatField,
  Floor,
  Func,
  GreaterThan,
  IContains,
  In,
  IntegerField,
  IsNull,
  joinSql,
  Lag,
  Lead,
  Length,
  LessThan,
  Lookup,
  Max,
  NthValue,
  Ntile,
  OuterRef,
  PercentRank,
  Q,
  Rank,
  Round,
  RowNumber,
  RowRange,
  type Sql,
  Subquery,
  Sum,
  sql,
  Transform,
  TruncDate,
  Upper,
  Value,
  ValueRange,
  When,
  Window,
  WindowFrameExclusion,
} from "asgimod";
import { type Asked, compareWithDjango, inOrder, names } from "./expression-setup.ts";

class AbsoluteValue extends Transform {
  static override readonly lookupName = "absolute";
  static override readonly function = "ABS";
}

/** Without calling ABS(), so that an index can be used. */
class AbsoluteLess extends Lookup {
  static override readonly lookupName = "lt";

  override asSql(compiler: Compiler): Sql {
    const lhs = compiler.compile((this.lhs as AbsoluteValue).lhs);
    return sql`${lhs} < ${this.processRhs(compiler)} AND ${lhs} > -${this.processRhs(compiler)}`;
  }
}

class NotEqualLookup extends Lookup {
  static override readonly lookupName = "ne";

  override asSql(compiler: Compiler): Sql {
    return sql`${this.processLhs(compiler)} <> ${this.processRhs(compiler)}`;
  }

  override asMysql(compiler: Compiler): Sql {
    return sql`NOT (${this.processLhs(compiler)} <=> ${this.processRhs(compiler)})`;
  }
}

class Uppercase extends Transform {
  static override readonly lookupName = "shout";
  static override readonly function = "UPPER";
  static override readonly bilateral = true;
}

class FirstOfExpression extends Expression {
  static override readonly outputField = CharField();
  readonly names: readonly Expression[];

  constructor(...given: readonly string[]) {
    super();
    this.names = given.map((name) => new F(name));
  }

  override sources() {
    return this.names;
  }

  override withSources(given: readonly (Expression | null)[]) {
    return this.copy({ names: given });
  }

  override asSql(compiler: Compiler): Sql {
    return sql`COALESCE(${joinSql(
      this.names.map((name) => compiler.compile(name)),
      ", ",
    )})`;
  }
}

/** The span of the values. */
class SpreadAggregate extends Aggregate {
  static override readonly function = "MAX";
  static override readonly template = "(%(function)s(%(expressions)s) - MIN(%(expressions)s))";
  static override readonly outputField = IntegerField();
}

class SumAllAggregate extends Aggregate {
  static override readonly function = "SUM";
  static override readonly allowDistinct = true;
  static override readonly outputField = IntegerField();
}

class PaddedFunction extends Func {
  static override readonly function = "REPEAT";
  static override readonly arity = 2;
  static override readonly outputField = CharField();

  override asSqlite(compiler: Compiler): Sql {
    return this.asSql(compiler, {
      template: "REPLACE(HEX(ZEROBLOB(%(expressions)s)), '00', 'x')",
      argJoiner: " * 0 + ",
    });
  }
}

class FirstRowFunction extends Func {
  static override readonly function = "FIRST_VALUE";
  static override readonly windowCompatible = true;
}

Object.defineProperties(SpreadAggregate, { name: { value: "Spread" } });
Object.defineProperties(SumAllAggregate, { name: { value: "SumAll" } });
Object.defineProperties(PaddedFunction, { name: { value: "Padded" } });
const NotEqual = callable(NotEqualLookup);
const FirstOf = callable(FirstOfExpression);
const Spread = callable(SpreadAggregate);
const SumAll = callable(SumAllAggregate);
const Padded = callable(PaddedFunction);
const FirstRow = callable(FirstRowFunction);

IntegerField.registerLookup(AbsoluteValue);
AbsoluteValue.registerLookup(AbsoluteLess);
IntegerField.registerLookup(NotEqualLookup);
CharField.registerLookup(NotEqualLookup);
CharField.registerLookup(Uppercase);
CharField.registerLookup(Length);
FloatField.registerLookup(Round);
DecimalField.registerLookup(Floor);

compareWithDjango("custom lookups", ({ Event, Venue, all, col }) => ({
  "a transform": () => names(all.filter({ seats__absolute: 50 })),
  "a lookup of a transform": () => names(all.filter({ seats__absolute__lt: 51 })),
  "another lookup of a transform": () => names(all.filter({ seats__absolute__gt: 50 })),
  "a transform in values": () => all.values("seats__absolute"),
  "a transform in order_by": () => names(Event.orderBy("-seats__absolute")),
  "a transform in F": () => col({ x: F("seats__absolute").add(1) }),
  "a transform of a relation": () => names(all.filter({ venue__name__shout: "hAlL" })),
  "two transforms": () => names(all.filter({ name__length__absolute: 5 })),
  "bilateral in": () => names(all.filter({ name__shout__in: ["opera", "jazz"] })),
  "bilateral startswith": () => names(all.filter({ name__shout__startswith: "o" })),
  "bilateral F": () => names(all.filter({ name__shout: F("venue__name") })),
  "bilateral range": () => names(all.filter({ name__shout__range: ["k", "p"] })),
  "bilateral queryset": () => names(all.filter({ name__shout__in: Venue.values("name") })),
  "not equal": () => names(all.filter({ seats__ne: 50 })),
  "not equal to a nullable": () => names(all.filter({ seats__ne: F("sold") })),
  "not equal excluded": () => names(all.exclude({ sold__ne: 80 })),
  "not equal to null": () => names(all.filter({ sold__ne: null })),
  "as an annotation": () => col({ x: NotEqual(F("seats"), F("sold")) }),
  "in order_by": () => names(Event.orderBy(NotEqual(F("seats"), Value(20)).desc(), "id")),
  "in When": () =>
    col({
      x: Case(When(NotEqual(F("seats"), Value(20)), { then: Value("big") }), { default: Value("small") }),
    }),
  "in the filter of an aggregate": () =>
    Event.aggregate({ n: Count("id", { filter: NotEqual(F("seats"), Value(20)) }) }),
  "left side a function": () => names(all.filter(NotEqual(Length("name"), Value(4)))),
  "inside another lookup": () => names(all.filter(Exact(NotEqual(F("seats"), Value(20)), Value(false)))),
  "a function as a transform": () => names(all.filter({ name__length__gt: 4 })),
  "Round as a transform": () => names(all.filter({ rating__round__gte: 4 })),
  "Floor as a transform": () => all.filter({ price__floor: 20 }).valuesList("price__floor", { flat: true }),
  "unknown behind a transform": () => names(all.filter({ seats__absolute__year: 1 })),
}));

compareWithDjango("custom expressions", ({ Event, Venue, all, col }) => ({
  "an expression": () => col({ x: FirstOf("note", "name") }),
  "its order counts": () => col({ x: FirstOf("name", "note") }),
  filtered: () => names(all.annotate({ x: FirstOf("note", "name") }).filter({ x__startswith: "J" })),
  ordered: () => names(Event.orderBy(FirstOf("note", "name").desc())),
  grouped: () =>
    Event.values({ x: FirstOf("note", "venue__name") })
      .annotate({ n: Count("id") })
      .orderBy("x"),
  "over a join": () => col({ x: FirstOf("note", "venue__name") }),
  "unknown path": () => col({ x: FirstOf("nam") }),
  "an aggregate": () => Event.aggregate({ x: Spread("seats") }),
  "an aggregate of a group": () =>
    Venue.orderBy("id")
      .annotate({ x: Spread("event__seats") })
      .valuesList("name", "x"),
  "an aggregate names itself": () => Event.aggregate(SumAll("seats")),
  "an aggregate with options": () =>
    Event.aggregate({
      a: SumAll("venue_id", { distinct: true }),
      b: SumAll("seats", { filter: Q({ name: "Opera" }) }),
      c: SumAll("seats", { filter: Q({ name: "x" }), default: 0 }),
    }),
  "no distinct": () => Event.aggregate({ x: Spread("seats", { distinct: true }) }),
  "an aggregate of an aggregate": () => Event.annotate({ x: Count("id") }).annotate({ y: SumAll("x") }),
  "SQL of a database": () => col({ x: Padded(Value("x"), Value(3)) }),
  "too few arguments": () => col({ x: Padded("name") }),
  "a window function": () =>
    window({ col }, { expression: FirstRow("name"), partitionBy: "venue", orderBy: "-id" }),
  "an aggregate in a window": () => window({ col }, { expression: Spread("seats"), partitionBy: "venue" }),
  "template and joiner": () =>
    col({
      x: Func("seats", Value(7), {
        template: "(%(expressions)s)",
        argJoiner: " - ",
        outputField: IntegerField(),
      }),
    }),
  "an option in the template": () =>
    col({
      x: Func("name", {
        function: "REPLACE",
        template: "%(function)s(%(expressions)s, '%(old)s', '%(new)s')",
        old: "a",
        new: "o",
      }),
    }),
}));

type WindowOptions = Parameters<typeof Window>[0];

function window({ col }: Pick<Asked, "col">, options: unknown) {
  return col({ w: Window(options as WindowOptions) });
}

compareWithDjango("F", ({ Event, Venue, all, col }) => ({
  "slice of a relation": () => col({ x: F("venue__name").slice(1, 3) }),
  "slice of a text that is null": () => col({ x: F("note").slice(null, 2) }),
  "slice in filter": () => names(all.filter({ name__startswith: F("name").slice(0, 1) })),
  "slice compared": () => names(all.filter(Exact(F("name").at(0), Value("T")))),
  "slice in order_by": () => Event.orderBy(F("name").slice(2)).valuesList("seats", { flat: true }),
  "slice beyond": () => col({ x: F("name").slice(10, 20) }),
  "slice of a slice": () => col({ x: F("name").slice(1).slice(0, 2) }),
  "slice of an annotation": () =>
    all
      .annotate({ up: Upper("name") })
      .annotate({ x: F("up").slice(1, 3) })
      .valuesList("x", { flat: true }),
  "slice of an outer reference": () => {
    const inner = Event.filter({ name__startswith: OuterRef("name").slice(0, 1) }).values("name");
    return Venue.orderBy("id")
      .annotate({ x: Subquery(inner.slice(0, 1) as never) })
      .valuesList("x", { flat: true });
  },
  "slice backwards": () => col({ x: F("name").slice(3, 1) }),
  "slice of a negative": () => col({ x: F("name").slice(-2) }),
  "slice of a number": () => col({ x: F("seats").slice(1) }),
  "slice in an aggregate": () => Event.aggregate({ x: Max(F("name").slice(0, 2)) }),
  not: () => col({ x: F("active").not() }),
  "not in filter": () => names(all.filter(F("active").not())),
  "not over a join": () => names(all.filter(F("venue__open").not())),
  "not of a text": () => names(all.filter(F("name").not())),
  "not not": () => col({ x: F("active").not().not() }),
  "not in When": () =>
    col({ x: Case(When(F("active").not(), { then: Value("off") }), { default: Value("on") }) }),
  "alone in filter": () => names(all.filter(F("active"))),
  "alone in When": () => col({ x: Case(When(F("active") as never, { then: Value(1) })) }),
  "a transform of a transform": () => col({ x: F("starts__date__year") }),
  "a transform of an annotation": () =>
    all
      .annotate({ d: TruncDate("starts") })
      .annotate({ x: F("d__month") })
      .valuesList("x", { flat: true }),
  "update with a transform": () =>
    inOrder(
      () => Event.update({ sold: F("starts__year") }),
      () => col({ x: F("sold") }),
    ),
  "update over a join": () => Event.update({ note: F("venue__name") }),
  "update of a negation": () =>
    inOrder(
      () => Event.update({ active: F("active").not() }),
      () => col({ x: F("active") }),
    ),
  "nulls first": () => names(Event.orderBy(F("sold").asc({ nullsFirst: true }), "id")),
  "nulls last": () => names(Event.orderBy(F("sold").desc({ nullsLast: true }), "id")),
  "nulls first and last": () => F("sold").asc({ nullsFirst: true, nullsLast: true }),
  "nulls not first": () => F("sold").asc({ nullsFirst: false }),
  reversed: () => names(Event.orderBy(F("sold").desc({ nullsLast: true }), "id").reverse()),
}));

compareWithDjango("conditions", ({ Event, Venue, all, col }) => ({
  "Q as an annotation": () => col({ x: Q({ seats__gt: 30 }) }),
  "alias of a Q, filtered": () => names(all.alias({ x: Q({ seats__gt: 30 }) }).filter({ x: true })),
  "Q over a join": () => col({ x: Q({ venue__name: "Hall" }).and(Q({ sold: null })) }),
  "Q in a wrapper": () =>
    col({ x: ExpressionWrapper(Q({ seats__gt: 30 }), { outputField: BooleanField() }) }),
  "grouped by a Q": () =>
    Event.values({ x: Q({ seats__gt: 30 }) })
      .annotate({ n: Count("id") })
      .orderBy("x"),
  "ordered by a Q": () => names(all.annotate({ x: Q({ seats__gt: 30 }) }).orderBy("x", "id")),
  "Q as a value of Case": () =>
    col({ x: Case(When({ seats__gt: 30 }, { then: Q({ sold: 80 }) as never }), { default: Value(null) }) }),
  "Max of a Q": () => Event.aggregate({ x: Max(Cast(Q({ seats__gt: 30 }) as never, IntegerField())) }),
  "Q in Coalesce": () => col({ x: Coalesce(Q({ sold__gt: 30 }) as never, false) }),
  "Q that is nothing": () => col({ x: Q({ pk__in: [] }) }),
  "Q that is all": () => col({ x: Q({ pk__in: [] }).not() }),
  "count of rows filtered by an annotated Q": () =>
    Event.annotate({ x: Q({ seats__gt: 30 }) }).aggregate({ n: Count("id", { filter: Q({ x: true }) }) }),
  "update by a Q": () =>
    inOrder(
      () => Event.update({ active: Q({ seats__gt: 50 }) }),
      () => col({ x: F("active") }),
    ),
  "lookup as annotation": () => col({ x: GreaterThan(F("seats"), F("sold")), y: IsNull(F("sold"), true) }),
  "lookup compared with a value": () => names(all.filter(GreaterThan(F("seats"), Value(30)))),
  "value on the left": () => names(all.filter(LessThan(Value(30), F("seats")))),
  "In as annotation": () => col({ x: In(F("name"), ["Jazz", "Talk"]) }),
  "lookup in order_by": () => names(Event.orderBy(IsNull(F("sold"), true), "-id")),
  "lookup grouped": () =>
    Event.values({ x: GreaterThan(F("seats"), Value(30)) })
      .annotate({ n: Count("id") })
      .orderBy("x"),
  "lookup of a lookup": () =>
    names(all.filter(Exact(GreaterThan(F("seats"), Value(30)), IsNull(F("sold"), false)))),
  "contains as annotation": () => col({ x: IContains(F("name"), "A") }),
  "IsNull of no boolean": () => names(all.filter(IsNull(F("sold"), 1))),
  "Case without When": () => col({ x: Case({ default: Value(3) }) }),
  "Case with nothing but nulls": () =>
    col({ x: Case(When({ seats__gt: 30 }, { then: Value(null) }), { outputField: IntegerField() }) }),
  "Case filters": () =>
    names(
      all.filter(Case(When({ seats__gt: 30 }, { then: Exact(F("sold"), 80) }), { default: Value(true) })),
    ),
  "Case of no boolean": () => names(all.filter(Case(When({ seats__gt: 30 }, { then: Value(1) })))),
  "Exists or a Q": () =>
    names(
      all.filter(
        Exists(Venue.filter({ pk: OuterRef("venue"), open: false }) as never).or(Q({ name: "Jazz" })),
      ),
    ),
  "a lookup or a Q": () => names(all.filter(GreaterThan(F("seats"), Value(60)).or(Q({ name: "Talk" })))),
}));

const FRAMES = [
  [null, null],
  [-1, 0],
  [0, 1],
  [1, null],
  [1, 2],
  [-2, -1],
  [0, 0],
] as const;

/** Python's. */
const shown = (bound: number | null) => String(bound ?? "None");

compareWithDjango("windows", ({ Event, all, col }) => {
  const over = (options: unknown) => window({ col }, options);
  const seats = Sum("seats");
  return {
    ...Object.fromEntries(
      FRAMES.map(([start, end]) => [
        `rows ${shown(start)} to ${shown(end)}`,
        () => over({ expression: seats, orderBy: "id", frame: RowRange({ start, end }) }),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(WindowFrameExclusion).map(([name, exclusion]) => [
        `rows without ${name.toLowerCase()}`,
        () => over({ expression: seats, orderBy: "venue", frame: RowRange({ exclusion }) }),
      ]),
    ),
    "range without ties": () =>
      over({
        expression: seats,
        orderBy: "venue",
        frame: ValueRange({ end: 0, exclusion: WindowFrameExclusion.TIES }),
      }),
    "range of values": () =>
      over({ expression: seats, orderBy: "seats", frame: ValueRange({ start: -50, end: 0 }) }),
    "range that starts after": () =>
      over({ expression: seats, orderBy: "seats", frame: ValueRange({ start: 1 }) }),
    "range that ends before": () =>
      over({ expression: seats, orderBy: "seats", frame: ValueRange({ end: -1 }) }),
    "rows that end before they start": () =>
      over({ expression: seats, orderBy: "id", frame: RowRange({ start: 1, end: 0 }) }),
    "rows by a fraction": () => over({ expression: seats, orderBy: "id", frame: RowRange({ start: -1.5 }) }),
    "first of a frame that may be empty": () =>
      over({ expression: FirstValue("seats"), orderBy: "id", frame: RowRange({ start: 1, end: 2 }) }),
    "default of an aggregate": () => over({ expression: Sum("sold", { default: 0 }), partitionBy: "venue" }),
    "a partition has no direction": () => over({ expression: seats, partitionBy: "-venue" }),
    "several partitions": () => over({ expression: Count("*"), partitionBy: [F("venue"), "active"] }),
    "order by an expression and a name": () =>
      over({ expression: RowNumber(), orderBy: [Length("name"), "-id"] }),
    "order by a Case": () =>
      over({ expression: Rank(), orderBy: Case(When({ name: "Talk" }, { then: 0 }), { default: 1 }) }),
    "a filter inside": () =>
      over({ expression: Count("id", { filter: Q({ seats__gt: 30 }) }), partitionBy: "venue" }),
    "an output field": () => over({ expression: RowNumber(), orderBy: "id", outputField: FloatField() }),
    "calculated with": () =>
      col({
        x: F("seats")
          .mul(100)
          .div(Window({ expression: seats, partitionBy: "venue" })),
      }),
    "Lag with a default": () => over({ expression: Lag("name", { default: Value("-") }), orderBy: "id" }),
    "Lead over a partition": () => over({ expression: Lead("name"), partitionBy: "venue", orderBy: "id" }),
    NthValue: () => over({ expression: NthValue("name", { nth: 2 }), orderBy: "id" }),
    Ntile: () => over({ expression: Ntile({ numBuckets: 2 }), orderBy: "id" }),
    "CumeDist and PercentRank": () =>
      col({
        a: Window({ expression: CumeDist(), orderBy: "venue" }),
        b: Window({ expression: PercentRank(), orderBy: "venue" }),
      }),
    "Lag of nothing": () => Lag(null),
    "Lag by nothing": () => Lag("name", { offset: 0 }),
    "NthValue of none": () => NthValue("name", { nth: 0 }),
    "Ntile of none": () => Ntile({ numBuckets: 0 }),
    filtered: () =>
      names(
        all
          .annotate({ w: Window({ expression: RowNumber(), partitionBy: "venue", orderBy: "id" }) })
          .filter({ w: 1 }),
      ),
    "in filter at once": () =>
      names(all.filter(GreaterThan(Window({ expression: RowNumber(), orderBy: "id" }), Value(1)))),
    "in update": () => Event.update({ sold: Window({ expression: RowNumber(), orderBy: "id" }) }),
    "in an aggregate": () => Event.aggregate({ x: Sum(Window({ expression: RowNumber(), orderBy: "id" })) }),
  };
});
