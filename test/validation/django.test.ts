/** Validators and fields say what Django says: `scripts/validation/record.py` has asked it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import * as asgimod from "asgimod";
import { ValidationError } from "asgimod";
import { camelCase, isRecord } from "../../scripts/conformance/format.ts";
import { encode } from "../../scripts/conformance/instances.ts";
import { decodeScalar } from "../../scripts/conformance/values.ts";
import type { Field } from "../../src/fields/field.ts";
import { str } from "../../src/util/repr.ts";

interface Errors {
  readonly errors: readonly (readonly [code: string | null, message: string])[];
}

type Outcome = null | Errors | { readonly value: unknown } | { readonly raises: string };

interface Recorded {
  readonly name: string;
  readonly args?: readonly unknown[] | null;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly cases: readonly (readonly [input: unknown, outcome: Outcome])[];
}

function recorded(name: string): readonly Recorded[] {
  return JSON.parse(readFileSync(new URL(`data/${name}.json`, import.meta.url), "utf8")) as Recorded[];
}

/** A recorded value as JavaScript has it. */
function decode(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(decode);
  if (!isRecord(node)) return node;
  const [form] = Object.keys(node);
  if (form?.startsWith("$")) return decodeScalar(form, node[form]);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, decode(value)]));
}

const camel = (kwargs: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [camelCase(key), decode(value)]));

function outcomeOf(run: () => Outcome): Outcome {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ValidationError)) return { raises: (error as Error).name };
    return { errors: error.errorList.map((each) => [each.validationCode, each.message] as const) };
  }
}

/** A value in one spelling: instants in UTC, times with all digits, UUIDs as the texts that they are here. */
function spelled(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(spelled);
  if (!isRecord(node)) return node;
  const [form] = Object.keys(node);
  if (form === "$time") return { $time: str(decode(node)) };
  return form?.startsWith("$") ? encode(decode(node), { toAttr: new Set() }) : node;
}

/** Why a case says nothing about this library; `null` when it does. */
function different(field: string, input: unknown, expected: Outcome): string | null {
  const form = isRecord(input) ? (Object.keys(input)[0] ?? "") : "";
  if (form === "$uuid" && field !== "UUIDField") return "a UUID is a text";
  if (field === "UUIDField" && typeof input === "boolean") return "Python takes booleans for numbers";
  if (field === "TimeField" && input === "20200101") return "an accident of Python's reader of times";
  if (field === "BinaryField" && (Array.isArray(input) || (isRecord(input) && !form.startsWith("$")))) {
    return "what is no bytes is refused before it is saved";
  }
  if (field === "JSONField" && form !== "" && form !== "$bytes")
    return "objects say how they are written in JSON";
  if (expected !== null && "raises" in expected) return "an accident of Python: an error of another kind";
  return null;
}

function check({ name, cases }: Recorded, run: (value: unknown) => Outcome): void {
  assert.ok(cases.length >= 2);
  const wrong: string[] = [];
  for (const [input, expected] of cases) {
    const got = outcomeOf(() => run(decode(input)));
    const reason = different(name, input, expected);
    if (reason === null) {
      const [a, b] = [got, expected].map((outcome) =>
        JSON.stringify(outcome !== null && "value" in outcome ? { value: spelled(outcome.value) } : outcome),
      );
      if (a !== b) wrong.push(`${JSON.stringify(input)}: Django ${b}, here ${a}`);
    } else if (reason.startsWith("an accident of Python: ") && !NOT_A_NUMBER.has(JSON.stringify(input))) {
      assert.ok(got !== null && !("value" in got), `${name} takes ${JSON.stringify(input)}`);
    }
  }
  assert.deepEqual(wrong, []);
}

/** Python cannot compare it with anything; here it is neither above nor below. */
const NOT_A_NUMBER: ReadonlySet<string> = new Set(['{"$decimal":"NaN"}']);

type Callable = (...args: readonly unknown[]) => unknown;
const library = asgimod as unknown as Readonly<Record<string, Callable>>;
const title = ({ name, args, kwargs }: Recorded) => `${name} ${JSON.stringify([args ?? [], kwargs])}`;

describe("validators", () => {
  for (const each of recorded("validators")) {
    it(title(each), () => {
      const name = camelCase(each.name);
      const args = each.args == null ? null : [...each.args.map(decode)];
      const options = Object.keys(each.kwargs).length > 0 ? [camel(each.kwargs)] : [];
      const validator = (args === null ? library[name] : library[name]?.(...args, ...options)) as Callable;
      check(each, (value) => {
        validator(value);
        return null;
      });
    });
  }
});

describe("fields", () => {
  for (const each of recorded("fields")) {
    it(title(each), () => {
      const field = library[each.name]?.(camel(each.kwargs)) as unknown as Field;
      field.setAttributesFromName("it");
      check(each, (value) => ({ value: encode(field.clean(value, null), { toAttr: new Set() }) }));
    });
  }
});
