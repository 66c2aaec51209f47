import { type Block, blockOn, currentBlock } from "../backends/base/transaction.ts";
import { connections } from "../connections.ts";
import type { ModelInstance } from "../models/types.ts";
import { onTablesDropped } from "../schema.ts";
import { onCommit } from "../transaction.ts";

/** A content type as the library sees it. */
export interface ContentTypeRow extends ModelInstance {
  id: number;
  app_label: string;
  model: string;
}

type Known = Map<string | number, ContentTypeRow>;

/**
 * The content types that are known: per connection, and per transaction, because what a transaction has read or made
 * may be rolled back with it.
 */
let ofConnections = new WeakMap<object, Known>();
let ofBlocks = new WeakMap<Block, Known>();

function knownTo<K extends object>(all: WeakMap<K, Known>, owner: K): Known {
  let known = all.get(owner);
  if (known === undefined) {
    known = new Map();
    all.set(owner, known);
  }
  return known;
}

/** The key of a model: content types go by the names that Django gives models. */
export function modelKey(appLabel: string, model: string): string {
  return `${appLabel}.${model}`;
}

/** A content type that was loaded before, by its id or {@link modelKey}. */
export function cachedContentType(alias: string, key: string | number): ContentTypeRow | undefined {
  for (let block = blockOn(alias, currentBlock()); block !== null; block = blockOn(alias, block.outer)) {
    const found = ofBlocks.get(block)?.get(key);
    if (found !== undefined) return found;
  }
  return ofConnections.get(connections.get(alias))?.get(key);
}

function keep(known: Known, type: ContentTypeRow): void {
  known.set(type.id, type);
  known.set(modelKey(type.app_label, type.model), type);
}

/** Remembers a content type; for good when the transaction that has read it is committed. */
export function rememberContentType(alias: string, type: ContentTypeRow): void {
  const keepForGood = () => keep(knownTo(ofConnections, connections.get(alias)), type);
  const block = blockOn(alias, currentBlock());
  if (block === null) {
    keepForGood();
    return;
  }
  keep(knownTo(ofBlocks, block), type);
  onCommit(keepForGood, { using: alias });
}

/** Forgets all content types. */
export function clearCache(): void {
  ofConnections = new WeakMap();
  ofBlocks = new WeakMap();
}

onTablesDropped(clearCache);
