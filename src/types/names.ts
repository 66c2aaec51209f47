/** The names that a query may start with on a model: computed once per model, then indexed. */
import type { FactsOf } from "./facts.ts";
import type { AnyField, Field, Fields, FieldTypes } from "./fields.ts";
import type { NumberLookups } from "./lookups.ts";
import type { FieldsOf, InfoOf, LabelOf, LocalModel, ModelInfo, Target } from "./registry.ts";
import type { QueryNameOf, ReverseByQuery, ReverseOf, ReverseRelation } from "./relations.ts";
import type { types } from "./util.ts";

/** The primary key that a model gets when it declares none. */
export type AutoKey = Field<number, number, false, true, NumberLookups, "pk" | "auto">;

/** The name of the declared primary key; `"id"` where there is none. */
export type PkName<I extends ModelInfo> = [FieldNames<I["fields"]>["pk"]] extends [never]
  ? "id"
  : FieldNames<I["fields"]>["pk"];

/**
 * The names of fields by what they are: worked out once for each model, and only those that are asked for.
 *
 * `special`: all but plain columns: what is asked of fields is asked of these few; `forward`: relations that the model
 * declares; `foreign`: those with a column of their own; `many`: those to many objects; `pk`: the field with
 * `primaryKey: true`, or `never`; `chosen`: columns with `choices`; `dates`: dates and instants that cannot be null.
 */
export interface FieldNames<in out F extends Fields> {
  readonly special: { [K in keyof F & string]: F[K] extends PlainColumn ? never : K }[keyof F & string];
  readonly forward: {
    [K in FieldNames<F>["special"]]: F[K] extends AnyColumn ? never : K;
  }[FieldNames<F>["special"]];
  readonly foreign: {
    [K in FieldNames<F>["forward"]]: F[K] extends NoColumn ? never : K;
  }[FieldNames<F>["forward"]];
  readonly many: { [K in FieldNames<F>["forward"]]: F[K] extends Many ? K : never }[FieldNames<F>["forward"]];
  /** Relations to objects of any model. */
  readonly generic: {
    [K in FieldNames<F>["forward"]]: F[K] extends Generic ? K : never;
  }[FieldNames<F>["forward"]];
  readonly pk: { [K in FieldNames<F>["special"]]: F[K] extends Key ? K : never }[FieldNames<F>["special"]];
  readonly columns: Exclude<FieldNames<F>["special"], FieldNames<F>["forward"]>;
  readonly chosen: {
    [K in FieldNames<F>["columns"]]: F[K] extends Chosen ? K : never;
  }[FieldNames<F>["columns"]];
  readonly dates: {
    [K in FieldNames<F>["columns"]]: F[K] extends Dated ? K : never;
  }[FieldNames<F>["columns"]];
}

interface Key {
  readonly [types]: KeyKind;
}
interface KeyKind {
  flagged: { pk: true };
}
interface Chosen {
  readonly [types]: ChosenKind;
}
interface ChosenKind {
  flagged: { choices: true };
}
interface Dated {
  readonly [types]: DatedKind;
}
interface DatedKind {
  null: false;
  flagged: { date: true };
}
interface PlainColumn {
  readonly [types]: PlainKind;
}
interface PlainKind {
  kind: "column";
  flags: never;
}
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
interface Generic {
  readonly [types]: GenericKind;
}
interface GenericKind {
  kind: "generic";
}
interface NoColumn {
  readonly [types]: NoColumnKind;
}
interface NoColumnKind {
  kind: "m2m" | "generic";
}

/** The column behind a model's primary key, through a relation where the key is one. */
export type PkField<M> = FactsOf<M>["pkField"];

/** What {@link PkField} is worked out by. */
export type PkFieldIn<M> = [InfoOf<M>] extends [never]
  ? AnyKey
  : [FactsOf<M>["own"]["pk"]] extends [never]
    ? AutoKey
    : ColumnFor<M, FieldsOf<M>, FactsOf<M>["own"]["pk"]>;

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
export type SegmentNames<M> = FactsOf<M>["names"];

/** What {@link SegmentNames} is worked out by: any text where the model is not known. */
export type SegmentNamesIn<M> = [InfoOf<M>] extends [never]
  ? string
  : OwnNames<InfoOf<M>> | QueryNameOf<ReverseOf<M>>;

type OwnNames<I extends ModelInfo> =
  | (keyof I["fields"] & string)
  | PkName<I>
  | "pk"
  | `${FieldNames<I["fields"]>["foreign"]}_id`;

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
  : K extends keyof ReverseByQuery<M>
    ? ReverseHop<ReverseByQuery<M>[K]>
    : K extends "pk" | PkName<InfoOf<M>>
      ? Column<PkField<M>, false>
      : K extends `${infer H}_id`
        ? H extends FactsOf<M>["own"]["foreign"]
          ? H extends keyof F
            ? Column<RelationColumn<M, F[H][typeof types]>, F[H][typeof types]["null"]>
            : never
          : never
        : never;

/** Where a relation leads that the model declares. */
export type ForwardHop<M, T extends FieldTypes> = T["kind"] extends "m2m"
  ? Hop<Target<M, T["to"]>, true, true>
  : T["kind"] extends "generic"
    ? never
    : Hop<Target<M, T["to"]>, T["null"], false>;

/** Where a relation leads that another model declares. */
export type ReverseHop<E> = E extends ReverseRelation
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
