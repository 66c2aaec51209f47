import { ValueError } from "../errors.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const FORBIDDEN = /['`"\][;\s\u0000-\u001f\u007f-\u009f]|#|--|\/\*|\*\//;

/** A name for a selected column must be safe to write into SQL. */
export function checkAlias(alias: string): void {
  if (FORBIDDEN.test(alias)) {
    throw new ValueError(
      "Column aliases cannot contain whitespace characters, hashes, control characters, quotation marks, semicolons, or SQL comments.",
    );
  }
}
