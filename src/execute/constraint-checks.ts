/** Foreign keys that hold only once everything is there, and automatic keys after rows that brought their own. */
import { connections } from "../connections.ts";
import { IntegrityError } from "../errors.ts";
import type { ForeignKey } from "../fields/related/foreign-key.ts";
import type { Options } from "../models/options.ts";
import type { Rows, Task } from "../task.ts";
import { str } from "../util/repr.ts";

function* run(alias: string, statements: readonly string[]): Task<void> {
  for (const sql of statements) yield { kind: "run", alias, sql, params: [] };
}

/** Lets rows refer to rows that come later; says whether that has to be ended again. Needs a transaction. */
export function* disableConstraintChecks(alias: string): Task<boolean> {
  const { disableConstraintChecksSql: statements } = connections.ops(alias);
  yield* run(alias, statements);
  return statements.length > 0;
}

export function* enableConstraintChecks(alias: string): Task<void> {
  yield* run(alias, connections.ops(alias).enableConstraintChecksSql);
}

/**
 * Checks that what the rows of models refer to is there.
 *
 * @throws IntegrityError that names the first row that refers to nothing
 */
export function* checkConstraints(alias: string, models: readonly Options[]): Task<void> {
  const { checkConstraintsSql: statements } = connections.ops(alias);
  if (statements !== null) {
    yield* run(alias, statements);
    return;
  }
  for (const opts of models) {
    for (const field of opts.localConcreteFields) {
      const { remoteField, dbConstraint } = field as unknown as ForeignKey;
      if (field.isRelation && remoteField && dbConstraint) {
        yield* checkForeignKey(alias, opts, field as unknown as ForeignKey);
      }
    }
  }
}

function* checkForeignKey(alias: string, opts: Options, field: ForeignKey): Task<void> {
  const ops = connections.ops(alias);
  const quote = (name: string) => ops.quoteName(name);
  const { targetField: target } = field;
  const targetTable = field.remoteField.opts.dbTable;
  const [pk] = opts.pkFields;
  const keyColumn = pk?.column ?? field.column;
  const sql =
    `SELECT REFERRING.${quote(keyColumn)}, REFERRING.${quote(field.column)} FROM ${quote(opts.dbTable)} REFERRING ` +
    `LEFT JOIN ${quote(targetTable)} REFERRED ON REFERRING.${quote(field.column)} = REFERRED.${quote(target.column)} ` +
    `WHERE REFERRING.${quote(field.column)} IS NOT NULL AND REFERRED.${quote(target.column)} IS NULL LIMIT 1`;
  const [bad] = (yield { kind: "rows", alias, sql, params: [] }) as Rows;
  if (bad === undefined) return;
  throw new IntegrityError(
    `The row in table '${opts.dbTable}' with primary key '${str(bad[0])}' has an invalid foreign key: ` +
      `${opts.dbTable}.${field.column} contains a value '${str(bad[1])}' that does not have a corresponding value in ` +
      `${targetTable}.${target.column}.`,
  );
}

/** Lets the automatic keys of models go on after the largest key that is there. */
export function* resetSequences(alias: string, models: readonly Options[]): Task<void> {
  const ops = connections.ops(alias);
  for (const opts of models) {
    for (const field of opts.localFields) {
      const sql = field.isAutoField ? ops.sequenceResetSql(opts.dbTable, field.column) : null;
      // PostgreSQL's statement gives a row, which nobody needs.
      if (sql !== null) yield { kind: "rows", alias, sql, params: [], write: true };
    }
  }
}
