import { ImproperlyConfigured } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { ForeignKey } from "../fields/related/foreign-key.ts";
import { ForeignObject } from "../fields/related/foreign-object.ts";
import { ManyToManyField } from "../fields/related/many-to-many.ts";
import { DatabaseOnDelete, DO_NOTHING, type OnDelete } from "../fields/related/on-delete.ts";
import type { ForeignObjectRel } from "../fields/related/rel.ts";
import { RelatedField } from "../fields/related/related-field.ts";
import type { Options } from "./options.ts";

/** The checks of a model that need the others: Django's system checks on relations, as errors. */
export function checkRelations(opts: Options): void {
  checkColumns(opts);
  checkOrdering(opts);
  if (!opts.proxy) {
    checkNames(opts, "uniqueTogether", opts.uniqueTogether.flat());
    for (const { fields } of opts.constraints) checkNames(opts, "constraints", fields ?? []);
  }
  for (const field of opts.collectFields({ reverse: false, parents: "none" })) {
    if (!(field instanceof RelatedField)) continue;
    requireTarget(opts, field);
    checkReverseNames(opts, field);
    checkClashes(opts, field);
    if (field instanceof ForeignObject) checkTarget(opts, field);
    if (field instanceof ManyToManyField) checkThrough(opts, field);
    checkDatabaseOnDelete(opts, field);
  }
  checkOneKindOfOnDelete(opts);
  for (const field of opts.privateFields) field.check();
}

function requireTarget(opts: Options, field: RelatedField): void {
  const rel = field.remoteField;
  if (rel.toOpts === null) throw opts.apps.unknownLabel(rel.toLabel, label(opts, field));
  if (field instanceof ManyToManyField && field.remoteField.throughOpts === null) {
    throw opts.apps.unknownLabel(String(field.remoteField.throughTarget), label(opts, field));
  }
}

function fail(message: string): never {
  throw new ImproperlyConfigured(message);
}

function label(opts: Options, field: { readonly name: string }): string {
  return `${opts.label}.${field.name}`;
}

function checkColumns(opts: Options): void {
  const columns = new Map<string, Field>();
  for (const field of opts.localConcreteFields) {
    const column = field.column as string;
    const other = columns.get(column);
    if (other !== undefined) {
      fail(
        `Field '${label(opts, field)}' has column name '${column}' that is used by '${other.name}'. Give one of them a dbColumn.`,
      );
    }
    columns.set(column, field);
  }
}

/** Names of the model's own; paths through relations and expressions are left to the query. */
function checkOrdering(opts: Options): void {
  if (opts.orderWithRespectTo !== null) return;
  for (const item of opts.ordering) {
    if (typeof item !== "string" || item === "?") continue;
    const name = item.replace(/^[-+]/, "");
    if (name === "pk" || name.includes("__") || opts.findField(name) !== undefined) continue;
    fail(
      `'ordering' of ${opts.label} refers to the nonexistent field, related field, or lookup '${name}'. Choices are: ` +
        opts.fieldChoices().join(", "),
    );
  }
}

function checkNames(opts: Options, option: string, names: readonly string[]): void {
  for (const name of names) {
    const field = opts.findField(name);
    if (field === undefined) fail(`'${option}' of ${opts.label} refers to the nonexistent field '${name}'.`);
    if (field.manyToMany)
      fail(
        `'${option}' of ${opts.label} refers to a ManyToManyField '${name}', but these are not permitted.`,
      );
    if (!opts.localFields.includes(field as Field)) {
      fail(
        `'${option}' of ${opts.label} refers to field '${name}' which is not local to model '${opts.objectName}'.`,
      );
    }
  }
}

function checkReverseNames(opts: Options, field: RelatedField): void {
  const rel = field.remoteField;
  const { relatedName } = rel;
  if (
    relatedName !== null &&
    !relatedName.endsWith("+") &&
    !/^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(relatedName)
  ) {
    fail(
      `The name '${relatedName}' is invalid relatedName for field ${label(opts, field)}: it must be an identifier or end with a '+'.`,
    );
  }
  if (rel.hidden) return;
  const name = field.relatedQueryName();
  const hint = "Add or change relatedName or relatedQueryName.";
  if (name.endsWith("_"))
    fail(`Reverse query name '${name}' of ${label(opts, field)} must not end with an underscore. ${hint}`);
  if (name.includes("__"))
    fail(`Reverse query name '${name}' of ${label(opts, field)} must not contain '__'. ${hint}`);
}

function checkClashes(opts: Options, field: RelatedField): void {
  const rel = field.remoteField;
  const target = rel.opts;
  const { hidden, accessorName } = rel;
  const queryName = field.relatedQueryName();
  const name = label(opts, field);
  const asyncName = accessorName === null ? null : `a${accessorName}`;

  for (const other of [...target.fields, ...target.manyToMany]) {
    const cure = `Rename field '${label(target, other)}', or give '${name}' a relatedName.`;
    if (!hidden && other.name === accessorName) {
      fail(
        `Reverse accessor '${target.objectName}.${accessorName}' for '${name}' clashes with field name '${label(target, other)}'. ${cure}`,
      );
    }
    if (!hidden && (other.name === asyncName || other.attname === asyncName)) {
      fail(
        `Async reverse accessor '${target.objectName}.${asyncName}' for '${name}' clashes with field name '${label(target, other)}'. ${cure}`,
      );
    }
    if (other.name === queryName) {
      fail(`Reverse query name for '${name}' clashes with field name '${label(target, other)}'. ${cure}`);
    }
  }
  for (const other of target.relatedObjects) {
    if (other.field === field) continue;
    const otherName = label(other.relatedOpts, other.field);
    const cure = `Give '${name}' or '${otherName}' a relatedName.`;
    if (!hidden && other.accessorName === accessorName) {
      fail(
        `Reverse accessor '${target.objectName}.${accessorName}' for '${name}' clashes with reverse accessor for '${otherName}'. ${cure}`,
      );
    }
    if (other.accessorName === queryName) {
      fail(`Reverse query name for '${name}' clashes with reverse query name for '${otherName}'. ${cure}`);
    }
  }
}

function checkTarget(opts: Options, field: ForeignObject): void {
  const target = field.remoteField.opts;
  for (const toField of field.toFields) {
    if (toField !== null && target.findField(toField) === undefined) {
      fail(
        `${label(opts, field)}: The toField '${toField}' doesn't exist on the related model '${target.label}'.`,
      );
    }
    if (toField === null && target.isCompositePk) {
      fail(
        `${label(opts, field)}: Field defines a relation involving model '${target.objectName}' which has a ` +
          "CompositePrimaryKey and such relations are not supported.",
      );
    }
  }
  if (!field.requiresUniqueTarget) return;
  const foreign = field.foreignRelatedFields;
  if (foreign.some((f) => f.unique)) return;
  const names = new Set(foreign.map((f) => f.name));
  const covered = (fields: readonly string[]) => fields.every((name) => names.has(name));
  if (target.uniqueTogether.some(covered)) return;
  if (target.totalUniqueConstraints.some((constraint) => covered(constraint.fields ?? []))) return;
  if (covered(target.pkFields.map((f) => f.name))) return;
  const list = foreign.map((f) => `'${target.objectName}.${f.name}'`).join(", ");
  fail(
    `${list} must be unique because it is referenced by '${label(opts, field)}'. Add unique: true or a UniqueConstraint.`,
  );
}

/** What happens on deletion to the objects that refer through the model's own foreign keys; without `DO_NOTHING`. */
function onDeletes(opts: Options): OnDelete[] {
  return opts
    .collectFields({ reverse: false })
    .filter((field): field is ForeignObject => field instanceof ForeignObject)
    .map((field) => field.remoteField.onDelete)
    .filter((onDelete): onDelete is OnDelete => onDelete !== null && onDelete !== DO_NOTHING);
}

const isDatabase = (onDelete: OnDelete) => onDelete instanceof DatabaseOnDelete;

/** Either the database follows a chain of relations, or this library does: neither sees what the other deletes. */
function checkDatabaseOnDelete(opts: Options, field: RelatedField): void {
  // Of an automatic table between its field tells.
  if (opts.autoCreated !== null) return;
  const target = onDeletes(field.remoteField.opts);
  const name = label(opts, field);
  if (field instanceof ManyToManyField) {
    if (field.remoteField.throughTarget !== null || ![...target, ...onDeletes(opts)].some(isDatabase)) return;
    fail(
      `${name}: The model or the related one specifies a database-level onDelete variant, but the table between ` +
        "is deleted from by this library. Use the other variants, or declare a through model.",
    );
  }
  const { onDelete } = field.remoteField;
  if (onDelete === null || onDelete === DO_NOTHING) return;
  const own = isDatabase(onDelete);
  if (target.every((other) => isDatabase(other) === own)) return;
  const [kind, otherKind] = own ? ["database", "library"] : ["library", "database"];
  fail(
    `${name}: Field specifies ${kind}-level onDelete variant, but referenced model uses ${otherKind}-level variant. ` +
      "Use either database or library onDelete variants uniformly in the references chain.",
  );
}

function checkOneKindOfOnDelete(opts: Options): void {
  const all = onDeletes(opts);
  if (!all.some(isDatabase) || all.every(isDatabase)) return;
  fail(
    `${opts.label}: The model cannot have related fields with both database-level and library-level onDelete variants.`,
  );
}

function checkThrough(opts: Options, field: ManyToManyField): void {
  const rel = field.remoteField;
  const through = rel.throughMeta;
  const target = rel.opts;
  if (rel.throughTarget === null) return;
  const links = (to: Options) =>
    through.fields.filter(
      (f): f is ForeignKey => f instanceof ForeignKey && (f.remoteField as ForeignObjectRel).toOpts === to,
    );
  const name = label(opts, field);
  if (rel.throughFields !== null) {
    const [source, destination] = rel.throughFields;
    if (!source || !destination) {
      fail(
        `${name}: throughFields needs the names of two link fields of '${through.label}': ["field1", "field2"].`,
      );
    }
    for (const [linkName, to] of [
      [source, opts],
      [destination, target],
    ] as const) {
      const choices = links(to).map((f) => f.name);
      if (choices.includes(linkName)) continue;
      const hint = choices.length > 0 ? ` Did you mean one of: ${choices.join(", ")}?` : "";
      if (through.findField(linkName) === undefined) {
        fail(`${name}: The intermediary model '${through.label}' has no field '${linkName}'.${hint}`);
      }
      fail(`${name}: '${through.objectName}.${linkName}' is not a foreign key to '${to.objectName}'.${hint}`);
    }
    return;
  }
  const from = links(opts).length;
  const to = links(target).length;
  const ambiguous = (what: string) =>
    fail(
      `The model '${through.label}' is used as an intermediate model by '${name}', but it has more than ` +
        `${what}, which is ambiguous. Name the two to use with throughFields: ["from", "to"].`,
    );
  if (opts === target) {
    if (from > 2) ambiguous(`two foreign keys to '${opts.objectName}'`);
    if (from < 2) missing();
    return;
  }
  if (from > 1) ambiguous(`one foreign key from '${opts.objectName}'`);
  if (to > 1) ambiguous(`one foreign key to '${target.objectName}'`);
  if (from === 0 || to === 0) missing();

  function missing(): never {
    return fail(
      `The model '${through.label}' is used as an intermediate model by '${name}', but it does not have a foreign ` +
        `key to '${opts.objectName}' or '${target.objectName}'.`,
    );
  }
}

/** Refuses a name that a field cannot have. */
export function checkFieldName(opts: Options, name: string, isCompositePk: boolean): void {
  const where = `${opts.label}.${name}`;
  if (isCompositePk !== (name === "pk")) {
    fail(
      isCompositePk
        ? `${where}: 'CompositePrimaryKey' must be named 'pk'.`
        : `${where}: 'pk' is a reserved word that cannot be used as a field name.`,
    );
  }
  if (name.endsWith("_")) fail(`${where}: Field names must not end with an underscore.`);
  if (name.includes("__")) fail(`${where}: Field names must not contain "__".`);
  if (!/^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name))
    fail(`${where}: Field names must be identifiers.`);
}
