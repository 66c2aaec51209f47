/** Differences that are none: told apart here, each with its reason. */
import type { Difference } from "./run.ts";

interface Known {
  readonly reason: string;
  is(seen: Difference, backend: string): boolean;
}

const isError = (text: string) => text.startsWith("error ");

const KNOWN: readonly Known[] = [
  {
    reason: "An integer that a number could not hold exactly is refused: the field gives numbers.",
    is: ({ ours, django }) => ours.includes("does not fit a number exactly") && django.startsWith("int "),
  },
  {
    reason: "A number beyond 2^53 may have been rounded before it came: a bigint is wanted.",
    is: ({ ours, value }) => ours.includes("may have been rounded already") && isForm(value, "$float"),
  },
  {
    reason:
      "On SQLite Django stores decimals of too many digits, and cannot read them again; here they can be read.",
    is: ({ ours, django, oursOfDjango }, backend) =>
      backend === "sqlite" && django.includes("InvalidOperation") && ours === oursOfDjango && !isError(ours),
  },
  {
    reason:
      "PostgreSQL and MariaDB cut blanks off that are beyond the length, without an error: that is refused.",
    is: ({ ours, django, value }) =>
      /value too long|Data too long/.test(ours) &&
      typeof value === "string" &&
      value.endsWith(" ") &&
      !isError(django),
  },
  {
    reason: "The SQLite of Node.js 22 cuts texts at U+0000 when it reads them: they are refused.",
    is: ({ ours }) => ours.includes("with the character U+0000 cannot be kept"),
  },
  {
    reason: "Texts of durations are read as validation reads them, on every database.",
    is: ({ field, value, ours, djangoOfOurs }) =>
      field === "duration" && typeof value === "string" && (ours === djangoOfOurs || value === ""),
  },
  {
    reason: "Of times Python reads more forms of ISO 8601 than Django documents.",
    is: ({ field, value }) => field === "time" && value === "20200101",
  },
];

function isForm(value: unknown, form: string): boolean {
  return typeof value === "object" && value !== null && form in value;
}

/** Why a difference is none; `null` where it is one. */
export function knownDifference(seen: Difference, backend: string): string | null {
  return KNOWN.find((known) => known.is(seen, backend))?.reason ?? null;
}
