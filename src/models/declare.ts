import { ArgumentTypeError, ImproperlyConfigured } from "../errors.ts";
import { Field } from "../fields/field.ts";
import { CompositePrimaryKey } from "../fields/generated.ts";
import type { PrivateField } from "../fields/private.ts";
import { ForeignKey } from "../fields/related/foreign-key.ts";
import { RelatedField } from "../fields/related/related-field.ts";
import { installFieldAccessors } from "./accessors.ts";
import { ASYNC_NAMES } from "./async-half.ts";
import { BaseModel } from "./base.ts";
import { checkFieldName } from "./checks.ts";
import type { Options } from "./options.ts";

/** The second argument of `Model()`; `null` takes a field of an abstract parent away. */
export type FieldDeclarations = Readonly<Record<string, unknown>>;

/** Copies of the declared fields, so that one declaration can serve many models. */
export function splitDeclarations(
  opts: Options,
  declarations: FieldDeclarations,
): { fields: Record<string, Field>; removed: ReadonlySet<string> } {
  const fields: Record<string, Field> = {};
  const removed = new Set<string>();
  for (const [name, declared] of Object.entries(declarations)) {
    if (declared === null) removed.add(name);
    else if (declared instanceof Field) fields[name] = declared.clone();
    else
      throw new ArgumentTypeError(
        `'${name}' of '${opts.label}' is no field. Fields are made by calls: CharField({ maxLength: 50 }).`,
      );
  }
  return { fields, removed };
}

/** Members of instances that a field may not replace. `identity` is not Django's, so it gives way. */
const RESERVED = new Set([
  ...Object.getOwnPropertyNames(BaseModel.prototype).filter((name) => name !== "identity"),
  ...ASYNC_NAMES,
  "_state",
  "_meta",
  "valueOf",
]);

/** Makes a field part of a model. */
export function bindField(opts: Options, name: string, field: Field): void {
  checkFieldName(opts, name, field instanceof CompositePrimaryKey);
  field.opts = opts;
  field.setAttributesFromName(name);
  if (field instanceof RelatedField && !opts.abstract) field.interpolateNames(opts);
  checkMemberNames(opts, field);
  if (field instanceof ForeignKey) field.checkOnDelete(opts.label);
  opts.addField(field);
  if (opts.abstract) return;
  if (field.isPrivate) (field as PrivateField).install(opts);
  else installFieldAccessors(opts, field);
}

function checkMemberNames(opts: Options, field: Field): void {
  if (field instanceof CompositePrimaryKey) return;
  for (const name of new Set([field.name, field.attname])) {
    if (RESERVED.has(name)) {
      throw new ImproperlyConfigured(
        `'${opts.label}.${name}': every model has a member '${name}', so no field can be called so.`,
      );
    }
    const other = opts.fields.find((known) => known.name === name || known.attname === name);
    if (other !== undefined) {
      throw new ImproperlyConfigured(
        `The field '${field.name}' of '${opts.label}' clashes with the field '${other.name}'.`,
      );
    }
  }
  if (field.attname === "identity") {
    Object.defineProperty(opts.rootClass.prototype, "identity", {
      configurable: true,
      writable: true,
      value: undefined,
    });
  }
}
