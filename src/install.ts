/**
 * Ties the layers together: models ask for queries, saving and managers through hooks, which are filled in here.
 * Importing this file also makes the lookups and the backends known.
 */
import "./backends/mysql/index.ts";
import "./backends/postgresql/index.ts";
import "./backends/base/slow-queries.ts";
import "./backends/sqlite/index.ts";
import "./expressions/combinable.ts";
import "./lookups/register.ts";
import { setDefaultValues } from "./backends/base/values.ts";
import { connections } from "./connections.ts";
import { SynchronousOnlyOperation } from "./errors.ts";
import { deleteInstance } from "./execute/delete.ts";
import { fetchNeighbour, fetchNeighbourInOrder, getOrder, setOrder } from "./execute/neighbours.ts";
import { refresh } from "./execute/refresh.ts";
import { fetchColumn, fetchMany, fetchRelated, fetchReverse } from "./execute/related.ts";
import { runAsync, runSync } from "./execute/run.ts";
import { save, saveBase } from "./execute/save.ts";
import { validateConstraints, validateRelated, validateUnique } from "./execute/validate.ts";
import type { Expression } from "./expressions/base.ts";
import { DatabaseDefault } from "./expressions/database-default.ts";
import { OuterRef } from "./expressions/f.ts";
import { Value } from "./expressions/value.ts";
import type { Field } from "./fields/field.ts";
import { fieldHooks } from "./fields/hooks.ts";
import { Manager, makeManager } from "./manager.ts";
import { BaseModel } from "./models/base.ts";
import { configureModels } from "./models/configure.ts";
import { installHooks } from "./models/hooks.ts";
import type { ModelClass } from "./models/types.ts";
import { Q } from "./query/q.ts";
import type { BaseQuerySet } from "./queryset.ts";
import { makeRelatedManager } from "./related.ts";
import { schemasOf } from "./schemas/schema.ts";
import { onConfigure } from "./settings.ts";

installHooks({
  runSync(task, spelling) {
    try {
      return runSync(task);
    } catch (error) {
      if (spelling === undefined || !(error instanceof SynchronousOnlyOperation)) throw error;
      // What the task itself has called in sync code has said already how it is spelled.
      if (error.cause instanceof SynchronousOnlyOperation) throw error;
      throw new SynchronousOnlyOperation(`${error.message} Here: \`${spelling}\`.`, { cause: error });
    }
  },
  runAsync,
  makeManager: (model, mode, refine) =>
    makeManager({
      model,
      mode,
      database: null,
      methods: [],
      refine: (refine as ((queryset: BaseQuerySet) => BaseQuerySet) | undefined) ?? null,
    }),
  bindManager: (manager, model, mode) => (manager as Manager).bind(model, mode),
  isManager: (value): value is Manager => value instanceof Manager,
  makeQ: (args) => Q.of(args),
  makeOuterRef: (path) => new OuterRef(path),
  save,
  saveBase,
  delete: deleteInstance,
  refresh,
  fetchRelated,
  fetchReverse,
  fetchMany,
  fetchColumn,
  fetchNeighbour,
  fetchNeighbourInOrder,
  getOrder,
  setOrder,
  makeRelatedManager,
  validateRelated,
  validateUnique,
  validateConstraints,
});

Object.defineProperty(BaseModel, "schema", {
  configurable: true,
  get(this: ModelClass) {
    this._meta.adopt(this);
    return schemasOf(this._meta);
  },
});

setDefaultValues(() => connections.ops().values);
fieldHooks.databaseDefault = (expression, outputField) =>
  new DatabaseDefault(expression as Expression, { outputField: outputField as Field });
fieldHooks.value = (value, outputField) => new Value(value, { outputField: outputField as Field });

onConfigure((settings) => configureModels(settings as Parameters<typeof configureModels>[0]));
