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

/**
 * Sets the relation to a value, or to what a function returns.
 *
 * @example
 * ForeignKey("auth.User", { onDelete: SET(() => sentinelUser().pk) })
 */
export function SET(value: unknown): OnDelete {
  return new OnDelete("SET", value);
}
