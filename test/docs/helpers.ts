/** What the examples of the documentation call instead of their `// ->` and `// throws` comments. */
import assert from "node:assert/strict";
import { inspect } from "node:util";

/** Quotes and the spaces around brackets are a matter of style, not of the value. */
function plain(text: string): string {
  return text
    .replaceAll("'", '"')
    .replace(/\s+/g, " ")
    .replace(/([[{(]) /g, "$1")
    .replace(/ ([\]})])/g, "$1");
}

/** Compares a value with what the page says that it is. */
export function check(value: unknown, expected: string, place: string): void {
  const printed = inspect(value, { depth: 6, breakLength: Number.POSITIVE_INFINITY });
  assert.equal(plain(printed), plain(expected), `${place} gives another value`);
}

/** Runs a statement that must throw an error of this name (`Pizza.DoesNotExist` is a `DoesNotExist`), with this text in its message. */
export async function throws(
  run: () => Promise<void>,
  name: string,
  text: string,
  place: string,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    assert(error instanceof Error, `${place} throws something else than an error`);
    const names = [error.name, error.constructor.name];
    assert(
      names.some((each) => each === name || each.endsWith(`.${name}`)),
      `${place} throws ${names.join("/")}: ${error.message}`,
    );
    assert(error.message.includes(text), `${place} has another message: ${error.message}`);
    return;
  }
  assert.fail(`${place} throws nothing`);
}
