/** Functions that stand in `Window({ expression: ... })`. Django: Database Functions, "Window functions". */
import type * as types from "../../types/index.ts";
import * as window from "../window.ts";
import { typed } from "./typed.ts";

/**
 * The share of the rows that come before the row or are equal to it.
 *
 * @example `CumeDist()` // CUME_DIST()
 * Django: `CumeDist`.
 */
export const CumeDist: types.RankFactory & types.PublicClass<typeof window.CumeDist> = typed(window.CumeDist);

/**
 * The rank, without gaps after equal rows.
 *
 * @example `DenseRank()` // DENSE_RANK()
 * Django: `DenseRank`.
 */
export const DenseRank: types.RankFactory & types.PublicClass<typeof window.DenseRank> = typed(
  window.DenseRank,
);

/**
 * The value of the first row of the frame.
 *
 * @example `FirstValue("price")` // FIRST_VALUE("price")
 * Django: `FirstValue`.
 */
export const FirstValue: types.FrameValueFactory & types.PublicClass<typeof window.FirstValue> = typed(
  window.FirstValue,
);

/**
 * The value of a row before; `null`, or `default`, where there is none.
 *
 * @example `Lag("price", { offset: 2 })` // LAG("price", 2)
 * Django: `Lag`.
 */
export const Lag: types.NeighbourFactory & types.PublicClass<typeof window.Lag> = typed(window.Lag);

/**
 * The value of the last row of the frame, which by default ends at the row itself.
 *
 * @example `LastValue("price")` // LAST_VALUE("price")
 * Django: `LastValue`.
 */
export const LastValue: types.FrameValueFactory & types.PublicClass<typeof window.LastValue> = typed(
  window.LastValue,
);

/**
 * The value of a row after; see `Lag`.
 *
 * @example `Lead("price", { default: 0 })` // LEAD("price", 1, 0)
 * Django: `Lead`.
 */
export const Lead: types.NeighbourFactory & types.PublicClass<typeof window.Lead> = typed(window.Lead);

/**
 * The value of the nth row of the frame, counted from 1; `null` where there is none.
 *
 * @example `NthValue("price", { nth: 2 })` // NTH_VALUE("price", 2)
 * Django: `NthValue`.
 */
export const NthValue: types.NthValueFactory & types.PublicClass<typeof window.NthValue> = typed(
  window.NthValue,
);

/**
 * The number of the bucket, when the rows are spread over so many.
 *
 * @example `Ntile({ numBuckets: 4 })` // NTILE(4)
 * Django: `Ntile`.
 */
export const Ntile: types.NtileFactory & types.PublicClass<typeof window.Ntile> = typed(window.Ntile);

/**
 * The rank in relation to the number of rows, from 0 to 1.
 *
 * @example `PercentRank()` // PERCENT_RANK()
 * Django: `PercentRank`.
 */
export const PercentRank: types.RankFactory & types.PublicClass<typeof window.PercentRank> = typed(
  window.PercentRank,
);

/**
 * The rank, with gaps after equal rows.
 *
 * @example `Rank()` // RANK()
 * Django: `Rank`.
 */
export const Rank: types.RankFactory & types.PublicClass<typeof window.Rank> = typed(window.Rank);

/**
 * The number of the row, from 1.
 *
 * @example `RowNumber()` // ROW_NUMBER()
 * Django: `RowNumber`.
 */
export const RowNumber: types.RankFactory & types.PublicClass<typeof window.RowNumber> = typed(
  window.RowNumber,
);
