import { FieldError } from "../../errors.ts";
import type { Options } from "../../models/options.ts";
import type { ModelClass, ModelInstance } from "../../models/types.ts";
import { Field, type FieldOptions } from "../field.ts";
import { type CachingField, deleteCachedValue, getCachedValue, setCachedValue } from "./cache.ts";
import type { PathInfo } from "./path-info.ts";
import type { ForeignObjectRel, LimitChoices, RelationTarget } from "./rel.ts";

/** The options that every relation field takes. */
export interface RelatedOptions extends FieldOptions {
  /** The attribute on the target for the way back; `"+"` for none. `%(class)s` and `%(app_label)s` are filled in. */
  relatedName?: string | null | undefined;
  /** The name of the way back in queries; `relatedName` when left out. */
  relatedQueryName?: string | null | undefined;
  /** Which objects may be chosen, for validation. */
  limitChoicesTo?: LimitChoices;
}

/** The base of the fields that refer to another model. */
export abstract class RelatedField extends Field implements CachingField {
  declare remoteField: ForeignObjectRel;
  #pathInfos: readonly PathInfo[] | null = null;
  #reversePathInfos: readonly PathInfo[] | null = null;

  override get isRelation(): boolean {
    return true;
  }

  /** The target model. */
  override get relatedModel(): ModelClass {
    return this.remoteField.model;
  }

  get to(): RelationTarget {
    return this.remoteField.to;
  }

  /** Fills in the names of the way back; called when the field joins a model that is not abstract. */
  interpolateNames(opts: Options): void {
    const rel = this.remoteField;
    const names = {
      class: opts.modelName,
      model_name: opts.modelName,
      app_label: opts.appLabel.toLowerCase(),
    };
    const relatedName = rel.relatedName || opts.defaultRelatedName;
    if (relatedName) rel.relatedName = interpolate(relatedName, names);
    if (rel.relatedQueryName) rel.relatedQueryName = interpolate(rel.relatedQueryName, names);
  }

  /** Called once the target is known. */
  relationResolved(target: Options): void {
    this.remoteField.toOpts = target;
    this.verboseName ??= target.verboseName;
    this.remoteField.setFieldName();
  }

  /** The name of the way back in queries. */
  relatedQueryName(): string {
    const { relatedQueryName, relatedName } = this.remoteField;
    return relatedQueryName || relatedName || (this.opts as Options).modelName;
  }

  getLimitChoicesTo(): unknown {
    const { limitChoicesTo } = this.remoteField;
    return typeof limitChoicesTo === "function" ? limitChoicesTo() : limitChoicesTo;
  }

  /** The target's field that a value compared with this relation stands for. */
  get targetField(): Field {
    const { targetFields } = this.pathInfos.at(-1) as PathInfo;
    if (targetFields.length > 1) {
      throw new FieldError(
        "The relation has multiple target fields, but only single target field was asked for",
      );
    }
    return targetFields[0] as Field;
  }

  abstract getPathInfo(filteredRelation?: unknown): readonly PathInfo[];
  abstract getReversePathInfo(filteredRelation?: unknown): readonly PathInfo[];
  abstract getJoiningFields(): readonly (readonly [Field, Field])[];
  abstract getReverseJoiningFields(): readonly (readonly [Field, Field])[];

  /** A condition to join on besides the columns; none by default. */
  getExtraRestriction(_alias: string, _relatedAlias: string): unknown {
    return null;
  }

  /** A condition to fetch the related object with, besides the columns; none by default. */
  getExtraDescriptorFilter(_instance: ModelInstance): unknown {
    return null;
  }

  get pathInfos(): readonly PathInfo[] {
    this.#pathInfos ??= this.getPathInfo();
    return this.#pathInfos;
  }

  get reversePathInfos(): readonly PathInfo[] {
    this.#reversePathInfos ??= this.getReversePathInfo();
    return this.#reversePathInfos;
  }

  /** Forgets what was computed from models that may have changed. */
  expireCache(): void {
    this.#pathInfos = null;
    this.#reversePathInfos = null;
    this.remoteField.expireCache();
  }

  get cacheName(): string {
    return this.name;
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

  override deconstruct(): ReturnType<Field["deconstruct"]> & { kwargs: Record<string, unknown> } {
    const { type, kwargs } = super.deconstruct();
    const { relatedName, relatedQueryName, limitChoicesTo } = this.options as RelatedOptions;
    if (limitChoicesTo != null) kwargs.limitChoicesTo = limitChoicesTo;
    if (relatedName != null) kwargs.relatedName = relatedName;
    if (relatedQueryName != null) kwargs.relatedQueryName = relatedQueryName;
    return { type, kwargs };
  }

  /** The target as `deconstruct()` gives it: its label, the model's part in lower case. */
  protected deconstructedTarget(): string {
    const { to } = this;
    if (to === "self" && this.remoteField.toOpts === null) return "self";
    const label = this.remoteField.toLabel;
    const dot = label.lastIndexOf(".");
    return label.slice(0, dot + 1) + label.slice(dot + 1).toLowerCase();
  }
}

function interpolate(text: string, names: Record<string, string>): string {
  return text.replace(/%\((\w+)\)s/g, (whole, name: string) => names[name] ?? whole);
}
