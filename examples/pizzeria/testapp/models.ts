/** The models of asgimod's documentation. */
import {
  CASCADE,
  CharField,
  DecimalField,
  ForeignKey,
  ManyToManyField,
  Model,
  OneToOneField,
  SET_NULL,
} from "asgimod";

export class Topping extends Model("testapp.Topping", { name: CharField({ maxLength: 30 }) }) {}

export class Box extends Model("testapp.Box", { name: CharField({ maxLength: 50 }) }) {}

export class Price extends Model("testapp.Price", {
  amount: DecimalField({ maxDigits: 10, decimalPlaces: 2 }),
  currency: CharField({ maxLength: 16, default: "usd" }),
}) {}

export class Pizza extends Model(
  "testapp.Pizza",
  {
    name: CharField({ maxLength: 50 }),
    toppings: ManyToManyField("testapp.Topping"),
    box: ForeignKey("testapp.Box", { null: true, onDelete: SET_NULL }),
    price: OneToOneField("testapp.Price", { onDelete: CASCADE }),
  },
  { ordering: ["id"] },
) {
  get shout() {
    return this.name.toUpperCase();
  }
}

declare module "asgimod" {
  interface Apps {
    testapp: typeof import("./models.ts");
  }
}
