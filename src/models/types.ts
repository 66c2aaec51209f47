/** The loose types that the library itself works with; users see those of `src/types/`. */

import type { Mode } from "../task.ts";
import type { RefreshOptions } from "./hooks.ts";
import type { Options } from "./options.ts";
import type { ModelState } from "./state.ts";

/** An instance of some model: its columns are own properties under their `attname`. */
export interface ModelInstance {
  _state: ModelState;
  readonly _meta: Options;
  pk: unknown;
  getDeferredFields(): Set<string>;
  refreshFromDb(options?: RefreshOptions): void;
  equals(other: unknown): boolean;
  [name: string]: unknown;
}

export type ErrorClass = new (message: string, options?: { cause?: unknown }) => Error;

/** A model class: the user's own once it is known, else the base that `Model()` returned. */
export interface ModelClass {
  new (init?: Readonly<Record<string, unknown>> | typeof RAW): ModelInstance;
  readonly prototype: ModelInstance;
  readonly name: string;
  readonly label: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly _meta: Options;
  readonly objects: Manager;
  readonly aobjects: Manager;
  readonly _defaultManager: Manager;
  readonly _baseManager: Manager;
  readonly DoesNotExist: ErrorClass;
  readonly MultipleObjectsReturned: ErrorClass;
  readonly NotUpdated: ErrorClass;
  fromDb(alias: string, attnames: readonly string[], values: readonly unknown[]): ModelInstance;
}

/** What the models need to know of a manager; the class is in `manager.ts`. */
export interface Manager {
  readonly model: ModelClass;
  readonly mode: Mode;
}

/** What a manager of a model's meta does to the plain queryset. */
export type ManagerRefinement = (queryset: never) => unknown;

/** `new Pizza(RAW)` makes an instance without state and fields: whoever asks for it sets them. */
export const RAW: unique symbol = Symbol("asgimod.raw");
