import { ValueError } from "../../errors.ts";
import type { Options } from "../../models/options.ts";
import type { ModelInstance } from "../../models/types.ts";
import type { Field } from "../field.ts";
import { classLookups, findLookup, type RegisteredLookup } from "../lookup-registry.ts";
import type { OnDelete } from "./on-delete.ts";
import type { PathInfo } from "./path-info.ts";
import { type ForeignObjectRel, PlainRel, type RelationTarget } from "./rel.ts";
import { RelatedField, type RelatedOptions } from "./related-field.ts";

export interface ForeignObjectOptions extends RelatedOptions {
  onDelete?: OnDelete | undefined;
  fromFields: readonly string[];
  /** `null` stands for the target's primary key. */
  toFields: readonly (string | null)[];
  parentLink?: boolean | undefined;
}

/** A pair of columns that a relation joins on: the declaring model's, then the target's. */
export type RelatedFieldPair = readonly [Field, Field];

/**
 * A relation that joins on any number of columns of the declaring model; {@link ForeignKey} is the one with a
 * column of its own.
 */
export class ForeignObject extends RelatedField {
  readonly fromFields: readonly string[];
  readonly toFields: readonly (string | null)[];
  /** A relation to something that is not unique is refused. */
  readonly requiresUniqueTarget: boolean = true;
  #relatedFields: readonly RelatedFieldPair[] | null = null;

  constructor(to: RelationTarget, options: ForeignObjectOptions) {
    super(options);
    this.fromFields = options.fromFields;
    this.toFields = options.toFields;
    this.remoteField = this.makeRel(to, options);
  }

  protected makeRel(to: RelationTarget, options: ForeignObjectOptions): ForeignObjectRel {
    return new PlainRel(this, to, options);
  }

  /** Relations know the lookups that are registered for them alone: not `contains` and the like. */
  override getLookup(name: string): RegisteredLookup | null {
    return this.#isOwn(name) ? super.getLookup(name) : null;
  }

  override getTransform(name: string): RegisteredLookup | null {
    return this.#isOwn(name) ? super.getTransform(name) : null;
  }

  override getLookups(): ReadonlyMap<string, RegisteredLookup> {
    return new Map([...super.getLookups()].filter(([name]) => this.#isOwn(name)));
  }

  #isOwn(name: string): boolean {
    return findLookup(this, name) !== classLookups(RelatedField).get(name);
  }

  override get manyToOne(): boolean {
    return true;
  }

  /** The class name in `deconstruct()` and messages. */
  override get internalType(): string {
    return "ForeignObject";
  }

  protected resolveRelatedFields(): RelatedFieldPair[] {
    const { fromFields, toFields } = this;
    if (fromFields.length === 0 || fromFields.length !== toFields.length) {
      throw new ValueError("Foreign Object from and to fields must be the same non-zero length");
    }
    const target = this.remoteField.opts;
    return fromFields.map((fromName, i) => {
      const toName = toFields[i] ?? null;
      const from = fromName === "self" ? this : ((this.opts as Options).getField(fromName) as Field);
      return [from, toName === null ? target.pk : (target.getField(toName) as Field)] as const;
    });
  }

  get relatedFields(): readonly RelatedFieldPair[] {
    this.#relatedFields ??= this.resolveRelatedFields();
    return this.#relatedFields;
  }

  get reverseRelatedFields(): readonly RelatedFieldPair[] {
    return this.relatedFields.map(([local, foreign]) => [foreign, local] as const);
  }

  get localRelatedFields(): readonly Field[] {
    return this.relatedFields.map(([local]) => local);
  }

  get foreignRelatedFields(): readonly Field[] {
    return this.relatedFields.map(([, foreign]) => foreign);
  }

  override expireCache(): void {
    super.expireCache();
    this.#relatedFields = null;
  }

  /** The values of an instance of the declaring model that its related object is found by. */
  getLocalRelatedValue(instance: ModelInstance): unknown[] {
    return this.relatedFields.map(([local]) => instanceValue(instance, local));
  }

  /** The values of an instance of the target that the objects that refer to it hold. */
  getForeignRelatedValue(instance: ModelInstance): unknown[] {
    return this.relatedFields.map(([, foreign]) => instanceValue(instance, foreign));
  }

  override cacheKey(instance: ModelInstance): unknown {
    const fields = this.localRelatedFields;
    const [only] = fields;
    if (only !== undefined && fields.length === 1) return instanceColumn(instance, only);
    return fields.every((field) => Object.hasOwn(instance, field.attname))
      ? fields.map((field) => instance[field.attname])
      : undefined;
  }

  override getJoiningFields(): readonly RelatedFieldPair[] {
    return this.relatedFields;
  }

  override getReverseJoiningFields(): readonly RelatedFieldPair[] {
    return this.reverseRelatedFields;
  }

  /** Conditions on the declaring model that find the objects that refer to `instance` of the target. */
  getForwardRelatedFilter(instance: ModelInstance): Record<string, unknown> {
    const filter: Record<string, unknown> = {};
    for (const [, foreign] of this.relatedFields)
      filter[`${this.name}__${foreign.name}`] = instance[foreign.attname];
    return filter;
  }

  /** Conditions on the target that find the object that `instance` of the declaring model refers to. */
  getReverseRelatedFilter(instance: ModelInstance): Record<string, unknown> {
    const filter: Record<string, unknown> = {};
    for (const [local, foreign] of this.relatedFields) filter[foreign.attname] = instance[local.attname];
    return filter;
  }

  override getPathInfo(filteredRelation: unknown = null): readonly PathInfo[] {
    return [
      {
        fromOpts: this.opts as Options,
        toOpts: this.remoteField.opts,
        targetFields: this.foreignRelatedFields,
        joinField: this,
        m2m: false,
        direct: true,
        filteredRelation,
      },
    ];
  }

  override getReversePathInfo(filteredRelation: unknown = null): readonly PathInfo[] {
    const opts = this.opts as Options;
    return [
      {
        fromOpts: this.remoteField.opts,
        toOpts: opts,
        targetFields: [opts.pk],
        joinField: this.remoteField,
        m2m: !this.unique,
        direct: false,
        filteredRelation,
      },
    ];
  }
}

/**
 * The value of `field` on an instance. The primary key of a parent model is read as the instance's own: both
 * are the same row, and only the latter is sure to be set.
 */
export function instanceValue(instance: ModelInstance, field: Field): unknown {
  if (field.primaryKey) {
    const link = instance._meta.getAncestorLink(field.opts as Options);
    if (link == null || link.primaryKey || (link.opts as Options).abstract) return instance.pk;
  }
  return instance[field.attname];
}

/** A loaded column; `undefined` for a deferred one, which is not to be loaded now. */
function instanceColumn(instance: ModelInstance, { attname }: Field): unknown {
  return Object.hasOwn(instance, attname) ? instance[attname] : undefined;
}
