import { type Adapt, CONSTANT, Param } from "./sql.ts";

/** Checks and canonicalises a user's value when the queryset is chained. */
export type Prepare = (value: unknown) => unknown;

/**
 * A user's value in a query template: which of the queryset's values it is, and an example of it.
 *
 * The example is the value of the call that made the template. Only what is part of the shape key may be read
 * off it: that it is null, a boolean, a list with values or with nulls in it. Everything else comes from the values at run time.
 */
export class Bound {
  readonly slot: number;
  readonly value: unknown;
  /** Set by the first expression or lookup that takes the value: run at each chained call. */
  prepare: Prepare | null;

  constructor(slot: number, value: unknown, prepare: Prepare | null = null) {
    this.slot = slot;
    this.value = value;
    this.prepare = prepare;
  }

  /** This value in a query whose values begin `by` places later. */
  shifted(by: number): Bound {
    return this.slot < 0 ? this : new Bound(this.slot + by, this.value, this.prepare);
  }

  param(adapt: Adapt, index = -1): Param {
    return this.slot < 0
      ? new Param(CONSTANT, index < 0 ? this.value : (this.value as unknown[])[index], adapt)
      : new Param(this.slot, this.value, adapt, index);
  }
}

/** A value that belongs to the shape itself. */
export function constantBound(value: unknown): Bound {
  return new Bound(CONSTANT, value);
}

/**
 * Thrown while values are bound: for this value the statement itself is another one. The plan is made anew for
 * these very values, and not kept.
 */
export class PlanDependsOnValue extends Error {}
