/** Names in camelCase and snake_case. */

const CAMEL = /[a-z0-9][A-Z]/;

/**
 * The column of a name in camelCase; every other name is its own column.
 *
 * @example
 * columnName("createdAt"); // "created_at"
 * columnName("mainBox_id"); // "main_box_id"
 * columnName("first_name"); // "first_name"
 */
export function columnName(name: string): string {
  if (!CAMEL.test(name)) return name;
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}

/** `createdAt` and `created_at` become `created at`. */
export function words(name: string): string {
  return columnName(name).replaceAll("_", " ");
}

/** `max_length` becomes `maxLength`. */
export function camelCase(name: string): string {
  return name.replace(/(?<=[^_])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** With a capital first letter, the rest untouched; Django's `capfirst`. */
export function capFirst(text: string): string {
  return text === "" ? "" : (text[0] as string).toUpperCase() + text.slice(1);
}
