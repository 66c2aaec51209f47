/** Names of indexes and constraints: short digests, and names cut to a database's limit. */

import { createHash } from "node:crypto";

/**
 * The first `length` hex digits of the MD5 of some names; Django's `names_digest`.
 *
 * @example
 * namesDigest(["a"], 8); // "0cc175b9"
 */
export function namesDigest(names: readonly string[], length: number): string {
  const hash = createHash("md5");
  for (const name of names) hash.update(name, "utf8");
  return hash.digest("hex").slice(0, length);
}

/** A name and the schema or user in front of it, as in `"USER"."TABLE"`. */
export function splitIdentifier(identifier: string): [namespace: string, name: string] {
  const parts = identifier.split('"."');
  const strip = (text: string) => text.replace(/^"+|"+$/g, "");
  return parts.length === 2
    ? [strip(parts[0] as string), strip(parts[1] as string)]
    : ["", strip(identifier)];
}

/**
 * Shortens a name to a database's limit: its end becomes a digest of the whole.
 *
 * @param length - the longest name allowed; `null` is no limit.
 * @param hashLength - how many digits of the digest.
 */
export function truncateName(identifier: string, length: number | null = null, hashLength = 4): string {
  const [namespace, name] = splitIdentifier(identifier);
  const characters = [...name];
  if (length === null || characters.length <= length) return identifier;
  const short = characters.slice(0, length - hashLength).join("") + namesDigest([name], hashLength);
  return namespace === "" ? short : `${namespace}"."${short}`;
}
