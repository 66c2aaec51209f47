/** The parts of the walk, in their order. */
import * as combining from "./combining.ts";
import * as errors from "./errors.ts";
import * as evaluation from "./evaluation.ts";
import * as loading from "./loading.ts";
import * as lookups from "./lookups.ts";
import * as managers from "./managers.ts";
import * as manyToMany from "./many-to-many.ts";
import * as manyToOne from "./many-to-one.ts";
import * as mixins from "./mixins.ts";
import * as models from "./models.ts";
import * as operators from "./operators.ts";
import * as ownSql from "./own-sql.ts";
import * as reading from "./reading.ts";
import * as refining from "./refining.ts";
import * as relations from "./relations.ts";
import * as rows from "./rows.ts";
import * as sync from "./sync.ts";
import * as transactions from "./transactions.ts";
import * as writing from "./writing.ts";

/** A part: what it is called, what it is about, and the queries. */
export interface Part {
  readonly name: string;
  readonly title: string;
  run(): Promise<void>;
}

export const parts: readonly Part[] = [
  models,
  mixins,
  relations,
  manyToOne,
  manyToMany,
  evaluation,
  operators,
  lookups,
  refining,
  rows,
  combining,
  loading,
  ownSql,
  reading,
  writing,
  managers,
  transactions,
  errors,
  sync,
];
