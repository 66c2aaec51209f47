import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ArgumentTypeError, NotSupportedError } from "../errors.ts";
import { Expression } from "../expressions/base.ts";
import { Bound } from "../sql/bound.ts";
import { isList } from "../sql/node.ts";
import { type Adapt, constant, joinSql, Param, raw, Sql, sql } from "../sql/sql.ts";
import { dumps, isRawJson, loads } from "../util/json.ts";
import { str } from "../util/repr.ts";
import { Exact, GreaterThan, GreaterThanOrEqual, IsNull, LessThan, LessThanOrEqual } from "./comparison.ts";
import { jsonPath, KeyTextTransform, KeyTransform } from "./json-transforms.ts";
import { In, iterable } from "./list.ts";
import { FieldLookup, Lookup } from "./lookup.ts";
import { EndsWith, IContains, IEndsWith, IExact, IRegex, IStartsWith, Regex, StartsWith } from "./text.ts";

/** A comparison of documents that only some databases have. */
abstract class DocumentLookup extends FieldLookup {
  /** Both documents, for an operator between them. */
  sidesSql(compiler: Compiler): { lhs: Sql; rhs: Sql } {
    return { lhs: this.processLhs(compiler), rhs: this.processRhs(compiler) };
  }

  /** Documents are compared as they are. */
  protected override castLhs(_compiler: Compiler, inner: Sql): Sql {
    return inner;
  }

  protected checkSupport(compiler: Compiler): void {
    if (!compiler.features.supportsJsonFieldContains) {
      throw new NotSupportedError(`${this.lookupName} lookup is not supported on this database backend.`);
    }
  }
}

/** The document contains another one. */
export class DataContains extends DocumentLookup {
  static override readonly lookupName: string = "contains";

  override asSql(compiler: Compiler): Sql {
    this.checkSupport(compiler);
    return sql`JSON_CONTAINS(${this.processLhs(compiler)}, ${this.processRhs(compiler)})`;
  }
}

/** The document is contained in another one. */
export class ContainedBy extends DocumentLookup {
  static override readonly lookupName: string = "contained_by";

  override asSql(compiler: Compiler): Sql {
    this.checkSupport(compiler);
    return sql`JSON_CONTAINS(${this.processRhs(compiler)}, ${this.processLhs(compiler)})`;
  }
}

/** A condition on one key; `path` is the key's path in the document. */
export type KeyCondition = (document: Sql, path: Sql) => Sql;

/** The document has keys, whatever their values. */
export abstract class HasKeyLookup extends Lookup {
  static override readonly prepareRhs: boolean = false;
  /** What joins the conditions of several keys. */
  static readonly connector: string = " AND ";

  /** The last key is always a key, even if it looks like an index. */
  protected finalKey(key: unknown, _compiler: Compiler): string {
    return `.${dumps(key)}`;
  }

  /** Each key's path, as a parameter. */
  protected abstract paths(compiler: Compiler, prefix: string): Param[];

  override asSql(compiler: Compiler): Sql {
    return this.conditionsSql(compiler, (document, path) => sql`JSON_EXISTS(${document}, ${path})`);
  }

  conditionsSql(compiler: Compiler, condition: KeyCondition): Sql {
    let document: Sql;
    let prefix = "$";
    if (this.lhs instanceof KeyTransform) {
      const place = this.lhs.place(compiler);
      document = place.document;
      prefix += jsonPath(place.keys, compiler);
    } else {
      document = this.processLhs(compiler);
    }
    const conditions = this.paths(compiler, prefix).map((path) => condition(document, sql`${path}`));
    const joined = joinSql(conditions, (this.constructor as typeof HasKeyLookup).connector);
    return this.isSingle ? joined : sql`(${joined})`;
  }

  protected get isSingle(): boolean {
    return false;
  }
}

/** `has_key`: one key, which may be another document's transform. */
export class HasKey extends HasKeyLookup {
  static override readonly lookupName: string = "has_key";

  protected override get isSingle(): boolean {
    return true;
  }

  protected override paths(compiler: Compiler, prefix: string): Param[] {
    if (this.rhs instanceof KeyTransform) {
      const keys = [...this.rhs.place(compiler).keys];
      const last = keys.pop() as string;
      return [constant(prefix + jsonPath(keys, compiler) + this.finalKey(last, compiler))];
    }
    if (this.rhs instanceof Expression)
      throw new ArgumentTypeError(`${this.lookupName} takes a key, not an expression.`);
    return [this.bound.param((key) => prefix + this.finalKey(key, compiler))];
  }
}

/** `has_keys`: all of these. */
export class HasKeys extends HasKeyLookup {
  static override readonly lookupName: string = "has_keys";

  protected override get takesList(): boolean {
    return true;
  }

  protected override preparation(): ((value: unknown) => unknown) | null {
    return (value) => Array.from(iterable(value), str);
  }

  protected override paths(compiler: Compiler, prefix: string): Param[] {
    if (!(this.rhs instanceof Bound)) throw new ArgumentTypeError(`${this.lookupName} takes a list of keys.`);
    const list = this.rhs;
    if (!isList(list.value)) compiler.dependsOnValues();
    return Array.from({ length: compiler.lengthOf(list) }, (_, i) =>
      list.param((key) => prefix + this.finalKey(key, compiler), i),
    );
  }
}

/** `has_any_keys`: one of these at least. */
export class HasAnyKeys extends HasKeys {
  static override readonly lookupName: string = "has_any_keys";
  static override readonly connector: string = " OR ";
}

/** `JSON null` is a value here: `filter({ data: null })` finds the documents that are `null`. */
export class JSONExact extends Exact {
  static override readonly canUseNoneAsRhs: boolean = true;

  protected override processRhs(compiler: Compiler): Sql {
    return documents(super.processRhs(compiler), (param) => compiler.ops.jsonExactSql(param, false));
  }
}

/** SQL whose parameters, texts of documents, become what they are compared as. */
function documents(inner: Sql, change: (param: Param) => Sql): Sql {
  return inner.parts.reduce<Sql>(
    (before, part) => sql`${before}${part instanceof Param ? change(part) : new Sql([part])}`,
    raw(""),
  );
}

export class JSONIContains extends IContains {}

/** Where the left side gives booleans and null as texts, raw ones are compared as texts. */
function rawAdapter(adapt: Adapt, compiler: Compiler): Adapt {
  if (adapt === null || !compiler.features.jsonBooleansAreTexts) return adapt;
  return (value) => {
    const text = adapt(value);
    const raw = typeof value === "object" && value !== null && isRawJson(value);
    return raw && /^\s*(?:true|false|null)\s*$/.test(value.rawJSON) ? dumps(value.rawJSON.trim()) : text;
  };
}

export class KeyTransformExact extends Exact {
  static override readonly canUseNoneAsRhs: boolean = true;

  protected override adapter(compiler: Compiler): Adapt {
    return rawAdapter(super.adapter(compiler), compiler);
  }

  protected override processRhs(compiler: Compiler): Sql {
    const inner = super.processRhs(compiler);
    if (this.rhs instanceof KeyTransform) return inner;
    return documents(inner, (param) => compiler.ops.jsonExactSql(param, true));
  }
}

export class KeyTransformIn extends In {
  protected override adapter(compiler: Compiler): Adapt {
    const adapt = rawAdapter(super.adapter(compiler), compiler);
    if (!compiler.features.jsonBooleansAreTexts) return adapt;
    // The left side gives booleans as texts.
    return (value) => (typeof value === "boolean" ? `"${value}"` : adapt === null ? value : adapt(value));
  }

  protected override paramSql(param: Param, compiler: Compiler): Sql {
    return compiler.features.hasNativeJsonField
      ? sql`${param}`
      : compiler.ops.jsonParameterSql(sql`${param}`);
  }
}

/** Whether the document has the key. */
export class KeyTransformIsNull extends IsNull {
  /** The condition in terms of the key's place. */
  placeSql(compiler: Compiler, condition: (document: Sql, path: Sql, isNull: boolean) => Sql): Sql {
    const { isNull } = this;
    const { document, keys } = (this.lhs as KeyTransform).place(compiler);
    return condition(document, sql`${constant(`$${jsonPath(keys, compiler)}`)}`, isNull);
  }
}

/** Comparisons of texts look at the value as a text. */
function textOf(lhs: unknown): KeyTextTransform {
  if (!(lhs instanceof KeyTransform)) {
    throw new ArgumentTypeError(
      "Transform should be an instance of KeyTransform in order to use this lookup.",
    );
  }
  return new KeyTextTransform(lhs.keyName, ...lhs.expressions, lhs.extra);
}

export class KeyTransformIExact extends IExact {
  protected override prepLhs(lhs: unknown): Expression {
    return textOf(lhs);
  }
}

export class KeyTransformIContains extends IContains {
  protected override prepLhs(lhs: unknown): Expression {
    return textOf(lhs);
  }
}

export class KeyTransformStartsWith extends StartsWith {
  protected override prepLhs(lhs: unknown): Expression {
    return textOf(lhs);
  }
}

export class KeyTransformIStartsWith extends IStartsWith {
  protected override prepLhs(lhs: unknown): Expression {
    return textOf(lhs);
  }
}

export class KeyTransformEndsWith extends EndsWith {
  protected override prepLhs(lhs: unknown): Expression {
    return textOf(lhs);
  }
}

export class KeyTransformIEndsWith extends IEndsWith {
  protected override prepLhs(lhs: unknown): Expression {
    return textOf(lhs);
  }
}

export class KeyTransformRegex extends Regex {
  protected override prepLhs(lhs: unknown): Expression {
    return textOf(lhs);
  }
}

export class KeyTransformIRegex extends IRegex {
  protected override prepLhs(lhs: unknown): Expression {
    return textOf(lhs);
  }
}

/** Where documents are texts, numbers are compared as numbers, not as JSON. */
function numberAdapter(adapt: Adapt, compiler: Compiler): Adapt {
  if (compiler.features.hasNativeJsonField) return adapt;
  return (value) => {
    if (typeof value === "number" || typeof value === "string" || typeof value === "bigint") return value;
    const read = adapt === null ? value : loads(adapt(value) as string);
    return typeof read === "boolean" ? Number(read) : read;
  };
}

export class KeyTransformLt extends LessThan {
  protected override adapter(compiler: Compiler): Adapt {
    return numberAdapter(super.adapter(compiler), compiler);
  }
}

export class KeyTransformLte extends LessThanOrEqual {
  protected override adapter(compiler: Compiler): Adapt {
    return numberAdapter(super.adapter(compiler), compiler);
  }
}

export class KeyTransformGt extends GreaterThan {
  protected override adapter(compiler: Compiler): Adapt {
    return numberAdapter(super.adapter(compiler), compiler);
  }
}

export class KeyTransformGte extends GreaterThanOrEqual {
  protected override adapter(compiler: Compiler): Adapt {
    return numberAdapter(super.adapter(compiler), compiler);
  }
}
