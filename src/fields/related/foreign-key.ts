import { ArgumentTypeError, FieldError, ImproperlyConfigured } from "../../errors.ts";
import type { Options } from "../../models/options.ts";
import type { ModelInstance } from "../../models/types.ts";
import type { Field, FieldOps } from "../field.ts";
import { isExpression } from "../hooks.ts";
import { ForeignObject, type ForeignObjectOptions, type RelatedFieldPair } from "./foreign-object.ts";
import { DB_SET_DEFAULT, DB_SET_NULL, OnDelete, SET_DEFAULT, SET_NULL } from "./on-delete.ts";
import { type ForeignObjectRel, ManyToOneRel, OneToOneRel, type RelationTarget } from "./rel.ts";
import type { RelatedOptions } from "./related-field.ts";

/** The options of {@link ForeignKey} and {@link OneToOneField}. */
export interface ForeignKeyOptions extends RelatedOptions {
  /** What happens to this object when the one it refers to is deleted. */
  onDelete: OnDelete;
  /** The target's field to hold; its primary key when left out. */
  toField?: string | null | undefined;
  /** `false` leaves the constraint out of the database. */
  dbConstraint?: boolean | undefined;
  /** The one-to-one relation that ties a child model to its parent. */
  parentLink?: boolean | undefined;
}

/** A many-to-one relation: a column that holds a field of another model, by default its primary key. */
export class ForeignKey extends ForeignObject {
  declare remoteField: ManyToOneRel;
  readonly dbConstraint: boolean;

  constructor(to: RelationTarget, options: ForeignKeyOptions) {
    const type = new.target.name;
    if (typeof to !== "string" && (typeof to !== "function" || !("_meta" in to))) {
      throw new ArgumentTypeError(
        `${type}(${String(to)}) is invalid. First parameter to ${type} must be either a model, a model name, ` +
          `or the string 'self'`,
      );
    }
    if (!(options?.onDelete instanceof OnDelete)) {
      throw new ArgumentTypeError(
        `${type}(${typeof to === "string" ? `'${to}'` : to._meta.label}) needs onDelete: CASCADE, PROTECT, RESTRICT, ` +
          "SET_NULL, SET_DEFAULT, SET(...), DO_NOTHING, DB_CASCADE, DB_SET_NULL or DB_SET_DEFAULT.",
      );
    }
    super(to, {
      dbIndex: true,
      ...options,
      fromFields: ["self"],
      toFields: [options.toField ?? null],
    });
    this.dbConstraint = options.dbConstraint ?? true;
  }

  protected override makeRel(to: RelationTarget, options: ForeignObjectOptions): ForeignObjectRel {
    return new ManyToOneRel(this, to, options.toFields[0] ?? null, options);
  }

  override get internalType(): string {
    return "ForeignKey";
  }

  override get emptyStringsAllowed(): boolean {
    return false;
  }

  /** Refuses an `onDelete` that the field cannot do; `label` names the model. */
  checkOnDelete(label: string): void {
    const { onDelete } = this.remoteField;
    const name = `${label}.${this.name}`;
    if ((onDelete === SET_NULL || onDelete === DB_SET_NULL) && !this.null) {
      throw new ImproperlyConfigured(
        `${name}: Field specifies onDelete: ${onDelete}, but cannot be null. Set null: true, or change onDelete.`,
      );
    }
    if (onDelete === SET_DEFAULT && !this.hasDefault()) {
      throw new ImproperlyConfigured(
        `${name}: Field specifies onDelete: SET_DEFAULT, but has no default value. Set a default, or change onDelete.`,
      );
    }
    if (onDelete === DB_SET_DEFAULT && !this.hasDbDefault()) {
      throw new ImproperlyConfigured(
        `${name}: Field specifies onDelete: DB_SET_DEFAULT, but has no dbDefault value. Set a dbDefault, or change onDelete.`,
      );
    }
  }

  override getAttname(): string {
    return `${this.name}_id`;
  }

  protected override resolveRelatedFields(): RelatedFieldPair[] {
    const pairs = super.resolveRelatedFields();
    const concrete = this.remoteField.opts.concreteOpts;
    for (const [, foreign] of pairs) {
      if (foreign.opts !== concrete) {
        throw new FieldError(
          `'${(this.opts as Options).label}.${this.name}' refers to field '${foreign.name}' which is not local to ` +
            `model '${concrete.label}'.`,
        );
      }
    }
    return pairs;
  }

  override get targetField(): Field {
    return (this.relatedFields[0] as RelatedFieldPair)[1];
  }

  override cacheKey(instance: ModelInstance): unknown {
    return Object.hasOwn(instance, this.attname) ? instance[this.attname] : undefined;
  }

  protected override get defaultErrorMessages(): Readonly<Record<string, string>> {
    return {
      ...super.defaultErrorMessages,
      invalid: "%(model)s instance with %(field)s %(value)r is not a valid choice.",
    };
  }

  /** Whether the object exists is asked by `cleanFields`, which can query. */
  override validate(value: unknown, instance: unknown): void {
    if (!this.remoteField.parentLink) super.validate(value, instance);
  }

  override toPython(value: unknown): unknown {
    return this.targetField.toPython(value);
  }

  /** The default; of a default that is an object the value that the column holds. */
  override getDefault(): unknown {
    const value = super.getDefault();
    if (typeof value === "object" && value !== null && value instanceof this.remoteField.opts.rootClass) {
      return (value as ModelInstance)[this.targetField.attname];
    }
    return value;
  }

  override getPrepValue(value: unknown): unknown {
    return this.targetField.getPrepValue(value);
  }

  override getDbPrepValue(value: unknown, ops: FieldOps): unknown {
    return this.targetField.getDbPrepValue(value, ops);
  }

  override getDbPrepLookup(value: unknown, ops: FieldOps): unknown {
    return this.targetField.getDbPrepLookup(value, ops);
  }

  override getDbPrepSave(value: unknown, ops: FieldOps): unknown {
    if (isExpression(value)) return value;
    if (value === null || (value === "" && !this.targetField.emptyStringsAllowed)) return null;
    return this.targetField.getDbPrepSave(value, ops);
  }

  override fromDb(
    ops: FieldOps,
    options?: { column?: boolean; bigints?: boolean },
  ): ReturnType<Field["fromDb"]> {
    return this.targetField.fromDb(ops, options);
  }

  override get wantsBigInt(): boolean {
    return this.targetField.wantsBigInt;
  }

  override dbType(ops: FieldOps): string | null {
    return this.targetField.relDbType(ops);
  }

  override relDbType(ops: FieldOps): string | null {
    return this.targetField.relDbType(ops);
  }

  override castDbType(ops: FieldOps): string | null {
    return this.targetField.castDbType(ops);
  }

  override dbCheck(): string | null {
    return null;
  }

  override dbTypeSuffix(): string | null {
    return null;
  }

  override dbParameters(ops: FieldOps): ReturnType<Field["dbParameters"]> {
    const { collation } = this.targetField.dbParameters(ops);
    return { type: this.dbType(ops), check: null, ...(collation == null ? {} : { collation }) };
  }

  /** The field at the end of a chain of foreign keys: what a column of this one holds. */
  get outputField(): Field {
    let field = this.targetField;
    while (field instanceof ForeignKey) {
      field = field.targetField;
      if (field === this) throw new FieldError("Cannot resolve outputField.");
    }
    return field;
  }

  override clone(): this {
    const options = { ...this.options, onDelete: this.remoteField.onDelete as OnDelete };
    return new (this.constructor as new (to: RelationTarget, options: object) => this)(this.to, options);
  }

  override deconstruct(): { type: string; kwargs: Record<string, unknown> } {
    const { type, kwargs } = super.deconstruct();
    const rel = this.remoteField;
    const { dbIndex: _, ...rest } = kwargs;
    const result: Record<string, unknown> = {
      ...rest,
      onDelete: rel.onDelete,
      to: this.deconstructedTarget(),
    };
    if (!this.dbIndex) result.dbIndex = false;
    if (!this.dbConstraint) result.dbConstraint = false;
    const target = rel.toOpts;
    if (rel.fieldName !== null && (target === null || rel.fieldName !== target.pk.name))
      result.toField = rel.fieldName;
    return { type, kwargs: result };
  }
}

/** A {@link ForeignKey} that is unique: the way back gives one object. */
export class OneToOneField extends ForeignKey {
  declare remoteField: OneToOneRel;

  constructor(to: RelationTarget, options: ForeignKeyOptions) {
    super(to, { ...options, unique: true });
  }

  protected override makeRel(to: RelationTarget, options: ForeignObjectOptions): ForeignObjectRel {
    return new OneToOneRel(this, to, options.toFields[0] ?? null, options);
  }

  override get internalType(): string {
    return "OneToOneField";
  }

  override get manyToOne(): boolean {
    return false;
  }

  override get oneToOne(): boolean {
    return true;
  }

  override deconstruct(): { type: string; kwargs: Record<string, unknown> } {
    const { type, kwargs } = super.deconstruct();
    const { unique: _, ...rest } = kwargs;
    return { type, kwargs: rest };
  }
}
