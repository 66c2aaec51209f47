import { FieldDoesNotExist, FieldError, ImproperlyConfigured, ValueError } from "../../errors.ts";
import type { Options } from "../../models/options.ts";
import type { ModelClass, ModelInstance } from "../../models/types.ts";
import type { Field } from "../field.ts";
import { type CachingField, deleteCachedValue, getCachedValue, setCachedValue } from "./cache.ts";
import type { ForeignObject } from "./foreign-object.ts";
import type { ManyToManyField } from "./many-to-many.ts";
import type { OnDelete } from "./on-delete.ts";
import type { PathInfo } from "./path-info.ts";
import type { RelatedField } from "./related-field.ts";

/** What a relation refers to: a label (`"shop.Box"`, `"Box"`, `"self"`) or a model class. */
export type RelationTarget = string | ModelClass;

/** Which objects may be chosen: conditions, or a function that gives them. */
export type LimitChoices = unknown;

export interface RelOptions {
  relatedName?: string | null | undefined;
  relatedQueryName?: string | null | undefined;
  limitChoicesTo?: LimitChoices;
  parentLink?: boolean | undefined;
  onDelete?: OnDelete | null | undefined;
}

/** The label of a relation's target, in lower case: what the registry knows it by. */
export function targetLabel(to: RelationTarget, from: Options): string {
  if (typeof to !== "string") return to._meta.labelLower;
  if (to === "self") return from.labelLower;
  return (to.includes(".") ? to : `${from.appLabel}.${to}`).toLowerCase();
}

/**
 * A relation seen from its target: `_meta.getFields()` lists it there beside the model's own fields.
 *
 * `model` is the target, `relatedModel` the model that declares the field, `name` what queries call it.
 */
export abstract class ForeignObjectRel implements CachingField {
  readonly autoCreated: boolean = true;
  readonly concrete: boolean = false;
  readonly editable: boolean = false;
  readonly isRelation: boolean = true;
  readonly generated: boolean = false;
  readonly primaryKey: boolean = false;
  readonly column: string | null = null;
  /** Nothing can force an object to be referred to. */
  readonly null: boolean = true;
  readonly emptyStringsAllowed: boolean = false;

  readonly field: RelatedField;
  readonly to: RelationTarget;
  /** The target, once it is declared. */
  toOpts: Options | null = null;
  relatedName: string | null;
  relatedQueryName: string | null;
  limitChoicesTo: LimitChoices;
  readonly parentLink: boolean;
  readonly onDelete: OnDelete | null;
  symmetrical = false;
  multiple = true;
  #pathInfos: readonly PathInfo[] | null = null;

  constructor(field: RelatedField, to: RelationTarget, options: RelOptions) {
    this.field = field;
    this.to = to;
    this.relatedName = options.relatedName ?? null;
    this.relatedQueryName = options.relatedQueryName ?? null;
    this.limitChoicesTo = options.limitChoicesTo ?? {};
    this.parentLink = options.parentLink ?? false;
    this.onDelete = options.onDelete ?? null;
  }

  /** The target's `_meta`. Throws `ImproperlyConfigured` when no model has the label. */
  get opts(): Options {
    if (this.toOpts !== null) return this.toOpts;
    const { field } = this;
    if (field.opts === null)
      throw new ImproperlyConfigured(`The relation to '${this.toLabel}' belongs to no model yet.`);
    throw field.opts.apps.unknownLabel(this.toLabel, `${field.opts.label}.${field.name}`);
  }

  /** The target model. */
  get model(): ModelClass {
    return this.opts.model;
  }

  /** The target as it was written, with its app. */
  get toLabel(): string {
    if (this.toOpts !== null) return this.toOpts.label;
    if (typeof this.to !== "string") return this.to._meta.label;
    const from = this.field.opts;
    if (from === null) return this.to;
    if (this.to === "self") return from.label;
    return this.to.includes(".") ? this.to : `${from.appLabel}.${this.to}`;
  }

  /** The model that declares the relation. */
  get relatedModel(): ModelClass {
    return this.relatedOpts.model;
  }

  get relatedOpts(): Options {
    const opts = this.field.opts;
    if (opts === null) throw new ImproperlyConfigured("The field of this relation belongs to no model yet.");
    return opts;
  }

  /** The name used in queries. */
  get name(): string {
    return this.field.relatedQueryName();
  }

  get attname(): undefined {
    return undefined;
  }

  get hidden(): boolean {
    return this.relatedName?.endsWith("+") ?? false;
  }

  get remoteField(): RelatedField {
    return this.field;
  }

  get manyToMany(): boolean {
    return this.field.manyToMany;
  }

  get manyToOne(): boolean {
    return this.field.oneToMany;
  }

  get oneToMany(): boolean {
    return this.field.manyToOne;
  }

  get oneToOne(): boolean {
    return this.field.oneToOne;
  }

  get internalType(): string {
    return this.field.internalType;
  }

  /** The field on the other side that a value compared with this relation stands for. */
  get targetField(): Field {
    const { targetFields } = this.pathInfos.at(-1) as PathInfo;
    if (targetFields.length > 1) throw new FieldError("Can't use targetField for multicolumn relations.");
    return targetFields[0] as Field;
  }

  /** The attribute of the target's instances; `null` where there is none (a symmetrical relation to itself). */
  get accessorName(): string | null {
    return this.getAccessorName();
  }

  getAccessorName(): string | null {
    const opts = this.relatedOpts;
    if (this.multiple && this.symmetrical && opts === this.toOpts) return null;
    return this.relatedName || opts.modelName + (this.multiple ? "_set" : "");
  }

  get cacheName(): string {
    return this.accessorName as string;
  }

  cacheKey(_instance: ModelInstance): unknown {
    return undefined;
  }

  getCachedValue(instance: ModelInstance): ModelInstance | null | undefined {
    return getCachedValue(this, instance);
  }

  isCached(instance: ModelInstance): boolean {
    return getCachedValue(this, instance) !== undefined;
  }

  setCachedValue(instance: ModelInstance, value: ModelInstance | null): void {
    setCachedValue(this, instance, value);
  }

  deleteCachedValue(instance: ModelInstance): void {
    deleteCachedValue(this, instance);
  }

  getLookup(name: string): ReturnType<Field["getLookup"]> {
    return this.field.getLookup(name);
  }

  getLookups(): ReturnType<Field["getLookups"]> {
    return this.field.getLookups();
  }

  getTransform(name: string): ReturnType<Field["getTransform"]> {
    return this.field.getTransform(name);
  }

  getJoiningFields(): readonly (readonly [Field, Field])[] {
    return this.field.getReverseJoiningFields();
  }

  getExtraRestriction(alias: string, relatedAlias: string): unknown {
    return this.field.getExtraRestriction(relatedAlias, alias);
  }

  getPathInfo(filteredRelation: unknown = null): readonly PathInfo[] {
    return this.field.getReversePathInfo(filteredRelation);
  }

  get pathInfos(): readonly PathInfo[] {
    this.#pathInfos ??= this.getPathInfo();
    return this.#pathInfos;
  }

  /** Forgets what was computed from models that may have changed. */
  expireCache(): void {
    this.#pathInfos = null;
  }

  setFieldName(): void {}

  toString(): string {
    return `<${this.constructor.name}: ${this.relatedOpts.appLabel}.${this.relatedOpts.modelName}>`;
  }
}

/** The other end of a relation that joins on several columns. */
export class PlainRel extends ForeignObjectRel {}

/** The other end of a foreign key. */
export class ManyToOneRel extends ForeignObjectRel {
  declare readonly field: ForeignObject;
  /** The name of the target's field that the foreign key holds. */
  fieldName: string | null;

  constructor(field: RelatedField, to: RelationTarget, fieldName: string | null, options: RelOptions) {
    super(field, to, options);
    this.fieldName = fieldName;
  }

  /** The field of the target that the foreign key holds. */
  getRelatedField(): Field {
    const field = this.opts.getField(this.fieldName ?? this.opts.pk.name);
    if (!field.concrete) throw new FieldDoesNotExist(`No related field named '${this.fieldName}'`);
    return field as Field;
  }

  override setFieldName(): void {
    this.fieldName ??= this.opts.pk.name;
  }
}

/** The other end of a one-to-one relation. */
export class OneToOneRel extends ManyToOneRel {
  constructor(field: RelatedField, to: RelationTarget, fieldName: string | null, options: RelOptions) {
    super(field, to, fieldName, options);
    this.multiple = false;
  }
}

export interface ManyToManyRelOptions extends RelOptions {
  symmetrical: boolean;
  through?: RelationTarget | null | undefined;
  throughFields?: readonly string[] | null | undefined;
  dbConstraint?: boolean | undefined;
}

/** The other end of a many-to-many relation. */
export class ManyToManyRel extends ForeignObjectRel {
  declare readonly field: ManyToManyField;
  /** The intermediate model as declared; `null` for an automatic one. */
  readonly throughTarget: RelationTarget | null;
  throughOpts: Options | null = null;
  readonly throughFields: readonly string[] | null;
  readonly dbConstraint: boolean;

  constructor(field: RelatedField, to: RelationTarget, options: ManyToManyRelOptions) {
    super(field, to, options);
    this.symmetrical = options.symmetrical;
    this.throughTarget = options.through ?? null;
    this.throughFields = options.throughFields ?? null;
    this.dbConstraint = options.dbConstraint ?? true;
    if (this.throughTarget !== null && !this.dbConstraint) {
      throw new ValueError("Can't supply a through model and dbConstraint: false");
    }
    if (this.throughFields !== null && this.throughTarget === null) {
      throw new ValueError("Cannot specify throughFields without a through model");
    }
  }

  /** The `_meta` of the intermediate model. */
  get throughMeta(): Options {
    if (this.throughOpts !== null) return this.throughOpts;
    const { field } = this;
    const label = this.throughTarget === null ? "?" : targetLabel(this.throughTarget, this.relatedOpts);
    throw this.relatedOpts.apps.unknownLabel(label, `${this.relatedOpts.label}.${field.name}`);
  }

  /** The intermediate model. */
  get through(): ModelClass {
    return this.throughMeta.model;
  }

  /** The field of the target that the intermediate table holds. */
  getRelatedField(): Field {
    const opts = this.throughMeta;
    const first = this.throughFields?.[0];
    const link = first
      ? opts.getField(first)
      : opts.fields.find((f) => f.isRelation && (f as RelatedField).remoteField.toOpts === this.toOpts);
    return (link as unknown as ForeignObject).foreignRelatedFields[0] as Field;
  }
}
