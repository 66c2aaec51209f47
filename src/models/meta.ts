import { ArgumentTypeError } from "../errors.ts";
import type { Options } from "./options.ts";
import type { Registry } from "./registry.ts";
import type { ManagerRefinement } from "./types.ts";

/** An index of a model; the classes are in `indexes.ts`. */
export interface IndexLike {
  name: string;
  clone(): IndexLike;
  setNameWithModel?(opts: Options): void;
}

/** A constraint of a model; the classes are in `constraints.ts`. */
export interface ConstraintLike {
  name: string;
  clone(): ConstraintLike;
  readonly fields?: readonly string[];
  readonly condition?: unknown;
  readonly containsExpressions?: boolean;
}

/** The third argument of `Model()`: Django's `class Meta`. */
export interface ModelMeta {
  /** A base for other models: it has no table. */
  abstract?: boolean | undefined;
  /** Another class for its parent's table. */
  proxy?: boolean | undefined;
  /** The app, when the label has none. */
  appLabel?: string | undefined;
  baseManagerName?: string | undefined;
  defaultManagerName?: string | undefined;
  dbTable?: string | undefined;
  /** `relatedName` of the relations that give none. */
  defaultRelatedName?: string | undefined;
  /** The fields that `latest()` and `earliest()` go by: `"created"`, `["-priority", "id"]`. */
  getLatestBy?: string | readonly string[] | undefined;
  /**
   * Managers by name, each a function of the plain queryset; the first one is the default manager.
   *
   * `{ published: (posts) => posts.filter({ status: "P" }) }` makes `Post.published` and `Post.apublished`.
   */
  managers?: Readonly<Record<string, ManagerRefinement>> | undefined;
  /** `false`: migrations leave the table alone. */
  managed?: boolean | undefined;
  /** The relation among whose objects these have an order of their own. */
  orderWithRespectTo?: string | undefined;
  /** Names, `"-name"`, or expressions. */
  ordering?: readonly unknown[] | undefined;
  indexes?: readonly IndexLike[] | undefined;
  constraints?: readonly ConstraintLike[] | undefined;
  uniqueTogether?: readonly string[] | readonly (readonly string[])[] | undefined;
  verboseName?: string | undefined;
  verboseNamePlural?: string | undefined;
  dbTableComment?: string | undefined;
  selectOnSave?: boolean | undefined;
  requiredDbVendor?: string | undefined;
  requiredDbFeatures?: readonly string[] | undefined;
}

/** What only the library itself passes on. */
export interface InternalMeta extends ModelMeta {
  /** The model whose many-to-many relation this intermediate model was made for. */
  autoCreated?: Options | undefined;
  apps?: Registry | undefined;
}

const NAMES = [
  "abstract",
  "appLabel",
  "baseManagerName",
  "constraints",
  "dbTable",
  "dbTableComment",
  "defaultManagerName",
  "defaultRelatedName",
  "getLatestBy",
  "indexes",
  "managed",
  "managers",
  "orderWithRespectTo",
  "ordering",
  "proxy",
  "requiredDbFeatures",
  "requiredDbVendor",
  "selectOnSave",
  "uniqueTogether",
  "verboseName",
  "verboseNamePlural",
] as const satisfies readonly (keyof ModelMeta)[];

const ALLOWED = new Set<string>([...NAMES, "autoCreated", "apps"]);

/** Refuses unknown keys and `undefined`-only typos in a model's meta. */
export function checkMeta(label: string, meta: ModelMeta): void {
  const unknown = Object.keys(meta).filter((name) => !ALLOWED.has(name));
  if (unknown.length > 0) {
    throw new ArgumentTypeError(
      `The meta of '${label}' got invalid attribute(s): ${unknown.join(", ")}. Choices are: ${NAMES.join(", ")}`,
    );
  }
}

/** `["a", "b"]` stands for `[["a", "b"]]`. */
export function normalizeTogether(value: ModelMeta["uniqueTogether"]): readonly (readonly string[])[] {
  if (value === undefined || value.length === 0) return [];
  return typeof value[0] === "string"
    ? [value as readonly string[]]
    : (value as readonly (readonly string[])[]);
}

/** `BlogPost` -> `blog post`, Django's name for people. */
export function camelCaseToSpaces(name: string): string {
  return name
    .replace(/(((?<=[a-z])[A-Z])|([A-Z](?![A-Z]|$)))/g, " $1")
    .trim()
    .toLowerCase();
}

/** Copies of indexes or constraints with `%(app_label)s` and `%(class)s` filled in. */
export function formatNames<T extends IndexLike | ConstraintLike>(items: readonly T[], opts: Options): T[] {
  return items.map((item) => {
    const copy = item.clone() as T;
    if (copy.name?.includes("%(")) {
      copy.name = copy.name
        .replaceAll("%(app_label)s", opts.appLabel.toLowerCase())
        .replaceAll("%(class)s", opts.modelName);
    }
    return copy;
  });
}
