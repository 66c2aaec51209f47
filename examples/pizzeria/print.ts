/** Prints queries as they are written, their SQL where it is asked for, and what they give. */
import { readdirSync, readFileSync } from "node:fs";
import { inspect, styleText } from "node:util";
import { onQuery } from "asgimod";

export const options = { sql: false };

const MOST_ROWS = 8;
const WIDTH = 110;

let queries = 0;
/** The SQL of the query that is being shown; `null` between queries. */
let shown: string[] | null = null;
onQuery(({ sql, params, control }) => {
  if (shown === null) return;
  if (!control) queries++;
  shown.push(`${sql}${params.length > 0 ? `  ${inline(params)}` : ""}`);
});

/** How many queries were shown. */
export function countShown(): number {
  return queries;
}

function style(format: Parameters<typeof styleText>[0], text: string): string {
  return process.stdout.isTTY ? styleText(format, text) : text;
}

export function print(text = ""): void {
  process.stdout.write(`${text}\n`);
}

let afterHeading = false;

/** The heading of a part. */
export function heading(name: string, title: string): void {
  const rule = "=".repeat(Math.max(4, WIDTH - name.length - title.length - 6));
  print(`\n${style("bold", `== ${name}: ${title} ${rule}`)}\n`);
  afterHeading = true;
}

/** A line that says what comes next. */
export function say(text: string): void {
  print(`${afterHeading ? "" : "\n"}  ${style("italic", `# ${text}`)}`);
  afterHeading = false;
}

/** Prints a definition which asks the database nothing, such as a queryset, and gives it. */
export function define<T>(name: string, value: () => T): T {
  printQuery(textOf(value, { name }));
  return value();
}

/**
 * Runs a query and prints it as it is written, and what it gives.
 *
 * @param query a function whose text is the query: an expression, or a block whose lines are shown
 * @param name the name by which later queries call the result
 */
export async function show<T>(query: () => T, name?: string): Promise<Awaited<T>> {
  shown = [];
  try {
    const value = query();
    const result = await value;
    const results = rendered(result);
    printQuery(textOf(query, { isAwaited: isPromise(value), name }));
    printSql();
    for (const line of results) print(`    -> ${line}`);
    return result;
  } finally {
    shown = null;
  }
}

/** Runs a statement that fails, and prints the error. */
export async function fails(statement: () => unknown): Promise<void> {
  shown = [];
  let isAwaited = false;
  try {
    const value = statement();
    isAwaited = isPromise(value);
    await value;
  } catch (error) {
    const { name, message } = error as Error;
    printQuery(textOf(statement, { isAwaited }));
    printSql();
    print(`    -> throws ${name}: ${message.split("\n")[0]}`);
    return;
  } finally {
    shown = null;
  }
  throw new Error(`This was to fail: ${String(statement)}`);
}

function isPromise(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value;
}

function printQuery(lines: readonly string[]): void {
  afterHeading = false;
  print(`  ${lines.map((line) => style("cyan", line)).join("\n  ")}`);
}

function printSql(): void {
  if (options.sql) for (const sql of shown ?? []) print(style("dim", `    ${sql}`));
}

/** The lines of a function's body, without its own indentation; the last one is what it gives. */
function textOf(fn: () => unknown, { isAwaited = false, name = "" } = {}): string[] {
  const text = asWritten(String(fn));
  const isAsync = text.startsWith("async");
  const body = text.replace(/^(async )?\(\) =>\s*/, "");
  const isBlock = body.startsWith("{");
  const lines = (isBlock ? body.slice(1, -1) : body).replace(/^\s*\n|\s+$/g, "").split("\n");
  const depth = isBlock ? indentation(lines[0] ?? "") : depthOf(lines);
  const trimmed = lines.map((line) => line.slice(Math.min(depth, indentation(line))).trimEnd());
  const last = isBlock ? trimmed.findLastIndex((line) => line.startsWith("return ")) : 0;
  if (last < 0) return trimmed;
  const given = (trimmed[last] ?? "").replace(/^return /, "");
  trimmed[last] = `${name === "" ? "" : `const ${name} = `}${isAwaited && !isAsync ? "await " : ""}${given}`;
  if (isBlock) trimmed.push((trimmed.pop() ?? "").replace(/;$/, ""));
  return trimmed;
}

/** How deep the first line of an expression stands in its file, judged by the lines that follow. */
function depthOf(lines: readonly string[]): number {
  const rest = lines.slice(1).filter((line) => line.trim() !== "");
  const closing = rest.at(-1);
  if (closing === undefined) return 0;
  return /^\s*[)}\]]/.test(closing) ? indentation(closing) : Math.min(...rest.map(indentation)) - 2;
}

const partsDirectory = new URL("./parts/", import.meta.url);
let sources: string[] | null = null;

/** A function's text with its types, which are blanks when the program runs. */
function asWritten(text: string): string {
  if (!/\S {2,}\S/.test(text)) return text;
  sources ??= readdirSync(partsDirectory).map((file) => readFileSync(new URL(file, partsDirectory), "utf8"));
  const pattern = new RegExp(
    text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/ {2,}/g, (blanks) => `[^]{${blanks.length}}`),
  );
  for (const source of sources) {
    const found = pattern.exec(source);
    if (found !== null) return found[0];
  }
  return text;
}

function indentation(line: string): number {
  return line.length - line.trimStart().length;
}

/** A result; objects and rows have a line each. */
function rendered(value: unknown): string[] {
  if (value === undefined) return [];
  if (typeof value === "string") return value.includes("\n") ? value.split("\n") : [inspect(value)];
  if (!isList(value)) return [inline(value)];
  const rows = [...value];
  if (rows.length === 0) return ["[]"];
  const short = `[${rows.map(inline).join(", ")}]`;
  if (short.length < WIDTH - 10 && !rows.every((row) => /[{[]/.test(inline(row)))) return [short];
  const lines = rows.slice(0, MOST_ROWS).map(inline);
  return rows.length > MOST_ROWS ? [...lines, `... ${rows.length - MOST_ROWS} more`] : lines;
}

/** Whether this is a list: an array, or a synchronous queryset. */
function isList(value: unknown): value is Iterable<unknown> {
  if (typeof value !== "object" || value === null || !(Symbol.iterator in value)) return false;
  return !(value instanceof Map) && !(value instanceof Set);
}

/** A value on one line; objects of models with the columns that are loaded. */
export function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (value instanceof Map) {
    return `Map { ${[...value].map(([key, item]) => `${inline(key)} => ${inline(item)}`).join(", ")} }`;
  }
  if (isInstance(value)) {
    const columns = Object.entries(value).filter(([name]) => name !== "_state");
    return `${value.constructor.name} { ${columns.map(([name, item]) => `${name}: ${inline(item)}`).join(", ")} }`;
  }
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).map(([name, item]) => {
      return `${/^\w+$/.test(name) ? name : JSON.stringify(name)}: ${inline(item)}`;
    });
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }
  if (
    typeof value === "object" &&
    value !== null &&
    /^(Decimal|Plain|Duration)/.test(value.constructor.name)
  ) {
    return String(value);
  }
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY });
}

function isInstance(value: unknown): value is object {
  return typeof value === "object" && value !== null && "_state" in value && "getDeferredFields" in value;
}
