/** Differences of cases that write, which are none. */
import type { MutationCase, MutationOutcome } from "../conformance/format.ts";

/** Why a difference says nothing about this library, or undefined. */
export function knownWriteReason(problem: string, made: MutationCase): string | undefined {
  const text = JSON.stringify(made.steps);
  if (/expected \w+, got DoesNotExist/.test(problem) && text.includes("$instance")) {
    return "an argument that was deleted by a step before";
  }
  if (/"\$bigint":"-?92233720368547758/.test(problem)) {
    return "another SQLite has a float where a sum leaves the integers";
  }
  if (/is not a valid UUID/.test(problem) && /(?:true|false)/.test(text)) {
    return "in Python a truth value is an integer, of which a UUID can be made";
  }
  if (/expected ValueError/.test(problem) && /"unique_fields":\["pk"\]/.test(text)) {
    return "conflicts on a composite key can be updated";
  }
  if (/expected OperationalError, got FieldError: Joined field references/.test(problem)) {
    return "what Django sends and SQLite refuses is refused before it is sent";
  }
  const { results } = made.expect["sqlite"] as MutationOutcome;
  if (results.some(({ error, queries = 0 }) => error === "FieldError" && queries > 0)) {
    return "an assignment that cannot be is refused before the parents' columns are changed";
  }
  if (/expected IntegrityError, got FieldError/.test(problem)) {
    return "an assignment that cannot be is refused before the parents' columns are changed";
  }
  if (results.some(({ incidental }) => incidental)) return "Django fails by accident";
  if (results.some(({ message }) => /^'in' lookup of 'pk' must be a/.test(message ?? ""))) {
    return "Django cannot take objects with a composite key out of a relation";
  }
  if (/expected (?:FieldError|ValueError), got (?:ValidationError|TypeError|ValueError)/.test(problem)) {
    return "two values are wrong, and another one is told first";
  }
  if (/does not fit a number exactly/.test(problem)) {
    return "an integer beyond 2^53 in a field of numbers is refused";
  }
  return undefined;
}
