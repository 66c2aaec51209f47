import { ArgumentTypeError, FieldDoesNotExist, ValueError } from "../../errors.ts";
import type { Options } from "../../models/options.ts";
import type { Field } from "../field.ts";
import type { ForeignKey } from "./foreign-key.ts";
import type { PathInfo } from "./path-info.ts";
import { ManyToManyRel, type RelationTarget } from "./rel.ts";
import { RelatedField, type RelatedOptions } from "./related-field.ts";

/** The options of {@link ManyToManyField}. */
export interface ManyToManyOptions extends RelatedOptions {
  /** A relation of a model to itself that holds both ways; the default for `"self"`. */
  symmetrical?: boolean | undefined;
  /** The model of the intermediate table, when the relation has columns of its own. */
  through?: RelationTarget | undefined;
  /** The names of the two foreign keys of `through`, where it has more: to this model, and to the target. */
  throughFields?: readonly string[] | undefined;
  dbConstraint?: boolean | undefined;
  /** The name of the automatic intermediate table. */
  dbTable?: string | undefined;
}

/** A many-to-many relation: rows of an intermediate table with a foreign key to each side. */
export class ManyToManyField extends RelatedField {
  declare remoteField: ManyToManyRel;
  readonly dbTable: string | null;

  constructor(to: RelationTarget, options: ManyToManyOptions = {}) {
    if (typeof to !== "string" && (typeof to !== "function" || !("_meta" in to))) {
      throw new ArgumentTypeError(
        `ManyToManyField(${String(to)}) is invalid. First parameter to ManyToManyField must be either a model, ` +
          "a model name, or the string 'self'",
      );
    }
    if (options.through !== undefined && options.dbTable !== undefined) {
      throw new ValueError("Cannot specify a dbTable if an intermediary model is used.");
    }
    super(options);
    this.dbTable = options.dbTable ?? null;
    this.remoteField = new ManyToManyRel(this, to, {
      ...options,
      symmetrical: options.symmetrical ?? to === "self",
    });
  }

  override get internalType(): string {
    return "ManyToManyField";
  }

  override get manyToMany(): boolean {
    return true;
  }

  override interpolateNames(opts: Options): void {
    const rel = this.remoteField;
    // Even relations without a way back have one inside the library, under a name that nobody else takes.
    if (rel.symmetrical && (this.to === "self" || this.to === opts.objectName))
      rel.relatedName = `${this.name}_rel_+`;
    else if (rel.hidden) rel.relatedName = `_${opts.appLabel}_${opts.modelName}_${this.name}_+`;
    super.interpolateNames(opts);
  }

  /** The name of the intermediate table. */
  get m2mDbTable(): string {
    return this.remoteField.throughMeta.dbTable;
  }

  /** The foreign key of the intermediate table to the model that declares the relation. */
  get m2mField(): ForeignKey {
    const rel = this.remoteField;
    const name = rel.throughFields?.[0];
    const found = this.#links(this.opts as Options).find((link) => name === undefined || link.name === name);
    return found ?? this.#noLink(this.opts as Options, name);
  }

  /** The foreign key of the intermediate table to the target. */
  get m2mReverseField(): ForeignKey {
    const rel = this.remoteField;
    const name = rel.throughFields?.[1];
    const links = this.#links(rel.opts);
    // In a relation of a model to itself the first foreign key is the source, the second the target.
    const found =
      name === undefined ? links[rel.opts === this.opts ? 1 : 0] : links.find((link) => link.name === name);
    return found ?? this.#noLink(rel.opts, name);
  }

  #links(target: Options): ForeignKey[] {
    return this.remoteField.throughMeta.fields.filter(
      (field) => field instanceof RelatedField && field.remoteField.toOpts === target,
    ) as Field[] as ForeignKey[];
  }

  #noLink(target: Options, name: string | undefined): never {
    const through = this.remoteField.throughMeta.label;
    const what = name === undefined ? "no foreign key" : `no foreign key '${name}'`;
    throw new FieldDoesNotExist(
      `The intermediate model '${through}' of ${(this.opts as Options).label}.${this.name} has ${what} to ` +
        `'${target.label}'.`,
    );
  }

  get m2mColumnName(): string {
    return this.m2mField.column as string;
  }

  get m2mReverseName(): string {
    return this.m2mReverseField.column as string;
  }

  get m2mFieldName(): string {
    return this.m2mField.name;
  }

  get m2mReverseFieldName(): string {
    return this.m2mReverseField.name;
  }

  get m2mTargetFieldName(): string {
    return this.m2mField.remoteField.fieldName as string;
  }

  get m2mReverseTargetFieldName(): string {
    return this.m2mReverseField.remoteField.fieldName as string;
  }

  #path(direct: boolean, filteredRelation: unknown): readonly PathInfo[] {
    const [near, far] = direct
      ? [this.m2mField, this.m2mReverseField]
      : [this.m2mReverseField, this.m2mField];
    const first = near.reversePathInfos;
    const second = filteredRelation ? far.getPathInfo(filteredRelation) : far.pathInfos;
    // Between the two joins lie only the parents of a through model that inherits its foreign keys.
    const middle = (first.at(-1) as PathInfo).toOpts;
    const next = (second[0] as PathInfo).fromOpts;
    if (middle === next) return [...first, ...second];
    const between = middle.isSubclassOf(next) ? middle.getPathToParent(next) : next.getPathFromParent(middle);
    return [...first, ...between, ...second];
  }

  override getPathInfo(filteredRelation: unknown = null): readonly PathInfo[] {
    return this.#path(true, filteredRelation);
  }

  override getReversePathInfo(filteredRelation: unknown = null): readonly PathInfo[] {
    return this.#path(false, filteredRelation);
  }

  override getJoiningFields(): readonly (readonly [Field, Field])[] {
    return [];
  }

  override getReverseJoiningFields(): readonly (readonly [Field, Field])[] {
    return [];
  }

  override dbType(): null {
    return null;
  }

  override clone(): this {
    return new (this.constructor as new (to: RelationTarget, options: object) => this)(this.to, this.options);
  }

  override deconstruct(): { type: string; kwargs: Record<string, unknown> } {
    const { type, kwargs } = super.deconstruct();
    const rel = this.remoteField;
    const result: Record<string, unknown> = { ...kwargs, to: this.deconstructedTarget() };
    if (this.dbTable !== null) result.dbTable = this.dbTable;
    if (!rel.dbConstraint) result.dbConstraint = false;
    if (rel.symmetrical !== (this.to === "self")) result.symmetrical = rel.symmetrical;
    if (rel.throughTarget !== null) result.through = rel.throughMeta.label;
    if (rel.throughFields !== null) result.throughFields = rel.throughFields;
    return { type, kwargs: result };
  }
}
