/** The signatures of the factories for relations. Django: "Relationship fields". */
import type { FieldOptions, FlagsOf, NullOf, OptionalOf, Relation } from "./fields.ts";
import type { Empty } from "./queryset.ts";
import type { CheckLabel, ModelLabel } from "./registry.ts";
import type { Exactly } from "./util.ts";

/** What happens to an object when the one that it refers to is deleted: `CASCADE`, `SET_NULL`, `SET(...)`. */
export interface OnDelete {
  readonly name: string;
}

/** Options that every relation takes. */
export interface RelationOptions extends Omit<FieldOptions<unknown>, "choices" | "dbCollation"> {
  /** The attribute of the other model; `"+"` for none. */
  relatedName?: string;
  /** The name in queries from the other model. */
  relatedQueryName?: string;
  /** The choices of forms: lookups, a `Q`, or a function that gives them. */
  limitChoicesTo?: object;
  /** `false`: no foreign key constraint in the database. */
  dbConstraint?: boolean;
  /** `false`: the relation is not part of the migrations' swap. */
  swappable?: boolean;
}

/** Options of `ForeignKey` and `OneToOneField`. */
export interface ForeignKeyOptions extends RelationOptions {
  /** What happens when the other object is deleted. */
  onDelete: OnDelete;
  /** The unique field of the other model that is stored; the default is its key. */
  toField?: string;
}

/** Options of `OneToOneField`. */
export interface OneToOneOptions extends ForeignKeyOptions {
  /** This is the link to the parent of multi-table inheritance. */
  parentLink?: boolean;
}

/** Options of `ManyToManyField`. */
export interface ManyToManyOptions extends RelationOptions {
  /** The model of the table between. */
  through?: string;
  /** Its fields for this side and the other. */
  throughFields?: readonly [source: string, target: string];
  /** The table between, where there is no model for it. */
  dbTable?: string;
  /** `false`: a relation to the same model has two directions. */
  symmetrical?: boolean;
}

/** The label, or what it could be. */
type LabelArg<To extends string> = string extends To
  ? ModelLabel
  : To extends CheckLabel<To>
    ? To
    : NoInfer<CheckLabel<To>>;

/**
 * A relation of many objects to one: `FOREIGN KEY`.
 *
 * @param to the label of the other model, `"self"`, or its name within the same app
 * @example `box: ForeignKey("testapp.Box", { null: true, onDelete: SET_NULL })`
 */
export type ForeignKeyFactory = <const To extends string, const O extends ForeignKeyOptions>(
  to: LabelArg<To>,
  options: Exactly<O, keyof ForeignKeyOptions>,
) => Relation<To, "fk", NullOf<O>, OptionalOf<O>, FlagsOf<O>, O>;

/**
 * A relation of one object to one: a unique `FOREIGN KEY`.
 *
 * @example `price: OneToOneField("testapp.Price", { onDelete: CASCADE })`
 */
export type OneToOneFieldFactory = <const To extends string, const O extends OneToOneOptions>(
  to: LabelArg<To>,
  options: Exactly<O, keyof OneToOneOptions>,
) => Relation<To, "o2o", NullOf<O>, OptionalOf<O>, FlagsOf<O>, O>;

/**
 * A relation of many objects to many, through a table of its own or a model.
 *
 * @example `toppings: ManyToManyField("testapp.Topping")`
 */
export type ManyToManyFieldFactory = <const To extends string, const O extends ManyToManyOptions = Empty>(
  to: LabelArg<To>,
  options?: Exactly<O, keyof ManyToManyOptions>,
) => Relation<To, "m2m", false, true, never, O>;
