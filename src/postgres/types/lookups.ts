/** The lookups that fields of every database get from `asgimod/postgres`. */
import type { Temporal } from "temporal-polyfill";
import type { RangeIn } from "./fields.ts";

declare module "asgimod" {
  interface TextLookups<T = string> {
    /** The text has the words: full-text search. */
    search: string;
    /** The texts are alike, by the server's threshold. */
    trigram_similar: string;
    /** A part of the text is like this. */
    trigram_word_similar: string;
    /** Words of the text are like this. */
    trigram_strict_word_similar: string;
    /** Without accents, on both sides. */
    unaccent: string;
  }
  interface TextTransforms {
    /** Without accents, on both sides. */
    unaccent: TextLookups;
  }
  interface NumberLookups<T = number, Out = T> {
    /** The value lies in a range. */
    contained_by: RangeIn<T>;
  }
  interface DateLookups<T = Temporal.PlainDate | string> {
    /** The day lies in a range. */
    contained_by: RangeIn<T>;
  }
  interface DateTimeLookups<T = Date | string> {
    /** The instant lies in a range. */
    contained_by: RangeIn<T>;
  }
}
