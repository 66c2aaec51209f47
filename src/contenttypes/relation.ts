import { ImproperlyConfigured } from "../errors.ts";
import { baseQuerySet } from "../execute/querysets.ts";
import { makeCol } from "../expressions/col.ts";
import type { Field } from "../fields/field.ts";
import type { PrivateRelation } from "../fields/private.ts";
import type { ForeignKey } from "../fields/related/foreign-key.ts";
import {
  ForeignObject,
  type ForeignObjectOptions,
  instanceValue,
  type RelatedFieldPair,
} from "../fields/related/foreign-object.ts";
import { CASCADE, DO_NOTHING } from "../fields/related/on-delete.ts";
import type { PathInfo } from "../fields/related/path-info.ts";
import { ForeignObjectRel, type LimitChoices, type RelationTarget } from "../fields/related/rel.ts";
import type { Manager } from "../manager.ts";
import { installMany } from "../models/descriptors.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import { ContentTypeId, contentTypeIdOf } from "./expression.ts";
import { GenericForeignKey } from "./foreign-key.ts";
import { AsyncGenericRelatedManager, GenericRelatedManager } from "./manager.ts";
import { relationPrefetcher } from "./prefetchers.ts";

/** Options of `GenericRelation`. */
export interface GenericRelationOptions {
  objectIdField?: string;
  contentTypeField?: string;
  forConcreteModel?: boolean;
  relatedQueryName?: string | null;
  limitChoicesTo?: LimitChoices;
}

/** The other end of a generic relation: what queries of the target call it, where it has a name. */
export class GenericRel extends ForeignObjectRel {}

/**
 * The way back of a {@link GenericForeignKey}: the objects that refer to one of this model.
 *
 * Django: The contenttypes framework, "Reverse generic relations".
 */
export class GenericRelation extends ForeignObject implements PrivateRelation {
  override readonly requiresUniqueTarget: boolean = false;
  readonly objectIdField: string;
  readonly contentTypeField: string;
  readonly forConcreteModel: boolean;
  private readonly given: GenericRelationOptions;

  constructor(to: RelationTarget, options: GenericRelationOptions = {}) {
    const objectIdField = options.objectIdField ?? "object_id";
    super(to, {
      null: true,
      blank: true,
      editable: false,
      serialize: false,
      onDelete: CASCADE,
      relatedQueryName: options.relatedQueryName ?? null,
      limitChoicesTo: options.limitChoicesTo,
      fromFields: [objectIdField],
      toFields: [],
    });
    this.given = options;
    this.objectIdField = objectIdField;
    this.contentTypeField = options.contentTypeField ?? "content_type";
    this.forConcreteModel = options.forConcreteModel ?? true;
  }

  protected override makeRel(to: RelationTarget, options: ForeignObjectOptions): ForeignObjectRel {
    const { relatedQueryName = null, limitChoicesTo } = options;
    return new GenericRel(this, to, {
      relatedName: relatedQueryName ?? "+",
      relatedQueryName,
      limitChoicesTo,
      onDelete: DO_NOTHING,
    });
  }

  override get isPrivate(): boolean {
    return true;
  }

  override get manyToOne(): boolean {
    return false;
  }

  override get oneToMany(): boolean {
    return true;
  }

  override get internalType(): string {
    return "ManyToManyField";
  }

  override get emptyStringsAllowed(): boolean {
    return false;
  }

  override getAttnameColumn(): [string, string | null] {
    return [this.name, null];
  }

  override dbType(): null {
    return null;
  }

  /** `defaultRelatedName` is for relations with an attribute on the other side. */
  override interpolateNames(opts: Options): void {
    const { relatedName } = this.remoteField;
    super.interpolateNames(opts);
    if (this.given.relatedQueryName == null) this.remoteField.relatedName = relatedName;
  }

  override clone(): this {
    return new (this.constructor as typeof GenericRelation)(this.to, this.given) as this;
  }

  /** Queries of the target know only the relation of the parent. */
  inherited(): Field {
    const { relatedQueryName: _, ...options } = this.given;
    return new (this.constructor as typeof GenericRelation)(this.to, options);
  }

  override deconstruct(): { type: string; kwargs: Record<string, unknown> } {
    return { type: "GenericRelation", kwargs: { ...this.given, to: this.deconstructedTarget() } };
  }

  check(): void {
    const target = this.remoteField.opts;
    const matches = target.privateFields.some(
      (field) =>
        field instanceof GenericForeignKey &&
        field.ctField === this.contentTypeField &&
        field.fkField === this.objectIdField,
    );
    if (matches) return;
    throw new ImproperlyConfigured(
      `${(this.opts as Options).label}.${this.name}: The GenericRelation defines a relation with the model ` +
        `'${target.label}', but that model does not have a GenericForeignKey.`,
    );
  }

  install(opts: Options): void {
    installMany(opts, this.name, this, "reverse side of a related set");
  }

  prefetcher(): unknown {
    return relationPrefetcher(this);
  }

  makeManager(manager: Manager): unknown {
    return manager.mode === "sync"
      ? new GenericRelatedManager(manager, this)
      : new AsyncGenericRelatedManager(manager, this);
  }

  // ---------------------------------------------------------------- joins

  protected override resolveRelatedFields(): RelatedFieldPair[] {
    const id = this.remoteField.opts.getField(this.objectIdField) as Field;
    return [[id, (this.opts as Options).pk]];
  }

  /** The key of an object of this model. */
  override getLocalRelatedValue(instance: ModelInstance): unknown[] {
    return this.foreignRelatedFields.map((field) => instanceValue(instance, field));
  }

  /** The key that an object of the target refers to, as this model has it. */
  override getForeignRelatedValue(instance: ModelInstance): unknown[] {
    return this.relatedFields.map(([local, foreign]) => foreign.toPython(instance[local.attname]));
  }

  override cacheKey(): undefined {
    return undefined;
  }

  override getPathInfo(filteredRelation: unknown = null): readonly PathInfo[] {
    const target = this.remoteField.opts.concreteOpts;
    const owner = (target.getField(this.objectIdField) as Field).opts as Options;
    const first: PathInfo = {
      fromOpts: this.opts as Options,
      toOpts: owner,
      targetFields: [owner.pk],
      joinField: this.remoteField,
      m2m: true,
      direct: false,
      filteredRelation,
    };
    // The generic foreign key may belong to a parent of the target.
    return owner === target ? [first] : [first, ...target.getPathFromParent(owner)];
  }

  override getReversePathInfo(filteredRelation: unknown = null): readonly PathInfo[] {
    const opts = this.opts as Options;
    return [
      {
        fromOpts: this.remoteField.opts,
        toOpts: opts,
        targetFields: [opts.pk],
        joinField: this,
        m2m: false,
        direct: false,
        filteredRelation,
      },
    ];
  }

  /** Rows of the target must refer to this model. */
  override getExtraRestriction(_alias: string, targetAlias: string): unknown {
    const key = this.remoteField.opts.getField(this.contentTypeField) as unknown as ForeignKey;
    const Exact = key.getLookup("exact") as unknown as new (lhs: unknown, rhs: unknown) => unknown;
    const opts = this.opts as Options;
    const type = new ContentTypeId(this.forConcreteModel ? opts.concreteOpts : opts);
    return new Exact(makeCol(targetAlias, key), type);
  }

  // ---------------------------------------------------------------- deleting

  /** The objects that refer to these instances: they are deleted with them. */
  bulkRelatedObjects(instances: readonly ModelInstance[], using: string): unknown {
    return baseQuerySet(this.remoteField.opts, using).filter({
      [this.contentTypeField]: contentTypeIdOf(instances[0] as ModelInstance, this.forConcreteModel),
      [`${this.objectIdField}__in`]: instances.map(({ pk }) => pk),
    });
  }
}
