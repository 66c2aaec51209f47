import type { FieldOptions } from "../fields/field.ts";
import { AutoField, BigAutoField, IntegerField, SmallAutoField } from "../fields/integers.ts";
import type { Options } from "./options.ts";
import type { AutoFieldName, Registry } from "./registry.ts";

const KEYS = { AutoField, BigAutoField, SmallAutoField } as const;

/** The primary key of a model that declares none. */
export function automaticKey(name: AutoFieldName): IntegerField {
  const Key = KEYS[name];
  return new Key({ verboseName: "ID", primaryKey: true, autoCreated: true, serialize: false });
}

/** The place of an object among those of `orderWithRespectTo`: the column `_order`. */
export class OrderWrt extends IntegerField {
  constructor(options: FieldOptions = {}) {
    super({ ...options, editable: false });
  }
}

/**
 * The setting `defaultAutoField`: the class of primary keys that models do not declare. Models that exist already
 * get the new one.
 */
export function setDefaultAutoField(apps: Registry, name: AutoFieldName): void {
  apps.defaultAutoField = name;
  for (const opts of apps.allOptions()) replaceKey(opts, name);
  apps.clearCache();
}

function replaceKey(opts: Options, name: AutoFieldName): void {
  const { pk } = opts;
  if (pk.opts !== opts || !pk.autoCreated || pk.isRelation || pk.constructor === KEYS[name]) return;
  const field = automaticKey(name);
  field.opts = opts;
  field.setAttributesFromName(pk.name);
  opts.replaceAutoPk(field);
}
