/** The models and rows of expression_answers.py; for the walk through the pages on expressions. */
import {
  BigIntegerField,
  BooleanField,
  CASCADE,
  CharField,
  CheckConstraint,
  Coalesce,
  configure,
  createTables,
  DateField,
  DateTimeField,
  Decimal,
  DecimalField,
  DurationField,
  F,
  FloatField,
  ForeignKey,
  GeneratedField,
  IntegerField,
  JSONField,
  LessThanOrEqual,
  Lower,
  Model,
  Q,
  Temporal,
  TextField,
  TimeField,
  UniqueConstraint,
  UUIDField,
} from "asgimod";

export class Venue extends Model("walkexpr.Venue", {
  name: CharField({ maxLength: 20 }),
  open: BooleanField({ default: true }),
}) {}

export class Event extends Model("walkexpr.Event", {
  name: CharField({ maxLength: 30 }),
  note: TextField({ null: true }),
  venue: ForeignKey("walkexpr.Venue", { null: true, onDelete: CASCADE }),
  day: DateField(),
  starts: DateTimeField(),
  ends: DateTimeField({ null: true }),
  doors: TimeField(),
  took: DurationField({ null: true }),
  seats: IntegerField(),
  sold: IntegerField({ null: true }),
  views: BigIntegerField({ default: 0n }),
  rating: FloatField({ null: true }),
  price: DecimalField({ maxDigits: 6, decimalPlaces: 2 }),
  active: BooleanField({ default: true }),
  code: UUIDField({ null: true }),
  data: JSONField<{ tags?: string[]; owner?: { name: string; age: number } | null }>({ null: true }),
}) {}

export class Ticket extends Model(
  "walkexpr.Ticket",
  {
    event: CharField({ maxLength: 20 }),
    holder: CharField({ maxLength: 20, null: true }),
    row: IntegerField({ null: true }),
    seat: IntegerField({ null: true }),
    price: IntegerField(),
    paid: IntegerField({ default: 0 }),
    void: BooleanField({ default: false }),
    due: GeneratedField({
      expression: F("price").sub(F("paid")),
      outputField: IntegerField(),
      dbPersist: true,
    }),
  },
  {
    constraints: [
      CheckConstraint({ condition: Q({ price__gte: 0 }), name: "price_positive" }),
      CheckConstraint({
        condition: LessThanOrEqual(F("paid"), F("price")),
        name: "paid_in_full",
        violationErrorCode: "overpaid",
        violationErrorMessage: "%(name)s: too much",
      }),
      UniqueConstraint(Lower("holder"), "event", { name: "holder_once" }),
      UniqueConstraint({
        fields: ["event", "row", "seat"],
        condition: Q({ void: false }),
        name: "seat_once",
      }),
    ],
  },
) {}

export class Point extends Model(
  "walkexpr.Point",
  {
    x: IntegerField(),
    y: IntegerField({ null: true }),
    total: GeneratedField({
      expression: F("x").add(Coalesce("y", 0)),
      outputField: IntegerField(),
      dbPersist: true,
    }),
  },
  {
    constraints: [
      UniqueConstraint({ fields: ["x", "y"], name: "point_once", violationErrorCode: "again" }),
      CheckConstraint({ condition: Q({ total__lt: 100 }), name: "total_small" }),
      UniqueConstraint(F("total").desc(), { name: "total_once" }),
    ],
  },
) {}

declare module "asgimod" {
  interface Apps {
    walkexpr: { Venue: typeof Venue; Event: typeof Event; Ticket: typeof Ticket; Point: typeof Point };
  }
}

/** A database that has the tables and rows already. */
export function use(url: string): void {
  configure({ apps: { walkexpr: { Venue, Event, Ticket, Point } }, databases: { default: url } });
}

/** A database with three events in two venues. */
export async function fill(url: string): Promise<void> {
  use(url);
  await createTables({ apps: ["walkexpr"] });
  const hall = await Venue.aobjects.create({ name: "Hall" });
  const barn = await Venue.aobjects.create({ name: "Barn", open: false });
  await Event.aobjects.create({
    name: "Opera",
    note: "long",
    venue: hall,
    day: "2024-12-30",
    starts: new Date("2024-12-30T19:30:15.250Z"),
    ends: new Date("2024-12-30T22:00:00Z"),
    doors: "19:00:30",
    took: Temporal.Duration.from("PT2H30M"),
    seats: 100,
    sold: 80,
    views: 5n,
    rating: 4.5,
    price: new Decimal("20.50"),
    data: { tags: ["music", "opera"], owner: { name: "Ann", age: 40 } },
  });
  await Event.aobjects.create({
    name: "Jazz",
    venue: hall,
    day: "2024-03-31",
    starts: new Date("2024-03-31T00:30:00Z"),
    doors: "00:10:00",
    seats: 50,
    sold: null,
    rating: 3.5,
    price: new Decimal("10.00"),
    active: false,
    data: { tags: ["music"], owner: null },
  });
  await Event.aobjects.create({
    name: "Talk",
    venue: barn,
    day: "2023-01-01",
    starts: new Date("2023-01-01T10:00:00Z"),
    doors: "09:30:00",
    seats: 20,
    sold: 20,
    price: new Decimal("5.25"),
  });
}
