import type { Field } from "../fields/field.ts";
import type { PrivateRelation } from "../fields/private.ts";
import type { ForeignObject } from "../fields/related/foreign-object.ts";
import type { ManyToManyField } from "../fields/related/many-to-many.ts";
import type { ManyToManyRel, ManyToOneRel } from "../fields/related/rel.ts";
import type { Mode, Task } from "../task.ts";
import type { Manager, ManagerRefinement, ModelClass, ModelInstance } from "./types.ts";

export interface SaveOptions {
  forceInsert?: boolean | readonly ModelClass[] | undefined;
  forceUpdate?: boolean | undefined;
  using?: string | null | undefined;
  updateFields?: Iterable<string> | null | undefined;
}

export interface SaveBaseOptions extends SaveOptions {
  /** Only the model's own table is written, with the values as they are: what the loading of fixtures needs. */
  raw?: boolean | undefined;
}

export interface DeleteOptions {
  using?: string | null | undefined;
  keepParents?: boolean | undefined;
  onProgress?: ((done: number, total: number) => unknown) | undefined;
}

export interface RefreshOptions {
  using?: string | null | undefined;
  fields?: Iterable<string> | null | undefined;
  fromQueryset?: unknown;
}

/** How many objects a deletion deleted: in all, and per label. */
export type DeleteResult = [number, Record<string, number>];

/**
 * What models ask of the layers above them. `src/install.ts` fills it in, so that `models/` needs no import of them.
 */
export interface ModelHooks {
  /** Runs a task now. `spelling` is how to ask for the same in async code, for `SynchronousOnlyOperation`. */
  runSync<T>(task: Task<T>, spelling?: string): T;
  runAsync<T>(task: Task<T>): Promise<T>;

  save(instance: ModelInstance, options: SaveOptions): Task<void>;
  saveBase(instance: ModelInstance, options: SaveBaseOptions): Task<void>;
  delete(instance: ModelInstance, options: DeleteOptions): Task<DeleteResult>;
  refresh(instance: ModelInstance, options: RefreshOptions): Task<void>;

  /** Loads the object that `field` of the instance refers to. Throws the target's `DoesNotExist`. Caches nothing. */
  fetchRelated(instance: ModelInstance, field: ForeignObject): Task<ModelInstance>;
  /** Loads the object that refers to the instance in a one-to-one relation; `null` for none. Caches nothing. */
  fetchReverse(instance: ModelInstance, rel: ManyToOneRel): Task<ModelInstance | null>;
  /** Loads a relation to one object for several instances, and keeps the objects there. */
  fetchMany(instances: readonly ModelInstance[], name: string): Task<void>;
  /** Loads a deferred column of several instances. */
  fetchColumn(instances: readonly ModelInstance[], field: Field): Task<void>;
  /** The next or previous object in the order of a date field, for `get_next_by_FOO`. */
  fetchNeighbour(instance: ModelInstance, field: Field, forward: boolean, where: object): Task<ModelInstance>;
  /** The next or previous object of the same `orderWithRespectTo`. */
  fetchNeighbourInOrder(instance: ModelInstance, forward: boolean): Task<ModelInstance>;
  /** The primary keys of the objects of `model` that are ordered with respect to the instance, in order. */
  getOrder(instance: ModelInstance, model: ModelClass): Task<unknown[]>;
  setOrder(instance: ModelInstance, model: ModelClass, pks: readonly unknown[]): Task<void>;

  /**
   * A manager of a model: `Pizza.objects`, `Pizza.aobjects`. `refine` makes its queryset of the plain one, for the
   * managers of a model's meta.
   */
  makeManager(model: ModelClass, mode: Mode, refine?: ManagerRefinement): Manager;
  /** A manager with the methods and queryset of another one, for another model or colour. */
  bindManager(manager: Manager, model: ModelClass, mode: Mode): Manager;
  isManager(value: unknown): value is Manager;
  /** The manager of the many side of a relation: `box.pizza_set`, `pizza.toppings`, `topping.pizza_set`. */
  makeRelatedManager(
    instance: ModelInstance,
    relation: ManyToOneRel | ManyToManyRel | ManyToManyField | PrivateRelation,
    mode: Mode,
  ): unknown;
  /** `Pizza.Q({...})`. */
  makeQ(args: readonly unknown[]): unknown;
  /** `Pizza.OuterRef("box")`. */
  makeOuterRef(path: string): unknown;

  /** Validation that needs queries. Throws `ValidationError`. */
  validateRelated(instance: ModelInstance, field: ForeignObject, value: unknown): Task<void>;
  validateUnique(instance: ModelInstance, exclude: ReadonlySet<string>): Task<void>;
  validateConstraints(instance: ModelInstance, exclude: ReadonlySet<string>): Task<void>;
}

const NAMES = [
  "runSync",
  "runAsync",
  "save",
  "saveBase",
  "delete",
  "refresh",
  "fetchRelated",
  "fetchReverse",
  "fetchMany",
  "fetchColumn",
  "fetchNeighbour",
  "fetchNeighbourInOrder",
  "getOrder",
  "setOrder",
  "makeManager",
  "bindManager",
  "isManager",
  "makeRelatedManager",
  "makeQ",
  "makeOuterRef",
  "validateRelated",
  "validateUnique",
  "validateConstraints",
] as const satisfies readonly (keyof ModelHooks)[];

function missing(name: string): never {
  throw new Error(
    `asgimod: '${name}' is not installed. Import models from "asgimod", not from a file inside it.`,
  );
}

/** The hooks in use. Until they are installed, each one says so. */
export const hooks = Object.fromEntries(
  NAMES.map((name) => [name, () => missing(name)]),
) as unknown as ModelHooks;
hooks.isManager = (_value): _value is Manager => false;

/** Fills in hooks. A later call may replace some of them. */
export function installHooks(installed: Partial<ModelHooks>): void {
  Object.assign(hooks, installed);
}
