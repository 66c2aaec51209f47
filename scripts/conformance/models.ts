/** Builds the models of a `schema.json` through the public API. */
import { applyChain, createContext } from "./chain.ts";
import { type DecodeContext, decode, decodeObject, options } from "./expressions.ts";
import type { ColourName } from "./flow.ts";
import {
  camelCase,
  isRecord,
  type Schema,
  type SchemaField,
  type SchemaManager,
  type SchemaModel,
  Unsupported,
} from "./format.ts";
import { type AnyClass, type AnyFunction, exported, type Library, make, method } from "./library.ts";

/** How an attribute that is a relation is read. */
export type RelationKind = "single" | "many";

interface BuiltModel {
  readonly label: string;
  readonly cls: AnyClass;
  readonly schema: SchemaModel;
  readonly defaultManager: string;
  readonly relations: ReadonlyMap<string, RelationKind>;
}

/** The models of all apps of a directory, and why some could not be built. */
export class ModelSet {
  readonly models = new Map<string, BuiltModel>();
  readonly unsupported = new Map<string, string>();
  readonly #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  /** Builds the models of an app, bases first. What cannot be built takes along what refers to it. */
  addApp(schema: Schema): void {
    const labels = new Map(
      schema.models.map((model) => [`${schema.app}.${model.name}`.toLowerCase(), model]),
    );
    const failed = this.#findUnsupported(schema, labels);
    for (const model of schema.models) {
      const label = `${schema.app}.${model.name}`;
      const reason = failed.get(label.toLowerCase());
      if (reason !== undefined) {
        this.unsupported.set(label, reason);
        continue;
      }
      try {
        this.#build(schema, model, labels);
      } catch (error) {
        this.unsupported.set(label, error instanceof Error ? error.message : String(error));
      }
    }
  }

  find(label: string): AnyClass | undefined {
    return this.models.get(label)?.cls;
  }

  get(label: string): BuiltModel {
    const found = this.models.get(label);
    if (found) return found;
    const reason = this.unsupported.get(label);
    throw new Unsupported(reason ? `model ${label}: ${reason}` : `there is no model ${label}`);
  }

  /** The named manager of a model, or its default one, in a colour. */
  manager(label: string, name: string | undefined, colour: ColourName): unknown {
    const model = this.get(label);
    const wanted = name ?? model.defaultManager;
    const manager = (model.cls as unknown as Record<string, unknown>)[
      colour === "sync" ? wanted : `a${wanted}`
    ];
    if (manager === undefined) throw new Unsupported(`${label} has no manager ${wanted}`);
    return manager;
  }

  /** The classes of an app by name, for `configure({ apps })`. */
  classesOf(app: string): Record<string, AnyClass> {
    const own = [...this.models.values()].filter((model) => model.label.startsWith(`${app}.`));
    return Object.fromEntries(own.map((model) => [model.schema.name, model.cls]));
  }

  #context(): DecodeContext {
    return createContext(this.#library, this, "sync");
  }

  /** Models with a field that the package lacks, and all that refer to them. */
  #findUnsupported(schema: Schema, labels: ReadonlyMap<string, SchemaModel>): Map<string, string> {
    const failed = new Map<string, string>();
    for (const [label, model] of labels) {
      const missing = model.fields.find((field) => this.#library[field.type] === undefined);
      if (missing) failed.set(label, `the package does not export ${missing.type}`);
      if ((model.bases ?? []).length > 1) failed.set(label, "several bases");
    }
    for (let size = -1; size !== failed.size; ) {
      size = failed.size;
      for (const [label, model] of labels) {
        if (failed.has(label)) continue;
        const bases = model.bases ?? [];
        const targets = model.fields.flatMap(({ kwargs }) => [kwargs["to"], kwargs["through"]]);
        for (const target of [...bases, ...targets]) {
          const key = String(target).toLowerCase();
          if (failed.has(key)) failed.set(label, `needs ${schema.app} model ${key}, which is unsupported`);
        }
      }
    }
    return failed;
  }

  #build(schema: Schema, model: SchemaModel, labels: ReadonlyMap<string, SchemaModel>): void {
    const label = `${schema.app}.${model.name}`;
    const properName = (target: unknown): unknown => {
      const key = String(target).toLowerCase();
      const found = labels.get(key);
      if (found) return `${schema.app}.${found.name}`;
      return [...this.models.keys()].find((other) => other.toLowerCase() === key) ?? target;
    };
    const fields: Record<string, unknown> = {};
    for (const field of model.fields) {
      if (this.#isImplicit(field, schema)) continue;
      fields[field.name] = this.#field(withColumn(field), properName);
    }
    const meta = this.#meta(model);
    const base = model.bases?.[0];
    const parent = (
      base === undefined
        ? make(this.#library, "Model", [label, fields, meta])
        : method(this.get(String(properName(base))).cls, "extend")(label, fields, meta)
    ) as new (
      ...args: unknown[]
    ) => object;
    const cls = { [model.name]: class extends parent {} }[model.name] as AnyClass;
    this.models.set(label, {
      label,
      cls,
      schema: model,
      defaultManager: model.resolved.default_manager ?? "objects",
      relations: relationsOf(schema, model, labels),
    });
  }

  /** The automatic key and the automatic link to the parent are left to the library, as users do. */
  #isImplicit(field: SchemaField, schema: Schema): boolean {
    if (field.kwargs["auto_created"] !== true) return false;
    if (field.kwargs["parent_link"] === true) return true;
    const byDefault = String(schema.settings["DEFAULT_AUTO_FIELD"] ?? "BigAutoField");
    return field.name === "id" && byDefault.endsWith(`.${field.type}`);
  }

  #field(field: SchemaField, properName: (target: unknown) => unknown): unknown {
    const context = this.#context();
    const args = decode(field.args ?? [], context) as unknown[];
    if (field.type === "CompositePrimaryKey") return make(this.#library, field.type, args);
    const { to, auto_created, serialize, ...kwargs } = field.kwargs;
    if (to !== undefined) args.push(to === "self" ? "self" : properName(to));
    const given: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(kwargs)) {
      if (key === "on_delete") given["onDelete"] = this.#onDelete(value, context);
      else if (key === "through") given["through"] = properName(value);
      else given[camelCase(key)] = decode(value, context);
    }
    return make(this.#library, field.type, Object.keys(given).length > 0 ? [...args, given] : args);
  }

  #onDelete(value: unknown, context: DecodeContext): unknown {
    if (isRecord(value) && Object.hasOwn(value, "$set")) {
      return make(this.#library, "SET", [decode(value["$set"], context)]);
    }
    return exported(this.#library, String(value));
  }

  #meta(model: SchemaModel): Record<string, unknown> {
    const context = this.#context();
    const meta: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(model.options ?? {})) {
      if (key === "abstract" && value === false) continue;
      if (key === "indexes" || key === "constraints") {
        meta[key] = (value as { type: string; args?: unknown[]; kwargs?: Record<string, unknown> }[]).map(
          (item) =>
            make(this.#library, item.type, [
              ...(decode(item.args ?? [], context) as unknown[]),
              ...options(item.kwargs, context),
            ]),
        );
      } else {
        meta[camelCase(key)] = isRecord(value) ? decodeObject(value, context) : decode(value, context);
      }
    }
    if (model.managers) meta["managers"] = this.#managers(model.managers);
    return meta;
  }

  /** Managers: a name, and what makes its queryset of the plain one. */
  #managers(managers: readonly SchemaManager[]): Record<string, unknown> {
    const made: Record<string, AnyFunction> = {};
    for (const { name, chain = [] } of managers) {
      made[name] = (queryset) => applyChain(queryset, chain, this.#context());
    }
    return made;
  }
}

/** A name in camelCase is its column in Django, and `snake_case` here. */
function withColumn(field: SchemaField): SchemaField {
  const { name, type, kwargs } = field;
  if (!/[A-Z]/.test(name) || kwargs["db_column"] || type === "ManyToManyField") return field;
  const column = kwargs["to"] === undefined ? name : `${name}_id`;
  return { ...field, kwargs: { ...kwargs, db_column: column } };
}

/** The relations of a model by the attribute that reads them, forward and reverse, its parents' included. */
function relationsOf(
  schema: Schema,
  model: SchemaModel,
  labels: ReadonlyMap<string, SchemaModel>,
): Map<string, RelationKind> {
  const kinds = new Map<string, RelationKind>();
  for (const base of model.bases ?? []) {
    const parent = labels.get(base.toLowerCase());
    if (parent) for (const [name, kind] of relationsOf(schema, parent, labels)) kinds.set(name, kind);
  }
  for (const field of model.fields) {
    if (field.type === "ManyToManyField") kinds.set(field.name, "many");
    else if (field.kwargs["to"] !== undefined) kinds.set(field.name, "single");
  }
  for (const { accessor, model: source, field: name } of Object.values(model.resolved.reverse)) {
    if (!accessor) continue;
    const field = labels.get(source.toLowerCase())?.fields.find((candidate) => candidate.name === name);
    kinds.set(accessor, field?.type === "OneToOneField" ? "single" : "many");
  }
  return kinds;
}
