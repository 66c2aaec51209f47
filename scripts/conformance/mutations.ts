/** Runs one mutation case: its steps, what each gave, the log, and what is in the tables afterwards. */
import { applyChain, applyTerminal, callArguments, toAttrNames } from "./chain.ts";
import { compare } from "./compare.ts";
import { Abort, compareError, describe, errorName, isDeliberate, sameText } from "./errors.ts";
import { decode, decodeObject, options } from "./expressions.ts";
import { type ColourName, drive, type Flow } from "./flow.ts";
import {
  type Call,
  camelCase,
  type MutationCase,
  type MutationOutcome,
  type Outcome,
  type Step,
  type TableChange,
  Unsupported,
} from "./format.ts";
import { encode, isInstance } from "./instances.ts";
import { type AnyFunction, exported, method } from "./library.ts";
import {
  type Attempt,
  attempt,
  contextOf,
  fetchObject,
  judge,
  resolve,
  type Session,
  type Verdict,
} from "./run-case.ts";
import { compareState } from "./state.ts";
import type { Store } from "./store.ts";

/** What a step gave: an attempt, the steps inside it, or nothing. */
interface StepResult {
  readonly attempted?: Attempt;
  /** The object that a `save` or `refresh_from_db` left, encoded right after it. */
  readonly encoded?: unknown;
  readonly object?: unknown;
  readonly steps?: StepResult[];
  readonly error?: unknown;
  readonly caught?: unknown;
  readonly hasError?: boolean;
  readonly hasCaught?: boolean;
}

/** Methods whose keyword arguments name fields: they are filters and not options. */
const FILTERING = /^get_(next|previous)_by_/;

const SHOWN = new Set(["save", "refresh_from_db"]);

class Run {
  readonly session: Session;
  readonly toAttr: ReadonlySet<string>;
  readonly variables = new Map<string, unknown>();
  readonly log: string[] = [];

  constructor(session: Session, toAttr: ReadonlySet<string>) {
    this.session = session;
    this.toAttr = toAttr;
  }

  get colour(): ColourName {
    return this.session.colour;
  }

  /** A function of the package in this colour: `atomic` or `aatomic`. */
  function(name: string): AnyFunction {
    const own = this.colour === "sync" ? name : `a${name}`;
    return exported(this.session.library, own) as AnyFunction;
  }

  /** The steps at the top level: an error is noted and the next step runs. */
  *top(steps: readonly Step[]): Flow<StepResult[]> {
    const results: StepResult[] = [];
    for (const step of steps) results.push(yield* this.guarded(step));
    return results;
  }

  /** A step whose error is part of its result. */
  *guarded(step: Step): Flow<StepResult> {
    try {
      return yield* this.step(step);
    } catch (error) {
      if (error instanceof Unsupported) throw error;
      return error instanceof StepError ? error.result : { attempted: { error, queries: 0 } };
    }
  }

  /** The steps of a block: an error leaves it, after it was noted in `results`. */
  *block(steps: readonly Step[], results: StepResult[]): Flow<void> {
    for (const step of steps) {
      try {
        results.push(yield* this.step(step));
      } catch (error) {
        if (error instanceof Unsupported) throw error;
        results.push(error instanceof StepError ? error.result : { attempted: { error, queries: 0 } });
        throw error instanceof StepError ? error.reason : error;
      }
    }
  }

  *step(step: Step): Flow<StepResult> {
    switch (step.do) {
      case "atomic":
        return yield* this.atomic(step);
      case "catch":
        return yield* this.catch(step);
      case "raise":
        throw new Abort("raised by the case");
      case "log":
        this.log.push(step.label as string);
        return {};
      case "on_commit":
        yield this.onCommit(step.label as string, step.robust === true, step.fail === true, step.nested);
        return {};
      case "set_rollback":
        yield (exported(this.session.library, "setRollback") as AnyFunction)(step.value);
        return {};
      case "savepoint":
        this.variables.set(step.as as string, yield this.function("savepoint")());
        return {};
      case "savepoint_rollback":
        yield this.function("savepointRollback")(this.variables.get(step.sid as string));
        return {};
      case "savepoint_commit":
        yield this.function("savepointCommit")(this.variables.get(step.sid as string));
        return {};
      case "load": {
        const object = yield* fetchObject(this.session, step.model as string, step.pk);
        this.variables.set(step.as as string, object);
        return {};
      }
      default:
        return yield* this.recorded(step);
    }
  }

  *atomic(step: Step): Flow<StepResult> {
    const steps: StepResult[] = [];
    const body = () => drive(this.colour, this.block(step.steps ?? [], steps));
    const given = options(step.kwargs, contextOf(this.session));
    try {
      yield this.function("atomic")(body, ...given);
    } catch (error) {
      if (error instanceof Unsupported) throw error;
      throw new StepError({ steps, error, hasError: true }, error);
    }
    return { steps };
  }

  *catch(step: Step): Flow<StepResult> {
    const steps: StepResult[] = [];
    try {
      yield* this.block(step.steps ?? [], steps);
    } catch (error) {
      if (error instanceof Unsupported) throw error;
      return { steps, caught: error, hasCaught: true };
    }
    return { steps };
  }

  onCommit(label: string, robust: boolean, fail: boolean, nested: string | undefined): unknown {
    const hook = () => {
      this.log.push(label);
      const registered = nested === undefined ? undefined : this.onCommit(nested, false, false, undefined);
      if (fail) throw new Abort("the hook fails");
      return registered;
    };
    return this.function("onCommit")(hook, ...(robust ? [{ robust }] : []));
  }

  /** A step with a result or an error, and a number of statements. */
  *recorded(step: Step): Flow<StepResult> {
    const { colour, session } = this;
    const resolved = yield* resolve(withoutOn(step), session, (variable) => this.read(variable, false));
    const context = contextOf(session, resolved);
    const target =
      step.on === undefined
        ? undefined
        : yield* this.read(step.on as { $var: string; path?: string[] }, step.do === "query");
    const attempted = yield* attempt(session, function* (): Flow<unknown> {
      switch (step.do) {
        case "query": {
          const terminal = step.terminal as Call;
          const manager =
            step.on === undefined ? context.manager(step.model as string, step.manager) : target;
          const start =
            step.on === undefined || startsWithQuerySet(step) ? method(manager, "all")() : manager;
          return yield* applyTerminal(applyChain(start, step.chain ?? [], context), terminal, context);
        }
        case "new": {
          const model = session.models.get(step.model as string);
          const names = model.schema.resolved.columns.map(([attname]) => attname);
          const args = (step.args ?? []).map((arg) => decode(arg, context));
          if (args.length > names.length) return new model.cls(...args);
          const named = Object.fromEntries(args.map((arg, index) => [names[index] as string, arg]));
          return new model.cls({ ...named, ...decodeObject(step.kwargs ?? {}, context) });
        }
        case "set":
          (target as Record<string, unknown>)[step.attr as string] = decode(step.value, context);
          return null;
        case "get": {
          let value: unknown = target;
          for (const name of (step.attr as string).split("."))
            value = yield* readAttribute(value, name, session, false);
          return value;
        }
        case "call":
          return yield callMethod(target, step, context, colour);
        default:
          throw new Unsupported(`the step ${step.do} is not known to the runner`);
      }
    });
    if ("error" in attempted) throw new StepError({ attempted }, attempted.error);
    if (step.as !== undefined) this.variables.set(step.as, attempted.value);
    if (step.do === "new" || step.do === "set") return {};
    // Encoded at once: later steps may change the objects.
    const shows = step.do === "call" && SHOWN.has(step.m as string);
    return {
      attempted,
      encoded: encode(attempted.value, { toAttr: this.toAttr }),
      ...(shows && { object: encode(target, { toAttr: this.toAttr }) }),
    };
  }

  /** Follows a variable and its attributes; `manager`: the last one is a related manager to call. */
  *read(variable: { $var: string; path?: string[] }, manager: boolean): Flow<unknown> {
    if (!this.variables.has(variable.$var)) throw new Error(`variable ${variable.$var} was not set`);
    let value = this.variables.get(variable.$var);
    const path = variable.path ?? [];
    for (const [index, name] of path.entries()) {
      value = yield* readAttribute(value, name, this.session, manager && index === path.length - 1);
    }
    return value;
  }
}

/** Carries the result of the step that failed together with what it threw. */
class StepError extends Error {
  readonly result: StepResult;
  readonly reason: unknown;

  constructor(result: StepResult, reason: unknown) {
    super("step failed");
    this.result = result;
    this.reason = reason;
  }
}

const OF_QUERYSETS = new Set(["list", "iterator", "index", "ordered", "delete", "slice", "and", "or", "xor"]);

/** Whether the first call on a related manager is one that only querysets have. */
function startsWithQuerySet(step: Step): boolean {
  return OF_QUERYSETS.has((step.chain?.[0] ?? (step.terminal as Call)).m);
}

function withoutOn(step: Step): Step {
  const { on, steps, ...rest } = step;
  return rest;
}

/** Reads an attribute in the colour: single relations are awaited in async, managers are those of the colour. */
function* readAttribute(value: unknown, name: string, session: Session, manager: boolean): Flow<unknown> {
  const object = value as Record<string, unknown>;
  if (Array.isArray(value)) return value[Number(name)];
  if (session.colour === "sync" || !isInstance(value)) return object[name];
  const kind = session.models.models.get(value._meta.label)?.relations.get(name);
  if (kind === "many" || manager) return object[`a${name}`];
  if (kind === "single") return yield object[`a${name}`];
  try {
    return object[name];
  } catch (error) {
    // A deferred column of a database that sync code cannot wait for has an async spelling.
    if ((error as Error).name !== "SynchronousOnlyOperation") throw error;
    yield method(object, "arefreshFromDb")({ fields: [name] });
    return object[name];
  }
}

/** Calls a method of an object by its name here: `full_clean` is `fullClean`, `get_status_display` stays. */
function callMethod(
  target: unknown,
  step: Step,
  context: ReturnType<typeof contextOf>,
  colour: ColourName,
): unknown {
  const name = step.m === "__eq__" ? "equals" : (step.m as string);
  const object = target as Record<string, unknown>;
  const spellings = [camelCase(name), name].filter((spelling) => typeof object[`${spelling}`] === "function");
  const own = spellings[0];
  if (own === undefined) throw new Unsupported(`no method ${camelCase(name)}()`);
  const asynchronous = `a${own}`;
  const chosen = colour === "async" && typeof object[asynchronous] === "function" ? asynchronous : own;
  const args = FILTERING.test(name)
    ? callArguments({ m: "filter", args: step.args ?? [], kwargs: step.kwargs ?? {} }, context)
    : [...((decode(step.args ?? [], context) as unknown[]) ?? []), ...options(step.kwargs, context)];
  return method(object, chosen)(...args);
}

/** Compares the results of steps with Django's, blocks within blocks; counts the error texts. */
function compareResults(
  expected: readonly Outcome[],
  got: readonly StepResult[],
  ordered: boolean,
  texts: boolean[],
  path = "",
): string | null {
  for (const [index, outcome] of expected.slice(0, got.length).entries()) {
    const result = got[index] as StepResult;
    const problem = compareStep(outcome, result, ordered, texts, `${path}step ${index + 1}`);
    if (problem) return problem;
  }
  if (expected.length === got.length) return null;
  return `${path || "case"}: ${expected.length} steps ran in Django, ${got.length} here`;
}

function compareStep(
  expected: Outcome,
  got: StepResult,
  ordered: boolean,
  texts: boolean[],
  path: string,
): string | null {
  const fail = (problem: string | null) => (problem ? `${path}: ${problem}` : null);
  if (expected.steps && got.steps) {
    const inner = compareResults(expected.steps, got.steps, ordered, texts, `${path} > `);
    if (inner) return inner;
    if (expected.caught !== undefined) {
      if (!got.hasCaught) return fail(`Django caught ${expected.caught}, here nothing was thrown`);
      return fail(compareError({ ...expected, error: expected.caught }, got.caught));
    }
    if (got.hasCaught) return fail(`caught ${describe(got.caught)}, Django nothing`);
    if (expected.error === undefined) return got.hasError ? fail(`unexpected ${describe(got.error)}`) : null;
    if (!got.hasError) return fail(`expected ${expected.error}, the block ended well`);
    noteText(expected, got.error, texts);
    return fail(compareError(expected, got.error));
  }
  const { attempted } = got;
  if (!attempted)
    return Object.keys(expected).length > 0 ? fail(`expected ${JSON.stringify(expected)}`) : null;
  if ("error" in attempted) {
    if (expected.error === undefined) return fail(`unexpected ${describe(attempted.error)}`);
    const { problem } = judge(expected, attempted, ordered);
    if (!problem) noteText(expected, attempted.error, texts);
    return fail(problem);
  }
  const { problem } = judge(expected, { got: got.encoded, queries: attempted.queries }, ordered);
  if (problem) return fail(problem);
  return expected.object === undefined
    ? null
    : fail(compare(expected.object, got.object, { ordered }, "object"));
}

function noteText(expected: Outcome, error: unknown, texts: boolean[]): void {
  const same = sameText(expected, error);
  if (same !== null) texts.push(same);
}

/** What a mutation case did, before its tables are looked at. */
export interface MutationRun {
  readonly results: readonly StepResult[];
  readonly log: readonly string[];
  readonly sql: readonly string[];
}

/** Runs the steps of a mutation case on freshly loaded rows. */
export function* runMutationCase(testCase: MutationCase, session: Session): Flow<MutationRun> {
  const run = new Run(session, toAttrNames(testCase.steps));
  const results = yield* run.top(testCase.steps);
  return { results, log: run.log, sql: session.counter.sql };
}

/** Compares results, log and the state of the tables. */
export async function judgeMutation(
  testCase: MutationCase,
  expected: MutationOutcome,
  run: MutationRun,
  store: Store,
): Promise<Verdict> {
  const { results, sql } = run;
  const texts: boolean[] = [];
  const state = (await store.difference(testCase.app)) as Record<string, TableChange>;
  const log = run.log.join("\n");
  const problem =
    compareResults(expected.results, results, testCase.ordered !== false, texts) ??
    ((expected.log ?? []).join("\n") === log ? null : `log: expected ${expected.log}, got ${run.log}`) ??
    compareState(expected.state, state, addsSets(testCase.steps));
  const fault = firstFault(results);
  return {
    problem,
    expected,
    got: { results: results.map(summary), log: run.log, state },
    sql,
    text: texts.length > 0 ? texts.every(Boolean) : null,
    stack: problem && fault instanceof Error ? fault.stack : undefined,
  };
}

/** Whether keys are added to a many-to-many relation: Django makes a set of them, whose order is Python's. */
function addsSets(steps: readonly Step[]): boolean {
  return steps.some(
    ({ terminal, steps: inner }) =>
      terminal?.m === "add" || terminal?.m === "set" || (inner !== undefined && addsSets(inner)),
  );
}

function firstFault(results: readonly StepResult[]): unknown {
  for (const { attempted, steps, error } of results) {
    if (attempted && "error" in attempted && !isDeliberate(attempted.error)) return attempted.error;
    if (error && !isDeliberate(error)) return error;
    const inner = firstFault(steps ?? []);
    if (inner) return inner;
  }
  return undefined;
}

function summary(result: StepResult): unknown {
  const { attempted, steps, error, caught } = result;
  return {
    ...(attempted && { queries: attempted.queries }),
    ...(attempted &&
      ("error" in attempted ? { error: describe(attempted.error) } : { value: result.encoded })),
    ...(result.object !== undefined && { object: result.object }),
    ...(steps && { steps: steps.map(summary) }),
    ...(error !== undefined && { error: describe(error) }),
    ...(caught !== undefined && { caught: errorName(caught) }),
  };
}
