/** Makes a chain that differs smaller while it keeps differing. */
import { isRecord, type Step } from "../conformance/format.ts";
import type { Suite } from "../conformance/suite.ts";
import type { Question } from "./chains.ts";
import type { Answer, Asked, Django } from "./django.ts";
import { q } from "./generator.ts";
import { type Judgement, judge } from "./judge.ts";
import { signature } from "./report.ts";

const ROUNDS = 40;

interface Found {
  readonly asked: Asked;
  readonly answer: Answer;
  readonly judgement: Judgement;
}

/** Smaller versions of a node of the format. */
function* smaller(node: unknown): Generator<unknown> {
  if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) {
      yield node.toSpliced(index, 1);
      for (const other of smaller(item)) yield node.with(index, other);
    }
    return;
  }
  if (!isRecord(node)) return;
  if (isRecord(node["$q"])) {
    const inner = node["$q"] as { children: unknown[]; negated: boolean };
    if (inner.negated) yield { $q: { ...inner, negated: false } };
    for (const child of inner.children) if (isRecord(child)) yield child;
  }
  if (isRecord(node["$expr"])) {
    const { args = [], kwargs = {} } = node["$expr"] as {
      args?: unknown[];
      kwargs?: Record<string, unknown>;
    };
    for (const inner of [...args, ...Object.values(kwargs)]) {
      if (isRecord(inner) && !("$q" in inner) && !("$field" in inner)) yield inner;
    }
  }
  if (Array.isArray(node["$op"])) for (const inner of node["$op"].slice(1)) if (isRecord(inner)) yield inner;
  for (const [key, value] of Object.entries(node)) {
    if (
      key === "do" ||
      key === "on" ||
      key === "path" ||
      key === "model" ||
      key === "m" ||
      key === "name" ||
      key === "connector"
    )
      continue;
    const optional = isRecord(node) && ["args", "kwargs", "queryset", "to_attr"].includes(key);
    if (optional) yield Object.fromEntries(Object.entries(node).filter(([name]) => name !== key));
    if (key === "kwargs" && isRecord(value)) {
      for (const name of Object.keys(value)) {
        yield {
          ...node,
          kwargs: Object.fromEntries(Object.entries(value).filter(([other]) => other !== name)),
        };
      }
    }
    for (const inner of smaller(value)) yield { ...node, [key]: inner };
  }
}

/** `Q` objects as the operators make them. */
function normal<T>(node: T): T {
  if (Array.isArray(node)) return node.map(normal) as T;
  if (!isRecord(node)) return node;
  const inner = node["$q"] as { connector: string; children: unknown[]; negated: boolean } | undefined;
  if (inner) return q(inner.connector, inner.children.map(normal), inner.negated) as T;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, normal(value)])) as T;
}

function* candidates(asked: Asked): Generator<Asked> {
  if ("steps" in asked) {
    for (const steps of smaller(asked.steps)) yield { ...asked, steps: steps as Step[] };
    return;
  }

  if (asked.timezone) {
    const { timezone, ...rest } = asked;
    yield rest;
  }
  if (asked.manager) {
    const { manager, ...rest } = asked;
    yield rest;
  }
  for (const chain of smaller(asked.chain)) yield { ...asked, chain: chain as Question["chain"] };
  if (asked.terminal.m !== "list") yield { ...asked, terminal: { m: "list" } };
  for (const terminal of smaller(asked.terminal))
    yield { ...asked, terminal: terminal as Question["terminal"] };
}

/** The smallest chain found that differs in the same way. */
export async function minimise(
  suite: Suite,
  django: Django,
  asked: Asked,
  answer: Answer,
  judgement: Judgement,
): Promise<Found> {
  let best: Found = { asked, answer, judgement };
  const wanted = signature(judgement);
  for (let round = 0; round < ROUNDS; round += 1) {
    const size = JSON.stringify(best.asked).length;
    const tries = [...candidates(best.asked)]
      .map(normal)
      .filter((candidate) => JSON.stringify(candidate).length < size)
      .sort((left, right) => JSON.stringify(left).length - JSON.stringify(right).length)
      .slice(0, 400);
    if (tries.length === 0) break;
    const answers = await django.answers(tries);
    let better: Found | undefined;
    for (const [index, candidate] of tries.entries()) {
      const found = await judge(suite, candidate, answers[index] as Answer);
      if (found.kind === "different" && signature(found) === wanted) {
        better = { asked: candidate, answer: answers[index] as Answer, judgement: found };
        break;
      }
    }
    if (!better) break;
    best = better;
  }
  return best;
}
