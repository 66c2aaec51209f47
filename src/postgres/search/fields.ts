/** The types of full-text search. */
import { Field, type FieldOps } from "../../fields/field.ts";
import { onlyOnPostgresql } from "../only.ts";

/** A document as words with their places: `tsvector`. Django: `SearchVectorField`. */
export class SearchVectorField extends Field {
  override get internalType(): string {
    return "SearchVectorField";
  }

  override dbType(ops: FieldOps): string {
    onlyOnPostgresql(ops, "SearchVectorField");
    return "tsvector";
  }
}

/** What is searched for: `tsquery`. */
export class SearchQueryField extends Field {
  override dbType(): string {
    return "tsquery";
  }
}

/** The type of weights: `float4`. */
export class Float4Field extends Field {
  override dbType(): string {
    return "float4";
  }
}

export const VECTOR: Field = new SearchVectorField();
export const QUERY: Field = new SearchQueryField();
