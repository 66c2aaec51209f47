/** IP addresses: checking them, and the one canonical text of an IPv6 address. */

/** Is this an IPv4 address in four decimal parts, none with leading zeros? */
export function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return (
    parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  );
}

/** The eight groups of an IPv6 address; `null` when it is none. */
export function parseIpv6(text: string): number[] | null {
  const [address, ...scopes] = text.split("%") as [string, ...string[]];
  if (scopes.length > 1 || scopes[0] === "") return null;
  const halves = address.split("::");
  if (halves.length > 2) return null;
  const head = groups(halves[0] as string);
  const tail = halves.length === 2 ? groups(halves[1] as string) : [];
  if (head === null || tail === null) return null;
  if (halves.length === 1) return head.length === 8 ? head : null;
  const missing = 8 - head.length - tail.length;
  return missing < 1 ? null : [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** `1:2:ffff`, where the last may be an IPv4 address. */
function groups(text: string): number[] | null {
  if (text === "") return [];
  const out: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (part.includes(".")) {
      if (i !== parts.length - 1 || !isIpv4(part)) return null;
      const [a, b, c, d] = part.split(".").map(Number) as [number, number, number, number];
      out.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) out.push(Number.parseInt(part, 16));
    else return null;
  }
  return out;
}

/**
 * The canonical text of an IPv6 address: lower case, the longest run of zeros as `::`, a mapped IPv4 address
 * dotted, without the zone (`%eth0`).
 *
 * @param unpackIpv4 - give a mapped address (`::ffff:1.2.3.4`) as IPv4.
 * @returns `null` when the text is no IPv6 address, or longer than one can be.
 */
export function cleanIpv6(text: string, unpackIpv4 = false): string | null {
  if (text.length > 39) return null;
  const parts = parseIpv6(text);
  if (parts === null) return null;
  const [, , , , , mark, high, low] = parts as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (mark === 0xffff && parts.slice(0, 5).every((part) => part === 0)) {
    const ipv4 = [high >> 8, high & 255, low >> 8, low & 255].join(".");
    return unpackIpv4 ? ipv4 : `::ffff:${ipv4}`;
  }
  return compress(parts);
}

function compress(parts: readonly number[]): string {
  let start = -1;
  let length = 1; // one group of zeros is not shortened
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && parts[end] === 0) end++;
    if (end - i > length) {
      start = i;
      length = end - i;
    }
    i = Math.max(i, end - 1);
  }
  const hex = parts.map((part) => part.toString(16));
  if (start < 0) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}
