/**
 * The functions as users call them: `Upper("name")`, without `new`. Each is its class in every other respect.
 *
 * Django: Database Functions.
 */
import { callable } from "../expressions/func.ts";
import * as comparison from "./comparison.ts";
import * as datetime from "./datetime.ts";
import * as math from "./math.ts";
import * as text from "./text.ts";
import * as uuid from "./uuid.ts";
import * as window from "./window.ts";

// Comparison and conversion.
export const Cast = callable(comparison.Cast);
export const Coalesce = callable(comparison.Coalesce);
export const Collate = callable(comparison.Collate);
export const Greatest = callable(comparison.Greatest);
export const JSONNull = callable(comparison.JSONNull);
export const JSONArray = callable(comparison.JSONArray);
export const JSONObject = callable(comparison.JSONObject);
export const Least = callable(comparison.Least);
export const NullIf = callable(comparison.NullIf);

// Dates and times.
export const Extract = callable(datetime.Extract);
export const ExtractDay = callable(datetime.ExtractDay);
export const ExtractHour = callable(datetime.ExtractHour);
export const ExtractIsoWeekDay = callable(datetime.ExtractIsoWeekDay);
export const ExtractIsoYear = callable(datetime.ExtractIsoYear);
export const ExtractMinute = callable(datetime.ExtractMinute);
export const ExtractMonth = callable(datetime.ExtractMonth);
export const ExtractQuarter = callable(datetime.ExtractQuarter);
export const ExtractSecond = callable(datetime.ExtractSecond);
export const ExtractWeek = callable(datetime.ExtractWeek);
export const ExtractWeekDay = callable(datetime.ExtractWeekDay);
export const ExtractYear = callable(datetime.ExtractYear);
export const Now = callable(datetime.Now);
export const Trunc = callable(datetime.Trunc);
export const TruncDate = callable(datetime.TruncDate);
export const TruncDay = callable(datetime.TruncDay);
export const TruncHour = callable(datetime.TruncHour);
export const TruncMinute = callable(datetime.TruncMinute);
export const TruncMonth = callable(datetime.TruncMonth);
export const TruncQuarter = callable(datetime.TruncQuarter);
export const TruncSecond = callable(datetime.TruncSecond);
export const TruncTime = callable(datetime.TruncTime);
export const TruncWeek = callable(datetime.TruncWeek);
export const TruncYear = callable(datetime.TruncYear);

// Numbers.
export const Abs = callable(math.Abs);
export const ACos = callable(math.ACos);
export const ASin = callable(math.ASin);
export const ATan = callable(math.ATan);
export const ATan2 = callable(math.ATan2);
export const Ceil = callable(math.Ceil);
export const Cos = callable(math.Cos);
export const Cot = callable(math.Cot);
export const Degrees = callable(math.Degrees);
export const Exp = callable(math.Exp);
export const Floor = callable(math.Floor);
export const Ln = callable(math.Ln);
export const Log = callable(math.Log);
export const Mod = callable(math.Mod);
export const Pi = callable(math.Pi);
export const Power = callable(math.Power);
export const Radians = callable(math.Radians);
export const Random = callable(math.Random);
export const Round = callable(math.Round);
export const Sign = callable(math.Sign);
export const Sin = callable(math.Sin);
export const Sqrt = callable(math.Sqrt);
export const Tan = callable(math.Tan);

// Texts.
export const Chr = callable(text.Chr);
export const Concat = callable(text.Concat);
export const ConcatPair = callable(text.ConcatPair);
export const Left = callable(text.Left);
export const Length = callable(text.Length);
export const Lower = callable(text.Lower);
export const LPad = callable(text.LPad);
export const LTrim = callable(text.LTrim);
export const MD5 = callable(text.MD5);
export const Ord = callable(text.Ord);
export const Repeat = callable(text.Repeat);
export const Replace = callable(text.Replace);
export const Reverse = callable(text.Reverse);
export const Right = callable(text.Right);
export const RPad = callable(text.RPad);
export const RTrim = callable(text.RTrim);
export const SHA1 = callable(text.SHA1);
export const SHA224 = callable(text.SHA224);
export const SHA256 = callable(text.SHA256);
export const SHA384 = callable(text.SHA384);
export const SHA512 = callable(text.SHA512);
export const StrIndex = callable(text.StrIndex);
export const Substr = callable(text.Substr);
export const Trim = callable(text.Trim);
export const Upper = callable(text.Upper);

// Window functions.
export const CumeDist = callable(window.CumeDist);
export const DenseRank = callable(window.DenseRank);
export const FirstValue = callable(window.FirstValue);
export const Lag = callable(window.Lag);
export const LastValue = callable(window.LastValue);
export const Lead = callable(window.Lead);
export const NthValue = callable(window.NthValue);
export const Ntile = callable(window.Ntile);
export const PercentRank = callable(window.PercentRank);
export const Rank = callable(window.Rank);
export const RowNumber = callable(window.RowNumber);

// UUIDs.
export const UUID4 = callable(uuid.UUID4);
export const UUID7 = callable(uuid.UUID7);
