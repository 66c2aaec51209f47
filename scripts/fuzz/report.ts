/** Counts and prints what the comparison found. */
import type { Question } from "./chains.ts";
import type { Answer, Asked } from "./django.ts";
import type { Judgement } from "./judge.ts";

/** A difference without what changes from chain to chain. */
export function signature(judgement: Judgement): string {
  const place = judgement.stack?.split("\n").find((line) => line.includes("/src/"));
  const where = place?.replace(/^.*\/(src\/[^)]*?):\d+\)?$/, "$1") ?? "";
  const reason = judgement.reason
    .replace(/: expected .*, got/, ": expected ... got")
    .replace(/\[\d+\]/g, "[]")
    .replace(/"(?:[^"\\]|\\.)*"/g, '"..."')
    .replace(/\d+/g, "N");
  return `${reason.slice(0, 90)} ${where}`;
}

/** What was compared, by app. */
export class Tally {
  differences = 0;
  readonly #counts = new Map<string, { same: number; known: number; skipped: number; different: number }>();
  readonly #reasons = new Map<string, string[]>();

  /** Notes a judgement; says whether it is a difference of a kind that was not seen before. */
  add(app: string, asked: Asked, judgement: Judgement): boolean {
    const counts = this.#counts.get(app) ?? { same: 0, known: 0, skipped: 0, different: 0 };
    this.#counts.set(app, counts);
    counts[judgement.kind] += 1;
    if (judgement.kind === "same") return false;
    const text = judgement.kind === "different" ? signature(judgement) : judgement.reason;
    const key = `${judgement.kind}: ${text}`;
    const ids = this.#reasons.get(key) ?? [];
    this.#reasons.set(key, ids);
    ids.push(asked.id);
    if (judgement.kind !== "different") return false;
    this.differences += 1;
    return ids.length === 1;
  }

  /** Notes a model that could not be built: a difference. */
  addModel(label: string, reason: string): void {
    this.differences += 1;
    this.#reasons.set(`different: the model ${label}: ${reason}`, [label]);
  }

  summary(seed: number): string {
    const lines = [...this.#reasons]
      .sort(([, left], [, right]) => right.length - left.length)
      .map(
        ([reason, ids]) => `${String(ids.length).padStart(6)}  ${reason}  (${ids.slice(0, 3).join(", ")})`,
      );
    lines.push(`seed ${seed}   compared without a difference / known / skipped / different`);
    let same = 0;
    for (const [app, counts] of this.#counts) {
      same += counts.same;
      lines.push(
        `  ${app.padEnd(10)} ${String(counts.same).padStart(6)} ${String(counts.known).padStart(6)} ${String(counts.skipped).padStart(6)} ${String(counts.different).padStart(6)}`,
      );
    }
    lines.push(`  ${"all".padEnd(10)} ${String(same).padStart(6)}, ${this.differences} different`);
    return lines.join("\n");
  }
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  return text.length > 900 ? `${text.slice(0, 900)}...` : text;
}

/** All that helps to see why a chain differs. */
export function showDifference(asked: Asked, answer: Answer, judgement: Judgement): string {
  const { id } = asked;
  const lines =
    "steps" in asked ? asked.steps.map((step) => `    ${JSON.stringify(step)}`) : callLines(asked);
  return [
    `--- ${id} (${judgement.colour ?? ""}) ${judgement.kind}`,
    ...lines,
    `  problem:  ${judgement.reason.slice(0, 1500)}`,
    `  expected: ${short(answer.expect?.sqlite ?? answer.skip)}`,
    `  got:      ${short(judgement.got)}`,
    `  sent:     ${judgement.sql?.join("\n            ") ?? ""}`,
    `  Django:   ${answer.sql?.join("\n            ") ?? ""}`,
    ...(judgement.stack ? [`  ${judgement.stack.split("\n").slice(0, 8).join("\n  ")}`] : []),
  ].join("\n");
}

function callLines({ chain, terminal, model, manager, timezone }: Question): string[] {
  const calls = [...chain, terminal].map(({ m, args, kwargs }) => {
    const given = [
      ...(args ?? []).map((arg) => JSON.stringify(arg)),
      ...Object.entries(kwargs ?? {}).map(([key, value]) => `${key}=${JSON.stringify(value)}`),
    ];
    return `    .${m}(${given.join(", ")})`;
  });
  return [`    ${model}.${manager ?? "objects"}${timezone ? ` in ${timezone}` : ""}`, ...calls];
}
