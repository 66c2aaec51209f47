/** The shapes of a conformance directory's JSON files. */

export type Json = unknown;

export interface Call {
  m: string;
  args?: Json[];
  kwargs?: Record<string, Json>;
}

/** What Django answered: rows, a value, or an error, and how many statements it sent. */
export interface Outcome {
  rows?: Json[];
  value?: Json;
  object?: Json;
  queries?: number;
  error?: string;
  message?: string;
  errors?: Json;
  objects?: Json[];
  db?: boolean;
  incidental?: boolean;
  constraint?: string;
  caught?: string;
  steps?: Outcome[];
}

export interface QueryCase {
  id: string;
  title?: string;
  app: string;
  model: string;
  manager?: string;
  timezone?: string;
  ordered?: boolean;
  requires?: string;
  chain: Call[];
  terminal: Call;
  expect: Record<string, Outcome>;
}

export interface Step {
  do: string;
  model?: string;
  manager?: string;
  on?: Json;
  chain?: Call[];
  terminal?: Call;
  as?: string;
  pk?: Json;
  m?: string;
  args?: Json[];
  kwargs?: Record<string, Json> | null;
  attr?: string;
  value?: Json;
  steps?: Step[];
  sid?: string;
  label?: string;
  robust?: boolean;
  fail?: boolean;
  nested?: string;
}

export interface TableChange {
  added?: Record<string, Json>[];
  removed?: Json[];
  changed?: { pk: Json; fields: Record<string, Json> }[];
}

export interface MutationOutcome {
  results: Outcome[];
  log?: string[];
  state: Record<string, TableChange | Json>;
}

export interface MutationCase {
  id: string;
  title?: string;
  app: string;
  ordered?: boolean;
  requires?: string;
  steps: Step[];
  expect: Record<string, MutationOutcome>;
}

export interface SchemaField {
  name: string;
  type: string;
  args?: Json[];
  kwargs: Record<string, Json>;
}

export interface SchemaManager {
  name: string;
  chain?: Call[];
}

export interface SchemaModel {
  name: string;
  bases?: string[];
  fields: SchemaField[];
  options?: Record<string, Json>;
  managers?: SchemaManager[];
  resolved: {
    db_table: string;
    pk: string[];
    default_manager?: string;
    columns: [string, string, string, string][];
    reverse: Record<string, { accessor: string | null; model: string; field: string }>;
    many_to_many?: Record<string, { db_table: string; column: string; reverse_column: string }>;
  };
}

export interface Schema {
  app: string;
  settings: Record<string, Json>;
  models: SchemaModel[];
}

export interface DataFile {
  app: string;
  tables: { model: string; rows: Record<string, Json>[] }[];
}

/** Something that this library or this runner cannot do yet. The case counts as failed, with the reason. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";
}

/** Groups items in the order of their first occurrence. */
export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The key of a one-key `{"$form": ...}` object, or undefined for anything else. */
export function formOf(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  for (const key in value) {
    return key.startsWith("$") ? key : undefined;
  }
  return undefined;
}

/** `snake_case` to `camelCase`; names without an inner underscore stay. */
export function camelCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
}
