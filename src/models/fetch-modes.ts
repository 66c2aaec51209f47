import { FieldFetchBlocked } from "../errors.ts";
import type { Task } from "../task.ts";
import type { ModelInstance } from "./types.ts";

/** What a fetch mode loads: a relation to one object, or a deferred column. */
export interface Fetcher {
  /** The name of the field, for the error of `FETCH_RAISE`. */
  readonly name: string;
  isFetched(instance: ModelInstance): boolean;
  /** Loads the value for one instance, and keeps it there. */
  fetchOne(instance: ModelInstance): Task<unknown>;
  /** Loads the values of many instances, none of which has it yet. */
  fetchMany(instances: readonly ModelInstance[]): Task<unknown>;
}

/**
 * What happens when a value is read that is not loaded. Instances remember the mode of their queryset.
 *
 * Django: "Fetch modes".
 */
export abstract class FetchMode {
  readonly name: string;
  /** Instances know those that were fetched together with them. */
  readonly trackPeers: boolean;

  constructor(name: string, trackPeers: boolean) {
    this.name = name;
    this.trackPeers = trackPeers;
  }

  abstract fetch(fetcher: Fetcher, instance: ModelInstance): Task<void>;

  toString(): string {
    return this.name;
  }
}

class FetchOne extends FetchMode {
  *fetch(fetcher: Fetcher, instance: ModelInstance): Task<void> {
    yield* fetcher.fetchOne(instance);
  }
}

class FetchPeers extends FetchMode {
  *fetch(fetcher: Fetcher, instance: ModelInstance): Task<void> {
    const missing = livingPeers(instance).filter((peer) => peer === instance || !fetcher.isFetched(peer));
    if (missing.length > 1) yield* fetcher.fetchMany(missing);
    else yield* fetcher.fetchOne(instance);
  }
}

class FetchRaise extends FetchMode {
  // biome-ignore lint/correctness/useYield: it never gets so far
  *fetch(fetcher: Fetcher, instance: ModelInstance): Task<void> {
    throw new FieldFetchBlocked(`Fetching of ${instance._meta.objectName}.${fetcher.name} blocked.`);
  }
}

/** Loads a missing value for the one instance on which it is read: the default. Django: "Fetch modes". */
export const FETCH_ONE: FetchMode = new FetchOne("FETCH_ONE", false);

/**
 * Loads a missing value for all instances that were fetched by the same queryset, with one query.
 *
 * @example
 * for (const pizza of Pizza.objects.fetchMode(FETCH_PEERS)) pizza.box; // two queries in all
 *
 * Django: "Fetch modes".
 */
export const FETCH_PEERS: FetchMode = new FetchPeers("FETCH_PEERS", true);

/** Loads nothing: reading a missing value throws `FieldFetchBlocked`. Django: "Fetch modes". */
export const FETCH_RAISE: FetchMode = new FetchRaise("FETCH_RAISE", false);

/** The instances that were fetched together with this one and are still in use. */
function livingPeers(instance: ModelInstance): ModelInstance[] {
  const living: ModelInstance[] = [];
  for (const reference of instance._state.peers) {
    const peer = reference.deref();
    if (peer !== undefined) living.push(peer);
  }
  return living;
}

/** Lets instances know each other, weakly; `peers` already has those of earlier chunks. */
export function linkPeers(
  instances: readonly ModelInstance[],
  peers: WeakRef<ModelInstance>[] = [],
): WeakRef<ModelInstance>[] {
  for (const instance of instances) {
    peers.push(new WeakRef(instance));
    instance._state.peers = peers;
  }
  return peers;
}

/** The loads that are under way, by the peers that they are for. */
const underWay = new WeakMap<readonly WeakRef<ModelInstance>[], Map<Fetcher, Promise<unknown>>>();

/**
 * Runs a load in async code. Peers that read the same relation meanwhile wait for this load and start none of
 * their own.
 */
export async function shareFetch<T>(
  instance: ModelInstance,
  fetcher: Fetcher,
  cached: () => T | undefined,
  load: () => Promise<T>,
): Promise<T> {
  const { fetchMode, peers } = instance._state;
  if (!fetchMode.trackPeers || peers.length < 2) return load();
  let loads = underWay.get(peers);
  if (loads === undefined) {
    loads = new Map();
    underWay.set(peers, loads);
  }
  for (let other = loads.get(fetcher); other !== undefined; other = loads.get(fetcher)) {
    await other;
    const value = cached();
    if (value !== undefined) return value;
  }
  const promise = load();
  loads.set(fetcher, promise);
  try {
    return await promise;
  } finally {
    if (loads.get(fetcher) === promise) loads.delete(fetcher);
  }
}
