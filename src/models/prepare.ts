import { FieldDoesNotExist } from "../errors.ts";
import type { RelatedField } from "../fields/related/related-field.ts";
import { installOrderMethods } from "./accessors.ts";
import { automaticKey, OrderWrt } from "./automatic-fields.ts";
import { bindField } from "./declare.ts";
import type { Options } from "./options.ts";

/** Completes a model that is not abstract: its primary key, `_order`, the names of its indexes. */
export function prepare(opts: Options): void {
  if (opts.meta.orderWithRespectTo !== undefined) prepareOrder(opts, opts.meta.orderWithRespectTo);
  if (!opts.hasPk) bindField(opts, "id", automaticKey(opts.apps.defaultAutoField));
  for (const index of opts.indexes) if (!index.name) index.setNameWithModel?.(opts);
}

function prepareOrder(opts: Options, name: string): void {
  const field = opts.fields.find((f) => f.name === name || f.attname === name);
  if (field === undefined) throw new FieldDoesNotExist(`${opts.objectName} has no field named '${name}'`);
  opts.orderWithRespectTo = field as RelatedField;
  opts.ordering = ["_order"];
  if (!opts.localFields.some((f) => f.name === "_order")) bindField(opts, "_order", new OrderWrt());
  installOrderMethods(opts);
}
