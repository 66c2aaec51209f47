import { updateTextByPk } from "../backends/base/compiler/update.ts";
import type { DatabaseOperations } from "../backends/base/operations.ts";
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import { type BindRow, rowBinder } from "./bind-row.ts";

/** An UPDATE of some fields of the row with a primary key: the usual `save()`. */
export class UpdatePlan {
  readonly ops: DatabaseOperations;
  readonly sql: string;
  private readonly width: number;
  private readonly keyWidth: number;
  private readonly bindFields: BindRow;
  private readonly bindKeys: BindRow;

  constructor(opts: Options, ops: DatabaseOperations, fields: readonly Field[]) {
    this.ops = ops;
    this.width = fields.length;
    this.keyWidth = opts.pkFields.length;
    this.bindFields = rowBinder(fields, ops, "update");
    this.bindKeys = rowBinder(opts.pkFields, ops, "raw");
    this.sql = updateTextByPk(opts, ops, fields);
  }

  /** The parameters; `null` when an expression is among the values, which this statement does not know. */
  bind(instance: ModelInstance): unknown[] | null {
    const { width } = this;
    const params = new Array<unknown>(width + this.keyWidth);
    if (this.bindFields(instance, params, 0) || this.bindKeys(instance, params, width)) return null;
    return params;
  }
}
