/** The models of the type tests. */
import {
  BooleanField,
  CASCADE,
  CharField,
  DateTimeField,
  DecimalField,
  ForeignKey,
  IntegerField,
  JSONField,
  ManyToManyField,
  Model,
  OneToOneField,
  SET_NULL,
  TextField,
  UUIDField,
} from "./api.ts";

export class Topping extends Model("testapp.Topping", { name: CharField({ maxLength: 30 }) }) {}

export class Box extends Model("testapp.Box", { name: CharField({ maxLength: 50 }) }) {
  async pizzas() {
    return await this.apizza_set.all().eval();
  }
}

export class Price extends Model("testapp.Price", {
  amount: DecimalField({ maxDigits: 10, decimalPlaces: 2 }),
  currency: CharField({ maxLength: 16, default: "usd" }),
}) {}

export class Pizza extends Model(
  "testapp.Pizza",
  {
    name: CharField({ maxLength: 50 }),
    size: CharField({
      maxLength: 1,
      choices: [
        ["S", "Small"],
        ["L", "Large"],
      ],
      default: "S",
    }),
    created: DateTimeField({ autoNowAdd: true }),
    toppings: ManyToManyField("testapp.Topping"),
    box: ForeignKey("Box", { null: true, onDelete: SET_NULL }),
    price: OneToOneField("testapp.Price", { onDelete: CASCADE }),
    parent: ForeignKey("self", { null: true, relatedName: "children", onDelete: SET_NULL }),
  },
  { ordering: ["id"] },
) {
  static cheap = Pizza.aobjects.filter({ price__amount__lt: "5" });
  static menu = Pizza.objects.extend({
    under(amount: string) {
      return this.filter({ price__amount__lt: amount });
    },
  });
  get shout() {
    return this.name.toUpperCase();
  }
  async boxName() {
    return (await this.abox)?.name;
  }
}

export class Tag extends Model("testapp.Tag", {
  code: CharField({ maxLength: 10, primaryKey: true }),
  note: TextField({ blank: true }),
  related: ManyToManyField("self"),
}) {}

export class Label extends Model("testapp.Label", {
  uid: UUIDField({ primaryKey: true, default: () => "x" }),
  tag: ForeignKey("testapp.Tag", { onDelete: CASCADE, relatedName: "labels", relatedQueryName: "label" }),
  data: JSONField<{ owner: { name: string; age: number }; tags: string[] }>(),
  any: JSONField({ null: true }),
  active: BooleanField({ default: true }),
}) {}

export class Place extends Model("testapp.Place", {
  name: CharField({ maxLength: 50 }),
  near: ForeignKey("testapp.Restaurant", { null: true, relatedName: "near_places", onDelete: SET_NULL }),
}) {
  hi() {
    return this.name;
  }
}

export class Restaurant extends Place.extend("testapp.Restaurant", {
  stars: DecimalField({ maxDigits: 3, decimalPlaces: 1 }),
}) {
  static good = Restaurant.aobjects.extend({
    best() {
      return this.filter({ stars__gt: "4" });
    },
  });
  yo() {
    return this.hi() + this.stars.toString();
  }
}

export class Stamped extends Model(
  "testapp.Stamped",
  {
    created: DateTimeField({ autoNowAdd: true }),
    owner: ForeignKey("testapp.Tag", { onDelete: CASCADE, relatedName: "%(class)s_owned" }),
  },
  { abstract: true },
) {
  age() {
    return Date.now() - this.created.getTime();
  }
}

export class Note extends Stamped.extend("testapp.Note", {
  text: TextField(),
  rank: IntegerField({ null: true }),
}) {}

export class MyPlace extends Place.extend("testapp.MyPlace", {}, { proxy: true }) {
  mine() {
    return this.hi();
  }
}

declare module "./api.ts" {
  interface Apps {
    testapp: typeof import("./models.ts");
  }
}
