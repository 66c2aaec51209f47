import type { Compiler } from "../backends/base/compiler/compiler.ts";
import type { ClassInfo, RelatedClassInfo } from "../backends/base/compiler/select-list.ts";
import type { Expression } from "../expressions/base.ts";
import { Col, ColPairs } from "../expressions/col.ts";
import { CachedRelation } from "../fields/related/cache.ts";
import { BaseModel } from "../models/base.ts";
import { deferredTarget } from "../models/deferred.ts";
import type { FetchMode } from "../models/fetch-modes.ts";
import { postInit, preInit } from "../models/signals.ts";
import { ModelState } from "../models/state.ts";
import { type ModelClass, RAW } from "../models/types.ts";
import type { Rows } from "../task.ts";
import type { RowKind } from "./shape.ts";

/** Makes instances or rows of what the driver gave. `mode`: the fetch mode of the instances, where it is not the default. */
export type ReadRows = (rows: Rows, alias: string, mode?: FetchMode | null) => unknown[];

type Convert = (((value: unknown) => unknown) & { readonly takesNull?: boolean }) | null;

/** How the values of one selected expression are read: from which places of a row, and converted by what. */
interface Output {
  readonly expression: Expression;
  readonly at: number;
  readonly converts: readonly Convert[];
  /** A composite key: its values form a list. */
  readonly isTuple: boolean;
}

/** A function for the rows of this statement; it is made once for each plan, as straight-line code. */
export function rowReader(compiler: Compiler, kind: RowKind, bigints: boolean): ReadRows {
  const outputs = outputsOf(compiler, bigints);
  switch (kind) {
    case "model":
      return modelReader(compiler, outputs);
    case "values":
      return valuesReader(compiler, outputs);
    case "flat":
      return flatReader(outputs);
    case "named":
      return namedReader(compiler.query.rowNames ?? names(compiler), tupleReader(outputs));
    default:
      return tupleReader(outputs);
  }
}

function outputsOf(compiler: Compiler, bigints: boolean): Output[] {
  let at = 0;
  return compiler.select.slice(0, compiler.columnCount).map(({ expression }) => {
    const columns = expression instanceof ColPairs ? expression.getCols() : [expression];
    const output: Output = {
      expression,
      at,
      converts: columns.map((column) => converterOf(column, compiler, bigints)),
      isTuple: expression instanceof ColPairs,
    };
    at += columns.length;
    return output;
  });
}

function converterOf(expression: Expression, compiler: Compiler, bigints: boolean): Convert {
  const convert = expression.converter(compiler.ops, { bigints });
  if (convert !== null || !bigints || expression.outputFieldOrNull?.wantsBigInt === true) return convert;
  return plainNumber;
}

/** An integer read as `bigint` for the sake of another column. */
function plainNumber(value: unknown): unknown {
  return typeof value === "bigint" && value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
    ? Number(value)
    : value;
}

/** Writes code; what it refers to is passed to it by name. */
class Code {
  /** Whose rows it reads: code is shared only among those of one model, which the engine then knows well. */
  subject = "";
  readonly names: string[] = [];
  readonly values: unknown[] = [];

  /** A name in the code for a value outside of it. */
  refer(value: unknown): string {
    const known = this.values.indexOf(value);
    if (known >= 0) return this.names[known] as string;
    const name = `v${this.names.length}`;
    this.names.push(name);
    this.values.push(value);
    return name;
  }

  /** The code of one value of a row. */
  value(at: number, convert: Convert): string {
    if (convert === null) return `r[${at}]`;
    if (convert.takesNull === true) return `${this.refer(convert)}(r[${at}])`;
    return `(r[${at}] === null ? null : ${this.refer(convert)}(r[${at}]))`;
  }

  output({ at, converts, isTuple }: Output): string {
    const parts = converts.map((convert, i) => this.value(at + i, convert));
    return isTuple ? `[${parts.join()}]` : (parts[0] as string);
  }

  /** Compiles `body`, which makes `o` of the row `r`, into a function over rows. */
  reader(body: string): ReadRows {
    const source = `// ${this.subject}
return (rows, alias, mode) => {
  const out = new Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const r = rows[i];
    ${body}
    out[i] = o;
  }
  return out;
};`;
    return factory(this.names, source)(...this.values);
  }
}

type Factory = (...values: readonly unknown[]) => ReadRows;

/** Compiled code by its text: queries that differ in their conditions read their rows alike. */
const factories = new Map<string, Factory>();
const MOST_FACTORIES = 1000;

function factory(names: readonly string[], source: string): Factory {
  const known = factories.get(source);
  if (known !== undefined) return known;
  if (factories.size >= MOST_FACTORIES) factories.clear();
  const made = new Function(...names, source) as Factory;
  factories.set(source, made);
  return made;
}

/** Selected for prefetching alone: the keys of the table between. */
export const PREFETCH_KEY = "_prefetch_related_val_";

const property = (name: string) => JSON.stringify(name);

/** The names of a row's values, in order; what is selected for ORDER BY alone is none of them. */
function names({ query, columnCount }: Compiler): readonly string[] {
  return query.columnNames.slice(0, columnCount);
}

function valuesReader(compiler: Compiler, outputs: readonly Output[]): ReadRows {
  const code = new Code();
  const fields = names(compiler).map(
    (name, i) => `[${property(name)}]: ${code.output(outputs[i] as Output)}`,
  );
  return code.reader(`const o = { ${fields.join(", ")} };`);
}

function tupleReader(outputs: readonly Output[]): ReadRows {
  const plain = outputs.every(({ isTuple, converts }) => !isTuple && converts[0] === null);
  const code = new Code();
  const last = outputs[outputs.length - 1];
  const width = last === undefined ? 0 : last.at + 1;
  if (plain) return code.reader(`const o = r.length === ${width} ? r : r.slice(0, ${width});`);
  return code.reader(`const o = [${outputs.map((output) => code.output(output)).join()}];`);
}

function flatReader(outputs: readonly Output[]): ReadRows {
  const code = new Code();
  return code.reader(`const o = ${outputs[0] === undefined ? "undefined" : code.output(outputs[0])};`);
}

/** Rows are lists whose values have names, too. */
function namedReader(fields: readonly string[], tuples: ReadRows): ReadRows {
  class Row extends Array<unknown> {
    static override get [Symbol.species](): ArrayConstructor {
      return Array;
    }
  }
  fields.forEach((name, i) => {
    Object.defineProperty(Row.prototype, name, {
      enumerable: false,
      get(this: Row) {
        return this[i];
      },
    });
  });
  Object.defineProperty(Row.prototype, "_fields", { enumerable: false, value: Object.freeze([...fields]) });
  return (rows, alias) =>
    tuples(rows, alias).map((row) => Row.from((row as unknown[]).slice(0, fields.length)));
}

// ---- instances

function modelReader(compiler: Compiler, outputs: readonly Output[]): ReadRows {
  const info = compiler.classInfo;
  if (info === null) throw new TypeError("A query for instances selects no columns.");
  const positions = compiler.annotationPositions;
  const models = modelsOf(info);
  const readers = new Map<string, ReadRows>();
  const reader = (bySteps: boolean, hasMode: boolean) => {
    const key = `${bySteps}${hasMode}`;
    let made = readers.get(key);
    if (made === undefined) {
      made = instanceReader(info, outputs, positions, { bySteps, hasMode });
      readers.set(key, made);
    }
    return made;
  };
  const custom = models.some(hasOwnFromDb);
  const usual = reader(custom, false);
  return (rows, alias, mode = null) => {
    const bySteps = custom || models.some(isListenedTo);
    if (bySteps === custom && mode === null) return usual(rows, alias);
    return reader(bySteps, mode !== null)(rows, alias, mode);
  };
}

interface ReaderKind {
  /** Instances are made by `fromDb`, which sends signals and may be the user's own. */
  readonly bySteps: boolean;
  /** Instances get the fetch mode that is passed. */
  readonly hasMode: boolean;
}

function instanceReader(
  info: ClassInfo,
  outputs: readonly Output[],
  positions: ReadonlyMap<string, number>,
  kind: ReaderKind,
): ReadRows {
  const code = new Code();
  code.subject = modelsOf(info)
    .map((model) => model._meta.label)
    .join();
  const lines = instanceCode(code, info, outputs, "o", { next: 0, ...kind });
  for (const [name, at] of positions) {
    if (name.startsWith(PREFETCH_KEY)) continue;
    lines.push(`o[${code.refer(name)}] = ${code.output(outputs[at] as Output)};`);
  }
  return code.reader(lines.join("\n    "));
}

function modelsOf(info: ClassInfo): ModelClass[] {
  return [info.model, ...info.related.flatMap(modelsOf)];
}

function hasOwnFromDb(model: ModelClass): boolean {
  return model.fromDb !== (BaseModel as unknown as ModelClass).fromDb;
}

function isListenedTo(model: ModelClass): boolean {
  return preInit.hasListeners(model) || postInit.hasListeners(model);
}

interface CodeState extends ReaderKind {
  /** The number of the last related object. */
  next: number;
}

interface Column {
  readonly attname: string;
  readonly output: Output;
}

function columnsOf(info: ClassInfo, outputs: readonly Output[]): Column[] {
  const byAttname = new Map<string, Output>();
  for (const index of info.fields) {
    const output = outputs[index] as Output;
    if (output.expression instanceof Col) byAttname.set(output.expression.target.attname, output);
  }
  const columns: Column[] = [];
  for (const { attname } of info.model._meta.concreteFields) {
    const output = byAttname.get(attname);
    if (output !== undefined) columns.push({ attname, output });
  }
  return columns;
}

/** The code that makes the instance `variable`, and below it the related objects. */
function instanceCode(
  code: Code,
  info: ClassInfo,
  outputs: readonly Output[],
  variable: string,
  counter: CodeState,
): string[] {
  const columns = columnsOf(info, outputs);
  const lines: string[] = [];
  const model = info.model;
  if (!counter.bySteps) {
    const attnames = new Set(columns.map(({ attname }) => attname));
    const missing = model._meta.concreteFields
      .map(({ attname }) => attname)
      .filter((attname) => !attnames.has(attname));
    const type = code.refer(model);
    const made =
      missing.length === 0
        ? `new ${type}(${code.refer(RAW)})`
        : `Reflect.construct(${type}, [${code.refer(RAW)}], ${code.refer(deferredTarget(model, missing))})`;
    lines.push(
      `const ${variable} = ${made};`,
      `const s${variable} = ${variable}._state = new ${code.refer(ModelState)}();`,
      `s${variable}.adding = false; s${variable}.db = alias;`,
    );
    for (const { attname, output } of columns) {
      lines.push(`${variable}[${property(attname)}] = ${code.output(output)};`);
    }
  } else {
    const values = columns.map(({ output }) => code.output(output)).join();
    const attnames = code.refer(columns.map(({ attname }) => attname));
    lines.push(
      `const ${variable} = ${code.refer(model)}.fromDb(alias, ${attnames}, [${values}]);`,
      `const s${variable} = ${variable}._state;`,
    );
  }
  if (counter.hasMode) lines.push(`s${variable}.fetchMode = mode;`);
  for (const related of info.related as readonly RelatedClassInfo[]) {
    lines.push(...relatedCode(code, related, outputs, { variable, columns }, counter));
  }
  return lines;
}

/** The code of a related object, and of putting it in the caches of the instance that it belongs to. */
function relatedCode(
  code: Code,
  info: RelatedClassInfo,
  outputs: readonly Output[],
  owner: { readonly variable: string; readonly columns: readonly Column[] },
  counter: CodeState,
): string[] {
  const parent = owner.variable;
  const inner = `o${++counter.next}`;
  const result = `p${counter.next}`;
  const { pkFields } = info.model._meta;
  const pk = columnsOf(info, outputs).find(
    ({ attname }) => attname === (pkFields[0] as { attname: string }).attname,
  );
  const cached = code.refer(CachedRelation);
  const lines = [
    `let ${result} = null;`,
    `if (r[${pk?.output.at ?? 0}] !== null) {`,
    ...instanceCode(code, info, outputs, inner, counter),
    `${result} = ${inner};`,
  ];
  const { local, remote, attribute } = info.setters;
  if (remote !== null) {
    lines.push(`(s${inner}.fieldsCache ??= {})[${property(remote)}] = new ${cached}(${parent}, undefined);`);
  }
  if (attribute && local !== null) lines.push(`${parent}[${property(local)}] = ${inner};`);
  lines.push("}");
  if (!attribute && local !== null) {
    // A child of a proxy's row has its parent's foreign keys deferred: reading one would fetch it.
    const hasKey = !info.reverse && owner.columns.some(({ attname }) => attname === info.field.attname);
    const key = hasKey ? `${parent}[${property(info.field.attname)}]` : "undefined";
    lines.push(`(s${parent}.fieldsCache ??= {})[${property(local)}] = new ${cached}(${result}, ${key});`);
  }
  return lines;
}
