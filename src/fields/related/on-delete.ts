/**
 * What happens to the objects that refer to a deleted one: the values of `onDelete`.
 *
 * They only name the choice; deletion (`execute/`) gives it its meaning.
 */
export class OnDelete {
  readonly name: string;
  /** `SET(...)`: the value, or a function that gives it. */
  readonly value: unknown;

  constructor(name: string, value: unknown = null) {
    this.name = name;
    this.value = value;
  }

  toString(): string {
    return this.name;
  }
}

/** Deletes the objects that refer to the deleted one, too. */
export const CASCADE = new OnDelete("CASCADE");
/** Refuses to delete an object that others refer to: `ProtectedError`. */
export const PROTECT = new OnDelete("PROTECT");
/** As {@link PROTECT}, unless the referring objects are deleted by a cascade as well: `RestrictedError`. */
export const RESTRICT = new OnDelete("RESTRICT");
/** Sets the relation to NULL; the field must be `null: true`. */
export const SET_NULL = new OnDelete("SET_NULL");
/** Sets the relation to the field's default. */
export const SET_DEFAULT = new OnDelete("SET_DEFAULT");
/** Leaves it to the database. */
export const DO_NOTHING = new OnDelete("DO_NOTHING");

/** What the database itself does to rows that refer to a deleted one: a part of the column's foreign key. */
export class DatabaseOnDelete extends OnDelete {
  /** `ON DELETE ...` */
  readonly operation: "CASCADE" | "SET NULL" | "SET DEFAULT";

  constructor(name: string, operation: "CASCADE" | "SET NULL" | "SET DEFAULT") {
    super(name);
    this.operation = operation;
  }
}

/**
 * The database deletes the rows that refer to the deleted one: no query looks for them, no signal tells of them, and
 * `delete()` does not count them. Relations of one model are either all like this, or all of the other kind.
 *
 * SQL: `... REFERENCES "shop_box" ("id") ON DELETE CASCADE`. Django 6.1: "ForeignKey.on_delete".
 *
 * @example
 * box: ForeignKey("shop.Box", { onDelete: DB_CASCADE })
 */
export const DB_CASCADE = new DatabaseOnDelete("DB_CASCADE", "CASCADE");
/** The database sets the relation to NULL; the field must be `null: true`. See {@link DB_CASCADE}. */
export const DB_SET_NULL = new DatabaseOnDelete("DB_SET_NULL", "SET NULL");
/** The database sets the relation to the field's `dbDefault`, which it must have. See {@link DB_CASCADE}. */
export const DB_SET_DEFAULT = new DatabaseOnDelete("DB_SET_DEFAULT", "SET DEFAULT");

/** Whether a deletion needs no look at what refers to the deleted object. */
export function needsNoLook(onDelete: OnDelete | null): boolean {
  return onDelete === DO_NOTHING || onDelete instanceof DatabaseOnDelete;
}

/**
 * Sets the relation to a value, or to what a function returns.
 *
 * @example
 * ForeignKey("auth.User", { onDelete: SET(() => sentinelUser().pk) })
 */
export function SET(value: unknown): OnDelete {
  return new OnDelete("SET", value);
}
