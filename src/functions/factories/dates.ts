/** Dates and times. Django: Database Functions, "Date functions". */
import type { Temporal } from "temporal-polyfill";
import type * as types from "../../types/index.ts";
import * as datetime from "../datetime.ts";
import { typed } from "./typed.ts";

/**
 * A part of a date or time as a number.
 *
 * @example `Extract("start", "hour", { tzinfo: "Asia/Tokyo" })`
 * Django: `Extract`.
 */
export const Extract: types.ExtractFactory & types.PublicClass<typeof datetime.Extract> = typed(
  datetime.Extract,
);

/**
 * The year. As a lookup: `start__year`.
 *
 * @example `ExtractYear("start")`
 * Django: `ExtractYear`.
 */
export const ExtractYear: types.ExtractPartFactory<"ExtractYear"> &
  types.PublicClass<typeof datetime.ExtractYear> = typed(datetime.ExtractYear);

/**
 * The year to which the ISO week belongs. As a lookup: `start__iso_year`.
 *
 * @example `ExtractIsoYear("start")`
 * Django: `ExtractIsoYear`.
 */
export const ExtractIsoYear: types.ExtractPartFactory<"ExtractIsoYear"> &
  types.PublicClass<typeof datetime.ExtractIsoYear> = typed(datetime.ExtractIsoYear);

/**
 * The quarter, 1 to 4. As a lookup: `start__quarter`.
 *
 * @example `ExtractQuarter("start")`
 * Django: `ExtractQuarter`.
 */
export const ExtractQuarter: types.ExtractPartFactory<"ExtractQuarter"> &
  types.PublicClass<typeof datetime.ExtractQuarter> = typed(datetime.ExtractQuarter);

/**
 * The month, 1 to 12. As a lookup: `start__month`.
 *
 * @example `ExtractMonth("start")`
 * Django: `ExtractMonth`.
 */
export const ExtractMonth: types.ExtractPartFactory<"ExtractMonth"> &
  types.PublicClass<typeof datetime.ExtractMonth> = typed(datetime.ExtractMonth);

/**
 * The ISO week, 1 to 53; weeks begin on Monday. As a lookup: `start__week`.
 *
 * @example `ExtractWeek("start")`
 * Django: `ExtractWeek`.
 */
export const ExtractWeek: types.ExtractPartFactory<"ExtractWeek"> &
  types.PublicClass<typeof datetime.ExtractWeek> = typed(datetime.ExtractWeek);

/**
 * The day of the week, 1 (Sunday) to 7 (Saturday). As a lookup: `start__week_day`.
 *
 * @example `ExtractWeekDay("start")`
 * Django: `ExtractWeekDay`.
 */
export const ExtractWeekDay: types.ExtractPartFactory<"ExtractWeekDay"> &
  types.PublicClass<typeof datetime.ExtractWeekDay> = typed(datetime.ExtractWeekDay);

/**
 * The day of the week, 1 (Monday) to 7 (Sunday). As a lookup: `start__iso_week_day`.
 *
 * @example `ExtractIsoWeekDay("start")`
 * Django: `ExtractIsoWeekDay`.
 */
export const ExtractIsoWeekDay: types.ExtractPartFactory<"ExtractIsoWeekDay"> &
  types.PublicClass<typeof datetime.ExtractIsoWeekDay> = typed(datetime.ExtractIsoWeekDay);

/**
 * The day of the month. As a lookup: `start__day`.
 *
 * @example `ExtractDay("start")`
 * Django: `ExtractDay`.
 */
export const ExtractDay: types.ExtractPartFactory<"ExtractDay"> &
  types.PublicClass<typeof datetime.ExtractDay> = typed(datetime.ExtractDay);

/**
 * The hour. As a lookup: `start__hour`.
 *
 * @example `ExtractHour("start")`
 * Django: `ExtractHour`.
 */
export const ExtractHour: types.ExtractPartFactory<"ExtractHour"> &
  types.PublicClass<typeof datetime.ExtractHour> = typed(datetime.ExtractHour);

/**
 * The minute. As a lookup: `start__minute`.
 *
 * @example `ExtractMinute("start")`
 * Django: `ExtractMinute`.
 */
export const ExtractMinute: types.ExtractPartFactory<"ExtractMinute"> &
  types.PublicClass<typeof datetime.ExtractMinute> = typed(datetime.ExtractMinute);

/**
 * The second. As a lookup: `start__second`.
 *
 * @example `ExtractSecond("start")`
 * Django: `ExtractSecond`.
 */
export const ExtractSecond: types.ExtractPartFactory<"ExtractSecond"> &
  types.PublicClass<typeof datetime.ExtractSecond> = typed(datetime.ExtractSecond);

/**
 * The time at which the query runs.
 *
 * @example `Article.objects.filter({ published__lte: Now() })` // CURRENT_TIMESTAMP
 * Django: `Now`.
 */
export const Now: types.ConstantFunction<Date> & types.PublicClass<typeof datetime.Now> = typed(datetime.Now);

/**
 * A date or time without what is finer than a unit; of the same type, unless `outputField` says another.
 *
 * @example `Trunc("start", "month", { outputField: DateField() })`
 * Django: `Trunc`.
 */
export const Trunc: types.TruncFactory & types.PublicClass<typeof datetime.Trunc> = typed(datetime.Trunc);

/**
 * The first instant (or day) of the year.
 *
 * @example `TruncYear("start")`
 * Django: `TruncYear`.
 */
export const TruncYear: types.TruncUnitFactory<"TruncYear"> & types.PublicClass<typeof datetime.TruncYear> =
  typed(datetime.TruncYear);

/**
 * The first instant (or day) of the quarter.
 *
 * @example `TruncQuarter("start")`
 * Django: `TruncQuarter`.
 */
export const TruncQuarter: types.TruncUnitFactory<"TruncQuarter"> &
  types.PublicClass<typeof datetime.TruncQuarter> = typed(datetime.TruncQuarter);

/**
 * The first instant (or day) of the month.
 *
 * @example `TruncMonth("start")`
 * Django: `TruncMonth`.
 */
export const TruncMonth: types.TruncUnitFactory<"TruncMonth"> &
  types.PublicClass<typeof datetime.TruncMonth> = typed(datetime.TruncMonth);

/**
 * The midnight (or day) on which the week's Monday begins.
 *
 * @example `TruncWeek("start")`
 * Django: `TruncWeek`.
 */
export const TruncWeek: types.TruncUnitFactory<"TruncWeek"> & types.PublicClass<typeof datetime.TruncWeek> =
  typed(datetime.TruncWeek);

/**
 * The midnight at which the day begins.
 *
 * @example `TruncDay("start")`
 * Django: `TruncDay`.
 */
export const TruncDay: types.TruncUnitFactory<"TruncDay"> & types.PublicClass<typeof datetime.TruncDay> =
  typed(datetime.TruncDay);

/**
 * The time without minutes and seconds.
 *
 * @example `TruncHour("start")`
 * Django: `TruncHour`.
 */
export const TruncHour: types.TruncUnitFactory<"TruncHour"> & types.PublicClass<typeof datetime.TruncHour> =
  typed(datetime.TruncHour);

/**
 * The time without seconds.
 *
 * @example `TruncMinute("start")`
 * Django: `TruncMinute`.
 */
export const TruncMinute: types.TruncUnitFactory<"TruncMinute"> &
  types.PublicClass<typeof datetime.TruncMinute> = typed(datetime.TruncMinute);

/**
 * The time without fractions of a second.
 *
 * @example `TruncSecond("start")`
 * Django: `TruncSecond`.
 */
export const TruncSecond: types.TruncUnitFactory<"TruncSecond"> &
  types.PublicClass<typeof datetime.TruncSecond> = typed(datetime.TruncSecond);

/**
 * The day of an instant. As a lookup: `start__date`.
 *
 * @example `TruncDate("start")`
 * Django: `TruncDate`.
 */
export const TruncDate: types.TruncToFactory<"TruncDate", Temporal.PlainDate> &
  types.PublicClass<typeof datetime.TruncDate> = typed(datetime.TruncDate);

/**
 * The time of day of an instant. As a lookup: `start__time`.
 *
 * @example `TruncTime("start")`
 * Django: `TruncTime`.
 */
export const TruncTime: types.TruncToFactory<"TruncTime", Temporal.PlainTime> &
  types.PublicClass<typeof datetime.TruncTime> = typed(datetime.TruncTime);
