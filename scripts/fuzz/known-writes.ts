/** Differences of cases that write, which are none. */
import type { MutationCase } from "../conformance/format.ts";

/** Why a difference says nothing about this library, or undefined. */
export function knownWriteReason(problem: string, made: MutationCase): string | undefined {
  const text = JSON.stringify(made.steps);
  if (/is not a valid UUID/.test(problem) && /(?:true|false)/.test(text)) {
    return "in Python a truth value is an integer, of which a UUID can be made";
  }
  if (/expected ValueError/.test(problem) && /"unique_fields":\["pk"\]/.test(text)) {
    return "conflicts on a composite key can be updated";
  }
  if (/expected OperationalError, got FieldError: Joined field references/.test(problem)) {
    return "what Django sends and SQLite refuses is refused before it is sent";
  }
  if (/expected FieldError, got (?:ValidationError|TypeError|ValueError)/.test(problem)) {
    return "two values are wrong, and another one is told first";
  }
  if (/does not fit a number exactly/.test(problem)) {
    return "an integer beyond 2^53 in a field of numbers is refused";
  }
  return undefined;
}
