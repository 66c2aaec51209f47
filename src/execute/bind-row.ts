import type { DatabaseOperations } from "../backends/base/operations.ts";
import { ArgumentTypeError } from "../errors.ts";
import { Field } from "../fields/field.ts";
import { isExpression } from "../fields/hooks.ts";
import { labelOf, namingField } from "../fields/stored.ts";
import type { ModelInstance } from "../models/types.ts";

/** Puts the values of an instance's columns into `params`, from `at` on; says whether an expression is among them. */
export type BindRow = (instance: ModelInstance, params: unknown[], at: number) => boolean;

function refuseUndefined(field: Field): never {
  throw new ArgumentTypeError(`'${labelOf(field)}' is undefined. Use null for NULL.`);
}

/** A prepared value that is an object may be an expression, which was passed on untouched. */
function isUnprepared(value: object): boolean {
  return !(value instanceof Uint8Array) && isExpression(value);
}

/** What the values of a row are for: `raw` ones are taken as they are, no field fills itself in. */
export type Writing = "insert" | "update" | "raw";

/** Straight-line code that prepares one row: each field's methods are found once. */
export function rowBinder(fields: readonly Field[], ops: DatabaseOperations, writing: Writing): BindRow {
  const names = ["ops", "refuse", "isUnprepared", "naming"];
  const values: unknown[] = [ops, refuseUndefined, isUnprepared, namingField];
  const lines = ["let v, f, found = false;", "try {"];
  fields.forEach((field, i) => {
    const name = `f${i}`;
    names.push(name);
    values.push(field);
    const plain = writing === "raw" || field.preSave === Field.prototype.preSave;
    lines.push(
      `f = ${name};`,
      plain ? `v = o[${JSON.stringify(field.attname)}];` : `v = ${name}.preSave(o, ${writing === "insert"});`,
      `if (v === undefined) refuse(${name});`,
      `v = p[at + ${i}] = ${name}.getDbPrepSave(v, ops);`,
      `if (typeof v === "object" && v !== null && isUnprepared(v)) found = true;`,
    );
  });
  lines.push("} catch (error) { throw naming(error, f); }");
  const source = `return (o, p, at) => {\n${lines.join("\n")}\nreturn found;\n};`;
  return new Function(...names, source)(...values) as BindRow;
}
