import type { ManyToManyField } from "../fields/related/many-to-many.ts";
import { targetLabel } from "../fields/related/rel.ts";
import { RelatedField } from "../fields/related/related-field.ts";
import { installForeignOrder, installReverseAccessors } from "./accessors.ts";
import type { FieldDeclarations } from "./declare.ts";
import type { InternalMeta } from "./meta.ts";
import type { Options } from "./options.ts";
import { throughDeclaration } from "./through.ts";
import type { ModelClass } from "./types.ts";

export type MakeThrough = (label: string, fields: FieldDeclarations, meta: InternalMeta) => ModelClass;

/** Ties the relations of a model to their targets: at once, or when these are declared. */
export function connectRelations(opts: Options): void {
  const { apps } = opts;
  for (const field of [...opts.localFields, ...opts.localManyToMany, ...opts.privateFields]) {
    if (!(field instanceof RelatedField)) continue;
    apps.lazy([targetLabel(field.to, opts)], (target) => {
      field.relationResolved(target);
      apps.clearCache();
      installReverseAccessors(field);
    });
  }
  const order = opts.orderWithRespectTo;
  if (order !== null) apps.lazy([targetLabel(order.to, opts)], (target) => installForeignOrder(target, opts));
}

/** Finds the intermediate model of a many-to-many field, or makes it: it is declared before the model itself. */
export function connectThrough(opts: Options, field: ManyToManyField, makeThrough: MakeThrough): void {
  const { apps } = opts;
  const rel = field.remoteField;
  if (rel.throughTarget !== null) {
    apps.lazy([targetLabel(rel.throughTarget, opts)], (through) => {
      rel.throughOpts = through;
      apps.clearCache();
    });
    return;
  }
  const { label, fields, meta } = throughDeclaration(opts, field);
  const through = makeThrough(label, fields, meta)._meta;
  rel.throughOpts = through;
  apps.lazy([targetLabel(field.to, opts)], (target) => {
    through.managed = opts.managed || target.managed;
  });
}
