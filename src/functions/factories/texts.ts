/** Texts. Django: Database Functions, "Text functions". */
import type * as types from "../../types/index.ts";
import * as text from "../text.ts";
import { typed } from "./typed.ts";

/**
 * The character of a code point.
 *
 * @example `Chr(65)` // CHR(65)
 * Django: `Chr`.
 */
export const Chr: types.TextFunction & types.PublicClass<typeof text.Chr> = typed(text.Chr);

/**
 * At least two texts, one after the other; NULL counts as the empty text.
 *
 * @example `Concat("name", Value(" ("), "nick", Value(")"))`
 * Django: `Concat`.
 */
export const Concat: types.ConcatFactory & types.PublicClass<typeof text.Concat> = typed(text.Concat);

/**
 * Two texts, one after the other: what `Concat` is made of.
 *
 * @example `ConcatPair("name", "nick")`
 * Django: `Concat`.
 */
export const ConcatPair: types.ConcatFactory & types.PublicClass<typeof text.ConcatPair> = typed(
  text.ConcatPair,
);

/**
 * The first characters.
 *
 * @example `Left("name", 2)` // SUBSTR("name", 1, 2)
 * Django: `Left`.
 */
export const Left: types.LeftFactory & types.PublicClass<typeof text.Left> = typed(text.Left);

/**
 * The number of characters.
 *
 * @example `Length("name")` // LENGTH("name")
 * Django: `Length`.
 */
export const Length: types.CountingFunction & types.PublicClass<typeof text.Length> = typed(text.Length);

/**
 * The text in lower case.
 *
 * @example `Lower("name")` // LOWER("name")
 * Django: `Lower`.
 */
export const Lower: types.TextFunction & types.PublicClass<typeof text.Lower> = typed(text.Lower);

/**
 * The text, filled up to a length on the left; with spaces, or another text.
 *
 * @example `LPad("name", 20, Value("."))` // LPAD("name", 20, '.')
 * Django: `LPad`.
 */
export const LPad: types.PadFactory & types.PublicClass<typeof text.LPad> = typed(text.LPad);

/**
 * The text without the spaces before it.
 *
 * @example `LTrim("name")` // LTRIM("name")
 * Django: `LTrim`.
 */
export const LTrim: types.TextFunction & types.PublicClass<typeof text.LTrim> = typed(text.LTrim);

/**
 * The MD5 hash, in hexadecimal digits.
 *
 * @example `MD5("name")` // MD5("name")
 * Django: `MD5`.
 */
export const MD5: types.TextFunction & types.PublicClass<typeof text.MD5> = typed(text.MD5);

/**
 * The code point of the first character.
 *
 * @example `Ord("name")` // UNICODE("name")
 * Django: `Ord`.
 */
export const Ord: types.CountingFunction & types.PublicClass<typeof text.Ord> = typed(text.Ord);

/**
 * The text so many times.
 *
 * @example `Repeat("name", 3)` // REPEAT("name", 3)
 * Django: `Repeat`.
 */
export const Repeat: types.RepeatFactory & types.PublicClass<typeof text.Repeat> = typed(text.Repeat);

/**
 * The text with one part replaced by another everywhere; without the last argument, the part is taken out.
 *
 * @example `Replace("name", Value("old"), Value("new"))` // REPLACE("name", 'old', 'new')
 * Django: `Replace`.
 */
export const Replace: types.ReplaceFactory & types.PublicClass<typeof text.Replace> = typed(text.Replace);

/**
 * The text backwards.
 *
 * @example `Reverse("name")` // REVERSE("name")
 * Django: `Reverse`.
 */
export const Reverse: types.TextFunction & types.PublicClass<typeof text.Reverse> = typed(text.Reverse);

/**
 * The last characters.
 *
 * @example `Right("name", 2)` // SUBSTR("name", -2, 2)
 * Django: `Right`.
 */
export const Right: types.LeftFactory & types.PublicClass<typeof text.Right> = typed(text.Right);

/**
 * The text, filled up to a length on the right; see `LPad`.
 *
 * @example `RPad("name", 20)`
 * Django: `RPad`.
 */
export const RPad: types.PadFactory & types.PublicClass<typeof text.RPad> = typed(text.RPad);

/**
 * The text without the spaces after it.
 *
 * @example `RTrim("name")` // RTRIM("name")
 * Django: `RTrim`.
 */
export const RTrim: types.TextFunction & types.PublicClass<typeof text.RTrim> = typed(text.RTrim);

/**
 * The SHA-1 hash, in hexadecimal digits.
 *
 * @example `SHA1("name")` // SHA1("name")
 * Django: `SHA1`.
 */
export const SHA1: types.TextFunction & types.PublicClass<typeof text.SHA1> = typed(text.SHA1);

/**
 * The SHA-224 hash, in hexadecimal digits.
 *
 * @example `SHA224("name")` // SHA224("name")
 * Django: `SHA224`.
 */
export const SHA224: types.TextFunction & types.PublicClass<typeof text.SHA224> = typed(text.SHA224);

/**
 * The SHA-256 hash, in hexadecimal digits.
 *
 * @example `SHA256("name")` // SHA256("name")
 * Django: `SHA256`.
 */
export const SHA256: types.TextFunction & types.PublicClass<typeof text.SHA256> = typed(text.SHA256);

/**
 * The SHA-384 hash, in hexadecimal digits.
 *
 * @example `SHA384("name")` // SHA384("name")
 * Django: `SHA384`.
 */
export const SHA384: types.TextFunction & types.PublicClass<typeof text.SHA384> = typed(text.SHA384);

/**
 * The SHA-512 hash, in hexadecimal digits.
 *
 * @example `SHA512("name")` // SHA512("name")
 * Django: `SHA512`.
 */
export const SHA512: types.TextFunction & types.PublicClass<typeof text.SHA512> = typed(text.SHA512);

/**
 * Where a text first occurs in another, counted from 1; 0 where it does not.
 *
 * @example `StrIndex("name", Value("x"))` // INSTR("name", 'x')
 * Django: `StrIndex`.
 */
export const StrIndex: types.StrIndexFactory & types.PublicClass<typeof text.StrIndex> = typed(text.StrIndex);

/**
 * A part of a text, from a place counted from 1 on.
 *
 * @example `Substr("name", 1, 3)` // SUBSTR("name", 1, 3)
 * Django: `Substr`.
 */
export const Substr: types.SubstrFactory & types.PublicClass<typeof text.Substr> = typed(text.Substr);

/**
 * The text without the spaces around it.
 *
 * @example `Trim("name")` // TRIM("name")
 * Django: `Trim`.
 */
export const Trim: types.TextFunction & types.PublicClass<typeof text.Trim> = typed(text.Trim);

/**
 * The text in upper case.
 *
 * @example `Upper("name")` // UPPER("name")
 * Django: `Upper`.
 */
export const Upper: types.TextFunction & types.PublicClass<typeof text.Upper> = typed(text.Upper);
