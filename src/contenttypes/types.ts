/** The public types of content types and generic relations. */
import type { Mode, Result } from "../task.ts";
import type { AnyModelClass, AsyncManager, Manager, QuerySetOf } from "../types/index.ts";
import type { ContentType } from "./models.ts";

/** A model class, or an object of one. */
export type ModelOrObject = { readonly prototype: object; readonly label: string } | { readonly pk: unknown };

/** The class of a model that is known at run time only. */
export interface SomeModel extends AnyModelClass {
  readonly label: string;
  readonly name: string;
}

/** What the managers of `ContentType` have beside those of every model. */
export interface ContentTypeMethods<C extends Mode> {
  /**
   * The content type of a model, made where there is none yet; a proxy has that of its table.
   * Later calls need no query. Django: The contenttypes framework, `get_for_model()`.
   *
   * @param options `forConcreteModel: false`: a proxy has one of its own
   * @example `const type = await ContentType.aobjects.getForModel(Pizza)`
   */
  getForModel(model: ModelOrObject, options?: { forConcreteModel?: boolean }): Result<C, ContentType>;
  /** The content types of several models, with one query. Django: The contenttypes framework, `get_for_models()`. */
  getForModels(
    ...models: readonly (ModelOrObject | { readonly forConcreteModels: boolean })[]
  ): Result<C, Map<object, ContentType>>;
  /** A content type by its id; later calls need no query. Throws `ContentType.DoesNotExist`. */
  getForId(id: number): Result<C, ContentType>;
  /** A content type by the app's label and the model's name in lower case. */
  getByNaturalKey(appLabel: string, model: string): Result<C, ContentType>;
  /** Forgets what is known: for tests that replace the rows of the table. */
  clearCache(): void;
}

export type ContentTypeManager = Manager<"contenttypes.ContentType", ContentTypeMethods<"sync">> &
  ContentTypeMethods<"sync">;
export type AsyncContentTypeManager = AsyncManager<"contenttypes.ContentType", ContentTypeMethods<"async">> &
  ContentTypeMethods<"async">;

/** The queryset of content types, in a colour. */
export type ContentTypeQuerySet<C extends Mode> = QuerySetOf<
  C,
  "contenttypes.ContentType",
  ContentType,
  Record<never, never>,
  ContentTypeMethods<C>
>;
