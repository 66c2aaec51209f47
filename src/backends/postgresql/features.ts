import { DatabaseFeatures } from "../base/features.ts";

/** What PostgreSQL (14 and newer) can do. */
export class PostgresqlFeatures extends DatabaseFeatures {
  override readonly minimumDatabaseVersion = [14];
  override readonly canReleaseSavepoints = true;
  override readonly canRollbackDdl = true;
  override readonly canDeferConstraintChecks = true;
  override readonly isolationLevels: ReadonlySet<string> = new Set([
    "read uncommitted",
    "read committed",
    "repeatable read",
    "serializable",
  ]);
  override readonly supportsReadOnlyTransactions = true;
  override readonly supportsDeferrableTransactions = true;
  override readonly hasSelectForUpdate = true;
  override readonly hasSelectForUpdateNowait = true;
  override readonly hasSelectForUpdateSkipLocked = true;
  override readonly hasSelectForUpdateOf = true;
  override readonly hasSelectForNoKeyUpdate = true;
  override readonly canDistinctOnFields = true;
  override readonly allowsGroupBySelectedPks = true;
  override readonly supportsSlicingOrderingInCompound = true;
  override readonly supportsAggregateFilterClause = true;
  override readonly supportsAggregateOrderByClause = true;
  override readonly supportsOverClause = true;
  override readonly supportsFrameExclusion = true;
  override readonly onlySupportsUnboundedWithPrecedingAndFollowing = true;
  override readonly supportsExplainingQueryExecution = true;
  override readonly supportedExplainFormats: ReadonlySet<string> = new Set(["JSON", "TEXT", "XML", "YAML"]);
  override readonly nullsOrderLargest = true;
  override readonly greatestLeastIgnoresNulls = true;
  override readonly prohibitsNullCharactersInText = true;
  override readonly supportsTemporalSubtraction = true;
  override readonly supportsUnlimitedCharfield = true;
  override readonly hasNativeUuidField = true;
  override readonly hasNativeDurationField = true;
  override readonly hasNativeJsonField = true;
  override readonly hasRealDatatype = true;
  override readonly hasJsonOperators = true;
  override readonly jsonKeyContainsListMatchingRequiresList = true;
  override readonly canReturnColumnsFromInsert = true;
  override readonly canReturnRowsFromBulkInsert = true;
  override readonly canReturnRowsFromUpdate = true;
  override readonly supportsUpdateConflicts = true;
  override readonly supportsUpdateConflictsWithTarget = true;
  override readonly requiresCastedCaseInUpdates = true;
  override readonly supportsDeferrableUniqueConstraints = true;
  override readonly supportsNullsDistinctUniqueConstraints = true;
  override readonly supportsCoveringIndexes = true;
  override readonly supportsStoredGeneratedColumns = true;
  override readonly supportsCombinedAlters = true;
  override readonly canRenameIndex = true;
  override readonly canCreateInlineFk = false;
  override readonly supportsComments = true;
  override readonly supportsTablespaces = true;
  override readonly truncatesNames = true;
}
