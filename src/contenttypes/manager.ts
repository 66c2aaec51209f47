import type { GetOrCreateOptions, UpdateOrCreateOptions } from "../execute/create.ts";
import type { BulkOptions } from "../execute/many-to-one.ts";
import { withOptions } from "../execute/with-options.ts";
import type { Manager } from "../manager.ts";
import type { BaseQuerySet } from "../queryset.ts";
import { RelatedManager, splitOptions, then } from "../related.ts";
import type { Mode, Result } from "../task.ts";
import { contentTypeIdOf } from "./expression.ts";
import type { GenericRelation } from "./relation.ts";
import {
  addGeneric,
  clearGeneric,
  createGeneric,
  type GenericSide,
  getOrCreateGeneric,
  removeGeneric,
  setGeneric,
  updateOrCreateGeneric,
} from "./write.ts";

type Values = Readonly<Record<string, unknown>>;

/** `bookmark.tags`: the objects that refer to one object by a generic foreign key. */
export class GenericRelatedManager extends RelatedManager implements GenericSide {
  readonly field: GenericRelation;
  readonly cacheName: string;

  constructor(manager: Manager, field: GenericRelation) {
    super(manager);
    this.field = field;
    this.cacheName = field.name;
  }

  protected override again(manager: Manager): RelatedManager {
    return this.field.makeManager(manager) as RelatedManager;
  }

  protected override apply(queryset: BaseQuerySet): BaseQuerySet {
    const { instance, field } = this;
    const own = queryset.filter({
      [field.contentTypeField]: contentTypeIdOf(instance, field.forConcreteModel),
      [field.objectIdField]: instance.pk,
    });
    return this.adopt(own, own.known);
  }

  /** Makes saved objects refer to this one. */
  add(...args: readonly unknown[]): Result<Mode, void> {
    const { objects, options } = splitOptions<BulkOptions>(args);
    return this.run(withOptions("add", options, ["bulk"], addGeneric(this, objects, options)));
  }

  /** Deletes objects that refer to this one. */
  remove(...args: readonly unknown[]): Result<Mode, void> {
    const { objects, options } = splitOptions<BulkOptions>(args);
    return this.run(withOptions("remove", options, ["bulk"], removeGeneric(this, objects, options)));
  }

  /** Deletes all objects that refer to this one. */
  clear(options: BulkOptions = {}): Result<Mode, void> {
    return this.run(withOptions("clear", options, ["bulk"], clearGeneric(this, options)));
  }

  set(objects: unknown, options: BulkOptions & { readonly clear?: boolean } = {}): Result<Mode, void> {
    return this.run(withOptions("set", options, ["bulk", "clear"], setGeneric(this, objects, options)));
  }

  create(values: Values = {}): unknown {
    return this.run(createGeneric(this, values));
  }

  getOrCreate(lookups: Values = {}, options?: GetOrCreateOptions): unknown {
    return this.run(getOrCreateGeneric(this, lookups, options));
  }

  updateOrCreate(lookups: Values = {}, options?: UpdateOrCreateOptions): unknown {
    return this.run(updateOrCreateGeneric(this, lookups, options));
  }
}

/** `bookmark.atags`. */
export class AsyncGenericRelatedManager extends GenericRelatedManager {
  declare then: typeof then;
}
Object.defineProperty(AsyncGenericRelatedManager.prototype, "then", {
  value: then,
  configurable: true,
  writable: true,
});
