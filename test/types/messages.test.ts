/** What the compiler says about the usual mistakes: see `messages/messages.ts`. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compilers, tsc } from "./compilers.ts";

/** Line of a wrong statement -> what its message must hold. */
function expectations(text: string): Map<number, string> {
  const lines = text.split("\n");
  const found = new Map<number, string>();
  lines.forEach((line, index) => {
    if (line.startsWith("// ")) found.set(index + 2, line.slice(3));
  });
  return found;
}

/** Line -> the whole message, with the lines that explain it. */
function messages(lines: readonly string[]): Map<number, string> {
  const found = new Map<number, string>();
  let current = 0;
  for (const line of lines) {
    const match = /^messages\/messages\.ts\((\d+),\d+\): error TS\d+: (.*)$/.exec(line);
    if (match) {
      current = Number(match[1]);
      found.set(current, `${found.get(current) ?? ""}${match[2]}\n`);
    } else if (line.startsWith(" ")) {
      found.set(current, `${found.get(current)}${line.trim()}\n`);
    } else {
      assert.fail(`another error: ${line}`);
    }
  }
  return found;
}

/** Unions are printed in the order in which a version met their members. */
function sorted(text: string): string {
  return text.replace(/"[^"|]*"(?: \| "[^"|]*")+/g, (union) => union.split(" | ").sort().join(" | "));
}

for (const version of Object.keys(compilers) as (keyof typeof compilers)[]) {
  test(`TypeScript ${version}: errors name what is wrong and what could be meant`, async () => {
    const expected = expectations(readFileSync(new URL("./messages/messages.ts", import.meta.url), "utf8"));
    const actual = messages(await tsc(version, ["-p", "messages"]));
    assert.deepEqual([...actual.keys()], [...expected.keys()], "every statement is wrong, and nothing else");
    for (const [line, text] of expected) {
      const message = actual.get(line) ?? "";
      assert.ok(
        normal(message).includes(normal(text)),
        `line ${line}:\n  expected ${text}\n  got      ${message}`,
      );
      assert.doesNotMatch(message, /type 'never'/);
    }
  });
}

/** The choices of a list in an order of their own. */
function normal(text: string): string {
  return sorted(text).replace(
    /Choices are: ([\w, ]+)/g,
    (_all, list: string) => `Choices are: ${list.split(", ").sort().join(", ")}`,
  );
}
