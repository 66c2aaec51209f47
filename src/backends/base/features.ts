/**
 * What a database can do: one flag per question, with Django's names and defaults. Code asks a flag, never
 * which database it is.
 */
export class DatabaseFeatures {
  /** The oldest version that works. */
  readonly minimumDatabaseVersion: readonly number[] | null = null;

  // Transactions and connections.
  readonly supportsTransactions: boolean = true;
  /** A failed statement makes the database itself refuse the rest of the transaction. */
  readonly atomicTransactions: boolean = true;
  readonly usesSavepoints: boolean = true;
  readonly canReleaseSavepoints: boolean = false;
  /** `CREATE TABLE` and the like roll back. */
  readonly canRollbackDdl: boolean = false;
  readonly canDeferConstraintChecks: boolean = false;
  readonly isolationLevels: ReadonlySet<string> = new Set(["serializable"]);
  readonly supportsReadOnlyTransactions: boolean = false;
  readonly supportsDeferrableTransactions: boolean = false;
  /** `objects` works without a worker. */
  readonly nativeSync: boolean = false;

  // Reading.
  readonly canUseChunkedReads: boolean = true;
  readonly hasSelectForUpdate: boolean = false;
  readonly hasSelectForUpdateNowait: boolean = false;
  readonly hasSelectForUpdateSkipLocked: boolean = false;
  readonly hasSelectForUpdateOf: boolean = false;
  readonly hasSelectForNoKeyUpdate: boolean = false;
  readonly selectForUpdateOfColumn: boolean = false;
  readonly supportsSelectForUpdateWithLimit: boolean = true;
  readonly canDistinctOnFields: boolean = false;
  /** The most parameters that one statement may have; null: no limit. */
  readonly maxQueryParams: number | null = null;
  /** The most members that one `IN (...)` may have; null: no limit. */
  readonly maxInListSize: number | null = null;
  readonly allowsGroupByLob: boolean = true;
  readonly allowsGroupBySelectedPks: boolean = false;
  readonly allowsGroupBySelectIndex: boolean = true;
  readonly supportsSubqueriesInGroupBy: boolean = true;
  readonly requiresExplicitNullOrderingWhenGrouping: boolean = false;
  readonly allowSlicedSubqueriesWithIn: boolean = true;
  readonly ignoresUnnecessaryOrderByInSubqueries: boolean = true;
  readonly supportsSelectUnion: boolean = true;
  readonly supportsSelectIntersection: boolean = true;
  readonly supportsSelectDifference: boolean = true;
  readonly supportsSlicingOrderingInCompound: boolean = false;
  readonly supportsParenthesesInCompound: boolean = true;
  readonly requiresCompoundOrderBySubquery: boolean = false;
  readonly supportsAggregateFilterClause: boolean = false;
  readonly supportsAggregateOrderByClause: boolean = false;
  readonly supportsAggregateDistinctMultipleArgument: boolean = true;
  readonly supportsAnyValue: boolean = false;
  readonly supportsOverClause: boolean = false;
  readonly supportsFrameRangeFixedDistance: boolean = false;
  readonly supportsFrameExclusion: boolean = false;
  readonly onlySupportsUnboundedWithPrecedingAndFollowing: boolean = false;
  readonly supportsDefaultInLeadLag: boolean = true;
  readonly supportsTupleLookups: boolean = true;
  readonly supportsTupleComparisonAgainstSubquery: boolean = true;
  readonly supportsLogicalXor: boolean = false;
  readonly supportsExplainingQueryExecution: boolean = false;
  readonly supportedExplainFormats: ReadonlySet<string> = new Set();
  readonly bareSelectSuffix: string = "";

  // NULL, text, comparison.
  readonly interpretsEmptyStringsAsNulls: boolean = false;
  readonly nullsOrderLargest: boolean = false;
  readonly supportsOrderByNullsModifier: boolean = true;
  readonly orderByNullsFirst: boolean = false;
  readonly greatestLeastIgnoresNulls: boolean = false;
  readonly hasCaseInsensitiveLike: boolean = false;
  readonly supportsRegexBackreferencing: boolean = true;
  readonly supportsBooleanExprInSelectClause: boolean = true;
  readonly supportsComparingBooleanExpr: boolean = true;
  readonly prohibitsNullCharactersInText: boolean = false;
  readonly ignoresTableNameCase: boolean = false;
  readonly supportsCollationOnCharfield: boolean = true;
  readonly supportsCollationOnTextfield: boolean = true;

  // Types.
  readonly supportsTimezones: boolean = true;
  readonly hasZoneinfoDatabase: boolean = true;
  readonly supportsTemporalSubtraction: boolean = false;
  readonly supportsDateLookupUsingString: boolean = true;
  readonly timeCastPrecision: number = 6;
  readonly supportsCastWithPrecision: boolean = true;
  /** Dates, times and truth values come as texts and numbers: only the declared type of the column tells which. */
  readonly valuesNeedDeclaredTypes: boolean = false;
  readonly hasNativeUuidField: boolean = false;
  readonly hasNativeDurationField: boolean = false;
  readonly hasNativeJsonField: boolean = false;
  readonly hasRealDatatype: boolean = false;
  readonly relatedFieldsMatchType: boolean = false;
  readonly supportsUnlimitedCharfield: boolean = false;
  readonly roundsToEven: boolean = false;
  readonly supportsJsonField: boolean = true;
  readonly supportsPrimitivesInJsonField: boolean = true;
  readonly hasJsonOperators: boolean = false;
  readonly supportsJsonFieldContains: boolean = true;
  /** What a key of a document leads to is a text where it is a boolean. */
  readonly jsonBooleansAreTexts: boolean = false;
  readonly jsonKeyContainsListMatchingRequiresList: boolean = false;
  readonly hasJsonObjectFunction: boolean = true;
  readonly supportsJsonNegativeIndexing: boolean = true;
  readonly supportsJsonAbsentOnNull: boolean = true;

  // Writing.
  readonly canReturnColumnsFromInsert: boolean = false;
  readonly canReturnRowsFromBulkInsert: boolean = false;
  /** An INSERT of one row reports its automatic key besides, which costs less than `RETURNING`. */
  readonly reportsInsertedKey: boolean = false;
  readonly canReturnRowsFromUpdate: boolean = false;
  readonly hasBulkInsert: boolean = true;
  readonly supportsIgnoreConflicts: boolean = true;
  readonly supportsUpdateConflicts: boolean = false;
  readonly supportsUpdateConflictsWithTarget: boolean = false;
  readonly supportsUnspecifiedPk: boolean = false;
  readonly allowsAutoPk0: boolean = true;
  readonly supportsDefaultKeywordInInsert: boolean = true;
  readonly supportsDefaultKeywordInBulkInsert: boolean = true;
  readonly requiresCastedCaseInUpdates: boolean = false;
  readonly updateCanSelfSelect: boolean = true;
  readonly deleteCanSelfReferenceSubquery: boolean = true;
  /** `DELETE t FROM t JOIN ...` */
  readonly canDeleteFromJoins: boolean = false;
  /** `UPDATE ... ORDER BY` */
  readonly canOrderUpdates: boolean = false;
  readonly supportsForwardReferences: boolean = true;
  readonly supportsSequenceReset: boolean = true;

  // Tables.
  readonly supportsForeignKeys: boolean = true;
  readonly supportsOnDeleteDbCascade: boolean = true;
  readonly supportsOnDeleteDbNull: boolean = true;
  readonly supportsOnDeleteDbDefault: boolean = true;
  readonly indexesForeignKeys: boolean = true;
  readonly canCreateInlineFk: boolean = true;
  readonly canRenameIndex: boolean = false;
  readonly supportsCombinedAlters: boolean = false;
  readonly canAlterTableDropColumn: boolean = true;
  readonly supportsColumnCheckConstraints: boolean = true;
  readonly supportsTableCheckConstraints: boolean = true;
  readonly supportsNullableUniqueConstraints: boolean = true;
  readonly supportsPartiallyNullableUniqueConstraints: boolean = true;
  readonly supportsNullsDistinctUniqueConstraints: boolean = false;
  readonly supportsDeferrableUniqueConstraints: boolean = false;
  readonly supportsPartialIndexes: boolean = true;
  readonly supportsFunctionsInPartialIndexes: boolean = true;
  readonly supportsCoveringIndexes: boolean = false;
  readonly supportsExpressionIndexes: boolean = true;
  readonly supportsIndexOnTextField: boolean = true;
  readonly supportsIndexColumnOrdering: boolean = true;
  readonly collateAsIndexExpression: boolean = false;
  readonly allowsMultipleConstraintsOnSameFields: boolean = true;
  readonly requiresLiteralDefaults: boolean = false;
  readonly supportsExpressionDefaults: boolean = true;
  readonly supportsStoredGeneratedColumns: boolean = false;
  readonly supportsVirtualGeneratedColumns: boolean = false;
  readonly supportsComments: boolean = false;
  readonly supportsCommentsInline: boolean = false;
  readonly supportsTablespaces: boolean = false;
  readonly impliedColumnNull: boolean = false;
  readonly connectionPersistsOldColumns: boolean = false;
  readonly truncatesNames: boolean = false;
}
