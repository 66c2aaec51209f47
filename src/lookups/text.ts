import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { Expression } from "../expressions/base.ts";
import { Func } from "../expressions/func.ts";
import { CHAR } from "../expressions/types.ts";
import { Value } from "../expressions/value.ts";
import { type Adapt, Param, Sql } from "../sql/sql.ts";
import { str } from "../util/repr.ts";
import { BuiltinLookup } from "./lookup.ts";

/** A comparison of texts. Values are not the field's, but texts. */
export abstract class TextLookup extends BuiltinLookup {
  static override readonly prepareRhs: boolean = false;
  /** UUIDs: databases without such a type store them without hyphens. */
  static readonly stripsHyphens: boolean = false;

  protected override adapter(_compiler: Compiler): Adapt {
    return str;
  }

  protected get stripsHyphens(): boolean {
    return (this.constructor as typeof TextLookup).stripsHyphens;
  }

  override asSql(compiler: Compiler): Sql {
    if (!this.stripsHyphens || compiler.features.hasNativeUuidField) return super.asSql(compiler);
    const rhs = this.rhs instanceof Expression ? this.rhs : new Value(this.bound);
    const stripped = new Func(rhs, new Value("-"), new Value(""), { function: "REPLACE", outputField: CHAR });
    return super.asSql.call(this.copy({ rhs: stripped }), compiler);
  }
}

/** Equal but for upper and lower case. */
export class IExact extends TextLookup {
  static override readonly lookupName: string = "iexact";

  protected override processRhs(compiler: Compiler): Sql {
    return withFirstParam(super.processRhs(compiler), (value) => compiler.ops.prepForIexactQuery(str(value)));
  }
}

/** The same SQL whose first parameter is passed through `change`. */
function withFirstParam(fragment: Sql, change: (value: unknown) => unknown): Sql {
  const parts = [...fragment.parts];
  const i = parts.findIndex((part) => part instanceof Param);
  if (i < 0) return fragment;
  const { slot, value, adapt, index } = parts[i] as Param;
  parts[i] = new Param(slot, value, (given) => change(adapt === null ? given : adapt(given)), index);
  return new Sql(parts);
}

/** `LIKE` with the special characters of the value escaped. */
export abstract class PatternLookup extends TextLookup {
  /** Puts the wildcards around an escaped text. */
  protected pattern(text: string): string {
    return `%${text}%`;
  }

  protected override adapter(compiler: Compiler): Adapt {
    if (this.bilateralTransforms.length > 0) return str;
    const { ops } = compiler;
    return (value) => this.pattern(ops.prepForLikeQuery(str(value)));
  }

  /** For SQL on the right side the escaping and the wildcards are SQL, too. */
  protected override getRhsOp(compiler: Compiler, rhs: Sql): Sql {
    if (this.rhs instanceof Expression || this.bilateralTransforms.length > 0) {
      return compiler.ops.patternSql(this.lookupName, rhs);
    }
    return super.getRhsOp(compiler, rhs);
  }
}

export class Contains extends PatternLookup {
  static override readonly lookupName: string = "contains";
}

export class IContains extends Contains {
  static override readonly lookupName: string = "icontains";
}

export class StartsWith extends PatternLookup {
  static override readonly lookupName: string = "startswith";

  protected override pattern(text: string): string {
    return `${text}%`;
  }
}

export class IStartsWith extends StartsWith {
  static override readonly lookupName: string = "istartswith";
}

export class EndsWith extends PatternLookup {
  static override readonly lookupName: string = "endswith";

  protected override pattern(text: string): string {
    return `%${text}`;
  }
}

export class IEndsWith extends EndsWith {
  static override readonly lookupName: string = "iendswith";
}

/** A regular expression matches, by the database's own rules. */
export class Regex extends TextLookup {
  static override readonly lookupName: string = "regex";

  protected override comparisonSql(compiler: Compiler, lhs: Sql, rhs: Sql): Sql {
    return compiler.ops.regexSql(this.lookupName, lhs, rhs);
  }
}

export class IRegex extends Regex {
  static override readonly lookupName: string = "iregex";
}

export class UUIDIExact extends IExact {
  static override readonly stripsHyphens: boolean = true;
}

export class UUIDContains extends Contains {
  static override readonly stripsHyphens: boolean = true;
}

export class UUIDIContains extends IContains {
  static override readonly stripsHyphens: boolean = true;
}

export class UUIDStartsWith extends StartsWith {
  static override readonly stripsHyphens: boolean = true;
}

export class UUIDIStartsWith extends IStartsWith {
  static override readonly stripsHyphens: boolean = true;
}

export class UUIDEndsWith extends EndsWith {
  static override readonly stripsHyphens: boolean = true;
}

export class UUIDIEndsWith extends IEndsWith {
  static override readonly stripsHyphens: boolean = true;
}
