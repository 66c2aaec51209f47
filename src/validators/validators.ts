/**
 * Validators: functions that throw a {@link ValidationError} for a value that is not good.
 *
 * Any function of that kind is a validator. Those made here also say what they check (`code`, `limitValue`).
 * Django: "Validators".
 */

import { ValueError } from "../errors.ts";
import { compareValues } from "../util/compare.ts";
import { Decimal, isDecimal } from "../util/decimal.ts";
import { cleanIpv6, isIpv4, parseIpv6 } from "../util/ip.ts";
import { pythonRegex } from "../util/python-regex.ts";
import { repr, str } from "../util/repr.ts";
import { ValidationError } from "./validation-error.ts";

/** Throws a {@link ValidationError} unless the value is good. */
export type Validator = (value: never) => void;

/** A validator that says what it is. */
export interface NamedValidator {
  (value: unknown): void;
  /** The factory that made it. */
  readonly kind: string;
  readonly code: string;
  readonly limitValue?: unknown;
  /** The arguments it was made with. */
  readonly args: readonly unknown[];
}

export interface ValidatorOptions {
  message?: string;
  code?: string;
}

function named(
  kind: string,
  code: string,
  args: readonly unknown[],
  check: (value: unknown) => void,
  limitValue?: unknown,
): NamedValidator {
  const details = limitValue === undefined ? { kind, code, args } : { kind, code, args, limitValue };
  return Object.assign((value: unknown) => check(value), details);
}

export interface RegexValidatorOptions extends ValidatorOptions {
  /** A match is the error. */
  inverseMatch?: boolean;
}

/**
 * The text must match somewhere (anchor the expression yourself).
 *
 * @param regex - an expression; a text is one in Python's syntax.
 * @example RegexValidator(/^[A-Z]{2}-\d+$/)
 */
export function RegexValidator(regex: RegExp | string, options: RegexValidatorOptions = {}): NamedValidator {
  const { message = "Enter a valid value.", code = "invalid", inverseMatch = false } = options;
  // Without `g` and `y`, which make a test depend on the one before.
  const expression =
    typeof regex === "string" ? pythonRegex(regex) : new RegExp(regex, regex.flags.replace(/[gy]/g, ""));
  return named("RegexValidator", code, [regex, options], (value) => {
    if (expression.test(str(value)) === inverseMatch)
      throw new ValidationError(message, { code, params: { value } });
  });
}

type Limit<T> = T | (() => T);

function limited(
  kind: string,
  code: string,
  limit: unknown,
  message: (limit: unknown) => string,
  clean: (value: unknown) => unknown,
  wrong: (value: unknown, limit: unknown) => boolean,
): NamedValidator {
  const check = (value: unknown) => {
    const showValue = clean(value);
    const limitValue: unknown = typeof limit === "function" ? limit() : limit;
    if (!wrong(showValue, limitValue)) return;
    const params = { limit_value: limitValue, show_value: showValue, value };
    throw new ValidationError(message(limitValue), { code, params });
  };
  return named(kind, code, [limit], check, limit);
}

const same = (value: unknown) => value;

/** The value must not be above `limit`, which may be a function that gives it. */
export function MaxValueValidator(
  limit: Limit<unknown>,
  { message }: { message?: string } = {},
): NamedValidator {
  const text = message ?? "Ensure this value is less than or equal to %(limit_value)s.";
  return limited(
    "MaxValueValidator",
    "max_value",
    limit,
    () => text,
    same,
    (a, b) => compareValues(a, b) > 0,
  );
}

/** The value must not be below `limit`, which may be a function that gives it. */
export function MinValueValidator(
  limit: Limit<unknown>,
  { message }: { message?: string } = {},
): NamedValidator {
  const text = message ?? "Ensure this value is greater than or equal to %(limit_value)s.";
  return limited(
    "MinValueValidator",
    "min_value",
    limit,
    () => text,
    same,
    (a, b) => compareValues(a, b) < 0,
  );
}

/** `value - start`, exactly where both are whole. */
function distanceFrom(start: number, value: unknown): number {
  if (typeof value === "bigint" && Number.isInteger(start)) return Number(value - BigInt(start));
  return Number(value) - start;
}

/** What is left of a number after the nearest multiple of a step: at most half the step, of either sign. */
function remainder(value: number, step: number): number {
  const size = Math.abs(step);
  const rest = Math.abs(value) % size;
  return rest > size / 2 ? rest - size : rest;
}

/** The value must be a multiple of `step`, counted from `offset`. */
export function StepValueValidator(
  step: Limit<number>,
  { message, offset }: { message?: string; offset?: number } = {},
): NamedValidator {
  const text =
    message ??
    (offset === undefined
      ? "Ensure this value is a multiple of step size %(limit_value)s."
      : "Ensure this value is a multiple of step size %(limit_value)s, starting from %(offset)s, e.g. %(offset)s, " +
        "%(valid_value1)s, %(valid_value2)s, and so on.");
  return named(
    "StepValueValidator",
    "step_size",
    [step, { message, offset }],
    (value) => {
      const limit = typeof step === "function" ? step() : step;
      const start = offset ?? 0;
      if (Math.abs(remainder(distanceFrom(start, value), limit)) <= 1e-9) return;
      const params = {
        limit_value: limit,
        offset: start,
        valid_value1: start + limit,
        valid_value2: start + 2 * limit,
        value,
      };
      throw new ValidationError(text, { code: "step_size", params });
    },
    step,
  );
}

/** Characters as people count them (code points), bytes of a `Uint8Array`, items of a list. */
function size(value: unknown): number {
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length;
  const text = str(value);
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function plural(word: string) {
  return (limit: unknown) =>
    `Ensure this value has at ${word} %(limit_value)d character${limit === 1 ? "" : "s"} (it has %(show_value)d).`;
}

/** At least `limit` characters. */
export function MinLengthValidator(
  limit: Limit<number>,
  { message }: { message?: string } = {},
): NamedValidator {
  const text = message === undefined ? plural("least") : () => message;
  return limited(
    "MinLengthValidator",
    "min_length",
    limit,
    text,
    size,
    (a, b) => (a as number) < (b as number),
  );
}

/** At most `limit` characters. */
export function MaxLengthValidator(
  limit: Limit<number>,
  { message }: { message?: string } = {},
): NamedValidator {
  const text = message === undefined ? plural("most") : () => message;
  return limited(
    "MaxLengthValidator",
    "max_length",
    limit,
    text,
    size,
    (a, b) => (a as number) > (b as number),
  );
}

/** At most `maxDigits` digits in all, and `decimalPlaces` of them behind the point. */
export function DecimalValidator(maxDigits: number | null, decimalPlaces: number | null): NamedValidator {
  return named("DecimalValidator", "invalid", [maxDigits, decimalPlaces], (value) => {
    const decimal = isDecimal(value) ? new Decimal(value) : new Decimal(value as number);
    if (!decimal.isFinite())
      throw new ValidationError("Enter a number.", { code: "invalid", params: { value } });
    const { exponent } = decimal;
    const precision = decimal.precision();
    const decimals = Math.max(0, -exponent);
    const digits =
      exponent >= 0 ? precision + (decimal.isZero() ? 0 : exponent) : Math.max(precision, decimals);
    const fail = (code: string, max: number, what: string, where: string) => {
      const text = `Ensure that there are no more than %(max)s ${what}${max === 1 ? "" : "s"}${where}.`;
      throw new ValidationError(text, { code, params: { max, value } });
    };
    if (maxDigits !== null && digits > maxDigits) fail("max_digits", maxDigits, "digit", " in total");
    if (decimalPlaces !== null && decimals > decimalPlaces) {
      fail("max_decimal_places", decimalPlaces, "decimal place", "");
    }
    if (maxDigits !== null && decimalPlaces !== null && digits - decimals > maxDigits - decimalPlaces) {
      fail("max_whole_digits", maxDigits - decimalPlaces, "digit", " before the decimal point");
    }
  });
}

/** No character U+0000, which PostgreSQL cannot store. */
export function ProhibitNullCharactersValidator(options: ValidatorOptions = {}): NamedValidator {
  const { message = "Null characters are not allowed.", code = "null_characters_not_allowed" } = options;
  return named("ProhibitNullCharactersValidator", code, [options], (value) => {
    if (str(value).includes("\0")) throw new ValidationError(message, { code, params: { value } });
  });
}

// ---------------------------------------------------------------- names of hosts

const LETTER = "a-z\u00a1-\uffff";
const LABEL = `[${LETTER}0-9](?:[${LETTER}0-9-]{0,61}[${LETTER}0-9])?`;
const MORE_LABELS = `(?:\\.(?!-)[${LETTER}0-9-]{1,63}(?<!-))*`;
const TOP_LEVEL = `\\.(?!-)(?:[${LETTER}-]{2,63}|xn--[a-z0-9]{1,59})(?<!-)`;
const ASCII_DOMAIN =
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.(?!-)[a-z0-9-]{2,63}(?<!-)\.?$/i;
const DOMAIN = new RegExp(`^${LABEL}${MORE_LABELS}${TOP_LEVEL}\\.?$`, "i");

/** A domain name, such as `example.com`. */
export function DomainNameValidator(
  options: ValidatorOptions & { acceptIdna?: boolean } = {},
): NamedValidator {
  const { message = "Enter a valid domain name.", code = "invalid", acceptIdna = true } = options;
  return named("DomainNameValidator", code, [options], (value) => {
    const expression = acceptIdna ? DOMAIN : ASCII_DOMAIN;
    if (typeof value === "string" && value.length <= 255 && expression.test(value)) return;
    throw new ValidationError(message, { code, params: { value } });
  });
}

const BYTE = "(?:0|25[0-5]|2[0-4][0-9]|1[0-9]?[0-9]?|[1-9][0-9]?)";
const URL_SHAPE = new RegExp(
  "^(?:[a-z0-9.+-]*)://(?:[^\\s:@/]+(?::[^\\s:@/]*)?@)?" +
    `(?:${BYTE}(?:\\.${BYTE}){3}|\\[[0-9a-f:.]+\\]|(?:${LABEL}${MORE_LABELS}${TOP_LEVEL}\\.?|localhost))` +
    "(?::[0-9]{1,5})?(?:[/?#][^\\s]*)?$",
  "i",
);
const AUTHORITY = /^[^:]*:\/\/(?:[^\s@/?#]*@)?(\[[^\]]*\]|[^:/?#]*)/;

/** A URL with one of the schemes (`http`, `https`, `ftp`, `ftps`). */
export function URLValidator(
  options: ValidatorOptions & { schemes?: readonly string[] } = {},
): NamedValidator {
  const {
    message = "Enter a valid URL.",
    code = "invalid",
    schemes = ["http", "https", "ftp", "ftps"],
  } = options;
  return named("URLValidator", code, [options], (value) => {
    if (typeof value === "string" && isUrl(value, schemes)) return;
    throw new ValidationError(message, { code, params: { value } });
  });
}

function isUrl(value: string, schemes: readonly string[]): boolean {
  if (value.length > 2048 || /[\t\r\n]/.test(value)) return false;
  if (!schemes.includes((value.split("://")[0] as string).toLowerCase())) return false;
  if (!URL_SHAPE.test(value)) return false;
  const host = AUTHORITY.exec(value)?.[1] ?? "";
  if (host.startsWith("[")) return parseIpv6(host.slice(1, -1)) !== null;
  return host !== "" && host.length <= 253;
}

const MAIL_USER_ATOM = /^[-!#$%&'*+/=?^_`{}|~0-9A-Z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Z]+)*$/i;
const MAIL_USER_QUOTED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a quoted name may have them
  /^"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-[\]-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*"$/;
const MAIL_DOMAIN = new RegExp(`^${LABEL}${MORE_LABELS}${TOP_LEVEL}$`, "i");

/** An e-mail address. */
export function EmailValidator(
  options: ValidatorOptions & { allowlist?: readonly string[] } = {},
): NamedValidator {
  const { message = "Enter a valid email address.", code = "invalid", allowlist = ["localhost"] } = options;
  return named("EmailValidator", code, [options], (value) => {
    if (typeof value === "string" && isEmail(value, allowlist)) return;
    throw new ValidationError(message, { code, params: { value } });
  });
}

function isEmail(value: string, allowlist: readonly string[]): boolean {
  const at = value.lastIndexOf("@");
  if (at < 0 || value.length > 320) return false;
  const user = value.slice(0, at);
  const domain = value.slice(at + 1);
  if (!MAIL_USER_ATOM.test(user) && !MAIL_USER_QUOTED.test(user)) return false;
  if (allowlist.includes(domain) || MAIL_DOMAIN.test(domain)) return true;
  const literal = /^\[([a-f0-9:.]+)\]$/i.exec(domain);
  return literal !== null && (isIpv4(literal[1] as string) || isIpv6(literal[1] as string));
}

// ---------------------------------------------------------------- ready-made ones

/** A whole number in digits. */
export const validateInteger: NamedValidator = RegexValidator(/^-?\p{Nd}+$/u, {
  message: "Enter a valid integer.",
});
export const validateEmail: NamedValidator = EmailValidator();
export const validateDomainName: NamedValidator = DomainNameValidator();

/** Letters, digits, underscores and hyphens. */
export const validateSlug: NamedValidator = RegexValidator(/^[-a-zA-Z0-9_]+$/, {
  message: "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
});

/** Unicode letters, digits, underscores and hyphens. */
export const validateUnicodeSlug: NamedValidator = RegexValidator(/^[-_\p{L}\p{N}]+$/u, {
  message: "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens.",
});

function isIpv6(value: unknown): boolean {
  return typeof value === "string" && value.length <= 39 && cleanIpv6(value) !== null;
}

function addressValidator(kind: string, protocol: string, good: (value: unknown) => boolean): NamedValidator {
  return named(kind, "invalid", [], (value) => {
    if (good(value)) return;
    throw new ValidationError("Enter a valid %(protocol)s address.", {
      code: "invalid",
      params: { protocol, value },
    });
  });
}

const goodIpv4 = (value: unknown) => typeof value === "string" && isIpv4(value);

export const validateIpv4Address: NamedValidator = addressValidator("validateIpv4Address", "IPv4", goodIpv4);
export const validateIpv6Address: NamedValidator = addressValidator("validateIpv6Address", "IPv6", isIpv6);
export const validateIpv46Address: NamedValidator = addressValidator(
  "validateIpv46Address",
  "IPv4 or IPv6",
  (value) => goodIpv4(value) || isIpv6(value),
);

/** The validators of a `GenericIPAddressField`. @throws {ValueError} for options that do not go together. */
export function ipAddressValidators(protocol: string, unpackIpv4: boolean): NamedValidator[] {
  if (protocol !== "both" && unpackIpv4) {
    throw new ValueError("You can only use `unpackIpv4` if `protocol` is set to 'both'");
  }
  const known: Record<string, NamedValidator> = {
    both: validateIpv46Address,
    ipv4: validateIpv4Address,
    ipv6: validateIpv6Address,
  };
  const validator = known[protocol.toLowerCase()];
  if (validator === undefined) {
    throw new ValueError(`The protocol '${protocol}' is unknown. Supported: ${repr(Object.keys(known))}`);
  }
  return [validator];
}

/** Whole numbers with a separator between. */
export function intListValidator(
  options: ValidatorOptions & { sep?: string; allowNegative?: boolean } = {},
): NamedValidator {
  const { sep = ",", message, code = "invalid", allowNegative = false } = options;
  const number = allowNegative ? "-?\\p{Nd}+" : "\\p{Nd}+";
  const separator = sep.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  const expression = new RegExp(`^${number}(?:${separator}${number})*$`, "u");
  return RegexValidator(expression, message === undefined ? { code } : { code, message });
}

export const validateCommaSeparatedIntegerList: NamedValidator = intListValidator({
  message: "Enter only digits separated by commas.",
});
