/** Digits of other scripts, which Python reads as numbers. */

const DIGIT = /\p{Nd}/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const FOREIGN = /[^\x00-\x7f]/;

/** The value of a digit. Those of a script stand one after another, from zero to nine. */
function valueOf(char: string): number {
  const code = char.codePointAt(0) as number;
  let before = 0;
  while (DIGIT.test(String.fromCodePoint(code - before - 1))) before++;
  return before % 10;
}

/** A text with the digits of all scripts as `0` to `9`: `"١٢"` becomes `"12"`. */
export function asciiDigits(text: string): string {
  return FOREIGN.test(text) ? text.replace(/\p{Nd}/gu, (char) => String(valueOf(char))) : text;
}
