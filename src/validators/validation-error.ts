/** Errors of validation: one message, a list of them, or lists by field name. */

import { AsgimodError } from "../errors.ts";
import { interpolate } from "../util/format.ts";
import { repr } from "../util/repr.ts";

export type ValidationMessage =
  | string
  | ValidationError
  | readonly ValidationMessage[]
  | { readonly [field: string]: ValidationMessage };

export interface ValidationErrorOptions {
  /** What kind of error it is, for programs: `"required"`, `"max_length"`. */
  code?: string | null | undefined;
  /** Values for the places of the message: `%(value)s`. */
  params?: Readonly<Record<string, unknown>> | null | undefined;
}

/** The key of errors that belong to no single field. */
export const NON_FIELD_ERRORS = "__all__";

/**
 * A value or an object is not valid.
 *
 * Django: "Raising ValidationError" of form and field validation.
 *
 * @param message - a text, another error, a list of those, or an object of them by field name.
 * @example
 * throw new ValidationError("%(value)s is no even number", { code: "odd", params: { value } });
 * throw new ValidationError({ name: "Too short.", price: ["Too high.", "Not a round sum."] });
 */
export class ValidationError extends AsgimodError {
  static override readonly code: string = "validation_error";
  /** The message with its places, as given; empty for an error that holds others. */
  readonly template: string;
  /** The code as given; `null` when none was. */
  readonly validationCode: string | null;
  readonly params: Readonly<Record<string, unknown>> | null;
  /** The errors in it, each of one message. An error of one message holds itself. */
  readonly errorList: readonly ValidationError[];
  /** Errors by field name, when it was made of an object. */
  readonly errorDict: Readonly<Record<string, readonly ValidationError[]>> | null;

  constructor(message: ValidationMessage, options: ValidationErrorOptions = {}) {
    const single = typeof message === "string" ? message : sole(message);
    const from = single instanceof ValidationError ? single : null;
    const template = typeof single === "string" ? single : (from?.template ?? "");
    const params = (from === null ? options.params : from.params) ?? null;
    const given = from === null ? options.code : from.validationCode;
    const { dict, list } = from === null && typeof single !== "string" ? collect(message) : NOTHING;
    super(dict !== null ? dictText(dict) : list !== null ? listText(list) : interpolate(template, params));
    this.template = template;
    this.params = params;
    this.validationCode = given ?? null;
    if (given !== null && given !== undefined) (this as { code: string }).code = given;
    this.errorDict = dict;
    this.errorList = dict !== null ? Object.values(dict).flat() : (list ?? [this]);
  }

  /** The messages, filled in. */
  get messages(): string[] {
    return this.errorList.map((error) => interpolate(error.template, error.params));
  }

  /** The messages by field name; those of no field under `__all__`. */
  get messageDict(): Record<string, string[]> {
    const errors = this.updateErrorDict({});
    return Object.fromEntries(
      Object.entries(errors).map(([field, list]) => [field, list.flatMap((error) => error.messages)]),
    );
  }

  /** Adds the errors to lists by field name, and gives those back. */
  updateErrorDict(errors: Record<string, ValidationError[]>): Record<string, ValidationError[]> {
    const own = this.errorDict ?? { [NON_FIELD_ERRORS]: this.errorList };
    for (const [field, list] of Object.entries(own)) {
      errors[field] = [...(errors[field] ?? []), ...list];
    }
    return errors;
  }

  /** The same error with another message, as a field's `errorMessages` asks for. */
  withTemplate(template: string): ValidationError {
    return new ValidationError(template, { code: this.validationCode, params: this.params });
  }

  /** The messages with their codes by field name: Django's `get_json_data()` of the errors of forms. */
  getJsonData(): Record<string, { readonly message: string; readonly code: string }[]> {
    const errors = this.updateErrorDict({});
    const data = (error: ValidationError) => ({ message: error.message, code: error.validationCode ?? "" });
    return Object.fromEntries(Object.entries(errors).map(([field, list]) => [field, list.map(data)]));
  }

  /** {@link messageDict}, or {@link messages} where no field is named: what `JSON.stringify` and web handlers take. */
  toJSON(): Record<string, string[]> | string[] {
    return this.errorDict === null ? this.messages : this.messageDict;
  }
}

const NOTHING = { dict: null, list: null };

/** An error of one message that is given alone: the new error becomes a copy of it. */
function sole(message: Exclude<ValidationMessage, string>): ValidationError | null {
  if (!(message instanceof ValidationError)) return null;
  return message.errorDict === null && message.errorList.length === 1 && message.errorList[0] === message
    ? message
    : null;
}

function collect(message: ValidationMessage): {
  dict: Record<string, ValidationError[]> | null;
  list: ValidationError[] | null;
} {
  if (message instanceof ValidationError) {
    if (message.errorDict === null) return { dict: null, list: [...message.errorList] };
    return { dict: message.updateErrorDict({}), list: null };
  }
  if (Array.isArray(message)) return { dict: null, list: message.flatMap((part) => asList(part)) };
  const dict: Record<string, ValidationError[]> = {};
  for (const [field, part] of Object.entries(message)) dict[field] = asList(part);
  return { dict, list: null };
}

function asList(message: ValidationMessage): ValidationError[] {
  return [...(message instanceof ValidationError ? message : new ValidationError(message)).errorList];
}

function listText(list: readonly ValidationError[]): string {
  return repr(list.map((error) => error.message));
}

function dictText(dict: Record<string, readonly ValidationError[]>): string {
  return repr(
    Object.fromEntries(Object.entries(dict).map(([field, list]) => [field, list.map((e) => e.message)])),
  );
}
