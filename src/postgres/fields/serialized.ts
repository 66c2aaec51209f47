/** Values inside others, as Django serializes them. */
import type { Field } from "../../fields/field.ts";
import { dumps } from "../../util/json.ts";

/** A value of another field, as that one serializes it. */
export function textOf(field: Field, value: unknown): unknown {
  return value === null ? null : field.valueToString({ [field.attname]: value });
}

/** JSON with the letters of all scripts as they are: `json.dumps(value, ensure_ascii=False)`. */
export function jsonText(value: unknown): string {
  return dumps(value).replace(/\\\\|\\u([0-9a-f]{4})/g, (escape, digits?: string) => {
    const code = digits === undefined ? 0 : Number.parseInt(digits, 16);
    return code > 0x7f ? String.fromCharCode(code) : escape;
  });
}
