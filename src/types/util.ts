/** Small type-level tools that know nothing of models. */

/** The key under which a type carries what only the compiler needs. Nothing is stored under it. */
export declare const types: unique symbol;

declare const message: unique symbol;

/**
 * A type that nothing is assignable to, whose name says what went wrong.
 *
 * @example
 * ```ts
 * Pizza.objects.filter({ nam: "x" });
 * // Type 'string' is not assignable to type
 * // 'FieldError<"Cannot resolve keyword 'nam' into field. Choices are: box, id, name">'
 * ```
 */
export interface FieldError<Message extends string> {
  readonly [message]: Message;
}

/**
 * Shows an intersection of object types as one object type.
 *
 * @example `Simplify<{ a: 1 } & { b: 2 }>` is `{ a: 1; b: 2 }`
 */
export type Simplify<T> = { [K in keyof T]: T[K] } & {};

/** The last member of a union, as the compiler orders it. Used for error texts only. */
type LastOf<U> = (U extends unknown ? (x: () => U) => void : never) extends (x: infer I) => void
  ? I extends () => infer Last
    ? Last
    : never
  : never;

/**
 * The members of a union of strings as one string.
 *
 * @example `Join<"a" | "b">` is `"a, b"`
 */
export type Join<U, Text extends string = ""> = [U] extends [never]
  ? Text
  : LastOf<U> extends infer Last extends string
    ? Join<Exclude<U, Last>, Text extends "" ? Last : `${Last}, ${Text}`>
    : Text;

/**
 * `X`, which the compiler does not look into while `P` is not known. It stands where a result type follows a path:
 * inferring `P` from the result would never end.
 *
 * @example `Later<P, PathValue<M, A, P>>`
 */
export type Later<P, X> = { [K in P extends unknown ? "x" : never as `~${K}`]: X }["~x"];

/** A property of a map, `never` where it has none. Of a map that is known, the compiler would check each key against all. */
export type At<Map, K> = Map[K & keyof Map];

/**
 * `true` when a type is exactly `any` or `unknown`.
 *
 * @example `IsUnknown<unknown>` is `true`
 */
export type IsUnknown<T> = unknown extends T ? true : false;

/**
 * `O`, refused where it has other keys than `Keys`: for options whose type is inferred.
 *
 * @example `declare function f<const O extends Opts>(options: Exactly<O, keyof Opts>): void`
 */
export type Exactly<O, Keys> = keyof O extends Keys ? O : Extra<O, Keys>;

type Extra<O, Keys> = {
  readonly [K in Exclude<keyof O, Keys>]: FieldError<`Unknown option '${K & string}'`>;
};

/**
 * A path with its first segment. A conditional type, so that the compiler need not prove that `Rest` is text.
 *
 * @example `Under<"box", "name" | "id">` is `"box__name" | "box__id"`
 */
export type Under<H extends string, Rest> = Rest extends string ? `${H}__${Rest}` : never;

/**
 * `T | null` where `N` is `true`.
 *
 * @example `Nullable<string, true>` is `string | null`
 */
export type Nullable<T, N> = N extends true ? T | null : T;
