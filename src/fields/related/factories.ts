import {
  ForeignKey as ForeignKeyField,
  type ForeignKeyOptions,
  OneToOneField as OneToOne,
} from "./foreign-key.ts";
import { ManyToManyField as ManyToMany, type ManyToManyOptions } from "./many-to-many.ts";
import type { RelationTarget } from "./rel.ts";

/**
 * A many-to-one relation. The column `box_id` holds the target's primary key (or its `toField`).
 *
 * @example
 * box: ForeignKey("shop.Box", { null: true, onDelete: SET_NULL })
 * @throws ArgumentTypeError without `onDelete`.
 */
export function ForeignKey(to: RelationTarget, options: ForeignKeyOptions): ForeignKeyField {
  return new ForeignKeyField(to, options);
}

/**
 * A one-to-one relation: a {@link ForeignKey} that is unique, and whose way back gives one object.
 *
 * @example
 * price: OneToOneField("shop.Price", { onDelete: CASCADE })
 */
export function OneToOneField(to: RelationTarget, options: ForeignKeyOptions): OneToOne {
  return new OneToOne(to, options);
}

/**
 * A many-to-many relation, through a table of its own or a model of yours.
 *
 * @example
 * toppings: ManyToManyField("shop.Topping")
 * members: ManyToManyField("club.Person", { through: "club.Membership", throughFields: ["club", "person"] })
 */
export function ManyToManyField(to: RelationTarget, options: ManyToManyOptions = {}): ManyToMany {
  return new ManyToMany(to, options);
}
