/**
 * SQL as an immutable list of text and parameters.
 *
 * Text and parameters stay in one list, so that a fragment can be moved, repeated or dropped without
 * its parameters getting out of step. A dialect renders the placeholders at the very end.
 */

/** Turns a prepared value into what the driver takes. `null`: as it is. */
export type Adapt = ((value: unknown) => unknown) | null;

/**
 * A parameter of a statement.
 *
 * `slot >= 0`: the value at that place of the queryset's values (element `index` of it, when it is a list);
 * `slot === CONSTANT`: `value`, part of the shape; `slot === DYNAMIC`: `value()`, asked anew at each run.
 */
export class Param {
  readonly slot: number;
  readonly index: number;
  readonly value: unknown;
  readonly adapt: Adapt;

  constructor(slot: number, value: unknown, adapt: Adapt = null, index = -1) {
    this.slot = slot;
    this.value = value;
    this.adapt = adapt;
    this.index = index;
  }
}

export const CONSTANT = -1;
export const DYNAMIC = -2;

/** A parameter whose value belongs to the shape of the query. */
export function constant(value: unknown): Param {
  return new Param(CONSTANT, value);
}

/** A parameter that is asked for at each run, such as the name of the current time zone. */
export function dynamic(get: () => unknown): Param {
  return new Param(DYNAMIC, get);
}

/** A piece of SQL: text and parameters in order. */
export class Sql {
  readonly parts: readonly (string | Param)[];

  constructor(parts: readonly (string | Param)[]) {
    this.parts = parts;
  }

  get isEmpty(): boolean {
    return this.parts.every((part) => part === "");
  }

  get params(): Param[] {
    return this.parts.filter((part): part is Param => part instanceof Param);
  }

  /** Text with `?` for parameters, for comparisons and messages, not for the database. */
  get text(): string {
    let text = "";
    for (const part of this.parts) text += typeof part === "string" ? part : "?";
    return text;
  }

  /** Equal keys mean equal SQL with equal parameters. */
  get key(): string {
    let key = "";
    for (const part of this.parts) {
      key +=
        typeof part === "string"
          ? part
          : `\u0000${part.slot}.${part.index}${part.slot < 0 ? `:${String(part.value)}` : ""}\u0000`;
    }
    return key;
  }
}

export const EMPTY: Sql = new Sql([]);

/** SQL text without parameters. The text must come from the library, or from a resolved and quoted name. */
export function raw(text: string): Sql {
  return new Sql([text]);
}

/** sql`${lhs} = ${rhs}`: fragments and parameters in a template. */
export function sql(strings: TemplateStringsArray, ...values: readonly (Sql | Param)[]): Sql {
  const parts: (string | Param)[] = [];
  let text = strings[0] as string;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as Sql | Param;
    if (value instanceof Param) {
      if (text !== "") parts.push(text);
      parts.push(value);
      text = "";
    } else {
      for (const part of value.parts) {
        if (typeof part === "string") {
          text += part;
        } else {
          if (text !== "") parts.push(text);
          parts.push(part);
          text = "";
        }
      }
    }
    text += strings[i + 1] as string;
  }
  if (text !== "") parts.push(text);
  return new Sql(parts);
}

/** Fragments with a separator between them. */
export function joinSql(fragments: readonly (Sql | Param)[], separator: string): Sql {
  const parts: (string | Param)[] = [];
  fragments.forEach((fragment, i) => {
    if (i > 0) parts.push(separator);
    if (fragment instanceof Param) parts.push(fragment);
    else parts.push(...fragment.parts);
  });
  return merged(parts);
}

/** Neighbouring texts in one. */
function merged(parts: readonly (string | Param)[]): Sql {
  const result: (string | Param)[] = [];
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") {
      text += part;
      continue;
    }
    if (text !== "") result.push(text);
    result.push(part);
    text = "";
  }
  if (text !== "") result.push(text);
  return new Sql(result);
}

/**
 * Fills a template in Django's style: `fill("%(function)s(%(expressions)s)", { function: "LOWER", expressions })`.
 * `%%` stands for a percent sign.
 */
export function fill(template: string, data: Readonly<Record<string, unknown>>): Sql {
  const parts: (string | Param)[] = [];
  let last = 0;
  const pattern = /%%|%\((\w+)\)s/g;
  for (let match = pattern.exec(template); match !== null; match = pattern.exec(template)) {
    if (match.index > last) parts.push(template.slice(last, match.index));
    last = pattern.lastIndex;
    const name = match[1];
    if (name === undefined) {
      parts.push("%");
      continue;
    }
    const value = data[name];
    if (value instanceof Sql) parts.push(...value.parts);
    else if (value instanceof Param) parts.push(value);
    else if (value === undefined) throw new TypeError(`SQL template '${template}' needs '${name}'.`);
    else parts.push(String(value));
  }
  if (last < template.length) parts.push(template.slice(last));
  return merged(parts);
}
