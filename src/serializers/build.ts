/** Making objects of what was read: what all formats have in common. */
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import { registry } from "../models/registry.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Task } from "../task.ts";
import { DeserializedObject } from "./deserialized.ts";
import { findsByNaturalKey, getByNaturalKey, hasNaturalKey, naturalKey } from "./natural.ts";
import type { BuildContext } from "./references.ts";

/** What was read of an object. */
export interface ObjectData {
  /** Values by attribute. */
  readonly values: Record<string, unknown>;
  readonly many: Map<string, readonly unknown[]>;
  /** What a field has in the file, of fields that are set later. */
  readonly deferred: Map<Field, unknown>;
}

export function newData(): ObjectData {
  return { values: {}, many: new Map(), deferred: new Map() };
}

/** The model of a label, `undefined` when there is none. */
export function findModel(label: unknown): Options | undefined {
  return typeof label === "string" ? registry.find(label) : undefined;
}

/** A new object. Columns that the database computes are not given, and kept as they were read. */
function construct(opts: Options, values: Readonly<Record<string, unknown>>): ModelInstance {
  const given: Record<string, unknown> = {};
  const computed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const field = opts.findField(name) as Field | undefined;
    (field?.generated ? computed : given)[name] = value;
  }
  return Object.assign(new opts.model(given), computed);
}

/** The object of what was read: that of the database, where only a natural key identifies it. */
export function* buildObject(
  opts: Options,
  { values, many, deferred }: ObjectData,
  context: BuildContext,
): Task<DeserializedObject> {
  const { pk } = opts;
  if (values[pk.attname] == null && findsByNaturalKey(opts) && hasNaturalKey(opts)) {
    const probe = construct(opts, values);
    probe._state.db = context.using;
    const key = yield* naturalKey(probe);
    try {
      const found = yield* getByNaturalKey(opts, context.mode, context.using, key);
      values[pk.attname] = pk.toPython(found.pk);
    } catch (error) {
      if (!(error instanceof opts.model.DoesNotExist)) throw error;
    }
  }
  return new DeserializedObject(construct(opts, values), many, deferred, context);
}
