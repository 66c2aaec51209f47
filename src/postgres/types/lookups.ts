/** The lookups that fields of every database get from `asgimod/postgres`. */
import type { Temporal } from "temporal-polyfill";
import type { RangeIn } from "./fields.ts";

declare module "asgimod" {
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
