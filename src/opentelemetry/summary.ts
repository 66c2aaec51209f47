/** What a statement does and to which table, read off its text. */

export interface Summary {
  /** The first word: `SELECT`. */
  readonly operation: string;
  /** The table of the statement; missing where there is none, or a subquery. */
  readonly collection: string | undefined;
}

/** What stands before the table's name, by the first word. */
const BEFORE_TABLE: Readonly<Record<string, string>> = {
  SELECT: "FROM",
  INSERT: "INTO",
  REPLACE: "INTO",
  UPDATE: "UPDATE",
  DELETE: "FROM",
};

/** Strings, quoted names, comments, parentheses, words: what must be told apart to find the table of a statement. */
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--[^\n]*|\/\*.*?\*\/|[()]|[\p{L}_][\p{L}\p{N}_$.]*/gsu;

const known = new Map<string, Summary>();
const MOST = 1000;

/** The summary of a statement; remembered, as programs send the same statements again and again. */
export function summaryOf(sql: string): Summary {
  let summary = known.get(sql);
  if (summary === undefined) {
    summary = summarize(sql);
    if (known.size >= MOST) known.clear();
    known.set(sql, summary);
  }
  return summary;
}

function summarize(sql: string): Summary {
  let operation: string | null = null;
  let depth = 0;
  let next = false;
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token.startsWith("--") || token.startsWith("/*")) continue;
    const word = token.toUpperCase();
    if (next) return { operation: operation as string, collection: depth === 0 ? nameOf(token) : undefined };
    if (token === "(") depth += 1;
    else if (token === ")") depth -= 1;
    else if (operation === null) {
      if (!/^\w+$/.test(token)) continue;
      operation = word;
      next = BEFORE_TABLE[word] === word;
    } else if (depth === 0 && BEFORE_TABLE[operation] === word) {
      next = true;
    } else if (depth === 0 && operation === "WITH" && word in BEFORE_TABLE) {
      operation = word;
      next = BEFORE_TABLE[word] === word;
    }
  }
  return { operation: operation ?? "UNKNOWN", collection: undefined };
}

function nameOf(token: string): string | undefined {
  if (token.startsWith("(") || token.startsWith("'")) return undefined;
  return token.replace(/^["`](.*)["`]$/s, "$1").replaceAll('""', '"');
}
