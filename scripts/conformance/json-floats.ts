/** Whole floats in the arguments of a case: in a document `5.0` is another text than `5`. */
import { formOf, isRecord } from "./format.ts";

interface FieldLike {
  readonly internalType?: string;
  readonly relatedModel?: ModelLike | undefined;
}

interface ModelLike {
  readonly _meta: { findField(name: string): FieldLike | undefined };
}

/** Finds the model class of a label. */
export type FindModel = (label: string) => object | undefined;

/** Does a path of a lookup lead into a document? */
function leadsIntoJson(path: string, model: ModelLike | undefined): boolean {
  let current = model;
  for (const name of path.split("__")) {
    const field = current?._meta.findField(name);
    if (field?.internalType === "JSONField") return true;
    current = field?.relatedModel;
  }
  return false;
}

/** The document with its whole floats as raw JSON. */
function rawFloats(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(rawFloats);
  if (!isRecord(node)) return node;
  if (formOf(node) === "$float" && Number.isInteger(Number(node["$float"]))) {
    return { $rawjson: node["$float"] };
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, rawFloats(value)]));
}

/** A case in which whole floats are raw JSON where they are compared with documents, or stored in them. */
export function withJsonFloats<T>(source: T, find: FindModel): T {
  return rewrite(source, find, undefined) as T;
}

function rewrite(node: unknown, find: FindModel, outer: ModelLike | undefined): unknown {
  if (Array.isArray(node)) {
    const [path, value] = node;
    // A condition of a `Q`.
    if (node.length === 2 && typeof path === "string" && leadsIntoJson(path, outer)) {
      return [path, rawFloats(value)];
    }
    return node.map((item) => rewrite(item, find, outer));
  }
  if (!isRecord(node)) return node;
  const { model: label } = node;
  const model = typeof label === "string" ? (find(label) as ModelLike | undefined) : outer;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      leadsIntoJson(key, model) ? rawFloats(value) : rewrite(value, find, model),
    ]),
  );
}
