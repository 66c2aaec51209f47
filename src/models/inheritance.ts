import { ArgumentTypeError, FieldError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { PrivateField } from "../fields/private.ts";
import { type ForeignKey, OneToOneField } from "../fields/related/foreign-key.ts";
import { CASCADE } from "../fields/related/on-delete.ts";
import { targetLabel } from "../fields/related/rel.ts";
import { bindField, type FieldDeclarations, splitDeclarations } from "./declare.ts";
import type { InternalMeta } from "./meta.ts";
import type { Options } from "./options.ts";

/** The meta of a model that declares none: that of the nearest abstract ancestor. */
export function inheritedMeta(parent: Options | null): InternalMeta {
  for (let opts = parent; opts !== null; opts = opts.base) {
    if (opts.abstract) return withoutAbstract(opts.meta);
  }
  return {};
}

/** A meta to inherit: an abstract model's children are not abstract themselves. */
export function withoutAbstract(meta: InternalMeta): InternalMeta {
  const { abstract: _, ...rest } = meta;
  return rest;
}

/** What a child takes over from its parent beside fields: `ordering` and `getLatestBy` of a concrete one. */
export function inheritOptions(opts: Options, parent: Options): void {
  if (parent.abstract) return;
  if (opts.meta.ordering === undefined && opts.meta.orderWithRespectTo === undefined)
    opts.ordering = parent.ordering;
  if (opts.meta.getLatestBy === undefined) opts.getLatestBy = parent.getLatestBy;
}

/** Adds the fields of a model: its own, those of an abstract parent, the link to a concrete one. */
export function addFields(opts: Options, declarations: FieldDeclarations): void {
  const { fields, removed } = splitDeclarations(opts, declarations);
  const parent = opts.base;
  if (opts.proxy) {
    setupProxy(opts, Object.keys(fields));
    return;
  }
  if (parent === null) {
    for (const [name, field] of Object.entries(fields)) bindField(opts, name, field);
    return;
  }
  checkClashes(opts, parent, fields);
  if (parent.abstract) inheritAbstract(opts, parent, fields, removed);
  else linkToParent(opts, parent.concreteOpts, fields);
}

/** A proxy has its model's table, and no fields of its own. */
function setupProxy(opts: Options, names: readonly string[]): void {
  let base = opts.base;
  while (base?.abstract) {
    if (base.fields.length > 0) {
      throw new ArgumentTypeError(
        `Abstract base class containing model fields not permitted for proxy model '${opts.objectName}'.`,
      );
    }
    base = base.base;
  }
  if (base === null) {
    throw new ArgumentTypeError(`Proxy model '${opts.objectName}' has no non-abstract model base class.`);
  }
  if (names.length > 0)
    throw new FieldError(`Proxy model '${opts.objectName}' contains model fields: ${names.join(", ")}.`);
  opts.dbTable = base.dbTable;
  opts.proxyForOpts = base;
  opts.concreteOpts = base.concreteOpts;
  opts.setPk(base.pk);
  opts.parentLinks.set(base.concreteOpts, null);
  copyPrivate(opts, base);
}

/** Generic relations of a parent in the database: the child has copies, which no query leads back from. */
function copyPrivate(opts: Options, parent: Options): void {
  for (const field of parent.privateFields) bindField(opts, field.name, field.inherited() as PrivateField);
}

/** A field of a concrete ancestor cannot be declared again. */
function checkClashes(opts: Options, parent: Options, fields: Record<string, Field>): void {
  for (let base: Options | null = parent; base !== null; base = base.base) {
    if (base.abstract) continue;
    for (const field of [...base.localFields, ...base.localManyToMany, ...base.privateFields]) {
      if (!(field.name in fields)) continue;
      throw new FieldError(
        `Local field '${field.name}' in class '${opts.objectName}' clashes with field of the same name from base ` +
          `class '${base.objectName}'.`,
      );
    }
  }
}

/** The fields of an abstract parent become the child's own, unless it declares them itself. */
function inheritAbstract(
  opts: Options,
  parent: Options,
  fields: Record<string, Field>,
  removed: ReadonlySet<string>,
): void {
  const copies = new Map<Field, Field>();
  for (const field of [...parent.localFields, ...parent.localManyToMany, ...parent.privateFields]) {
    if (field.name in fields || removed.has(field.name)) continue;
    const copy = field.clone();
    copies.set(field, copy);
    bindField(opts, field.name, copy);
  }
  for (const [name, field] of Object.entries(fields)) bindField(opts, name, field);
  for (const [base, link] of parent.parentLinks) {
    const own = link === null ? null : ((copies.get(link) ?? fields[link.name] ?? link) as ForeignKey);
    opts.parentLinks.set(base, own);
    if (own?.primaryKey && !opts.hasPk) opts.setPk(own);
  }
}

/** Multi-table inheritance: a one-to-one relation to the parent, which is the primary key unless there is another. */
function linkToParent(opts: Options, parent: Options, fields: Record<string, Field>): void {
  const hasPk = Object.values(fields).some((field) => field.primaryKey);
  let link: ForeignKey | null = null;
  for (const [name, field] of Object.entries(fields)) {
    if (!(field instanceof OneToOneField) || !field.remoteField.parentLink) continue;
    if (targetLabel(field.to, opts) !== parent.labelLower) continue;
    link = hasPk
      ? field
      : new OneToOneField(field.to, {
          ...field.options,
          onDelete: field.remoteField.onDelete ?? CASCADE,
          primaryKey: true,
        });
    fields[name] = link;
  }
  if (link === null) {
    const name = `${parent.modelName}_ptr`;
    if (name in fields) {
      throw new FieldError(
        `Auto-generated field '${name}' in class '${opts.objectName}' for parent_link to base class ` +
          `'${parent.objectName}' clashes with declared field of the same name.`,
      );
    }
    link = new OneToOneField(parent.label, {
      onDelete: CASCADE,
      autoCreated: true,
      parentLink: true,
      primaryKey: !hasPk,
      ...(hasPk ? {} : { serialize: false }),
    });
    bindField(opts, name, link);
  }
  opts.parentLinks.set(parent, link);
  for (const [name, field] of Object.entries(fields)) bindField(opts, name, field);
  copyPrivate(opts, opts.base as Options);
}
