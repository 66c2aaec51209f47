import { connections } from "../connections.ts";
import { FieldError } from "../errors.ts";
import { Expression } from "../expressions/base.ts";
import { F } from "../expressions/f.ts";
import { Exists } from "../expressions/subquery.ts";
import { Value } from "../expressions/value.ts";
import { ExpressionWrapper } from "../expressions/wrapper.ts";
import type { Field } from "../fields/field.ts";
import type { GeneratedField } from "../fields/generated.ts";
import { Exact, IsNull } from "../lookups/comparison.ts";
import { type BaseConstraint, CheckConstraint, UniqueConstraint } from "../models/constraints.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import { asQ, Q } from "../query/q.ts";
import type { Task } from "../task.ts";
import { ValidationError } from "../validators/validation-error.ts";
import { holds } from "./check-query.ts";
import { exists } from "./fetch.ts";
import { defaultQuerySet, type WritableQuerySet } from "./querysets.ts";
import { others, uniqueErrorMessage } from "./uniqueness.ts";

/** A constraint: one of the library's, or a user's own with a method `validate`. */
export type Constraint =
  | CheckConstraint
  | UniqueConstraint
  | {
      validate?: (
        opts: Options,
        instance: ModelInstance,
        exclude: ReadonlySet<string>,
        using: string,
      ) => unknown;
      validationTask?: BaseConstraint["validationTask"];
    };

/** Checks one constraint for an instance. Throws `ValidationError`. */
export function* validateConstraint(
  constraint: Constraint,
  opts: Options,
  instance: ModelInstance,
  exclude: ReadonlySet<string>,
  using: string,
): Task<void> {
  if (constraint instanceof CheckConstraint) {
    yield* validateCheck(constraint, opts, instance, exclude, using);
  } else if (constraint instanceof UniqueConstraint) {
    yield* validateUniqueConstraint(constraint, opts, instance, exclude, using);
  } else if (constraint.validationTask !== undefined) {
    yield* constraint.validationTask(opts, instance, exclude, using);
  } else if (typeof constraint.validate === "function") {
    const value = constraint.validate(opts, instance, exclude, using);
    if (value != null && typeof (value as { then?: unknown }).then === "function") {
      yield { kind: "wait", value, what: `'validate' of a constraint of ${opts.label}` };
    }
  }
}

export function violation(constraint: BaseConstraint): ValidationError {
  return new ValidationError(constraint.getViolationErrorMessage(), { code: constraint.violationErrorCode });
}

function* validateCheck(
  constraint: CheckConstraint,
  opts: Options,
  instance: ModelInstance,
  exclude: ReadonlySet<string>,
  using: string,
): Task<void> {
  const against = expressionMap(instance, opts, exclude);
  try {
    if (yield* holds(asQ(constraint.condition), against, opts.model, using)) return;
  } catch (error) {
    // It names a field that is not looked at.
    if (error instanceof FieldError) return;
    throw error;
  }
  throw violation(constraint);
}

/** The values of the fields of one model, as expressions by name. */
export function expressionMap(
  instance: ModelInstance,
  opts: Options,
  exclude: ReadonlySet<string>,
): Map<string, Expression> {
  const map = new Map<string, Expression>();
  const generated: GeneratedField[] = [];
  for (const field of opts.localConcreteFields) {
    if (exclude.has(field.name)) continue;
    if (field.generated) {
      const own = field as GeneratedField;
      if (!references(own.expression).some((name) => exclude.has(name))) generated.push(own);
      continue;
    }
    const value = instance[field.attname];
    map.set(
      field.name,
      value instanceof Expression ? value : new Value(value ?? null, { outputField: field }),
    );
  }
  if (!exclude.has("pk") && !opts.isCompositePk) {
    map.set("pk", new Value(instance[opts.pk.attname] ?? null, { outputField: opts.pk }));
  }
  if (generated.length > 0) {
    const replacements = replacementsOf(map);
    for (const field of generated) {
      const expression = (field.expression as Expression).replaceExpressions(replacements);
      map.set(field.name, new ExpressionWrapper(expression, { outputField: field.outputField }));
    }
  }
  return map;
}

export function replacementsOf(map: ReadonlyMap<string, Expression>): Map<string, Expression> {
  return new Map([...map].map(([name, value]) => [new F(name).identity, value]));
}

/** The names of the fields that an expression refers to. */
function references(expression: unknown): string[] {
  if (expression instanceof Q) {
    return expression.children.flatMap((child) => {
      if (child instanceof Expression) return references(child);
      return [child[0].split("__")[0] as string, ...references(child[1])];
    });
  }
  if (expression instanceof F) return [expression.name.split("__")[0] as string];
  if (!(expression instanceof Expression)) return [];
  return expression.sources().flatMap(references);
}

/** Whether an expression depends on a field that is not looked at. */
export function refersToExcluded(opts: Options, expression: unknown, exclude: ReadonlySet<string>): boolean {
  return references(expression).some((name) => {
    if (exclude.has(name)) return true;
    const field = name === "pk" ? opts.pk : (opts.findField(name) as Field | undefined);
    return field?.generated === true && refersToExcluded(opts, (field as GeneratedField).expression, exclude);
  });
}

/** Equal, or both NULL. */
function sameOrNull(left: Expression, right: Expression): Q {
  return new Q([new Exact(left, right)]).or(new Q([new IsNull(left, true), new IsNull(right, true)]));
}

function* validateUniqueConstraint(
  constraint: UniqueConstraint,
  opts: Options,
  instance: ModelInstance,
  exclude: ReadonlySet<string>,
  using: string,
): Task<void> {
  const all = defaultQuerySet(opts, using);
  const same =
    constraint.fields.length > 0
      ? sameFields(constraint, all, opts, instance, exclude, using)
      : sameExpressions(constraint, all, opts, instance, exclude);
  if (same === null) return;
  const rows = others(same, instance, opts);
  if (constraint.condition === null) {
    if (!(yield* exists(rows))) return;
    if (constraint.fields.length > 0 && constraint.hasDefaultMessage) {
      throw uniqueErrorMessage(instance, opts, constraint.fields);
    }
    throw violation(constraint);
  }
  if (yield* conditionMeets(constraint.condition, rows, opts, instance, exclude, using))
    throw violation(constraint);
}

/** Whether a constraint's condition holds for the instance and for one of the rows. */
export function* conditionMeets(
  given: unknown,
  rows: WritableQuerySet,
  opts: Options,
  instance: ModelInstance,
  exclude: ReadonlySet<string>,
  using: string,
): Task<boolean> {
  const condition = asQ(given);
  try {
    const violated = condition.and(new Exists(rows.filterWith([condition])));
    return yield* holds(violated, expressionMap(instance, opts, exclude), opts.model, using);
  } catch (error) {
    if (error instanceof FieldError) return false;
    throw error;
  }
}

/** The rows with the same values; `null` where there is nothing to check. */
function sameFields(
  constraint: UniqueConstraint,
  rows: WritableQuerySet,
  opts: Options,
  instance: ModelInstance,
  exclude: ReadonlySet<string>,
  using: string,
): WritableQuerySet | null {
  const conditions: unknown[] = [];
  const lookups: Record<string, unknown> = {};
  const generated: Field[] = [];
  for (const name of constraint.fields) {
    if (exclude.has(name)) return null;
    const field = opts.getField(name) as Field;
    if (field.generated) {
      if (refersToExcluded(opts, (field as GeneratedField).expression, exclude)) return null;
      generated.push(field);
      continue;
    }
    const value = instance[field.attname] ?? null;
    if (constraint.nullsDistinct !== false && value === null) return null;
    if (value === "" && connections.features(using).interpretsEmptyStringsAsNulls) return null;
    lookups[field.name] = value;
  }
  if (generated.length > 0) {
    const map = expressionMap(instance, opts, exclude);
    for (const { name } of generated) {
      const expression = map.get(name) as Expression;
      if (constraint.nullsDistinct === false) conditions.push(sameOrNull(new F(name), expression));
      else lookups[name] = expression;
    }
  }
  return rows.filterWith([...conditions, lookups]);
}

function sameExpressions(
  constraint: UniqueConstraint,
  rows: WritableQuerySet,
  opts: Options,
  instance: ModelInstance,
  exclude: ReadonlySet<string>,
): WritableQuerySet | null {
  if (constraint.expressions.some((expression) => refersToExcluded(opts, expression, exclude))) return null;
  const replacements = replacementsOf(expressionMap(instance, opts, exclude));
  const conditions = constraint.expressions.map((given) => {
    const expression = (given as Expression).getExpressionForValidation();
    const value = expression.replaceExpressions(replacements);
    return constraint.nullsDistinct === false ? sameOrNull(expression, value) : new Exact(expression, value);
  });
  return rows.filterWith(conditions);
}
