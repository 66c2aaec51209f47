/** Schemas of a model: what the values of a new object, or of a change, must be. */
import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import type { Fields, FieldTypes } from "./fields.ts";
import type { InOf, OutOf, PkInOf, PkOf, RelationColumn } from "./names.ts";
import type { KeyOf, ModelInfo, Target } from "./registry.ts";
import type { Nullable, Simplify, types } from "./util.ts";

/** What is wrong with a value. */
export interface SchemaIssue extends StandardSchemaV1.Issue {
  /** The message of the validation, as `fullClean` has it. */
  readonly message: string;
  /** The code of the `ValidationError`: `"blank"`, `"max_length"`. */
  readonly code: string | null;
  /** The key of the value, and the place in the list of a many-to-many relation; none for the whole. */
  readonly path?: readonly PropertyKey[];
}

/** What validation gives: the values, or what is wrong. */
export type SchemaResult<Out> =
  | { readonly value: Out; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** A JSON Schema. */
export type JsonSchema = Record<string, unknown>;

/** The options of `validate`; those of the Standard Schema are not used. */
type Options = StandardSchemaV1.Options | undefined;

/** What every schema has, whether it asks the database or not. */
interface SchemaBase<In, Out, Result> {
  readonly "~standard": Omit<StandardSchemaV1.Props<In, Out>, "validate"> &
    StandardJSONSchemaV1.Props<In, Out> & {
      readonly validate: (value: unknown, options?: Options) => Result;
    };

  /**
   * Checks and converts values.
   *
   * @example `Pizza.schema.create.validate({ name: "" }) // { issues: [{ path: ["name"], code: "blank", ... }] }`
   */
  validate(value: unknown): Result;

  /** The values that it takes as JSON Schema, draft 2020-12. */
  jsonSchema(): JsonSchema;
}

/** A schema that looks at the values alone. */
export interface ModelSchema<In, Out> extends SchemaBase<In, Out, SchemaResult<Out>> {
  /** Only these keys. */
  pick<K extends keyof In & keyof Out>(...names: readonly K[]): ModelSchema<Pick<In, K>, Pick<Out, K>>;
  /** All but these keys. */
  omit<K extends keyof In & keyof Out>(...names: readonly K[]): ModelSchema<Omit<In, K>, Omit<Out, K>>;
  /** Drops keys that it does not know, instead of refusing them. */
  ignoreUnknown(): ModelSchema<In, Out>;
}

/** A schema that also asks the database. */
export interface AsyncModelSchema<In, Out> extends SchemaBase<In, Out, Promise<SchemaResult<Out>>> {
  /** Only these keys. */
  pick<K extends keyof In & keyof Out>(...names: readonly K[]): AsyncModelSchema<Pick<In, K>, Pick<Out, K>>;
  /** All but these keys. */
  omit<K extends keyof In & keyof Out>(...names: readonly K[]): AsyncModelSchema<Omit<In, K>, Omit<Out, K>>;
  /** Drops keys that it does not know, instead of refusing them. */
  ignoreUnknown(): AsyncModelSchema<In, Out>;
}

/** The key of a field in a schema: `box_id` of a relation to one object; `never` for what people do not write. */
type SchemaKey<K, T extends FieldTypes> = [Extract<T["flags"], "auto" | "fixed">] extends [never]
  ? T["kind"] extends "column" | "m2m"
    ? K
    : T["kind"] extends "fk" | "o2o"
      ? T["options"] extends { readonly parentLink: true }
        ? never
        : `${K & string}_id`
      : never
  : never;

type SchemaValue<M, T extends FieldTypes, Side extends "in" | "out"> = T["kind"] extends "column"
  ? Nullable<T[Side], T["null"]>
  : T["kind"] extends "m2m"
    ? readonly (Side extends "in" ? PkInOf<Target<M, T["to"]>> : PkOf<Target<M, T["to"]>>)[]
    : Nullable<Side extends "in" ? InOf<RelationColumn<M, T>> : OutOf<RelationColumn<M, T>>, T["null"]>;

type Values<M, F extends Fields, Side extends "in" | "out", Optional extends boolean> = {
  [K in keyof F as F[K][typeof types]["optional"] extends Optional
    ? SchemaKey<K, F[K][typeof types]>
    : never]: SchemaValue<M, F[K][typeof types], Side>;
};

type OrUndefined<T> = { [K in keyof T]?: T[K] | undefined };

/** What the schema of a new object takes. */
export type CreateInput<Info extends ModelInfo> = Simplify<
  Values<KeyOf<Info>, Info["fields"], "in", false> &
    OrUndefined<Values<KeyOf<Info>, Info["fields"], "in", true>>
>;

/** What the schema of a new object gives: the constructor takes it, but for many-to-many relations. */
export type CreateOutput<Info extends ModelInfo> = Simplify<
  Values<KeyOf<Info>, Info["fields"], "out", false> &
    Partial<Values<KeyOf<Info>, Info["fields"], "out", true>>
>;

/** What the schema of a change takes. */
export type UpdateInput<Info extends ModelInfo> = Simplify<
  OrUndefined<Values<KeyOf<Info>, Info["fields"], "in", boolean>>
>;

/** What the schema of a change gives. */
export type UpdateOutput<Info extends ModelInfo> = Simplify<
  Partial<Values<KeyOf<Info>, Info["fields"], "out", boolean>>
>;

/**
 * The schemas of a model, for whatever takes a [Standard Schema](https://standardschema.dev).
 *
 * Keys are the fields that people may write (`editable`, no automatic keys): relations as `box_id` with the other
 * object's key, many-to-many relations as lists of keys. Values are converted as in `fullClean`.
 */
export interface ModelSchemas<Info extends ModelInfo> {
  /** The values of a new object. */
  readonly create: ModelSchema<CreateInput<Info>, CreateOutput<Info>>;
  /** The values of a change: any of them. */
  readonly update: ModelSchema<UpdateInput<Info>, UpdateOutput<Info>>;
  /** {@link create} that also does what needs the object and the database: `clean()`, unique fields, constraints, and whether related objects exist. */
  readonly acreate: AsyncModelSchema<CreateInput<Info>, CreateOutput<Info>>;
  /** {@link update} of an object, that also asks the database, as {@link acreate} does. The object is left as it is. */
  aupdate(instance: object): AsyncModelSchema<UpdateInput<Info>, UpdateOutput<Info>>;
}
