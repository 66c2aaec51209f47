import { connections } from "../connections.ts";
import type { Field } from "../fields/field.ts";
import { CompositePrimaryKey } from "../fields/generated.ts";
import type { ForeignObject } from "../fields/related/foreign-object.ts";
import type { ManyToOneRel } from "../fields/related/rel.ts";
import type { ConstraintLike } from "../models/meta.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Task } from "../task.ts";
import { capFirst } from "../util/case.ts";
import { isPlainDate } from "../util/temporal.ts";
import { NON_FIELD_ERRORS, ValidationError } from "../validators/validation-error.ts";
import { exists } from "./fetch.ts";
import { baseQuerySet, defaultQuerySet } from "./querysets.ts";
import { writeAlias } from "./save.ts";
import { others, uniqueErrorMessage } from "./uniqueness.ts";
import { type Constraint, validateConstraint } from "./validate-constraint.ts";

type Errors = Record<string, ValidationError[]>;

function addError(errors: Errors, name: string, error: ValidationError): void {
  const known = errors[name];
  if (known === undefined) errors[name] = [error];
  else known.push(error);
}

function throwIfAny(errors: Errors): void {
  if (Object.keys(errors).length > 0) throw new ValidationError(errors);
}

/** Checks that the object that a foreign key refers to exists and may be chosen. */
export function* validateRelated(instance: ModelInstance, field: ForeignObject, value: unknown): Task<void> {
  const rel = field.remoteField as ManyToOneRel;
  const name = rel.fieldName as string;
  const limits = field.getLimitChoicesTo();
  let rows = baseQuerySet(rel.opts, null)
    .about({ instance })
    .filterWith([{ [name]: value }]);
  if (typeof limits === "object" && limits !== null) rows = rows.filterWith([limits]);
  if (yield* exists(rows)) return;
  throw new ValidationError(field.errorMessages.invalid as string, {
    code: "invalid",
    params: { model: rel.opts.verboseName, pk: value, field: name, value },
  });
}

/** Names of fields that no two objects share, with the model that says so. */
type UniqueCheck = readonly [opts: Options, names: readonly string[]];

/** A field that is unique among the objects of a day, month or year. */
type DateCheck = readonly [opts: Options, kind: "date" | "month" | "year", name: string, dateName: string];

/** Checks that unique fields, and fields that are unique together, are so. */
export function* validateUnique(instance: ModelInstance, exclude: ReadonlySet<string>): Task<void> {
  const errors: Errors = {};
  const { unique, dates } = checksOf(instance._meta, exclude);
  for (const check of unique) yield* checkUnique(instance, check, errors);
  const dateErrors: Errors = {};
  for (const check of dates) yield* checkDate(instance, check, dateErrors);
  for (const [name, list] of Object.entries(dateErrors))
    for (const error of list) addError(errors, name, error);
  throwIfAny(errors);
}

function withParents(opts: Options): Options[] {
  return [opts, ...opts.allParents.map((parent) => parent._meta)];
}

function checksOf(
  opts: Options,
  exclude: ReadonlySet<string>,
): { unique: readonly UniqueCheck[]; dates: readonly DateCheck[] } {
  const unique: UniqueCheck[] = [];
  const dates: DateCheck[] = [];
  const all = withParents(opts);
  for (const meta of all) {
    for (const names of meta.uniqueTogether) {
      if (!names.some((name) => exclude.has(name))) unique.push([meta, names]);
    }
  }
  for (const meta of all) {
    for (const field of meta.localFields) {
      const { name } = field;
      if (exclude.has(name)) continue;
      if (field instanceof CompositePrimaryKey) {
        const names = field.fields.map((part) => part.name);
        if (!names.some((part) => exclude.has(part))) unique.push([meta, names]);
        continue;
      }
      if (field.unique) unique.push([meta, [name]]);
      const { uniqueForDate, uniqueForYear, uniqueForMonth } = field;
      if (uniqueForDate !== null && !exclude.has(uniqueForDate))
        dates.push([meta, "date", name, uniqueForDate]);
      if (uniqueForYear !== null && !exclude.has(uniqueForYear))
        dates.push([meta, "year", name, uniqueForYear]);
      if (uniqueForMonth !== null && !exclude.has(uniqueForMonth))
        dates.push([meta, "month", name, uniqueForMonth]);
    }
  }
  return { unique, dates };
}

function* checkUnique(instance: ModelInstance, [opts, names]: UniqueCheck, errors: Errors): Task<void> {
  const lookups: Record<string, unknown> = {};
  for (const name of names) {
    const field = instance._meta.getField(name) as Field;
    const value = instance[field.attname];
    if (value === null || value === undefined) return;
    if (value === "" && connections.features().interpretsEmptyStringsAsNulls) return;
    // The key of an object that is edited is its own.
    if (opts.pkFields.includes(field) && !instance._state.adding) return;
    lookups[name] = value;
  }
  const rows = others(defaultQuerySet(opts, null).filterWith([lookups]), instance, opts);
  if (!(yield* exists(rows))) return;
  const [only] = names;
  addError(
    errors,
    names.length === 1 ? (only as string) : NON_FIELD_ERRORS,
    uniqueErrorMessage(instance, opts, names),
  );
}

function* checkDate(
  instance: ModelInstance,
  [opts, kind, name, dateName]: DateCheck,
  errors: Errors,
): Task<void> {
  const date = partsOf(instance[dateName]);
  if (date === null) return;
  const lookups: Record<string, unknown> = { [name]: instance[name] };
  for (const part of kind === "date" ? (["day", "month", "year"] as const) : ([kind] as const)) {
    lookups[`${dateName}__${part}`] = date[part];
  }
  const rows = defaultQuerySet(opts, null).filterWith([lookups]);
  if (!(yield* exists(others(rows, instance, instance._meta)))) return;
  const field = opts.getField(name) as Field;
  const label = (of: Field) => capFirst(of.verboseName ?? of.name);
  addError(
    errors,
    name,
    new ValidationError(field.errorMessages.unique_for_date as string, {
      code: "unique_for_date",
      params: {
        model: instance,
        model_name: capFirst(opts.verboseName),
        lookup_type: kind,
        field: name,
        field_label: label(field),
        date_field: dateName,
        date_field_label: label(opts.getField(dateName) as Field),
      },
    }),
  );
}

function partsOf(value: unknown): { day: number; month: number; year: number } | null {
  if (isPlainDate(value)) return { day: value.day, month: value.month, year: value.year };
  if (!(value instanceof Date)) return null;
  return { day: value.getUTCDate(), month: value.getUTCMonth() + 1, year: value.getUTCFullYear() };
}

/** Checks the constraints of the model's meta and of its parents'. */
export function* validateConstraints(instance: ModelInstance, exclude: ReadonlySet<string>): Task<void> {
  const using = writeAlias(instance, null);
  let errors: Errors = {};
  for (const opts of withParents(instance._meta)) {
    for (const constraint of opts.constraints as readonly ConstraintLike[]) {
      try {
        yield* validateConstraint(constraint as unknown as Constraint, opts, instance, exclude, using);
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        const { fields } = constraint as { fields?: readonly string[] };
        if (error.validationCode === "unique" && fields?.length === 1) {
          addError(errors, fields[0] as string, error);
        } else {
          errors = error.updateErrorDict(errors);
        }
      }
    }
  }
  throwIfAny(errors);
}
