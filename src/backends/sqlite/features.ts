import { DatabaseFeatures } from "../base/features.ts";

/** What SQLite (3.35 and newer) can do. */
export class SqliteFeatures extends DatabaseFeatures {
  override readonly minimumDatabaseVersion = [3, 35];
  override readonly atomicTransactions = false;
  override readonly canReleaseSavepoints = true;
  override readonly canRollbackDdl = true;
  override readonly canDeferConstraintChecks = true;
  override readonly nativeSync = true;
  override readonly maxQueryParams = 999;
  override readonly supportsParenthesesInCompound = false;
  override readonly supportsAggregateFilterClause = true;
  override readonly supportsAggregateOrderByClause = true;
  override readonly supportsAggregateDistinctMultipleArgument = false;
  override readonly supportsAnyValue = true;
  override readonly supportsOverClause = true;
  override readonly supportsFrameRangeFixedDistance = true;
  override readonly supportsFrameExclusion = true;
  override readonly supportsTupleLookups = false;
  override readonly supportsExplainingQueryExecution = true;
  override readonly orderByNullsFirst = true;
  override readonly hasCaseInsensitiveLike = true;
  override readonly ignoresTableNameCase = true;
  override readonly supportsTimezones = false;
  override readonly supportsTemporalSubtraction = true;
  override readonly valuesNeedDeclaredTypes = true;
  override readonly timeCastPrecision = 3;
  override readonly supportsCastWithPrecision = false;
  override readonly supportsUnlimitedCharfield = true;
  override readonly supportsJsonFieldContains = false;
  override readonly jsonBooleansAreTexts = true;
  override readonly canReturnColumnsFromInsert = true;
  override readonly canReturnRowsFromBulkInsert = true;
  override readonly reportsInsertedKey = true;
  override readonly canReturnRowsFromUpdate = true;
  override readonly supportsUpdateConflicts = true;
  override readonly supportsUpdateConflictsWithTarget = true;
  override readonly supportsUnspecifiedPk = true;
  override readonly supportsDefaultKeywordInInsert = false;
  override readonly canCreateInlineFk = false;
  override readonly requiresLiteralDefaults = true;
  override readonly supportsStoredGeneratedColumns = true;
  override readonly supportsVirtualGeneratedColumns = true;
}
