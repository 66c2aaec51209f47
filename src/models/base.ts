import { inspect } from "node:util";
import { ArgumentTypeError, ValueError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { str } from "../util/repr.ts";
import { construct, fromDb, refuseMore } from "./construct.ts";
import { isPkSet } from "./descriptors.ts";
import {
  type DeleteOptions,
  type DeleteResult,
  hooks,
  type RefreshOptions,
  type SaveBaseOptions,
  type SaveOptions,
} from "./hooks.ts";
import { hasDeferredFields, jsonValue, markLibraryMethods } from "./instances.ts";
import type { Options } from "./options.ts";
import type { ModelState } from "./state.ts";
import { type ModelClass, type ModelInstance, RAW } from "./types.ts";
import { cleanFieldsTask, type FullCleanOptions, fullCleanTask } from "./validation.ts";

/** The root of all model classes: what instances can do in sync code. */
export class BaseModel {
  declare static readonly _meta: Options;
  declare readonly _meta: Options;
  declare _state: ModelState;

  constructor(init?: Readonly<Record<string, unknown>> | typeof RAW, ...more: readonly never[]) {
    if (init === RAW) return;
    if (more.length > 0) refuseMore(new.target._meta);
    construct(this as unknown as ModelInstance, init ?? {}, new.target as unknown as ModelClass);
  }

  /**
   * Makes an instance of the values of a row. A class may override it; it is then called for each row.
   *
   * @param alias the database that the row came from
   * @param attnames the columns that were loaded, in the order of `values`; the others are deferred
   */
  static fromDb(alias: string, attnames: readonly string[], values: readonly unknown[]): ModelInstance {
    return fromDb(this as unknown as ModelClass, alias, attnames, values);
  }

  /** The primary key, whatever its field is called; an array for a composite one. */
  get pk(): unknown {
    const { _meta } = this;
    const self = this as unknown as ModelInstance;
    return _meta.isCompositePk ? _meta.pkFields.map((field) => self[field.attname]) : self[_meta.pk.attname];
  }

  set pk(value: unknown) {
    const { _meta } = this;
    const self = this as unknown as ModelInstance;
    if (_meta.isCompositePk) {
      setCompositePk(self, _meta.pkFields, value);
      return;
    }
    for (const link of _meta.parentLinks.values()) {
      if (link !== null && link !== _meta.pk) self[link.targetField.attname] = value;
    }
    self[_meta.pk.attname] = value;
  }

  /**
   * Saves the object: INSERT for a new one, UPDATE for one from the database.
   *
   * @throws ArgumentTypeError for options that exclude each other, `DatabaseError` when `forceUpdate` or
   *   `updateFields` changed no row, `IntegrityError` from the database.
   */
  save(options: SaveOptions = {}): void {
    hooks.runSync(
      hooks.save(this as unknown as ModelInstance, options),
      `await ${this._meta.modelName}.asave()`,
    );
  }

  /** What `save()` does after its checks. Django's `save_base()`. */
  saveBase(options: SaveBaseOptions = {}): void {
    hooks.runSync(
      hooks.saveBase(this as unknown as ModelInstance, options),
      `await ${this._meta.modelName}.asaveBase()`,
    );
  }

  /** Deletes the object and what refers to it, as `onDelete` says. Gives how many, in all and per label. */
  delete(options: DeleteOptions = {}): DeleteResult {
    return hooks.runSync(
      hooks.delete(this as unknown as ModelInstance, options),
      `await ${this._meta.modelName}.adelete()`,
    );
  }

  /** Loads the fields anew: those that are loaded, or `fields`. */
  refreshFromDb(options: RefreshOptions = {}): void {
    const fields = options.fields == null ? "" : `{ fields: ${JSON.stringify([...options.fields])} }`;
    hooks.runSync(
      hooks.refresh(this as unknown as ModelInstance, options),
      `await ${this._meta.modelName}.arefreshFromDb(${fields})`,
    );
  }

  /** Checks every field's value. Throws `ValidationError`. */
  cleanFields({ exclude }: { exclude?: Iterable<string> | undefined } = {}): void {
    hooks.runSync(
      cleanFieldsTask(this as unknown as ModelInstance, new Set(exclude)),
      `await ${this._meta.modelName}.acleanFields()`,
    );
  }

  /** A place for a model's own validation; called by `fullClean`. */
  clean(): void {}

  /** Checks that unique fields are unique. Throws `ValidationError`. */
  validateUnique({ exclude }: { exclude?: Iterable<string> | undefined } = {}): void {
    hooks.runSync(
      hooks.validateUnique(this as unknown as ModelInstance, new Set(exclude)),
      `await ${this._meta.modelName}.avalidateUnique()`,
    );
  }

  /** Checks the constraints of the model's meta. Throws `ValidationError`. */
  validateConstraints({ exclude }: { exclude?: Iterable<string> | undefined } = {}): void {
    hooks.runSync(
      hooks.validateConstraints(this as unknown as ModelInstance, new Set(exclude)),
      `await ${this._meta.modelName}.avalidateConstraints()`,
    );
  }

  /** `cleanFields`, `clean`, `validateUnique` and `validateConstraints`; all errors together. */
  fullClean(options: FullCleanOptions = {}): void {
    hooks.runSync(
      fullCleanTask(this as unknown as ModelInstance, options),
      `await ${this._meta.modelName}.afullClean()`,
    );
  }

  /** The attnames of the columns that were not loaded. */
  getDeferredFields(): Set<string> {
    const deferred = new Set<string>();
    for (const field of this._meta.concreteFields) {
      if (!Object.hasOwn(this, field.attname)) deferred.add(field.attname);
    }
    return deferred;
  }

  /** Whether both are the same row: the same concrete model and the same primary key, which is set. */
  equals(other: unknown): boolean {
    if (this === other) return true;
    if (!(other instanceof BaseModel) || this._meta.concreteOpts !== other._meta.concreteOpts) return false;
    return isPkSet(this as unknown as ModelInstance) && identityOf(this) === identityOf(other);
  }

  /** A key for maps and sets that objects of the same row share. Throws without a primary key. */
  get identity(): string {
    return identityOf(this);
  }

  /** The value of a field for serialisation: that of the column for a relation. */
  serializableValue(name: string): unknown {
    const field = this._meta.findField(name);
    return (this as unknown as ModelInstance)[field?.attname ?? name];
  }

  /** The loaded columns under their attnames, with values that JSON can hold. */
  toJSON(): Record<string, unknown> {
    const json: Record<string, unknown> = {};
    for (const { attname } of this._meta.concreteFields) {
      if (Object.hasOwn(this, attname))
        json[attname] = jsonValue((this as unknown as ModelInstance)[attname]);
    }
    return json;
  }

  toString(): string {
    return `${this._meta.objectName} object (${pkText(this)})`;
  }

  [inspect.custom](): string {
    return `<${this.constructor.name}: ${String(this)}>`;
  }
}

markLibraryMethods(BaseModel.prototype);

function pkText(instance: BaseModel): string {
  // What only describes an object must not load it.
  if (hasDeferredFields(instance as unknown as ModelInstance, instance._meta.pkFields)) return "deferred";
  const { pk } = instance;
  return Array.isArray(pk) ? `(${pk.map(str).join(", ")})` : str(pk);
}

/** A key that objects of the same row share. */
export function identityOf(instance: BaseModel | ModelInstance): string {
  const self = instance as ModelInstance;
  if (!isPkSet(self)) throw new ArgumentTypeError("Model instances without primary key value are unhashable");
  const { pk } = self;
  return `${self._meta.concreteOpts.label}:${Array.isArray(pk) ? pk.map((part) => String(part)).join(",") : String(pk)}`;
}

function setCompositePk(instance: ModelInstance, fields: readonly Field[], value: unknown): void {
  const values = value === null ? fields.map(() => null) : value;
  if (!Array.isArray(values)) throw new ValueError("'pk' must be a list or a tuple.");
  if (values.length !== fields.length) throw new ValueError(`'pk' must have ${fields.length} elements.`);
  for (const [i, field] of fields.entries()) instance[field.attname] = values[i];
}
