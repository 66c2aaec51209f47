/** The names that a query may start with on a model: computed once per model, then indexed. */
import type { AnyField, Field, Fields, FieldTypes } from "./fields.ts";
import type { NumberLookups } from "./lookups.ts";
import type { FieldsOf, InfoOf, LabelOf, LocalModel, ModelInfo, Target } from "./registry.ts";
import type { ReverseByQuery, ReverseOf, ReverseRelation } from "./relations.ts";
import type { types } from "./util.ts";

/** The primary key that a model gets when it declares none. */
export type AutoKey = Field<number, number, false, true, NumberLookups, "pk" | "auto">;

/** The name of the declared primary key; `"id"` where there is none. */
export type PkName<F extends Fields> = [DeclaredPk<F>] extends [never] ? "id" : DeclaredPk<F>;

/** The name of the field that was declared with `primaryKey: true`, or `never`. */
export type DeclaredPk<F extends Fields> = FieldNames<F>["pk"];

/** The names of the relations that a model declares. */
export type ForwardNames<F extends Fields> = FieldNames<F>["forward"];

/** The names of a model's relations that have a column of their own. */
export type ForeignNames<F extends Fields> = FieldNames<F>["foreign"];

/** The names of the relations that lead to many objects. */
export type ManyNames<F extends Fields> = FieldNames<F>["many"];

/** The names of columns with `choices`. */
export type ChosenNames<F extends Fields> = FieldNames<F>["chosen"];

/**
 * The names of fields by what they are. An interface, because the compiler works each property out once for each `F`,
 * where it would go through a mapped type at every use.
 */
interface FieldNames<F extends Fields> {
  readonly forward: {
    [K in keyof F & string]: F[K] extends AnyColumn ? never : K;
  }[keyof F & string];
  readonly foreign: {
    [K in ForwardNames<F>]: F[K] extends NoColumn ? never : K;
  }[ForwardNames<F>];
  readonly many: {
    [K in ForwardNames<F>]: F[K] extends Many ? K : never;
  }[ForwardNames<F>];
  readonly pk: "pk" extends FlagsAmong<F> ? NamesWith<F, "pk"> : never;
  readonly chosen: "choices" extends FlagsAmong<F> ? NamesWith<F, "choices"> : never;
}

/** The flags of all fields together: cheap, because fields of the same type are looked at once. */
type FlagsAmong<F extends Fields> = F[keyof F][typeof types]["flags"];

type NamesWith<F extends Fields, Flag> = {
  [K in keyof F & string]: Flag extends F[K][typeof types]["flags"] ? K : never;
}[keyof F & string];

interface AnyColumn {
  readonly [types]: ColumnKind;
}
interface ColumnKind {
  kind: "column";
}
interface Many {
  readonly [types]: ManyKind;
}
interface ManyKind {
  kind: "m2m";
}
interface NoColumn {
  readonly [types]: NoColumnKind;
}
interface NoColumnKind {
  kind: "m2m" | "generic";
}

/** The column behind a model's primary key, through a relation where the key is one. */
export type PkField<M> = [InfoOf<M>] extends [never] ? AnyKey : PkFieldIn<M, FieldsOf<M>>;

type PkFieldIn<M, F extends Fields> = [DeclaredPk<F>] extends [never]
  ? AutoKey
  : ColumnFor<M, F, DeclaredPk<F>>;

/** A key of a model that is not known. */
export type AnyKey = Field<
  number | string,
  number | string | bigint,
  false,
  true,
  NumberLookups<number | string | bigint, number | string>,
  string
>;

/** The column behind field `K`: itself, or the column that the relation `K` refers to. */
export type ColumnFor<M, F extends Fields, K> = K extends keyof F
  ? F[K][typeof types]["kind"] extends "column"
    ? F[K]
    : RelationColumn<M, F[K][typeof types]>
  : never;

/** The column that a relation's `x_id` holds: the target's primary key, or its `toField`. */
export type RelationColumn<M, T extends FieldTypes> = T["options"] extends {
  readonly toField: infer To extends string;
}
  ? To extends "id" | "pk"
    ? PkField<Target<M, T["to"]>>
    : [InfoOf<Target<M, T["to"]>>] extends [never]
      ? AnyKey
      : ColumnFor<Target<M, T["to"]>, FieldsOf<Target<M, T["to"]>>, To>
  : PkField<Target<M, T["to"]>>;

/** What a column holds. */
export type OutOf<C> = C extends AnyField ? C[typeof types]["out"] : never;

/** What a column takes. */
export type InOf<C> = C extends AnyField ? C[typeof types]["in"] : never;

/** The value of a model's primary key. */
export type PkOf<M> = OutOf<PkField<M>>;

/** What is taken for a model's primary key. */
export type PkInOf<M> = InOf<PkField<M>>;

/** A segment of a path that leads to another model. */
export interface Hop<To, Null extends boolean = boolean, Many extends boolean = boolean> {
  readonly hop: To;
  readonly null: Null;
  readonly many: Many;
}

/** A column as a segment: nullable where the relation is. */
export interface Column<C, Null> {
  readonly column: C;
  readonly null: Null;
}

/** The first segments on a model. */
export type SegmentNames<M> = OwnNames<FieldsOf<M>> | ReverseOf<M>["query"];

type OwnNames<F extends Fields> = (keyof F & string) | PkName<F> | "pk" | `${ForeignNames<F>}_id`;

/**
 * What a path may start with on a model: a column, a hop to another model, or `never`.
 *
 * @example `Segment<"testapp.Pizza", "box">` is `Hop<"testapp.Box", true, false>`; `"box_id"` gives a `Column`
 */
export type Segment<M, K> = SegmentIn<M, FieldsOf<M>, K>;

type SegmentIn<M, F extends Fields, K> = K extends keyof F
  ? F[K][typeof types]["kind"] extends "column"
    ? Column<F[K], F[K][typeof types]["null"]>
    : ForwardHop<M, F[K][typeof types]>
  : K extends "pk" | PkName<F>
    ? Column<PkField<M>, false>
    : K extends keyof ReverseByQuery<M>
      ? ReverseHop<ReverseByQuery<M>[K]>
      : K extends `${infer H}_id`
        ? H extends ForeignNames<F>
          ? Column<RelationColumn<M, F[H][typeof types]>, F[H][typeof types]["null"]>
          : never
        : never;

type ForwardHop<M, T extends FieldTypes> = T["kind"] extends "m2m"
  ? Hop<Target<M, T["to"]>, true, true>
  : T["kind"] extends "generic"
    ? never
    : Hop<Target<M, T["to"]>, T["null"], false>;

type ReverseHop<E> = E extends ReverseRelation
  ? Hop<E["from"], true, E["kind"] extends "o2o" ? false : true>
  : never;

/** `true` for a model whose app is not registered and whose declaration is not at hand. */
export type IsForeign<M> = [InfoOf<M>] extends [never] ? true : false;

/** What error texts list: fields and columns by name, without `pk`. */
export type ChoiceNames<M> = Exclude<SegmentNames<M>, "pk">;

/** What error texts add where reverse relations cannot be known. */
export type LocalHint<M> =
  M extends LocalModel<infer I extends ModelInfo>
    ? `. Relations to ${I["label"]} are known once its app is in the interface Apps`
    : "";

/** The name of a model for error texts. */
export type ModelText<M> = LabelOf<M> & string;
