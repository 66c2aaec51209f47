import type { Field } from "../fields/field.ts";
import { ForeignKey, OneToOneField } from "../fields/related/foreign-key.ts";
import { ForeignObject } from "../fields/related/foreign-object.ts";
import { ManyToManyField } from "../fields/related/many-to-many.ts";
import type { ManyToManyRel, ManyToOneRel } from "../fields/related/rel.ts";
import type { RelatedField } from "../fields/related/related-field.ts";
import { installForward, installMany, installReverseOneToOne } from "./descriptors.ts";
import { hooks } from "./hooks.ts";
import type { Options } from "./options.ts";
import type { ModelClass, ModelInstance } from "./types.ts";

/** Both colours of a method: `name` in the sync half, `aname` in the async one. */
function defineMethod(opts: Options, name: string, sync: unknown, async: unknown): void {
  const property = (value: unknown): PropertyDescriptor => ({
    configurable: true,
    enumerable: false,
    writable: true,
    value,
  });
  Object.defineProperty(opts.rootClass.prototype, name, property(sync));
  if (async === null) return;
  opts.asyncAccessors.set(`a${name}`, property(async));
  for (const prototype of opts.asyncPrototypes) Object.defineProperty(prototype, `a${name}`, property(async));
}

/** What a field adds to the instances of its model. */
export function installFieldAccessors(opts: Options, field: Field): void {
  if (field instanceof ForeignObject) installForward(opts, field);
  else if (field instanceof ManyToManyField)
    installMany(opts, field.name, field, "forward side of a many-to-many set");
  if (field.options.choices != null) installDisplay(opts, field);
  if (isDated(field) && !field.null) installNeighbours(opts, field);
}

/** What a relation adds to the instances of its target. */
export function installReverseAccessors(field: RelatedField): void {
  const rel = field.remoteField;
  if (rel.hidden) return;
  const name = rel.accessorName;
  if (name === null) return;
  if (field instanceof ManyToManyField) {
    installMany(rel.opts, name, rel as ManyToManyRel, "reverse side of a many-to-many set");
  } else if (field instanceof OneToOneField) {
    installReverseOneToOne(rel.opts.concreteOpts, rel as ManyToOneRel);
  } else if (field instanceof ForeignKey) {
    installMany(rel.opts.concreteOpts, name, rel as ManyToOneRel, "reverse side of a related set");
  }
}

/** `get_status_display()`: the label of the choice. */
function installDisplay(opts: Options, field: Field): void {
  defineMethod(
    opts,
    `get_${field.name}_display`,
    function (this: ModelInstance) {
      const value = this[field.attname];
      const found = field.flatchoices.find(
        ([choice]) => choice === value || (choice != null && String(choice) === String(value)),
      );
      return found === undefined ? (value === null ? null : String(value)) : found[1];
    },
    null,
  );
}

function isDated(field: Field): boolean {
  return field.internalType === "DateField" || field.internalType === "DateTimeField";
}

/** `get_next_by_created()`, `get_previous_by_created()`. */
function installNeighbours(opts: Options, field: Field): void {
  for (const forward of [true, false]) {
    const name = `get_${forward ? "next" : "previous"}_by_${field.name}`;
    defineMethod(
      opts,
      name,
      function (this: ModelInstance, where: object = {}) {
        return hooks.runSync(
          hooks.fetchNeighbour(this, field, forward, where),
          `await ${opts.modelName}.a${name}()`,
        );
      },
      function (this: ModelInstance, where: object = {}) {
        return hooks.runAsync(hooks.fetchNeighbour(this, field, forward, where));
      },
    );
  }
}

/** `get_next_in_order()` and `get_previous_in_order()`, for `orderWithRespectTo`. */
export function installOrderMethods(opts: Options): void {
  for (const forward of [true, false]) {
    const name = `get_${forward ? "next" : "previous"}_in_order`;
    defineMethod(
      opts,
      name,
      function (this: ModelInstance) {
        return hooks.runSync(
          hooks.fetchNeighbourInOrder(this, forward),
          `await ${opts.modelName}.a${name}()`,
        );
      },
      function (this: ModelInstance) {
        return hooks.runAsync(hooks.fetchNeighbourInOrder(this, forward));
      },
    );
  }
}

/** `question.get_answer_order()` and `set_answer_order([...])` on the objects that others are ordered by. */
export function installForeignOrder(target: Options, opts: Options): void {
  const model = (): ModelClass => opts.model;
  const get = `get_${opts.modelName}_order`;
  const set = `set_${opts.modelName}_order`;
  defineMethod(
    target,
    get,
    function (this: ModelInstance) {
      return hooks.runSync(hooks.getOrder(this, model()), `await ${target.modelName}.a${get}()`);
    },
    function (this: ModelInstance) {
      return hooks.runAsync(hooks.getOrder(this, model()));
    },
  );
  defineMethod(
    target,
    set,
    function (this: ModelInstance, pks: readonly unknown[]) {
      hooks.runSync(hooks.setOrder(this, model(), pks), `await ${target.modelName}.a${set}(...)`);
    },
    function (this: ModelInstance, pks: readonly unknown[]) {
      return hooks.runAsync(hooks.setOrder(this, model(), pks));
    },
  );
}
