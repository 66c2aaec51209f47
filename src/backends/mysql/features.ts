import { DatabaseFeatures } from "../base/features.ts";

/** What a server says about itself. */
export interface Server {
  readonly mariadb: boolean;
  /** Three numbers. */
  readonly version: readonly number[];
  readonly sqlMode: ReadonlySet<string>;
  /** Tables are made for this one. */
  readonly storageEngine: string;
  readonly lowerCaseTableNames: boolean;
  /** The time zones are installed: `CONVERT_TZ` knows their names. */
  readonly hasZoneinfo: boolean;
}

/** What is taken for granted until a server has been asked. */
export const ASSUMED: Server = {
  mariadb: true,
  version: [10, 11, 0],
  sqlMode: new Set(["STRICT_TRANS_TABLES"]),
  storageEngine: "InnoDB",
  lowerCaseTableNames: false,
  hasZoneinfo: true,
};

/** Whether a version is the other one, or newer. */
export function isFrom(version: readonly number[], ...other: readonly number[]): boolean {
  for (const [i, part] of other.entries()) {
    const own = version[i] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}

/** What MariaDB (10.5 and newer) and MySQL (8.0.11 and newer) can do. */
export class MysqlFeatures extends DatabaseFeatures {
  readonly server: Server;
  override readonly minimumDatabaseVersion: readonly number[];

  override readonly supportsTransactions: boolean;
  override readonly atomicTransactions = false;
  override readonly canReleaseSavepoints = true;
  override readonly isolationLevels: ReadonlySet<string> = new Set([
    "read uncommitted",
    "read committed",
    "repeatable read",
    "serializable",
  ]);
  override readonly supportsReadOnlyTransactions = true;

  override readonly hasSelectForUpdate = true;
  override readonly hasSelectForUpdateNowait = true;
  override readonly hasSelectForUpdateSkipLocked: boolean;
  override readonly hasSelectForUpdateOf: boolean;
  override readonly allowsGroupBySelectedPks: boolean;
  override readonly requiresExplicitNullOrderingWhenGrouping = true;
  override readonly allowSlicedSubqueriesWithIn = false;
  override readonly supportsSelectIntersection: boolean;
  override readonly supportsSelectDifference: boolean;
  override readonly supportsSlicingOrderingInCompound = true;
  override readonly supportsAggregateOrderByClause = true;
  override readonly supportsAnyValue: boolean;
  override readonly supportsOverClause = true;
  override readonly supportsFrameRangeFixedDistance = true;
  override readonly supportsDefaultInLeadLag: boolean;
  override readonly supportsLogicalXor = true;
  override readonly supportsExplainingQueryExecution = true;
  override readonly supportedExplainFormats: ReadonlySet<string>;

  override readonly supportsOrderByNullsModifier = false;
  override readonly orderByNullsFirst = true;
  override readonly supportsRegexBackreferencing = false;
  override readonly ignoresTableNameCase: boolean;

  override readonly supportsTimezones = false;
  override readonly hasZoneinfoDatabase: boolean;
  override readonly supportsTemporalSubtraction = true;
  override readonly supportsDateLookupUsingString = false;
  override readonly hasNativeUuidField: boolean;
  override readonly relatedFieldsMatchType = true;
  override readonly supportsJsonNegativeIndexing: boolean;
  override readonly supportsJsonAbsentOnNull = false;

  override readonly canReturnColumnsFromInsert: boolean;
  override readonly canReturnRowsFromBulkInsert: boolean;
  override readonly reportsInsertedKey = true;
  override readonly supportsUpdateConflicts = true;
  override readonly allowsAutoPk0: boolean;
  override readonly updateCanSelfSelect: boolean;
  override readonly deleteCanSelfReferenceSubquery = false;
  override readonly canDeleteFromJoins = true;
  override readonly canOrderUpdates = true;
  override readonly supportsForwardReferences = false;

  override readonly canRenameIndex: boolean;
  override readonly supportsColumnCheckConstraints: boolean;
  override readonly supportsTableCheckConstraints: boolean;
  override readonly supportsPartialIndexes = false;
  override readonly supportsExpressionIndexes: boolean;
  override readonly supportsIndexOnTextField = false;
  override readonly supportsIndexColumnOrdering: boolean;
  override readonly collateAsIndexExpression = true;
  override readonly supportsExpressionDefaults: boolean;
  override readonly supportsStoredGeneratedColumns = true;
  override readonly supportsVirtualGeneratedColumns = true;
  override readonly supportsComments = true;
  override readonly supportsCommentsInline = true;

  constructor(server: Server = ASSUMED) {
    super();
    this.server = server;
    const { mariadb, sqlMode, storageEngine } = server;
    const is = (...version: readonly number[]) => isFrom(server.version, ...version);
    const transactional = storageEngine !== "MyISAM";
    const checks = mariadb || is(8, 0, 16);
    const setOperations = mariadb || is(8, 0, 31);
    this.minimumDatabaseVersion = mariadb ? [10, 5] : [8, 0, 11];
    this.supportsTransactions = transactional;
    this.hasSelectForUpdateSkipLocked = !mariadb || is(10, 6);
    this.hasSelectForUpdateOf = !mariadb;
    this.allowsGroupBySelectedPks = !mariadb || !sqlMode.has("ONLY_FULL_GROUP_BY");
    this.supportsSelectIntersection = setOperations;
    this.supportsSelectDifference = setOperations;
    this.supportsAnyValue = !mariadb;
    this.supportsDefaultInLeadLag = !mariadb;
    this.supportedExplainFormats = new Set(
      mariadb || !is(8, 0, 16) ? ["JSON", "TEXT", "TRADITIONAL"] : ["JSON", "TEXT", "TRADITIONAL", "TREE"],
    );
    this.ignoresTableNameCase = server.lowerCaseTableNames;
    this.hasZoneinfoDatabase = server.hasZoneinfo;
    this.hasNativeUuidField = mariadb && is(10, 7);
    this.supportsJsonNegativeIndexing = mariadb;
    this.canReturnColumnsFromInsert = mariadb;
    this.canReturnRowsFromBulkInsert = mariadb;
    this.allowsAutoPk0 = sqlMode.has("NO_AUTO_VALUE_ON_ZERO");
    this.updateCanSelfSelect = mariadb;
    this.canRenameIndex = !mariadb || is(10, 5, 2);
    this.supportsColumnCheckConstraints = checks;
    this.supportsTableCheckConstraints = checks;
    this.supportsExpressionIndexes = !mariadb && transactional && is(8, 0, 13);
    this.supportsIndexColumnOrdering = storageEngine === "InnoDB" && (!mariadb || is(10, 8));
    this.supportsExpressionDefaults = mariadb || is(8, 0, 13);
  }
}
