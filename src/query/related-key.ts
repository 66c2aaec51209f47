/** The values that tie two objects together, as one key of a `Map`. */
export function relatedKey(values: readonly unknown[]): unknown {
  if (values.length === 1) return keyPart(values[0]);
  return values.map((value) => `${typeof value}:${String(keyPart(value))}`).join("\u0000");
}

/** Numbers and `bigint`s that are equal have equal keys; objects such as dates go by their text. */
function keyPart(value: unknown): unknown {
  switch (typeof value) {
    case "bigint":
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
    case "object":
      return value === null ? null : value instanceof Date ? value.getTime() : String(value);
    default:
      return value;
  }
}
