import { ForeignKey } from "../fields/related/foreign-key.ts";
import type { ManyToManyField } from "../fields/related/many-to-many.ts";
import { CASCADE } from "../fields/related/on-delete.ts";
import { targetLabel } from "../fields/related/rel.ts";
import { columnName } from "../util/case.ts";
import type { InternalMeta } from "./meta.ts";
import type { Options } from "./options.ts";

/** An intermediate model to be made: what `Model()` takes. */
export interface ThroughDeclaration {
  label: string;
  fields: Record<string, ForeignKey>;
  meta: InternalMeta;
}

/** The declaration of the automatic intermediate model of a many-to-many field. */
export function throughDeclaration(opts: Options, field: ManyToManyField): ThroughDeclaration {
  const target = targetLabel(field.to, opts);
  let to = target.slice(target.lastIndexOf(".") + 1);
  let from = opts.modelName;
  if (to === from) {
    to = `to_${to}`;
    from = `from_${from}`;
  }
  const name = `${opts.objectName}_${field.name}`;
  const { dbConstraint } = field.remoteField;
  const link = (label: string) =>
    new ForeignKey(label, { relatedName: `${name}+`, dbConstraint, onDelete: CASCADE });
  return {
    label: `${opts.appLabel}.${name}`,
    fields: { [from]: link(opts.label), [to]: link(target) },
    meta: {
      dbTable: field.dbTable ?? `${opts.dbTable}_${columnName(field.name)}`,
      autoCreated: opts,
      uniqueTogether: [[from, to]],
      verboseName: `${from}-${to} relationship`,
      verboseNamePlural: `${from}-${to} relationships`,
      managed: opts.managed,
      apps: opts.apps,
    },
  };
}
