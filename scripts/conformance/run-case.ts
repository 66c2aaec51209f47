/** Runs one query case and says how its answer differs from Django's. */
import { applyChain, applyTerminal, createContext, toAttrNames } from "./chain.ts";
import { compare, compareRows } from "./compare.ts";
import { compareError, describe, isDeliberate, sameText } from "./errors.ts";
import { type DecodeContext, decode } from "./expressions.ts";
import type { ColourName, Flow } from "./flow.ts";
import { formOf, isRecord, type Outcome, type QueryCase, Unsupported } from "./format.ts";
import { encode } from "./instances.ts";
import { type AnyClass, type Library, method } from "./library.ts";
import type { ModelSet } from "./models.ts";

/** What a run of cases shares. */
export interface Session {
  readonly library: Library;
  readonly models: ModelSet;
  readonly backend: string;
  readonly colour: ColourName;
  readonly counter: QueryCounter;
}

/** Notes the statements that are sent, transaction control left out. */
export class QueryCounter {
  /** All statements of the case. */
  sql: string[] = [];
  #start = 0;

  note(sql: string): void {
    this.sql.push(sql);
  }

  /** Forgets the statements of the case before. */
  clear(): void {
    this.sql = [];
    this.#start = 0;
  }

  /** Counts from here. */
  start(): void {
    this.#start = this.sql.length;
  }

  get count(): number {
    return this.sql.length - this.#start;
  }
}

/** How a case, or a step of one, went. */
export interface Verdict {
  /** Why it failed, or null. */
  readonly problem: string | null;
  readonly unsupported?: string;
  readonly expected?: unknown;
  readonly got?: unknown;
  readonly sql: readonly string[];
  /** Whether error texts agree; null when there was none to compare. */
  readonly text: boolean | null;
  readonly stack?: string | undefined;
}

/** What happened when something was run: a result, or what was thrown. */
export type Attempt = { value: unknown; queries: number } | { error: unknown; queries: number };

/** Decoding for a session; `resolved` holds the objects that the arguments refer to. */
export function contextOf(session: Session, resolved?: ReadonlyMap<object, unknown>): DecodeContext {
  return createContext(session.library, session.models, session.colour, resolved);
}

/** Fetches what the arguments refer to, beforehand and uncounted. `readVariable` follows a `$var`. */
export function* resolve(
  node: unknown,
  session: Session,
  readVariable: (variable: { $var: string; path?: string[] }) => Flow<unknown>,
  found: Map<object, unknown> = new Map(),
): Flow<Map<object, unknown>> {
  if (typeof node !== "object" || node === null) return found;
  const form = formOf(node);
  if (form === "$instance") {
    const [label, pk] = (node as { $instance: [string, unknown] }).$instance;
    found.set(node, yield* fetchObject(session, label, pk));
  } else if (form === "$var") {
    found.set(node, yield* readVariable(node as { $var: string; path?: string[] }));
  } else {
    for (const item of Object.values(node)) yield* resolve(item, session, readVariable, found);
  }
  return found;
}

/** Fetches an object by its key, whatever the model's managers leave out. */
export function* fetchObject(session: Session, label: string, pk: unknown): Flow<unknown> {
  const { _meta } = session.models.get(label).cls as unknown as { _meta: object };
  const key = decode(pk, contextOf(session));
  return yield method(method(_meta, "baseManager")(session.colour), "get")({ pk: key });
}

/** Runs a flow and catches what it throws, counting its statements. */
export function* attempt(session: Session, flow: () => Flow<unknown>): Flow<Attempt> {
  session.counter.start();
  try {
    const value = yield* flow();
    return { value, queries: session.counter.count };
  } catch (error) {
    if (error instanceof Unsupported) throw error;
    return { error, queries: session.counter.count };
  }
}

/** An attempt whose result is encoded. */
export type Answer = { got: unknown; queries: number } | { error: unknown; queries: number };

/**
 * Leaves out what only Django's own cache shows: joining a filtered relation also notes the object under the name of
 * a manager, where reading the attribute gives the manager all the same.
 */
export function readable(expected: unknown, models: ModelSet): unknown {
  if (Array.isArray(expected)) return expected.map((item) => readable(item, models));
  if (!isRecord(expected)) return expected;
  const copy = Object.fromEntries(
    Object.entries(expected).map(([key, value]) => [key, readable(value, models)]),
  );
  const { $obj: identity, related } = copy;
  if (Array.isArray(identity) && isRecord(related)) {
    const kinds = models.models.get(String(identity[0]))?.relations;
    for (const [name, value] of Object.entries(related)) {
      if (kinds?.get(name) === "many" && !Array.isArray(value)) delete related[name];
    }
  }
  return copy;
}

/** Compares an answer with an outcome: result or error, then the number of statements. */
export function judge(
  expected: Outcome,
  answer: Answer,
  ordered: boolean,
  modelClass?: AnyClass,
): { problem: string | null; text: boolean | null } {
  if ("error" in answer) {
    const { error } = answer;
    if (expected.error === undefined) return { problem: `unexpected ${describe(error)}`, text: null };
    const problem =
      compareError(expected, error, modelClass) ??
      (expected.incidental || expected.db ? null : tooMany(expected, answer.queries));
    return { problem, text: problem ? null : sameText(expected, error) };
  }
  const { got, queries } = answer;
  if (expected.error !== undefined) {
    return {
      problem: acceptsAnswer(expected, got) ? null : `expected ${expected.error}, got an answer`,
      text: null,
    };
  }
  if (!expected.rows) {
    return {
      problem: compare(expected.value, nullish(got), { ordered }) ?? tooMany(expected, queries),
      text: null,
    };
  }
  const difference = Array.isArray(got)
    ? compareRows(expected.rows, got, { ordered })
    : `expected rows, got ${JSON.stringify(got)}`;
  return { problem: difference ?? tooMany(expected, queries), text: null };
}

/** A method that returns nothing is Python's `None`. */
function nullish(got: unknown): unknown {
  return formOf(got) === "$undefined" ? null : got;
}

/** Cases where Django fails by accident, or because its SQL was refused: another answer is not wrong. */
function acceptsAnswer(expected: Outcome, got: unknown): boolean {
  if (expected.incidental) return true;
  if (expected.error === "IndexError") return formOf(got) === "$undefined";
  return expected.db === true && expected.error !== "IntegrityError";
}

function tooMany({ queries }: Outcome, sent: number): string | null {
  return queries !== undefined && sent > queries ? `queries: Django sent ${queries}, we ${sent}` : null;
}

/** The outcome of a backend, or undefined when the case is not for it. */
export function outcomeFor<T>(expect: Record<string, T>, backend: string): T | undefined {
  return expect[backend] ?? expect["all"];
}

const WRITES = new Set([
  "update",
  "delete",
  "create",
  "bulk_create",
  "bulk_update",
  "get_or_create",
  "update_or_create",
]);

/** Whether a case may change rows, so that they have to be put back. */
export function writes(testCase: QueryCase): boolean {
  return WRITES.has(testCase.terminal.m);
}

/** Runs a query case in the colour of the session. */
export function* runQueryCase(testCase: QueryCase, expected: Outcome, session: Session): Flow<Verdict> {
  const noVariables = (): never => {
    throw new Unsupported("a variable in a query case");
  };
  const resolved = yield* resolve([testCase.chain, testCase.terminal], session, noVariables);
  const context = contextOf(session, resolved);
  const label = testCase.model.includes(".") ? testCase.model : `${testCase.app}.${testCase.model}`;
  const model = session.models.get(label).cls;
  const attempted = yield* attempt(session, function* () {
    const start = method(context.manager(label, testCase.manager), "all")();
    const queryset = applyChain(start, testCase.chain, context);
    return yield* applyTerminal(queryset, testCase.terminal, context);
  });
  const { sql } = session.counter;
  const options = { toAttr: toAttrNames(testCase.chain) };
  const ordered = testCase.ordered !== false;
  if ("error" in attempted) {
    const { error } = attempted;
    const unexpected = expected.error === undefined || !isDeliberate(error);
    const stack = unexpected && error instanceof Error ? error.stack : undefined;
    return {
      ...judge(expected, attempted, ordered, model),
      expected,
      got: { error: describe(error) },
      sql,
      stack,
    };
  }
  const got = encode(attempted.value, options);
  return { ...judge(expected, { got, queries: attempted.queries }, ordered, model), expected, got, sql };
}
