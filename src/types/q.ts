import type { BooleanExpression } from "./where.ts";

declare const where: unique symbol;

/** The conditions of two `Q`s together. */
export type MergeWhere<W, W2> = {
  [K in keyof W | keyof W2]: (K extends keyof W ? W[K] : never) | (K extends keyof W2 ? W2[K] : never);
};

/**
 * A condition that can be negated and combined. Django: "Complex lookups with Q objects".
 *
 * @example
 * ```ts
 * Pizza.objects.filter(Q({ name: "a" }).or(Q({ box__name: "b" })).not());
 * // ... WHERE NOT (name = 'a' OR box.name = 'b')
 * ```
 */
// `NoInfer`, here and in `Model.Q`: where a `Q` is an argument, the compiler would otherwise infer `W` from all that the
// method could take, too, and so work out all names of the model; it finds `W` in what was written
export interface Q<W = unknown> {
  readonly [where]: W;
  /** Both conditions hold; `&` in Django. */
  and<W2>(other: Q<W2>): NoInfer<Q<MergeWhere<W, W2>>>;
  and(other: BooleanExpression): Q<W>;
  /** At least one holds; `|` in Django. */
  or<W2>(other: Q<W2>): NoInfer<Q<MergeWhere<W, W2>>>;
  or(other: BooleanExpression): Q<W>;
  /** Exactly one holds; `^` in Django. */
  xor<W2>(other: Q<W2>): NoInfer<Q<MergeWhere<W, W2>>>;
  xor(other: BooleanExpression): Q<W>;
  /** The condition does not hold; `~` in Django. */
  not(): Q<W>;
}

/**
 * Makes a {@link Q}. Its names are checked where it is used; `Pizza.Q({...})` checks them where it stands.
 *
 * @param conditions lookups that must all hold, other `Q`s, or conditions such as `Exists(...)`
 * @throws `ArgumentTypeError` for a value that is `undefined`
 */
export interface QFactory {
  <W extends object = Record<never, never>>(conditions?: W): Q<W>;
  <W, W2 extends object = Record<never, never>>(
    first: Q<W> | BooleanExpression,
    conditions?: W2,
  ): NoInfer<Q<MergeWhere<W, W2>>>;
}
