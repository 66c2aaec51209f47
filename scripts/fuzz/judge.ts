/** Runs a question here and compares with what Django said. */
import type { ColourName } from "../conformance/flow.ts";
import type { MutationCase, Outcome, QueryCase } from "../conformance/format.ts";
import type { Suite } from "../conformance/suite.ts";
import type { Question } from "./chains.ts";
import type { Answer, Asked } from "./django.ts";
import { knownReason } from "./known.ts";
import { knownWriteReason } from "./known-writes.ts";
import type { WriteQuestion } from "./writes.ts";

/** Servers are asked asynchronously. */
const coloursOf = ({ backend }: Suite): readonly ColourName[] =>
  backend === "sqlite" ? ["sync", "async"] : ["async"];

export interface Judgement {
  readonly kind: "same" | "skipped" | "known" | "different";
  /** Why it was skipped, or what differs. */
  readonly reason: string;
  readonly colour?: ColourName;
  readonly got?: unknown;
  readonly sql?: readonly string[];
  readonly stack?: string | undefined;
  /** The case as the suite would keep it. */
  readonly case?: QueryCase | MutationCase;
}

/** The number of joins that statements make. */
export function joins(statements: readonly string[]): number {
  return statements.reduce((sum, sql) => {
    const bare = sql.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'/g, "x");
    return sum + (bare.match(/\bJOIN\b/gi)?.length ?? 0);
  }, 0);
}

/** The case that keeps an answer. */
export function recorded(question: Question, answer: Answer): QueryCase {
  const { chain, terminal, ...head } = question;
  return {
    ...head,
    ...(answer.ordered === false && { ordered: false }),
    chain,
    terminal,
    expect: answer.expect ?? {},
  } as QueryCase;
}

/** The case that keeps what Django did. */
export function recordedWrites(question: WriteQuestion, answer: Answer): MutationCase {
  return {
    ...question,
    ...(answer.ordered === false && { ordered: false }),
    expect: answer.expect ?? {},
  } as MutationCase;
}

/** Whether the steps do what they did in Django, in both colours. */
async function judgeWrites(suite: Suite, made: MutationCase): Promise<Judgement> {
  for (const colour of coloursOf(suite)) {
    const { problem, got, sql, stack } = await suite.run(made, colour);
    if (problem === null) continue;
    const known = knownWriteReason(problem, made);
    if (known) return { kind: "known", reason: known, case: made };
    return { kind: "different", reason: problem, colour, got, sql, stack, case: made };
  }
  return { kind: "same", reason: "", case: made };
}

/** Whether this library answers as Django did, in both colours. */
export async function judge(
  suite: Suite,
  question: Asked,
  answer: Answer,
  texts = false,
): Promise<Judgement> {
  if (answer.skip !== undefined || !answer.expect)
    return { kind: "skipped", reason: answer.skip ?? "no answer" };
  if ("steps" in question) return judgeWrites(suite, recordedWrites(question, answer));
  const made = recorded(question, answer);
  const outcome = answer.expect.sqlite as Outcome;
  for (const colour of coloursOf(suite)) {
    const verdict = await suite.run(made, colour);
    const base = { colour, got: verdict.got, sql: verdict.sql, stack: verdict.stack, case: made };
    if (verdict.problem !== null) {
      const known = knownReason(made, outcome, verdict, answer.sql ?? []);
      if (known) return { kind: "known", reason: known, case: made };
      return { kind: "different", reason: verdict.problem, ...base };
    }
    if (texts && verdict.text === false)
      return { kind: "different", reason: `text: ${(verdict.got as { error?: string }).error}`, ...base };
    // Objects among the arguments are fetched beforehand, with joins of their own.
    if (outcome.error === undefined && !JSON.stringify(question).includes("$instance")) {
      const ours = joins(verdict.sql);
      const theirs = joins(answer.sql ?? []);
      if (ours > theirs)
        return { kind: "different", reason: `joins: Django makes ${theirs}, we ${ours}`, ...base };
    }
  }
  if (outcome.incidental) return { kind: "skipped", reason: "Django fails by accident" };
  if (outcome.db) return { kind: "skipped", reason: "the database refuses Django's statement" };
  return { kind: "same", reason: "", case: made };
}
