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

function now<T>(limit: Limit<T>): T {
  return typeof limit === "function" ? (limit as () => T)() : limit;
}

/** A validator of how many items there are; its text depends on their number. */
function ofLength(
  inner: NamedValidator,
  limit: Limit<number>,
  bad: (length: number, limit: number) => boolean,
  rest: string,
): NamedValidator {
  const check = (value: unknown) => {
    const { length } = value as readonly unknown[];
    const limitValue = now(limit);
    if (!bad(length, limitValue)) return;
    throw new ValidationError(`List contains %(show_value)d ${length === 1 ? "item" : "items"}, ${rest}`, {
      code: inner.code,
      params: { limit_value: limitValue, show_value: length, value },
    });
  };
  return Object.assign(check, { kind: inner.kind, code: inner.code, args: inner.args, limitValue: limit });
}

/**
 * The list must not have more than `limit` items: what `ArrayField({ size })` checks.
 *
 * @example `ArrayField(CharField(), { validators: [ArrayMaxLengthValidator(3)] })`
 */
export function ArrayMaxLengthValidator(limit: Limit<number>): NamedValidator {
  return ofLength(
    MaxLengthValidator(limit),
    limit,
    (length, most) => length > most,
    "it should contain no more than %(limit_value)d.",
  );
}

/** The list must have at least `limit` items. */
export function ArrayMinLengthValidator(limit: Limit<number>): NamedValidator {
  return ofLength(
    MinLengthValidator(limit),
    limit,
    (length, least) => length < least,
    "it should contain no fewer than %(limit_value)d.",
  );
}

/** A validator of one end of a range. */
function ofBound(
  inner: NamedValidator,
  limit: Limit<unknown>,
  bad: (range: Range<unknown>, limit: unknown) => boolean,
  message: string,
): NamedValidator {
  const check = (value: unknown) => {
    const limitValue = now(limit);
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
