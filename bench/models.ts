/** The pizzeria once more, under a label of its own so that the benchmark's types meet nobody else's. */
import {
  CASCADE,
  CharField,
  DateTimeField,
  DecimalField,
  ForeignKey,
  ManyToManyField,
  Model,
  OneToOneField,
  SET_NULL,
} from "asgimod";

export class Topping extends Model("bench.Topping", { name: CharField({ maxLength: 30 }) }) {}

export class Box extends Model("bench.Box", { name: CharField({ maxLength: 50 }) }) {}

export class Price extends Model("bench.Price", {
  amount: DecimalField({ maxDigits: 10, decimalPlaces: 2 }),
  currency: CharField({ maxLength: 16, default: "usd" }),
}) {}

export class Pizza extends Model("bench.Pizza", {
  name: CharField({ maxLength: 50 }),
  box: ForeignKey("bench.Box", { null: true, onDelete: SET_NULL }),
  price: OneToOneField("bench.Price", { onDelete: CASCADE }),
  toppings: ManyToManyField("bench.Topping"),
}) {}

/** A row whose values need converting: an instant and a decimal. */
export class Sale extends Model("bench.Sale", {
  at: DateTimeField(),
  total: DecimalField({ maxDigits: 10, decimalPlaces: 2 }),
  note: CharField({ maxLength: 100, null: true }),
}) {}

declare module "asgimod" {
  interface Apps {
    bench: typeof import("./models.ts");
  }
}
