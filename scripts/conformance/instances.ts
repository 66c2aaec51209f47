/** Encodes results: model instances with what they have loaded, rows, values. Reads state only, sends no query. */
import { isRecord } from "./format.ts";
import { encodeScalar } from "./values.ts";

interface FieldLike {
  readonly name: string;
  readonly attname: string;
  readonly isRelation?: boolean;
  readonly manyToMany?: boolean;
  isCached?(instance: object): boolean;
  getCachedValue?(instance: object): unknown;
}

interface RelationLike {
  readonly name?: string;
  readonly manyToMany?: boolean;
  readonly accessorName?: string | null;
  readonly oneToOne?: boolean;
  isCached?(instance: object): boolean;
  getCachedValue?(instance: object): unknown;
}

interface OptionsLike {
  readonly label: string;
  readonly pkFields: readonly FieldLike[];
  readonly fields: readonly FieldLike[];
  readonly concreteFields: readonly FieldLike[];
  readonly relatedObjects: readonly RelationLike[];
  readonly allParents: readonly { readonly _meta: OptionsLike }[];
}

interface InstanceLike {
  readonly pk: unknown;
  readonly _meta: OptionsLike;
  readonly _state: { prefetched: Map<string, unknown> | null };
}

export interface EncodeOptions {
  /** Attributes that `Prefetch(to_attr)` sets: they count as relations, not as annotations. */
  readonly toAttr: ReadonlySet<string>;
}

export function isInstance(value: unknown): value is InstanceLike & Record<string, unknown> {
  return typeof value === "object" && value !== null && "_state" in value && "_meta" in value;
}

/** The identity of an instance in the format: label and key. */
export function identityOf(instance: InstanceLike): unknown[] {
  const { pk } = instance;
  const key = instance._meta.pkFields.length > 1 && Array.isArray(pk) ? { $tuple: pk.map(encodeKey) } : pk;
  return [instance._meta.label, Array.isArray(pk) ? key : encodeKey(pk)];
}

/** A key; one that is no scalar, such as an expression, as any other value. */
function encodeKey(value: unknown): unknown {
  const scalar = encodeScalar(value);
  return scalar === undefined && value !== undefined
    ? encode(value, { toAttr: new Set() })
    : (scalar ?? null);
}

function isExpression(value: object) {
  return typeof (value as { resolveExpression?: unknown }).resolveExpression === "function";
}

function classNameOf(value: object): string {
  return (value.constructor as { name?: string } | undefined)?.name ?? "object";
}

/** Encodes any result of the library. `outer` are the instances around the value, for `$ref`. */
export function encode(value: unknown, options: EncodeOptions, outer: readonly object[] = []): unknown {
  const scalar = encodeScalar(value);
  if (scalar !== undefined) return scalar;
  if (value === undefined) return { $undefined: true };
  if (Array.isArray(value)) return encodeList(value, options, outer);
  if (typeof value !== "object" || value === null) return { $unknown: typeof value };
  if (value instanceof Map) {
    return {
      $map: [...value].map(([key, item]) => [encode(key, options, outer), encode(item, options, outer)]),
    };
  }
  if (value instanceof Set) return { $set: [...value].map((item) => encode(item, options, outer)) };
  if (isInstance(value)) return encodeInstance(value, options, outer);
  if (isExpression(value)) return { $expression: classNameOf(value) };
  return isRecord(value) ? encodePlain(value, options, outer) : null;
}

/** A list; a row of `valuesList({ named: true })` knows its names. */
function encodeList(value: readonly unknown[], options: EncodeOptions, outer: readonly object[]): unknown {
  const names = (value as { _fields?: readonly string[] })._fields;
  if (!names) return value.map((item) => encode(item, options, outer));
  const named = names.map((name) => [
    name,
    encode((value as unknown as Record<string, unknown>)[name], options, outer),
  ]);
  const rest = value.slice(names.length).map((item) => [null, encode(item, options, outer)]);
  return { $named: [...named, ...rest] };
}

function encodePlain(
  value: Record<string, unknown>,
  options: EncodeOptions,
  outer: readonly object[],
): unknown {
  const entries = Object.entries(value).map(([key, item]) => [key, encode(item, options, outer)] as const);
  return entries.some(([key]) => key.startsWith("$")) ? { $object: entries } : Object.fromEntries(entries);
}

function encodeInstance(
  instance: InstanceLike & Record<string, unknown>,
  options: EncodeOptions,
  outer: readonly object[],
): unknown {
  if (outer.includes(instance)) return { $ref: identityOf(instance) };
  const inner = [...outer, instance];
  const meta = instance._meta;
  const fields: Record<string, unknown> = {};
  const deferred: string[] = [];
  const known = new Set<string>(["_state"]);
  for (const field of meta.concreteFields) {
    known.add(field.attname);
    if (Object.hasOwn(instance, field.attname))
      fields[field.attname] = encode(instance[field.attname], options, inner);
    else deferred.push(field.attname);
  }
  const related = loadedRelations(instance, options, inner);
  const annotations: Record<string, unknown> = {};
  for (const key of Object.keys(instance)) {
    if (known.has(key)) continue;
    const value = instance[key];
    // `Prefetch(to_attr)` and selected filtered relations are attributes of their own.
    const isRelated = isInstance(value) || (options.toAttr.has(key) && Array.isArray(value));
    (isRelated ? related : annotations)[key] = encode(value, options, inner);
  }
  return {
    $obj: identityOf(instance),
    fields,
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ...(Object.keys(related).length > 0 && { related }),
    ...(deferred.length > 0 && { deferred }),
  };
}

function loadedRelations(
  instance: InstanceLike & Record<string, unknown>,
  options: EncodeOptions,
  inner: readonly object[],
): Record<string, unknown> {
  const related: Record<string, unknown> = {};
  const meta = instance._meta;
  for (const field of meta.fields) {
    if (!field.isRelation || !field.isCached?.(instance)) continue;
    related[field.name] = encode(field.getCachedValue?.(instance) ?? null, options, inner);
  }
  const inherited = meta.allParents.flatMap((parent) => parent._meta.relatedObjects);
  for (const relation of [...meta.relatedObjects, ...inherited]) {
    const name = relation.accessorName;
    if (!name || !relation.oneToOne || name in related || !relation.isCached?.(instance)) continue;
    related[name] = encode(relation.getCachedValue?.(instance) ?? null, options, inner);
  }
  for (const [name, value] of instance._state.prefetched ?? []) {
    related[prefetchName(meta, name)] = encode(prefetchedList(value), options, inner);
  }
  return related;
}

/** Django keeps the reverse of a many-to-many relation by its name in queries: `book`, not `book_set`. */
function prefetchName(meta: OptionsLike, accessor: string): string {
  const reverse = meta.relatedObjects.find((relation) => relation.accessorName === accessor);
  return reverse?.manyToMany && reverse.name ? reverse.name : accessor;
}

/** The objects of a prefetched list, which also knows its queryset. */
function prefetchedList(value: unknown): unknown {
  return (value as { rows?: unknown } | null)?.rows ?? value;
}
