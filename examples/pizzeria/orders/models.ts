/** A second app, whose model has dates, choices and a relation to the first. */
import {
  CASCADE,
  CharField,
  DateField,
  DateTimeField,
  ForeignKey,
  Model,
  PositiveIntegerField,
  SyncModel,
} from "asgimod";
import { AsyncMixin } from "asgimod/mixins";

export class Order extends Model(
  "orders.Order",
  {
    pizza: ForeignKey("testapp.Pizza", { onDelete: CASCADE, relatedName: "orders" }),
    count: PositiveIntegerField({ default: 1 }),
    status: CharField({
      maxLength: 1,
      choices: [
        ["N", "new"],
        ["B", "in the oven"],
        ["D", "delivered"],
      ],
      default: "N",
    }),
    day: DateField(),
    placed: DateTimeField(),
  },
  { ordering: ["placed"], getLatestBy: "placed" },
) {}

/** `Model` has both halves. This is how it is made of them. */
export class Courier extends AsyncMixin(
  SyncModel("orders.Courier", { name: CharField({ maxLength: 30 }) }),
) {}

declare module "asgimod" {
  interface Apps {
    orders: typeof import("./models.ts");
  }
}
