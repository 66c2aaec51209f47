/** Lookups and transforms of maps. Django: django.contrib.postgres, "Querying HStoreField". */
import type { Compiler } from "../../backends/base/compiler/compiler.ts";
import { textArray } from "../../backends/postgresql/types.ts";
import type { Expression } from "../../expressions/base.ts";
import { TEXT } from "../../expressions/types.ts";
import type { Field } from "../../fields/field.ts";
import type { RegisteredLookup } from "../../fields/lookup-registry.ts";
import { iterable } from "../../lookups/list.ts";
import { Transform } from "../../lookups/transform.ts";
import { type Adapt, constant, type Param, type Sql, sql } from "../../sql/sql.ts";
import { str } from "../../util/repr.ts";
import { arrayFieldOf } from "../array-subquery.ts";
import { HStoreField } from "../fields/hstore.ts";
import { OperatorLookup } from "./operator.ts";

export class MapContains extends OperatorLookup {
  static override readonly lookupName: string = "contains";
  static override readonly operator: string = "@>";
}

export class MapContainedBy extends OperatorLookup {
  static override readonly lookupName: string = "contained_by";
  static override readonly operator: string = "<@";
}

export class MapHasKey extends OperatorLookup {
  static override readonly lookupName: string = "has_key";
  static override readonly operator: string = "?";
  static override readonly prepareRhs: boolean = false;

  protected override adapter(): Adapt {
    return str;
  }
}

export class MapHasKeys extends OperatorLookup {
  static override readonly lookupName: string = "has_keys";
  static override readonly operator: string = "?&";

  protected override get takesList(): boolean {
    return true;
  }

  protected override preparation(): (value: unknown) => unknown {
    return (value) => Array.from(iterable(value), str);
  }

  protected override adapter(): Adapt {
    return (keys) => textArray(keys as readonly string[]);
  }
}

export class MapHasAnyKeys extends MapHasKeys {
  static override readonly lookupName: string = "has_any_keys";
  static override readonly operator: string = "?|";
}

/** The value of one key; NULL where there is none. */
class MapKey extends Transform {
  static override readonly outputField: Field = TEXT;
  /** One parameter wherever the expression stands, so that the server sees it is the same. */
  private readonly key: Param;

  constructor(name: string, map: unknown) {
    super(map);
    this.key = constant(name);
  }

  override shapeKey(): string {
    return `${JSON.stringify(this.key.value)}${super.shapeKey()}`;
  }

  override asSql(compiler: Compiler): Sql {
    return sql`(${compiler.compile(this.lhs)} -> ${this.key}::text)`;
  }
}

export class MapKeys extends Transform {
  static override readonly lookupName: string = "keys";
  static override readonly function: string = "akeys";
  static override readonly outputField: Field = arrayFieldOf(TEXT);
}

export class MapValues extends Transform {
  static override readonly lookupName: string = "values";
  static override readonly function: string = "avals";
  static override readonly outputField: Field = arrayFieldOf(TEXT);
}

/** Called with `new` like any class of transforms. */
function keyTransform(name: string): RegisteredLookup {
  function construct(lhs: Expression): Expression {
    return new MapKey(name, lhs);
  }
  return Object.assign(construct, { lookupKind: "transform" as const });
}

HStoreField.keyTransform = keyTransform;

for (const lookup of [
  MapContains,
  MapContainedBy,
  MapHasKey,
  MapHasKeys,
  MapHasAnyKeys,
  MapKeys,
  MapValues,
]) {
  HStoreField.registerLookup(lookup);
}
