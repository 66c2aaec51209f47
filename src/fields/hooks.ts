/** What fields need of expressions, which come later in the order of imports and put themselves in here. */

export interface FieldHooks {
  /** `new DatabaseDefault(expression, { outputField })`: what an unsaved object holds for a column with `dbDefault`. */
  databaseDefault(expression: unknown, outputField: unknown): unknown;
  /** `new Value(value, { outputField })`. */
  value(value: unknown, outputField: unknown): unknown;
  /** `sql` and its parameters of a `GeneratedField`'s expression. */
  generatedSql?: unknown;
}

function missing(): never {
  throw new Error("Expressions are not loaded: import from the package's main entry.");
}

export const fieldHooks: FieldHooks = { databaseDefault: missing, value: missing };

/** Is this an expression, rather than a value? */
export function isExpression(value: unknown): value is { resolveExpression(...args: never[]): unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { resolveExpression?: unknown }).resolveExpression === "function"
  );
}
