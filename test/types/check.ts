/** Says that an expression has exactly a type; compiled, never run. */

/** `true` where two types are the same. */
export type Eq<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** `is<string>()(pizza.name)` compiles only when the value's type is exactly `string`. */
export declare function is<A>(): <B>(b: B, ...ok: Eq<A, B> extends true ? [] : [never]) => void;
