import { connections } from "../connections.ts";
import type { Field } from "../fields/field.ts";
import type { ForeignObject } from "../fields/related/foreign-object.ts";
import type { Options } from "../models/options.ts";
import { type InsertPlan, insertPlan } from "./insert.ts";
import { UpdatePlan } from "./update-by-pk.ts";

/** What saving needs to know of one table of a model, computed once. */
export class WriteModel {
  readonly version: number;
  readonly opts: Options;
  /** The columns that an INSERT with a primary key writes, and without one. */
  readonly withPk: readonly Field[];
  readonly withoutPk: readonly Field[];
  /** The columns that an UPDATE writes. */
  readonly updatable: readonly Field[];
  readonly returning: readonly Field[];
  /** A new object's key is made by a default, so that there can be no row to update. */
  readonly pkHasDefault: boolean;
  /** Keys are one column. */
  readonly pkAttname: string | null;
  /** The base manager shows all rows. */
  readonly plainManager: boolean;
  readonly relations: readonly ForeignObject[];
  private readonly inserts: [Map<string, InsertPlan>, Map<string, InsertPlan>] = [new Map(), new Map()];
  private readonly updates = new Map<string, UpdatePlan>();

  constructor(opts: Options) {
    this.opts = opts;
    this.version = opts.apps.version;
    const pks = new Set<Field>(opts.pkFields);
    const own = opts.localConcreteFields.filter((field) => !field.generated);
    this.withPk = own;
    this.withoutPk = own.filter((field) => !(field.isAutoField && field === opts.pk));
    this.updatable = own.filter((field) => !pks.has(field));
    this.returning = opts.dbReturningFields;
    this.pkHasDefault = opts.pkFields.every((field) => field.hasDefault() || field.hasDbDefault());
    this.pkAttname = opts.isCompositePk ? null : opts.pk.attname;
    let plain = true;
    for (let base: Options | null = opts; base !== null; base = base.base) {
      if (base.baseManagerName !== null) plain = false;
    }
    this.plainManager = plain;
    this.relations = opts.concreteFields.filter((field) => field.isRelation) as Field[] as ForeignObject[];
  }

  /** The plan of an INSERT with or without the primary key. */
  insert(alias: string, pkSet: boolean): InsertPlan {
    const known = this.inserts[pkSet ? 0 : 1];
    let plan = known.get(alias);
    if (plan === undefined || plan.ops !== connections.ops(alias)) {
      plan = insertPlan(this.opts, alias, pkSet ? this.withPk : this.withoutPk, this.returning);
      known.set(alias, plan);
    }
    return plan;
  }

  /** The plan of an UPDATE of these fields by primary key. */
  update(alias: string, fields: readonly Field[]): UpdatePlan {
    const key = fields === this.updatable ? alias : `${alias}|${fields.map((field) => field.name).join()}`;
    let plan = this.updates.get(key);
    const ops = connections.ops(alias);
    if (plan === undefined || plan.ops !== ops) {
      plan = new UpdatePlan(this.opts, ops, fields);
      this.updates.set(key, plan);
    }
    return plan;
  }
}

const known = new WeakMap<Options, WriteModel>();

export function writeModel(opts: Options): WriteModel {
  let model = known.get(opts);
  if (model === undefined || model.version !== opts.apps.version) {
    model = new WriteModel(opts);
    known.set(opts, model);
  }
  return model;
}
