/** Database routers: which database a model's rows are in. */
import type { ModelStateView } from "./instances.ts";

/** A model class as routers see it. */
export interface RoutedModel {
  readonly name: string;
  /** `"shop.Pizza"` */
  readonly label: string;
  readonly _meta: ModelMeta;
}

/** The names of a model. Django: Model `_meta` API. */
export interface ModelMeta {
  /** `"shop"` */
  readonly appLabel: string;
  /** `"pizza"`: Django's `model_name`, in lower case. */
  readonly modelName: string;
  /** `"shop.Pizza"` */
  readonly label: string;
  readonly dbTable: string;
}

/** An object as routers see it. */
export interface RoutedInstance {
  readonly pk: unknown;
  readonly _state: ModelStateView;
  readonly _meta: ModelMeta;
}

/** What else is known of a query. */
export interface RouterHints {
  /** The object that the query is about: whose relation is read, that is saved. */
  readonly instance?: RoutedInstance;
}

/** What else is known of a table. */
export interface MigrateHints {
  /** The model's name in lower case. */
  readonly modelName?: string;
  readonly model?: RoutedModel;
}

/**
 * Says which database a model's queries use. Each method may be missing, and may have no opinion (`null`,
 * `undefined`): then the next router is asked, and in the end the database of the hint `instance`, or `default`.
 *
 * Django: Multiple databases, "Automatic database routing".
 *
 * @example
 * class ArchiveRouter implements DatabaseRouter {
 *   dbForRead = (model: RoutedModel) => (model._meta.appLabel === "archive" ? "archive" : null);
 *   dbForWrite = this.dbForRead;
 * }
 */
export interface DatabaseRouter {
  /** The alias of the database that rows of `model` are read from. */
  dbForRead?(model: RoutedModel, hints: RouterHints): string | null | undefined;
  /** The alias of the database that rows of `model` are written to. */
  dbForWrite?(model: RoutedModel, hints: RouterHints): string | null | undefined;
  /** Whether the two objects may be related. Where no router says so: if they are of the same database. */
  allowRelation?(one: RoutedInstance, other: RoutedInstance): boolean | null | undefined;
  /** Whether the tables of the app's models are made in the database `alias`. Where no router says so: yes. */
  allowMigrate?(alias: string, appLabel: string, hints: MigrateHints): boolean | null | undefined;
  /**
   * Whether two databases hold the same rows, as a primary and its replicas do: objects read from one count as saved in
   * the other. Not in Django.
   */
  sameData?(alias: string, other: string): boolean | null | undefined;
}

/** A router, or a class of which one is made. */
export type RouterConfig = DatabaseRouter | (new () => DatabaseRouter);
