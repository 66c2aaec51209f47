/** The errors of serializers: Django's names and texts. */
import { AsgimodError, type ErrorOptionsWithCause } from "../errors.ts";
import { str } from "../util/repr.ts";
import { ValidationError } from "../validators/validation-error.ts";

/** There is no serializer of that format. */
export class SerializerDoesNotExist extends AsgimodError {
  static override readonly code: string = "serializer_does_not_exist";
}

/** Something cannot be written. */
export class SerializationError extends AsgimodError {
  static override readonly code: string = "serialization_error";
}

/** Something cannot be read; `cause` is what went wrong where the text alone does not say it. */
export class DeserializationError extends AsgimodError {
  static override readonly code: string = "deserialization_error";

  constructor(message = "", options?: ErrorOptionsWithCause) {
    super(message, options);
  }

  /** An error that names the object and the value. */
  static withData(cause: unknown, model: string, pk: unknown, value: unknown): DeserializationError {
    return new DeserializationError(
      `${errorText(cause)}: (${model}:pk=${str(pk)}) field_value was '${str(value)}'`,
      { cause },
    );
  }
}

/** A call of `dumpdata` or `loaddata` cannot be done: an unknown label, format or file. */
export class CommandError extends AsgimodError {
  static override readonly code: string = "command_error";
}

/** What Python's `str()` gives for an error: a `ValidationError` shows its messages as a list. */
export function errorText(error: unknown): string {
  if (error instanceof ValidationError && error.errorDict === null) return str(error.messages);
  return error instanceof Error ? error.message : str(error);
}

/** Puts a text before an error's message; the error stays what it is. */
export function prefixMessage(error: unknown, prefix: string): unknown {
  if (!(error instanceof Error)) return error;
  const text = `${prefix}${errorText(error)}`;
  // `message` is an own property of every error; that of a DOMException is not, and stays as it is.
  if (Object.getOwnPropertyDescriptor(error, "message")?.writable) error.message = text;
  return error;
}
