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

export class Topping extends Model("consumer.Topping", { name: CharField({ maxLength: 30 }) }) {}
export class Box extends Model("consumer.Box", { name: CharField({ maxLength: 50 }) }) {}
export class Price extends Model("consumer.Price", {
  amount: DecimalField({ maxDigits: 10, decimalPlaces: 2 }),
  currency: CharField({ maxLength: 16, default: "usd" }),
}) {}
export class Pizza extends Model("consumer.Pizza", {
  name: CharField({ maxLength: 50 }),
  toppings: ManyToManyField("consumer.Topping"),
  box: ForeignKey("consumer.Box", { null: true, onDelete: SET_NULL }),
  price: OneToOneField("consumer.Price", { onDelete: CASCADE }),
}) {
  get shout() {
    return this.name.toUpperCase();
  }
}

declare module "asgimod" {
  interface Apps {
    consumer: typeof import("./models.ts");
  }
}
