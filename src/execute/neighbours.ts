import { ValueError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { ForeignObject } from "../fields/related/foreign-object.ts";
import type { ModelClass, ModelInstance } from "../models/types.ts";
import { Q } from "../query/q.ts";
import { dbLike } from "../router.ts";
import type { Task } from "../task.ts";
import { bulkUpdate } from "./bulk.ts";
import { getOne, isPkSet } from "./fetch.ts";
import { defaultQuerySet, querysetOf, type WritableQuerySet } from "./querysets.ts";

/**
 * The next or previous object in the order of a date field; objects of the same date go by their key.
 *
 * @throws the model's DoesNotExist at the ends
 */
export function* fetchNeighbour(
  instance: ModelInstance,
  field: Field,
  forward: boolean,
  where: object,
): Task<ModelInstance> {
  if (!isPkSet(instance)) throw new ValueError("get_next/get_previous cannot be used on unsaved objects.");
  const operator = forward ? "gt" : "lt";
  const value = instance[field.attname];
  const sameDate = Q.of([{ [field.name]: value, [`pk__${operator}`]: instance.pk }]);
  const condition = sameDate.or(Q.of([{ [`${field.name}__${operator}`]: value }]));
  const sign = forward ? "" : "-";
  const rows = defaultQuerySet(instance._meta, dbLike(instance, instance._meta.model))
    .filterWith([where])
    .filterWith([condition])
    .orderBy(`${sign}${field.name}`, `${sign}pk`);
  const [found] = yield* rows.slice(0, 1).fetch();
  if (found === undefined) {
    const { model } = instance._meta;
    throw new model.DoesNotExist(`${instance._meta.objectName} matching query does not exist.`);
  }
  return found as ModelInstance;
}

const neighbours = new WeakMap<ModelInstance, { next?: ModelInstance; previous?: ModelInstance }>();

/** The next or previous object of the same `orderWithRespectTo`; remembered, as Django does. */
export function* fetchNeighbourInOrder(instance: ModelInstance, forward: boolean): Task<ModelInstance> {
  const known = neighbours.get(instance) ?? {};
  const side = forward ? "next" : "previous";
  const before = known[side];
  if (before !== undefined) return before;
  const opts = instance._meta;
  const field = opts.orderWithRespectTo as unknown as Field;
  const own = defaultQuerySet(opts, null)
    .values("_order")
    .filter({ [opts.pk.name]: instance.pk });
  const rows = defaultQuerySet(opts, null)
    .filterWith([field.getFilterKwargsForObject(instance)])
    .filterWith([{ [`_order__${forward ? "gt" : "lt"}`]: own }])
    .orderBy(forward ? "_order" : "-_order");
  const found = (yield* getOne(rows.slice(0, 1), [])) as ModelInstance;
  known[side] = found;
  neighbours.set(instance, known);
  return found;
}

/** The objects of `model` that are ordered with respect to `instance`. */
function ordered(instance: ModelInstance, model: ModelClass): WritableQuerySet {
  const field = model._meta.orderWithRespectTo as unknown as ForeignObject;
  return querysetOf(model.objects, null).filter(field.getForwardRelatedFilter(instance));
}

/** The primary keys of the objects of `model` that are ordered with respect to the instance, in order. */
export function* getOrder(instance: ModelInstance, model: ModelClass): Task<unknown[]> {
  const rows = ordered(instance, model).valuesList(model._meta.pk.name, { flat: true });
  return [...(yield* rows.fetch())];
}

export function* setOrder(instance: ModelInstance, model: ModelClass, pks: readonly unknown[]): Task<void> {
  const objects = pks.map((pk, position) => {
    const object = new model();
    object.pk = pk;
    object._order = position;
    return object;
  });
  yield* bulkUpdate(ordered(instance, model), objects, ["_order"], {});
}
