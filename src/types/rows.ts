/** The rows that `values`, `valuesList`, `annotate` and `aggregate` give, and the checks of their arguments. */
import type { AnyExpression, CheckedExpression, CheckedExpressions, ExpressionValue } from "./expressions.ts";
import type { Column, IsForeign, Segment, SegmentNames } from "./names.ts";
import type { AutoPath, OrderPath, PathValue } from "./paths.ts";
import type { Q } from "./q.ts";
import type { Empty } from "./queryset.ts";
import type { FieldError, Later, Simplify, types } from "./util.ts";

/** Expressions by name; a `Q` is one that is true or false. */
export type Named = Readonly<Record<string, AnyExpression | Q>>;

/**
 * The arguments themselves where all are good, otherwise a list of what each could be, as `Good` says of any of them.
 * They are looked at together: one type for each, in a mapped tuple, would be made anew at every step of inference.
 * `Later` keeps the compiler from listing all choices before it knows an argument; the editor, which asks for them,
 * gets them all the same.
 */
export type Checked<P extends readonly unknown[], Good> = [UnionOf<P>] extends [Good]
  ? P
  : readonly Later<P, Good>[];

/** Arguments that are paths. */
export type PathArgs<M, A, P extends readonly string[]> = Checked<P, AutoPath<M, A, UnionOf<P>>>;

/** A path, or what it could be. */
export type PathArg<M, A, P extends string> = P extends AutoPath<M, A, P> ? P : Later<P, AutoPath<M, A, P>>;

/** The arguments of `orderBy`. */
export type OrderArgs<M, A, P extends readonly unknown[]> = Checked<P, OrderArg<M, A, UnionOf<P>>>;

type OrderArg<M, A, P> = P extends string ? OrderPath<M, A, P> : CheckedExpression<M, A, P>;

/** The arguments of `values`: paths, and expressions by name. */
export type ValuesArgs<M, A, P extends readonly unknown[]> = Checked<P, ValuesArg<M, A, UnionOf<P>>>;

type ValuesArg<M, A, P> = P extends string
  ? AutoPath<M, A, P>
  : P extends AnyExpression<unknown>
    ? CheckedExpression<M, A, P>
    : CheckedExpressions<M, A, P, TakenNames<M>>;

/** The options of `valuesList`. */
export interface ValuesListOptions {
  /** Rows are the one value. */
  flat?: boolean;
  /** Rows are tuples with names. */
  named?: boolean;
}

/** The arguments of `valuesList`: paths, expressions, and the options in the last place. */
export type ValuesListArgs<M, A, P extends readonly unknown[]> = Checked<P, ValuesListArg<M, A, UnionOf<P>>>;

type ValuesListArg<M, A, P> = P extends string
  ? AutoPath<M, A, P>
  : P extends AnyExpression<unknown>
    ? CheckedExpression<M, A, P>
    : P;

/** The arguments of `annotate`, `alias` and `aggregate`: expressions by name, or aggregates that name themselves. */
export type AnnotationArgs<M, A, P extends readonly unknown[], Taken> = Checked<
  P,
  AnnotationArg<M, A, UnionOf<P>, Taken>
>;

type AnnotationArg<M, A, E, Taken> =
  E extends AnyExpression<unknown>
    ? [E[typeof types]["alias"]] extends [never]
      ? FieldError<"Complex expressions require an alias: { name: expression }">
      : CheckedExpression<M, A, E>
    : CheckedExpressions<M, A, E, Taken>;

/** The names that an annotation may not take. */
export type TakenNames<M> = IsForeign<M> extends true ? never : SegmentNames<M>;

type UnionOf<P extends readonly unknown[]> = P[number];

/** The annotations that the arguments `P` add. */
export type AnnotationsOf<M, A, P extends readonly unknown[]> = Later<P, AnnotationsIn<M, A, UnionOf<P>>>;

type AnnotationsIn<M, A, E> = [E] extends [Named]
  ? NamedValues<M, A, E>
  : Simplify<
      {
        [X in Extract<E, AnyExpression<unknown>> as X[typeof types]["alias"]]: ExpressionValue<M, A, X>;
      } & NamedValues<M, A, Exclude<E, AnyExpression | string>>
    >;

type NamedValues<M, A, E> = [E] extends [never]
  ? unknown
  : {
      [K in E extends unknown ? keyof E : never]: E extends unknown
        ? K extends keyof E
          ? ExpressionValue<M, A, E[K]>
          : never
        : never;
    };

/** The row of `values(...P)`. */
export type ValuesRow<M, A, P extends readonly unknown[]> = Later<P, ValuesRowOf<M, A, P>>;

type ValuesRowOf<M, A, P extends readonly unknown[]> = P extends readonly []
  ? Simplify<AllColumns<M> & A>
  : P extends readonly string[]
    ? { [K in P[number]]: PathValue<M, A, K> }
    : Simplify<
        { [K in Extract<UnionOf<P>, string>]: PathValue<M, A, K> } & AnnotationsIn<
          M,
          A,
          Exclude<UnionOf<P>, string>
        >
      >;

/** The annotations after `values(...P)`. */
export type ValuesAnnotations<M, A, P extends readonly unknown[]> = P extends readonly string[]
  ? A
  : A & AnnotationsOf<M, A, P>;

/** All columns of a model by attribute name. */
export type AllColumns<M> =
  IsForeign<M> extends true
    ? Record<string, unknown>
    : {
        [K in SegmentNames<M> as K extends "pk"
          ? never
          : Segment<M, K> extends Column<unknown, boolean>
            ? K
            : never]: PathValue<M, Empty, K>;
      };

/** The row of `valuesList(...P)`: a tuple, one value, or a tuple with names. */
export type ValuesListRow<M, A, P extends readonly unknown[]> = Later<P, ValuesListRowOf<M, A, P>>;

type ValuesListRowOf<M, A, P extends readonly unknown[]> = P extends readonly [...infer H, infer L]
  ? L extends { readonly flat: true }
    ? FlatRow<M, A, H>
    : L extends { readonly named: true }
      ? TupleRow<M, A, H> & Readonly<ValuesRow<M, A, H>>
      : L extends string | AnyExpression
        ? TupleRow<M, A, P>
        : TupleRow<M, A, H>
  : P extends readonly []
    ? unknown[]
    : PathValue<M, A, P[number]>[];

type FlatRow<M, A, H extends readonly unknown[]> = H extends readonly [infer P]
  ? ItemValue<M, A, P>
  : unknown;

type TupleRow<M, A, P extends readonly unknown[]> = P extends readonly []
  ? unknown[]
  : { -readonly [I in keyof P]: ItemValue<M, A, P[I]> };

type ItemValue<M, A, P> = P extends string ? PathValue<M, A, P> : ExpressionValue<M, A, P>;
