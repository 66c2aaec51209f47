/** Validators of arrays, maps and ranges. Django: django.contrib.postgres, "Validators". */
import { compareValues } from "../util/compare.ts";
import { ValidationError } from "../validators/validation-error.ts";
import {
  MaxLengthValidator,
  MaxValueValidator,
  MinLengthValidator,
  MinValueValidator,
  type NamedValidator,
} from "../validators/validators.ts";
import type { Range } from "./range.ts";

type Limit<T> = T | (() => T);

function items(limit: Limit<number>): string {
  return (typeof limit === "function" ? limit() : limit) === 1 ? "item" : "items";
}

/**
 * The list must not have more than `limit` items: what `ArrayField({ size })` checks.
 *
 * @example `ArrayField(CharField(), { validators: [ArrayMaxLengthValidator(3)] })`
 */
export function ArrayMaxLengthValidator(limit: Limit<number>): NamedValidator {
  return MaxLengthValidator(limit, {
    message: `List contains %(show_value)d ${items(limit)}, it should contain no more than %(limit_value)d.`,
  });
}

/** The list must have at least `limit` items. */
export function ArrayMinLengthValidator(limit: Limit<number>): NamedValidator {
  return MinLengthValidator(limit, {
    message: `List contains %(show_value)d ${items(limit)}, it should contain no fewer than %(limit_value)d.`,
  });
}

/** Changes what a validator of values says of the value, and when. */
function ofBound(
  inner: NamedValidator,
  limit: unknown,
  bad: (range: Range<unknown>, limit: unknown) => boolean,
  message: string,
): NamedValidator {
  const check = (value: unknown) => {
    const limitValue: unknown = typeof limit === "function" ? limit() : limit;
    if (!bad(value as Range<unknown>, limitValue)) return;
    throw new ValidationError(message, {
      code: inner.code,
      params: { limit_value: limitValue, show_value: value, value },
    });
  };
  return Object.assign(check, { kind: inner.kind, code: inner.code, args: inner.args, limitValue: limit });
}

/** The range must end at `limit` or before it. */
export function RangeMaxValueValidator(limit: Limit<unknown>): NamedValidator {
  return ofBound(
    MaxValueValidator(limit),
    limit,
    ({ upper }, most) => upper === null || compareValues(upper, most) > 0,
    "Ensure that the upper bound of the range is not greater than %(limit_value)s.",
  );
}

/** The range must begin at `limit` or after it. */
export function RangeMinValueValidator(limit: Limit<unknown>): NamedValidator {
  return ofBound(
    MinValueValidator(limit),
    limit,
    ({ lower }, least) => lower === null || compareValues(lower, least) < 0,
    "Ensure that the lower bound of the range is not less than %(limit_value)s.",
  );
}

export interface KeysValidatorOptions {
  /** No other keys are allowed. */
  strict?: boolean;
  messages?: { missing_keys?: string; extra_keys?: string };
}

/**
 * The map must have these keys.
 *
 * @param keys the keys that must be there
 * @param options `strict`: and no others
 * @example `HStoreField({ validators: [KeysValidator(["colour", "size"], { strict: true })] })`
 */
export function KeysValidator(
  keys: readonly string[],
  options: KeysValidatorOptions = {},
): (value: Readonly<Record<string, unknown>>) => void {
  const messages = {
    missing_keys: "Some keys were missing: %(keys)s",
    extra_keys: "Some unknown keys were provided: %(keys)s",
    ...options.messages,
  };
  const fail = (code: keyof typeof messages, names: readonly string[]) => {
    if (names.length === 0) return;
    throw new ValidationError(messages[code], { code, params: { keys: names.join(", ") } });
  };
  return (value) => {
    const given = Object.keys(value);
    fail(
      "missing_keys",
      keys.filter((key) => !given.includes(key)),
    );
    if (options.strict === true)
      fail(
        "extra_keys",
        given.filter((key) => !keys.includes(key)),
      );
  };
}
