/** What chains can be about: the models of an app with their fields, relations and stored values. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DataFile, Json, Schema, SchemaField, SchemaModel } from "../conformance/format.ts";
import type { Random } from "./random.ts";

export type Kind =
  | "int"
  | "float"
  | "dec"
  | "str"
  | "bool"
  | "date"
  | "time"
  | "dt"
  | "dur"
  | "uuid"
  | "bin"
  | "json"
  | "ip"
  | "pair";

const KINDS: Record<string, Kind> = {
  FloatField: "float",
  DecimalField: "dec",
  CharField: "str",
  TextField: "str",
  SlugField: "str",
  EmailField: "str",
  URLField: "str",
  BooleanField: "bool",
  DateField: "date",
  TimeField: "time",
  DateTimeField: "dt",
  DurationField: "dur",
  UUIDField: "uuid",
  BinaryField: "bin",
  JSONField: "json",
  GenericIPAddressField: "ip",
  CompositePrimaryKey: "pair",
};

export interface Scalar {
  readonly name: string;
  readonly kind: Kind;
  readonly nullable: boolean;
  /** What is stored, nulls left out. */
  readonly values: readonly Json[];
  /** Set on a foreign key: the label of the model that it refers to. */
  readonly target?: string;
  /** The values of the field that a foreign key refers to. */
  readonly targets?: readonly Json[];
  /** What the schema says about the field. */
  readonly field?: SchemaField;
}

export interface Relation {
  /** The name in queries. */
  readonly name: string;
  /** The attribute of the object. */
  readonly accessor: string;
  readonly target: string;
  readonly many: boolean;
  /** The field that makes the relation, here or over there. */
  readonly field: SchemaField;
  readonly reverse: boolean;
}

export interface ModelInfo {
  readonly label: string;
  readonly app: string;
  readonly name: string;
  readonly pk: Scalar;
  readonly scalars: readonly Scalar[];
  readonly relations: readonly Relation[];
  readonly managers: readonly string[];
  readonly unique: readonly string[];
  readonly count: number;
}

/** A way from a model to a field: `authors__name`. */
export interface Path {
  readonly path: string;
  readonly field: Scalar;
  readonly model: ModelInfo;
  readonly many: boolean;
}

/** The models of an app. */
export class Graph {
  readonly app: string;
  readonly models: readonly ModelInfo[];
  readonly #schema: Schema;
  readonly #byLabel = new Map<string, ModelInfo>();

  constructor(directory: string, app: string) {
    const read = (name: string) => JSON.parse(readFileSync(join(directory, "apps", app, name), "utf8"));
    const schema = read("schema.json") as Schema;
    const data = read("data.json") as DataFile;
    this.app = app;
    this.#schema = schema;
    const builder = new Builder(schema, data);
    this.models = schema.models.map((model) => builder.build(model));
    for (const model of this.models) this.#byLabel.set(model.label.toLowerCase(), model);
  }

  get(label: string): ModelInfo {
    const found = this.#byLabel.get(label.toLowerCase());
    if (!found) throw new Error(`no model ${label}`);
    return found;
  }

  /** A model's table, where it has one of its own: its columns, and those of its key. */
  table(model: ModelInfo): { table: string; columns: string[]; key: string[] } | undefined {
    const schema = this.#schema.models.find(({ name }) => name === model.name);
    const columns = schema?.resolved.columns ?? [];
    if (!schema || schema.bases || columns.length === 0) return undefined;
    const key = columns
      .filter(([attname]) => schema.resolved.pk.includes(attname))
      .map(([, column]) => column);
    return { table: schema.resolved.db_table, columns: columns.map(([, column]) => column), key };
  }

  /** A table that a query of the model is over, and a column of it. */
  column(random: Random, model: ModelInfo): [table: string, column: string] {
    const schema = this.#schema.models.find(({ name }) => name === model.name);
    if (!schema) throw new Error(`no model ${model.name}`);
    const columns = schema.resolved.columns.map(([, column]) => column);
    const base = schema.bases?.[0];
    if (columns.length === 0 && base) return this.column(random, this.get(base));
    return [schema.resolved.db_table, random.pick(columns)];
  }

  target(relation: Relation): ModelInfo {
    return this.get(relation.target);
  }

  /** A random way to a field of one of these kinds, or undefined. */
  path(random: Random, start: ModelInfo, kinds?: readonly Kind[], depth = 3, many = true): Path | undefined {
    for (let attempt = 0; attempt < 8; attempt += 1) {
      let model = start;
      let isMany = false;
      const parts: string[] = [];
      while (parts.length < depth && random.chance(0.42)) {
        const relations = model.relations.filter((relation) => many || !relation.many);
        if (relations.length === 0) break;
        const relation = random.pick(relations);
        parts.push(relation.name);
        isMany ||= relation.many;
        model = this.target(relation);
      }
      const fits = (field: Scalar) => (kinds ? kinds.includes(field.kind) : field.kind !== "pair");
      const candidates = model.scalars.filter(fits);
      if (fits(model.pk) && random.chance(0.25)) candidates.push({ ...model.pk, name: "pk" });
      if (candidates.length === 0) continue;
      const field = random.pick(candidates);
      parts.push(field.name);
      return { path: parts.join("__"), field, model, many: isMany };
    }
    return undefined;
  }

  /** A random way to a model: the names in queries. */
  relationPath(
    random: Random,
    start: ModelInfo,
    depth: number,
    many: boolean,
    names: "name" | "accessor" = "name",
  ): string[] {
    const parts: string[] = [];
    let model = start;
    do {
      const relations = model.relations.filter((relation) => many || !relation.many);
      if (relations.length === 0) break;
      const relation = random.pick(relations);
      parts.push(relation[names]);
      model = this.target(relation);
    } while (parts.length < depth && random.chance(0.45));
    return parts;
  }
}

class Builder {
  readonly #schema: Schema;
  readonly #data: DataFile;
  readonly #models: ReadonlyMap<string, SchemaModel>;

  constructor(schema: Schema, data: DataFile) {
    this.#schema = schema;
    this.#data = data;
    this.#models = new Map(
      schema.models.map((model) => [`${schema.app}.${model.name}`.toLowerCase(), model]),
    );
  }

  #lineage(model: SchemaModel): SchemaModel[] {
    const bases = (model.bases ?? []).map((base) => this.#models.get(base.toLowerCase()) as SchemaModel);
    return [...bases.flatMap((base) => this.#lineage(base)), model];
  }

  #values(model: SchemaModel, attname: string): Json[] {
    const rows = this.#data.tables.find((table) => table.model === model.name)?.rows ?? [];
    return rows
      .map((row) => row[attname])
      .filter(
        (value) => value !== null && value !== undefined && JSON.stringify(value) !== '{"$json_null":true}',
      );
  }

  #fields(model: SchemaModel): [SchemaModel, SchemaField][] {
    return this.#lineage(model).flatMap((owner) =>
      owner.fields.map((field) => [owner, field] as [SchemaModel, SchemaField]),
    );
  }

  #label(target: unknown, model: SchemaModel): string {
    if (target === "self") return `${this.#schema.app}.${model.name}`;
    return `${this.#schema.app}.${this.#models.get(String(target).toLowerCase())?.name}`;
  }

  /** The kind of a field, and the values that are stored in it. */
  #scalar(owner: SchemaModel, field: SchemaField): Scalar {
    const nullable = field.kwargs["null"] === true;
    if (field.type === "GeneratedField") {
      const inner = (field.kwargs["output_field"] as { $field: { type: string } }).$field.type;
      return { name: field.name, kind: KINDS[inner] ?? "int", nullable, values: [], field };
    }
    if (field.kwargs["to"] === undefined) {
      const kind = KINDS[field.type] ?? "int";
      const values = this.#values(owner, field.name).map((value) => floatForm(kind, value));
      return { name: field.name, kind, nullable, values, field };
    }
    const target = this.#label(field.kwargs["to"], owner);
    const model = this.#models.get(target.toLowerCase()) as SchemaModel;
    const toField = field.kwargs["to_field"] as string | undefined;
    const [toOwner, remote] = toField
      ? (this.#fields(model).find(([, candidate]) => candidate.name === toField) as [
          SchemaModel,
          SchemaField,
        ])
      : this.#key(model);
    const { kind, values, targets } = this.#scalar(toOwner, remote);
    return {
      name: field.name,
      kind,
      nullable,
      values: this.#values(owner, `${field.name}_id`),
      target,
      targets: targets ?? values,
      field,
    };
  }

  #key(model: SchemaModel): [SchemaModel, SchemaField] {
    const found = this.#fields(model)
      .reverse()
      .find(([, field]) => field.kwargs["primary_key"] === true);
    if (!found) throw new Error(`${model.name} has no primary key`);
    return found;
  }

  build(model: SchemaModel): ModelInfo {
    const label = `${this.#schema.app}.${model.name}`;
    const own = this.#fields(model);
    const concrete = own.filter(([, field]) => field.type !== "ManyToManyField");
    const scalars = concrete
      .filter(([, field]) => field.type !== "CompositePrimaryKey")
      .map(([owner, field]) => this.#scalar(owner, field));
    const relations = new Map<string, Relation>();
    for (const [owner, field] of own) {
      if (field.kwargs["to"] === undefined) continue;
      relations.set(field.name, {
        name: field.name,
        accessor: field.name,
        target: this.#label(field.kwargs["to"], owner),
        many: field.type === "ManyToManyField",
        field,
        reverse: false,
      });
    }
    for (const ancestor of this.#lineage(model)) {
      for (const [name, reverse] of Object.entries(ancestor.resolved.reverse)) {
        const source = this.#models.get(reverse.model.toLowerCase());
        const field = source?.fields.find((candidate) => candidate.name === reverse.field);
        if (!field) continue;
        relations.set(name, {
          name,
          accessor: reverse.accessor ?? name,
          target: reverse.model,
          many: field.type !== "OneToOneField",
          field,
          reverse: true,
        });
      }
    }
    const [keyOwner, key] = this.#key(model);
    const pk = this.#scalar(keyOwner, key);
    const root = this.#lineage(model).find((owner) => this.#values(owner, "id").length > 0) ?? keyOwner;
    const rows = this.#data.tables.find((table) => table.model === model.name)?.rows.length;
    return {
      label,
      app: this.#schema.app,
      name: model.name,
      pk: {
        ...pk,
        values: pk.kind === "pair" ? this.#pairs(model, key) : this.#keyValues(keyOwner, key, root),
      },
      scalars,
      relations: [...relations.values()],
      managers: (model.managers ?? []).map((manager) => manager.name),
      unique: own
        .filter(([, field]) => field.kwargs["unique"] === true && field.kwargs["to"] === undefined)
        .map(([, field]) => field.name),
      count: rows ?? 0,
    };
  }

  #keyValues(owner: SchemaModel, key: SchemaField, root: SchemaModel): Json[] {
    const values = [...this.#values(owner, key.name), ...this.#values(owner, `${key.name}_id`)];
    return values.length > 0 ? values : this.#values(root, "id");
  }

  #pairs(model: SchemaModel, key: SchemaField): Json[] {
    const rows = this.#data.tables.find((table) => table.model === model.name)?.rows ?? [];
    return rows.map((row) => ({ $tuple: (key.args ?? []).map((part) => row[String(part)]) }));
  }
}

/** A whole float says that it is one. */
function floatForm(kind: Kind, value: Json): Json {
  return kind === "float" && Number.isSafeInteger(value) ? { $float: `${value}.0` } : value;
}
