import { updateTextByPk } from "../backends/base/compiler/update.ts";
import type { DatabaseOperations } from "../backends/base/operations.ts";
import type { Field } from "../fields/field.ts";
import { isExpression } from "../fields/hooks.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";

/** An UPDATE of some fields of the row with a primary key: the usual `save()`. */
export class UpdatePlan {
  readonly ops: DatabaseOperations;
  readonly fields: readonly Field[];
  readonly sql: string;
  private readonly pkFields: readonly Field[];

  constructor(opts: Options, ops: DatabaseOperations, fields: readonly Field[]) {
    this.ops = ops;
    this.fields = fields;
    this.pkFields = opts.pkFields;
    this.sql = updateTextByPk(opts, ops, fields);
  }

  /** The parameters; `null` when an expression is among the values, which this statement does not know. */
  bind(instance: ModelInstance, values: readonly unknown[]): unknown[] | null {
    const { fields, pkFields, ops } = this;
    const params = new Array<unknown>(fields.length + pkFields.length);
    for (let i = 0; i < fields.length; i++) {
      const value = (fields[i] as Field).getDbPrepSave(values[i], ops);
      if (typeof value === "object" && value !== null && isExpression(value)) return null;
      params[i] = value;
    }
    for (let i = 0; i < pkFields.length; i++) {
      const field = pkFields[i] as Field;
      const value = instance[field.attname];
      if (isExpression(value)) return null;
      params[fields.length + i] = field.getDbPrepValue(field.getPrepValue(value), ops);
    }
    return params;
  }
}
