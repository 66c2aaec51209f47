/** `asgimod/contenttypes`: relations to objects of any model. Django: "The contenttypes framework". */
import { Prefetch } from "../query/prefetch.ts";
import type {
  GenericForeignKeyFactory,
  GenericPrefetchFactory,
  GenericRelationFactory,
} from "../types/index.ts";
import * as foreign from "./foreign-key.ts";
import type * as models from "./models.ts";
import * as relations from "./relation.ts";

export { ContentType } from "./models.ts";
export type * from "./types.ts";

declare module "asgimod" {
  interface Apps {
    contenttypes: typeof models;
  }
}

export const GenericForeignKey: GenericForeignKeyFactory = ((...args: readonly never[]) =>
  new foreign.GenericForeignKey(...args)) as unknown as GenericForeignKeyFactory;

export const GenericRelation: GenericRelationFactory = ((to: string, options?: object) =>
  new relations.GenericRelation(to, options)) as unknown as GenericRelationFactory;

export const GenericPrefetch: GenericPrefetchFactory = ((
  lookup: string,
  querysets: readonly unknown[],
  options: { toAttr?: string } = {},
) =>
  new Prefetch(lookup, {
    querysets: querysets.filter((each) => each !== null),
    ...options,
  })) as unknown as GenericPrefetchFactory;
