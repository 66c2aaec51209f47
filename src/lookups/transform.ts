import type { Expression } from "../expressions/base.ts";
import { Func } from "../expressions/func.ts";
import {
  classLookups,
  type RegisteredLookup,
  registerLookup,
  unregisterLookup,
} from "../fields/lookup-registry.ts";
import type { TransformClass } from "./lookup.ts";

/**
 * A function of one value that can be part of a lookup: `filter({ name__upper__startswith: "A" })`.
 *
 * A subclass sets `static lookupName` and `static function`, and is made known with `CharField.registerLookup`.
 * With `static bilateral = true` the right side is transformed, too.
 *
 * @example
 * class AbsoluteValue extends Transform {
 *   static override readonly lookupName = "abs";
 *   static override readonly function = "ABS";
 * }
 * IntegerField.registerLookup(AbsoluteValue);   // filter({ change__abs__lt: 27 })
 *
 * Django: Custom Lookups, transformers.
 */
export class Transform extends Func {
  static readonly lookupKind = "transform";
  static override readonly arity: number | null = 1;
  /** The name in a lookup. */
  static readonly lookupName: string | null = null;
  /** Applies to both sides of a comparison. */
  static readonly bilateral: boolean = false;

  /** Makes a lookup or transform known behind this transform alone: `Length.registerLookup(Between)`. */
  static registerLookup<L extends RegisteredLookup>(lookup: L, name?: string): L {
    return registerLookup(this.prototype.constructor, lookup, name);
  }

  /** Takes it away again. */
  static unregisterLookup(lookup: RegisteredLookup, name?: string): void {
    unregisterLookup(this.prototype.constructor, lookup, name);
  }

  get lookupName(): string | null {
    return (this.constructor as typeof Transform).lookupName;
  }

  get lhs(): Expression {
    return this.expressions[0] as Expression;
  }

  getBilateralTransforms(): TransformClass[] {
    const { getBilateralTransforms } = this.lhs as { getBilateralTransforms?: () => TransformClass[] };
    const inner = getBilateralTransforms?.call(this.lhs) ?? [];
    if (!(this.constructor as typeof Transform).bilateral) return inner;
    return [...inner, this.constructor as TransformClass];
  }

  override getLookup(name: string): unknown {
    const own = classLookups(this.constructor).get(name);
    if (own === undefined) return this.outputField.getLookup(name);
    return own.lookupKind === "lookup" ? own : null;
  }

  override getTransform(name: string): unknown {
    const own = classLookups(this.constructor).get(name);
    if (own === undefined) return this.outputField.getTransform(name);
    return own.lookupKind === "transform" ? own : null;
  }
}
