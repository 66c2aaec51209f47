/** What files say of other objects: keys and natural keys, and the values that fields get of them. */
import { ArgumentTypeError, ObjectDoesNotExist } from "../errors.ts";
import type { ForeignKey } from "../fields/related/foreign-key.ts";
import type { ManyToManyField } from "../fields/related/many-to-many.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Mode, Task } from "../task.ts";
import type { DeserializationError } from "./errors.ts";
import { findsByNaturalKey, getByNaturalKey } from "./natural.ts";

export interface BuildContext {
  readonly mode: Mode;
  /** The alias of the database in which natural keys are looked up. */
  readonly using: string;
  /** Leaves out models and fields that do not exist. */
  readonly ignorenonexistent: boolean;
  /** A natural key that is not found yet is looked up later. */
  readonly handleForwardReferences: boolean;
}

/** Stands for a value that is looked up later. */
export const DEFERRED: unique symbol = Symbol("asgimod.deferred");

/** The value of a foreign key: of the target's field that it holds, or by the target's natural key. */
export function* relationValue(
  field: ForeignKey,
  value: unknown,
  natural: readonly unknown[] | null,
  context: BuildContext,
): Task<unknown> {
  if (natural === null) return field.targetField.toPython(value);
  const { opts } = field.remoteField;
  const { mode, using } = context;
  let target: ModelInstance;
  try {
    target = yield* getByNaturalKey(opts, mode, using, natural);
  } catch (error) {
    if (error instanceof ObjectDoesNotExist && context.handleForwardReferences) return DEFERRED;
    throw error;
  }
  return target[field.targetField.attname];
}

/** The key of one object of a many-to-many relation. */
export function* manyValue(
  field: ManyToManyField,
  value: unknown,
  natural: readonly unknown[] | null,
  { mode, using }: BuildContext,
): Task<unknown> {
  const { opts } = field.remoteField;
  if (natural === null) return opts.pk.toPython(value);
  return (yield* getByNaturalKey(opts, mode, using, natural)).pk;
}

/** Whether a natural key may stand for objects of the target. */
export function takesNaturalKeys(field: ForeignKey | ManyToManyField): boolean {
  return findsByNaturalKey(field.remoteField.opts);
}

/** Makes the error of a value. */
export type Failure = (cause: unknown, value: unknown) => DeserializationError;

/** A list, and what else Python iterates over but for a text, is a natural key. */
function naturalOf(value: unknown): readonly unknown[] | null {
  return typeof value === "object" && value !== null ? iterated(value) : null;
}

export function* plainRelation(field: ForeignKey, value: unknown, context: BuildContext): Task<unknown> {
  if (value === null) return null;
  return yield* relationValue(field, value, takesNaturalKeys(field) ? naturalOf(value) : null, context);
}

export function* plainMany(
  field: ManyToManyField,
  value: unknown,
  context: BuildContext,
  failed: Failure,
): Task<readonly unknown[] | typeof DEFERRED> {
  let items: readonly unknown[];
  try {
    items = iterated(value);
  } catch (error) {
    throw failed(error, value);
  }
  const natural = takesNaturalKeys(field);
  const keys: unknown[] = [];
  for (const item of items) {
    try {
      keys.push(yield* manyValue(field, item, natural ? naturalOf(item) : null, context));
    } catch (error) {
      if (error instanceof ObjectDoesNotExist && context.handleForwardReferences) return DEFERRED;
      throw failed(error, item);
    }
  }
  return keys;
}

/** The members of a value that Python iterates over. Throws Python's `TypeError`. */
export function iterated(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === "string") return [...value];
  if (typeof value === "object" && value !== null) return Object.keys(value);
  throw new ArgumentTypeError(`'${pythonType(value)}' object is not iterable`);
}

/** The name of a value's type in Python's messages. */
export function pythonType(value: unknown): string {
  if (value === null || value === undefined) return "NoneType";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  if (typeof value === "bigint") return "int";
  if (typeof value === "string") return "str";
  return Array.isArray(value) ? "list" : "dict";
}
