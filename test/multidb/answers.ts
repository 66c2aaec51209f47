/** What Django has answered, and the comparison with it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
  readonly message?: string;
}

export const answers = JSON.parse(readFileSync(new URL("django-answers.json", import.meta.url), "utf8")) as {
  values: Record<string, Answer>;
  asked: Record<string, string[]>;
};

/** Our words for what Django says of Python. */
const ours = (message: string) => message.replace("`list(inner_query)`", "`await innerQuery`");

/** Runs a case: it must give the value, or throw the error, that Django does. */
export async function compare(name: string, run: () => unknown): Promise<void> {
  const expected = answers.values[name];
  assert(expected !== undefined, "Django was not asked");
  try {
    const value = await run();
    assert.deepEqual({ value }, expected);
  } catch (error) {
    if (expected.error === undefined || error instanceof assert.AssertionError) throw error;
    const { name: type, message } = error as Error;
    assert.deepEqual([type, message], [expected.error, ours(expected.message ?? "")]);
  }
}
