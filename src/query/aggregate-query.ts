import type { ModelClass } from "../models/types.ts";
import { Query } from "./query.ts";

/** Aggregates over the rows of another query. */
export class AggregateQuery extends Query {
  readonly inner: Query;

  constructor(model: ModelClass, inner: Query) {
    super(model);
    this.inner = inner;
  }
}
