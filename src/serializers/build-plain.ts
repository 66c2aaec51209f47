/** Making objects of plain data: what files of JSON and YAML have. */
import { ArgumentTypeError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { ForeignKey } from "../fields/related/foreign-key.ts";
import type { ManyToManyField } from "../fields/related/many-to-many.ts";
import { ForeignObjectRel } from "../fields/related/rel.ts";
import type { Options } from "../models/options.ts";
import type { Task } from "../task.ts";
import { str } from "../util/repr.ts";
import { buildObject, findModel, newData, type ObjectData } from "./build.ts";
import type { DeserializedObject } from "./deserialized.ts";
import { DeserializationError, errorText } from "./errors.ts";
import { fieldOfName, hasField } from "./names.ts";
import {
  type BuildContext,
  DEFERRED,
  type Failure,
  plainMany,
  plainRelation,
  pythonType,
} from "./references.ts";

/** An error of an object of a file says so; what names the object already stays as it is. */
export function* wrapErrors<T>(task: Task<T>): Task<T> {
  try {
    return yield* task;
  } catch (cause) {
    if (cause instanceof DeserializationError) throw cause;
    throw new DeserializationError(`Error deserializing object: ${errorText(cause)}`, { cause });
  }
}

/** A member of an object. Throws the errors of Python. */
function member(raw: unknown, name: string): unknown {
  if (typeof raw === "object" && raw !== null && !Array.isArray(raw)) {
    if (!Object.hasOwn(raw, name)) throw new ArgumentTypeError(`'${name}'`);
    return (raw as Record<string, unknown>)[name];
  }
  if (Array.isArray(raw)) throw new ArgumentTypeError("list indices must be integers or slices, not str");
  if (typeof raw === "string") throw new ArgumentTypeError("string indices must be integers, not 'str'");
  throw new ArgumentTypeError(`'${pythonType(raw)}' object is not subscriptable`);
}

/** An object out of plain data; `null` for one of a model that does not exist and is to be ignored. */
export function* buildPlain(raw: unknown, context: BuildContext): Task<DeserializedObject | null> {
  const label = member(raw, "model");
  const opts = findModel(label);
  if (opts === undefined) {
    if (context.ignorenonexistent) return null;
    throw new DeserializationError(`Invalid model identifier: ${str(label)}`);
  }
  const { pk } = raw as { pk?: unknown };
  const failed = (cause: unknown, value: unknown) =>
    DeserializationError.withData(cause, str(label), pk ?? null, value);
  const data = newData();
  if (pk !== undefined) {
    try {
      data.values[opts.pk.attname] = opts.pk.toPython(pk);
    } catch (error) {
      throw failed(error, null);
    }
  }
  for (const [name, value] of Object.entries(member(raw, "fields") as object)) {
    if (context.ignorenonexistent && !hasField(opts, name)) continue;
    yield* setField(opts, name, value, data, context, failed);
  }
  return yield* buildObject(opts, data, context);
}

function* setField(
  opts: Options,
  name: string,
  value: unknown,
  data: ObjectData,
  context: BuildContext,
  failed: Failure,
): Task<void> {
  const field = fieldOfName(opts, name);
  if (field instanceof ForeignObjectRel) {
    throw failed(new TypeError(`'${field.constructor.name}' object has no attribute 'to_python'`), value);
  }
  if (field.manyToMany) {
    const values = yield* plainMany(field as Field as ManyToManyField, value, context, failed);
    if (values === DEFERRED) data.deferred.set(field, value);
    else data.many.set(field.name, values as readonly unknown[]);
    return;
  }
  try {
    const converted = field.isRelation
      ? yield* plainRelation(field as Field as ForeignKey, value, context)
      : field.toPython(value);
    if (converted === DEFERRED) data.deferred.set(field, value);
    else data.values[field.attname] = converted;
  } catch (error) {
    throw failed(error, value);
  }
}
