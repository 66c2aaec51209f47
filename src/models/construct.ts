import { ArgumentTypeError, IndexError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { ForeignObject } from "../fields/related/foreign-object.ts";
import { repr } from "../util/repr.ts";
import { deferredPrototype, deferredTarget } from "./deferred.ts";
import type { Options } from "./options.ts";
import { postInit, preInit } from "./signals.ts";
import { ModelState } from "./state.ts";
import { type ModelClass, type ModelInstance, RAW } from "./types.ts";

/** What the constructor does for one column. */
interface Step {
  readonly name: string;
  readonly attname: string;
  readonly isRelation: boolean;
  readonly field: Field;
}

interface Plan {
  readonly version: number;
  readonly steps: readonly Step[];
  /** Columns that the database computes: they have no value until the object is saved. */
  readonly generated: readonly string[];
}

const plans = new WeakMap<Options, Plan>();

function planOf(opts: Options): Plan {
  const known = plans.get(opts);
  if (known !== undefined && known.version === opts.apps.version) return known;
  const plan: Plan = {
    version: opts.apps.version,
    steps: opts.concreteFields
      .filter((field) => !field.generated)
      .map((field) => ({
        name: field.name,
        attname: field.attname,
        isRelation: field instanceof ForeignObject,
        field,
      })),
    generated: opts.concreteFields.filter((field) => field.generated).map((field) => field.attname),
  };
  plans.set(opts, plan);
  return plan;
}

/**
 * Sets the fields of a new instance: the given values, else the defaults, as own properties in the order of the
 * fields.
 *
 * @param init values by field name or attname; other keys must be settable properties
 * @throws ArgumentTypeError for unknown keys, for `undefined`, and for what is no object
 */
export function construct(
  instance: ModelInstance,
  init: Readonly<Record<string, unknown>>,
  model: ModelClass,
): void {
  const opts = instance._meta;
  if (opts.abstract) throw new ArgumentTypeError("Abstract models cannot be instantiated.");
  if (typeof init !== "object") throw new ArgumentTypeError(`${inOneObject(opts)}, not ${repr(init)}.`);
  if (opts.model !== model) opts.adopt(model);
  if (preInit.hasListeners(model)) preInit.send(model, { kwargs: init });
  const plan = planOf(opts);
  if (plan.generated.length > 0) Object.setPrototypeOf(instance, deferredPrototype(model, plan.generated));
  instance._state = new ModelState();
  let used = 0;
  for (const { name, attname, isRelation, field } of plan.steps) {
    let value = init[isRelation ? attname : name];
    if (isRelation && init[name] !== undefined) {
      instance[name] = init[name];
      used++;
      // Both are given: the column has the last word.
      if (value === undefined) continue;
    }
    if (value === undefined) value = field.getDefault();
    else used++;
    instance[attname] = value;
  }
  if (used < Object.keys(init).length) setOthers(instance, init, plan);
  if (postInit.hasListeners(model)) postInit.send(model, { instance });
}

/** Values by position, as Python's constructors take them, would be lost. */
export function refuseMore(opts: Options): never {
  throw new IndexError(`Number of args exceeds number of fields: ${inOneObject(opts)}.`);
}

function inOneObject({ objectName, concreteFields, pkFields }: Options): string {
  const [field = pkFields[0]] = concreteFields.filter(({ primaryKey }) => !primaryKey);
  return `${objectName}() takes one object, new ${objectName}({ ${field?.name}: ... })`;
}

/** Keys that are no columns: `pk`, properties of the class, relations (which say how to set them instead). */
function setOthers(instance: ModelInstance, init: Readonly<Record<string, unknown>>, plan: Plan): void {
  const opts = instance._meta;
  const done = new Set(plan.steps.flatMap((step) => [step.name, step.attname]));
  const unexpected: string[] = [];
  for (const [key, value] of Object.entries(init)) {
    if (value === undefined) {
      throw new ArgumentTypeError(
        `${opts.objectName}() got undefined for '${key}'. Leave the key out, or use null for NULL.`,
      );
    }
    if (done.has(key)) continue;
    if (isSettable(instance, key)) instance[key] = value;
    else unexpected.push(key);
  }
  if (unexpected.length > 0) {
    throw new ArgumentTypeError(
      `${opts.objectName}() got unexpected keyword arguments: ${unexpected.map(repr).join(", ")}`,
    );
  }
}

function isSettable(instance: ModelInstance, key: string): boolean {
  if (key === "constructor" || key === "__proto__") return false;
  for (
    let proto: object | null = Object.getPrototypeOf(instance);
    proto !== null;
    proto = Object.getPrototypeOf(proto)
  ) {
    const property = Object.getOwnPropertyDescriptor(proto, key);
    if (property !== undefined) return property.set !== undefined && proto !== Object.prototype;
  }
  return false;
}

/** Makes an instance of a row's values; see `BaseModel.fromDb`. */
export function fromDb(
  model: ModelClass,
  alias: string,
  attnames: readonly string[],
  values: readonly unknown[],
): ModelInstance {
  const opts = model._meta;
  const columns = opts.concreteFields;
  const at = new Map(attnames.map((attname, i) => [attname, i]));
  const missing = columns.filter((column) => !at.has(column.attname)).map((column) => column.attname);
  const target = missing.length === 0 ? model : deferredTarget(model, missing);
  const instance = Reflect.construct(model, [RAW], target) as ModelInstance;
  if (preInit.hasListeners(model)) preInit.send(model, { kwargs: {} });
  const state = new ModelState();
  state.adding = false;
  state.db = alias;
  instance._state = state;
  for (const { attname } of columns) {
    const i = at.get(attname);
    if (i !== undefined) instance[attname] = values[i];
  }
  if (postInit.hasListeners(model)) postInit.send(model, { instance });
  return instance;
}
