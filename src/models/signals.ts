import { ArgumentTypeError, SynchronousOnlyOperation } from "../errors.ts";
import type { Task } from "../task.ts";
import { isThenable } from "../util/promise.ts";
import type { ModelClass, ModelInstance } from "./types.ts";

/** A function that is told of a signal. It may be async where the signal is sent in async code. */
export type Receiver<E extends object = object> = (
  event: E & { signal: Signal<E>; sender: unknown },
) => unknown;

export interface ConnectOptions<S = unknown> {
  /** Only signals of this sender, of all when left out: a model or its label, or whatever sends a signal of yours. */
  sender?: S;
  /** A second receiver with the same identity is not added. */
  dispatchUid?: unknown;
}

interface Connection<E extends object> {
  readonly id: unknown;
  readonly sender: unknown;
  readonly receiver: Receiver<E>;
}

/**
 * Tells receivers of an event: Django's `Signal`.
 *
 * @example
 * preSave.connect(({ instance }) => { instance.slug = slugify(instance.title); }, { sender: Post });
 */
export class Signal<E extends object = object> {
  readonly name: string;
  #connections: Connection<E>[] = [];

  constructor(name = "signal") {
    this.name = name;
  }

  /**
   * Adds a receiver; the same one (or the same `dispatchUid`) is added once per sender.
   *
   * @throws ArgumentTypeError when `receiver` is no function.
   */
  connect(receiver: Receiver<E>, { sender = null, dispatchUid }: ConnectOptions = {}): void {
    if (typeof receiver !== "function") throw new ArgumentTypeError("Signal receivers must be callable.");
    const id = dispatchUid ?? receiver;
    if (this.#connections.some((known) => known.id === id && sameSender(known.sender, sender))) return;
    this.#connections = [...this.#connections, { id, sender, receiver }];
  }

  /** Takes a receiver out again; gives whether there was one. */
  disconnect(receiver: Receiver<E> | null, { sender = null, dispatchUid }: ConnectOptions = {}): boolean {
    const id = dispatchUid ?? receiver;
    const rest = this.#connections.filter((known) => !(known.id === id && sameSender(known.sender, sender)));
    const found = rest.length < this.#connections.length;
    this.#connections = rest;
    return found;
  }

  /** Whether anyone listens: what costs time is skipped otherwise. */
  hasListeners(sender: unknown = null): boolean {
    return this.#connections.length > 0 && this.receivers(sender).length > 0;
  }

  /** The receivers of a sender in the order of their connection. */
  receivers(sender: unknown): Receiver<E>[] {
    const receivers: Receiver<E>[] = [];
    for (const known of this.#connections) {
      if (known.sender === null || sameSender(known.sender, sender)) receivers.push(known.receiver);
    }
    return receivers;
  }

  /**
   * Calls the receivers one after another; gives each with what it returned. An error goes to the caller.
   *
   * @throws SynchronousOnlyOperation when a receiver is async: use {@link asend}
   */
  send(sender: unknown, event: E): [Receiver<E>, unknown][] {
    return this.receivers(sender).map((receiver) => [receiver, this.#callSync(receiver, sender, event)]);
  }

  /** As {@link send}; an error is given in the place of the result, and the other receivers are called. */
  sendRobust(sender: unknown, event: E): [Receiver<E>, unknown][] {
    return this.receivers(sender).map((receiver) => {
      try {
        return [receiver, this.#callSync(receiver, sender, event)];
      } catch (error) {
        return [receiver, error];
      }
    });
  }

  /** {@link send} in async code: a receiver that is async is awaited before the next one is called. */
  async asend(sender: unknown, event: E): Promise<[Receiver<E>, unknown][]> {
    const results: [Receiver<E>, unknown][] = [];
    for (const receiver of this.receivers(sender)) {
      results.push([receiver, await this.#call(receiver, sender, event)]);
    }
    return results;
  }

  /** {@link sendRobust} in async code. */
  async asendRobust(sender: unknown, event: E): Promise<[Receiver<E>, unknown][]> {
    const results: [Receiver<E>, unknown][] = [];
    for (const receiver of this.receivers(sender)) {
      try {
        results.push([receiver, await this.#call(receiver, sender, event)]);
      } catch (error) {
        results.push([receiver, error]);
      }
    }
    return results;
  }

  /** As {@link send} within a task: an async receiver is awaited, and an error where there is no waiting. */
  *sendTask(sender: unknown, event: E): Task<void> {
    for (const receiver of this.receivers(sender)) {
      const value = this.#call(receiver, sender, event);
      if (isThenable(value)) yield { kind: "wait", value, what: this.#describe(receiver) };
    }
  }

  #describe(receiver: Receiver<E>): string {
    return `receiver '${receiver.name || "anonymous"}' of ${this.name}`;
  }

  #call(receiver: Receiver<E>, sender: unknown, event: E): unknown {
    return receiver({ ...event, signal: this, sender });
  }

  #callSync(receiver: Receiver<E>, sender: unknown, event: E): unknown {
    const value = this.#call(receiver, sender, event);
    if (!isThenable(value)) return value;
    Promise.resolve(value).catch(() => {});
    throw new SynchronousOnlyOperation(
      `${this.#describe(receiver)} returned a promise, which sync code cannot await. Use asend() or asendRobust().`,
    );
  }
}

/** A signal about objects: a receiver that names its sender knows what the objects are. */
export class ModelSignal<E extends InstanceEvent> extends Signal<E> {
  /**
   * Adds a receiver; the same one (or the same `dispatchUid`) is added once per sender.
   *
   * @example
   * preSave.connect(({ instance }) => { instance.slug = slugify(instance.title); }, { sender: Post });
   */
  override connect<S>(receiver: (event: EventOf<E, S>) => unknown, options?: ConnectOptions<S>): void {
    super.connect(receiver as unknown as Receiver<E>, options);
  }

  override disconnect<S>(
    receiver: ((event: EventOf<E, S>) => unknown) | null,
    options?: ConnectOptions<S>,
  ): boolean {
    return super.disconnect(receiver as unknown as Receiver<E> | null, options);
  }
}

/** What a receiver of a signal about objects is told, when its sender is the model `S`. */
export type EventOf<E extends InstanceEvent, S> = (S extends { readonly prototype: infer I extends object }
  ? Omit<E, "instance"> & { instance: I }
  : E) & { signal: Signal<E>; sender: unknown };

/** A model's base and the user's class that extends it are one sender; a label names its model. */
function sameSender(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const [one, other] = [metaOf(a), metaOf(b)];
  if (one !== undefined && other !== undefined) return one === other;
  return (
    (isLabel(a) && other?.labelLower === a.toLowerCase()) ||
    (isLabel(b) && one?.labelLower === b.toLowerCase())
  );
}

function isLabel(sender: unknown): sender is string {
  return typeof sender === "string";
}

function metaOf(sender: unknown): { readonly labelLower: string } | undefined {
  return typeof sender === "function" ? (sender as { _meta?: { labelLower: string } })._meta : undefined;
}

export interface InitEvent {
  kwargs: Readonly<Record<string, unknown>>;
}
export interface InstanceEvent {
  instance: ModelInstance;
}
export interface PreSaveEvent extends InstanceEvent {
  raw: boolean;
  using: string;
  updateFields: ReadonlySet<string> | null;
}
export interface PostSaveEvent extends PreSaveEvent {
  created: boolean;
}
export interface DeleteEvent extends InstanceEvent {
  using: string;
  /** The object that `delete` was called on, or a queryset. */
  origin: unknown;
}
export interface M2mEvent extends InstanceEvent {
  action: "pre_add" | "post_add" | "pre_remove" | "post_remove" | "pre_clear" | "post_clear";
  reverse: boolean;
  model: ModelClass;
  pkSet: ReadonlySet<unknown> | null;
  using: string;
}

export interface MigrateEvent {
  /** The app whose tables are made; it is the sender, too. */
  appLabel: string;
  /** The alias of the database. */
  using: string;
  /** The models whose tables belong into that database. */
  models: readonly ModelClass[];
}

/** Before an instance is made by its constructor. */
export const preInit = new Signal<InitEvent>("preInit");
/** After an instance was made, by its constructor or from the database. */
export const postInit = new ModelSignal<InstanceEvent>("postInit");
export const preSave = new ModelSignal<PreSaveEvent>("preSave");
export const postSave = new ModelSignal<PostSaveEvent>("postSave");
export const preDelete = new ModelSignal<DeleteEvent>("preDelete");
export const postDelete = new ModelSignal<DeleteEvent>("postDelete");
/** A many-to-many relation changes; the sender is its intermediate model. */
export const m2mChanged = new Signal<M2mEvent>("m2mChanged");
/** A model was declared; the sender is its class. */
export const classPrepared = new Signal<object>("classPrepared");
/** Before the tables of an app are made; the sender is the app's label. */
export const preMigrate = new Signal<MigrateEvent>("preMigrate");
/** After the tables of all apps were made, once for each app; the sender is the app's label. */
export const postMigrate = new Signal<MigrateEvent>("postMigrate");
