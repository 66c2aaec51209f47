import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { Expression } from "../expressions/base.ts";
import { fieldKey } from "../expressions/keys.ts";
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import { raw, type Sql } from "../sql/sql.ts";
import { contentTypes } from "./base.ts";

/**
 * The id of a model's content type, which the database looks up itself: a query over a generic relation needs no
 * query before it, and holds for every database.
 */
export class ContentTypeId extends Expression {
  readonly appLabel: string;
  readonly model: string;

  constructor({ appLabel, modelName }: Options) {
    super();
    this.appLabel = appLabel;
    this.model = modelName;
    this.explicitOutputField = contentTypes.pk;
  }

  override shapeKey(): string {
    return `${this.appLabel}.${this.model}`;
  }

  override get identity(): string {
    return `ContentTypeId(${this.shapeKey()}):${fieldKey(contentTypes.pk)}`;
  }

  override get containsSubquery(): boolean {
    return true;
  }

  override getGroupByCols(): Expression[] {
    return [];
  }

  override asSql({ ops }: Compiler): Sql {
    const column = (name: string) => ops.quoteName((contentTypes.getField(name) as Field).column);
    const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
    return raw(
      `(SELECT ${column("id")} FROM ${ops.quoteName(contentTypes.dbTable)}` +
        ` WHERE ${column("app_label")} = ${text(this.appLabel)} AND ${column("model")} = ${text(this.model)})`,
    );
  }
}

/** The id of the content type of an object. */
export function contentTypeIdOf(instance: ModelInstance, forConcreteModel: boolean): ContentTypeId {
  return new ContentTypeId(forConcreteModel ? instance._meta.concreteOpts : instance._meta);
}
