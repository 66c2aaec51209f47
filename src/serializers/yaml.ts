/** The format "yaml". */

import { optionalPackage } from "../util/optional-package.ts";
import { buildPlain, wrapErrors } from "./build-plain.ts";
import { DeserializationError } from "./errors.ts";
import type { Format, Reader, Writer, WriterOptions } from "./format.ts";
import { plainObject } from "./plain.ts";
import type { ObjectRecord } from "./record.ts";
import { iterated } from "./references.ts";
import { YamlEmitter } from "./yaml-emitter.ts";
import { FLOAT, INTEGER } from "./yaml-scalar.ts";

class YamlWriter implements Writer {
  readonly #emitter: YamlEmitter;
  #any = false;

  constructor({ indent }: WriterOptions) {
    this.#emitter = new YamlEmitter(indent);
  }

  start(): string {
    return "";
  }

  object(record: ObjectRecord): string {
    this.#any = true;
    this.#emitter.item(new Map(Object.entries(plainObject(record))));
    return this.#emitter.take();
  }

  end(): string {
    this.#emitter.end(!this.#any);
    return this.#emitter.take();
  }
}

/** Anchors may lead anywhere, so the file is read as a whole, as by Django. */
class YamlReader implements Reader<unknown> {
  readonly #parts: string[] = [];

  // biome-ignore lint/correctness/useYield: no object is complete before the end
  *write(text: string): Iterable<unknown> {
    this.#parts.push(text);
  }

  *end(): Iterable<unknown> {
    let list: unknown;
    try {
      list = parse(this.#parts.join(""));
    } catch (cause) {
      throw new DeserializationError("", { cause });
    }
    yield* iterated(list);
  }
}

/** What is used of the package "yaml". */
interface YamlPackage {
  parse(text: string, reviver: (key: unknown, value: unknown) => unknown, options: object): unknown;
}

/** Reads YAML as PyYAML does: with its rules for what a text without quotes is. */
function parse(text: string): unknown {
  const { parse: read } = optionalPackage("yaml", "Reading YAML") as YamlPackage;
  return read(text.replace(OLD_BREAKS, "$1"), (_, value) => value, {
    schema: "failsafe",
    merge: true,
    customTags: SCALARS,
  });
}

/** Line breaks of YAML 1.1 that are none in YAML 1.2, with the blanks of the lines that they part. */
const OLD_BREAKS = /[ \t]*([\u2028\u2029])[ \t]*/g;

/** A kind of scalars. */
function scalar(tag: string, test: RegExp, resolve: (text: string) => unknown) {
  return { tag: `tag:yaml.org,2002:${tag}`, default: true, test, resolve };
}

/** Digits in any base, with underscores between; a number where that loses nothing. */
function integer(text: string): number | bigint {
  const [, sign, digits] = /^([-+]?)(.*)$/.exec(text.replaceAll("_", "")) as unknown as [
    string,
    string,
    string,
  ];
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  const value = digits.includes(":") ? sexagesimal(digits, BigInt, 60n) : BigInt(octal);
  const signed = sign === "-" ? -value : value;
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}

function float(text: string): number {
  const [, sign, digits] = /^([-+]?)(.*)$/.exec(text.replaceAll("_", "").toLowerCase()) as unknown as [
    string,
    string,
    string,
  ];
  if (digits === ".nan") return Number.NaN;
  const value = digits === ".inf" ? Infinity : sexagesimal(digits, Number, 60);
  return sign === "-" ? -value : value;
}

/** `1:30` is ninety. */
function sexagesimal<T extends number | bigint>(digits: string, read: (text: string) => T, base: T): T {
  const [first, ...rest] = digits.split(":") as [string, ...string[]];
  return rest.reduce(
    (sum, part) => ((sum as number) * (base as number) + (read(part) as number)) as T,
    read(first),
  );
}

/**
 * The scalars of YAML 1.1 as PyYAML tells them apart: `yes` is true, `017` fifteen. Times stay texts, which the fields
 * read without losing microseconds.
 */
const SCALARS = [
  scalar("null", /^(?:~|null|Null|NULL)?$/, () => null),
  scalar("bool", /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/, () => true),
  scalar("bool", /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/, () => false),
  scalar("int", INTEGER, integer),
  scalar("float", FLOAT, float),
  "binary",
  "omap",
  "pairs",
  "set",
];

export const yaml: Format = {
  writer: (options) => new YamlWriter(options),
  reader: () => new YamlReader(),
  build: (raw, context) => wrapErrors(buildPlain(raw, context)),
};
