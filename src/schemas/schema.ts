/** The schemas of a model: `Pizza.schema`. */
import { ArgumentTypeError } from "../errors.ts";
import { runAsync } from "../execute/run.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import type { JsonSchema, SchemaResult } from "../types/index.ts";
import { repr } from "../util/repr.ts";
import { checkValues, type Scope } from "./check.ts";
import { checkInDatabase } from "./database.ts";
import { writtenFields } from "./fields.ts";
import { jsonSchemaOf } from "./json-schema.ts";

type Validate = (input: unknown, scope: Scope) => SchemaResult<unknown> | Promise<SchemaResult<unknown>>;

/** Which keys a schema has. */
type Selection = (key: string) => boolean;

/** A schema, whose fields are looked up when it is used: the model's relations may not be known before. */
class Schema {
  readonly #opts: Options;
  readonly #partial: boolean;
  readonly #validate: Validate;
  readonly #selected: Selection;
  readonly #ignoreUnknown: boolean;

  constructor(
    opts: Options,
    partial: boolean,
    validate: Validate,
    selected: Selection = () => true,
    ignoreUnknown = false,
  ) {
    this.#opts = opts;
    this.#partial = partial;
    this.#validate = validate;
    this.#selected = selected;
    this.#ignoreUnknown = ignoreUnknown;
  }

  get #scope(): Scope {
    const fields = [...writtenFields(this.#opts)].filter(([key]) => this.#selected(key));
    return {
      opts: this.#opts,
      fields: new Map(fields),
      partial: this.#partial,
      ignoreUnknown: this.#ignoreUnknown,
    };
  }

  get "~standard"() {
    const jsonSchema = ({ target }: { readonly target: string }) => jsonSchemaOf(this.#scope, target);
    return {
      version: 1,
      vendor: "asgimod",
      validate: (value: unknown) => this.validate(value),
      jsonSchema: { input: jsonSchema, output: jsonSchema },
    } as const;
  }

  validate(value: unknown): ReturnType<Validate> {
    return this.#validate(value, this.#scope);
  }

  jsonSchema(): JsonSchema {
    return jsonSchemaOf(this.#scope, "draft-2020-12");
  }

  pick(...names: readonly string[]): Schema {
    return this.#with(this.#checked(names), true);
  }

  omit(...names: readonly string[]): Schema {
    return this.#with(this.#checked(names), false);
  }

  ignoreUnknown(): Schema {
    return new Schema(this.#opts, this.#partial, this.#validate, this.#selected, true);
  }

  #checked(names: readonly string[]): ReadonlySet<string> {
    const known = writtenFields(this.#opts);
    const unknown = names.filter((name) => !known.has(name));
    if (unknown.length > 0) {
      throw new ArgumentTypeError(
        `The schema of ${this.#opts.objectName} has no ${unknown.map(repr).join(", ")}. Choices are: ` +
          `${[...known.keys()].join(", ")}.`,
      );
    }
    return new Set(names);
  }

  #with(names: ReadonlySet<string>, wanted: boolean): Schema {
    const selected = (key: string) => this.#selected(key) && names.has(key) === wanted;
    return new Schema(this.#opts, this.#partial, this.#validate, selected, this.#ignoreUnknown);
  }
}

const inMemory: Validate = (input, scope) => {
  const { values, issues } = checkValues(input, scope);
  return issues.length > 0 ? { issues } : { value: values };
};

const inDatabase =
  (instance: ModelInstance | null): Validate =>
  (input, scope) =>
    runAsync(checkInDatabase(input, scope, instance));

/** What `Pizza.schema` is. */
class Schemas {
  readonly #opts: Options;
  readonly create: Schema;
  readonly update: Schema;
  readonly acreate: Schema;

  constructor(opts: Options) {
    this.#opts = opts;
    this.create = new Schema(opts, false, inMemory);
    this.update = new Schema(opts, true, inMemory);
    this.acreate = new Schema(opts, false, inDatabase(null));
  }

  aupdate(instance: unknown): Schema {
    if (!(instance instanceof this.#opts.rootClass)) {
      throw new ArgumentTypeError(`'${this.#opts.objectName}' instance expected, got ${repr(instance)}`);
    }
    return new Schema(this.#opts, true, inDatabase(instance as ModelInstance));
  }
}

const known = new WeakMap<Options, Schemas>();

export function schemasOf(opts: Options): Schemas {
  if (opts.abstract) throw new ArgumentTypeError(`No schema is available; ${opts.objectName} is abstract`);
  let schemas = known.get(opts);
  if (schemas === undefined) {
    schemas = new Schemas(opts);
    known.set(opts, schemas);
  }
  return schemas;
}
