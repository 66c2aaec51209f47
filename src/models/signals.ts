import { ArgumentTypeError } from "../errors.ts";
import type { Task } from "../task.ts";
import type { ModelClass, ModelInstance } from "./types.ts";

/** A function that is told of a signal. It may be async where the signal is sent in async code. */
export type Receiver<E extends object = object> = (
  event: E & { signal: Signal<E>; sender: unknown },
) => unknown;

export interface ConnectOptions {
  /** Only signals of this sender; of all when left out. */
  sender?: unknown;
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

  /** Calls the receivers one after another; gives each with what it returned. An error goes to the caller. */
  send(sender: unknown, event: E): [Receiver<E>, unknown][] {
    return this.receivers(sender).map((receiver) => [receiver, this.#call(receiver, sender, event)]);
  }

  /** As {@link send}; an error is given in the place of the result. */
  sendRobust(sender: unknown, event: E): [Receiver<E>, unknown][] {
    return this.receivers(sender).map((receiver) => {
      try {
        return [receiver, this.#call(receiver, sender, event)];
      } catch (error) {
        return [receiver, error];
      }
    });
  }

  /** As {@link send} within a task: an async receiver is awaited, and an error where there is no waiting. */
  *sendTask(sender: unknown, event: E): Task<void> {
    for (const receiver of this.receivers(sender)) {
      const value = this.#call(receiver, sender, event);
      if (value != null && typeof (value as { then?: unknown }).then === "function") {
        yield { kind: "wait", value, what: `receiver '${receiver.name || "anonymous"}' of ${this.name}` };
      }
    }
  }

  #call(receiver: Receiver<E>, sender: unknown, event: E): unknown {
    return receiver({ ...event, signal: this, sender });
  }
}

/** A model's base and the user's class that extends it are one sender. */
function sameSender(a: unknown, b: unknown): boolean {
  return a === b || (metaOf(a) !== undefined && metaOf(a) === metaOf(b));
}

function metaOf(sender: unknown): unknown {
  return typeof sender === "function" ? (sender as { _meta?: unknown })._meta : undefined;
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

/** Before an instance is made by its constructor. */
export const preInit = new Signal<InitEvent>("preInit");
/** After an instance was made, by its constructor or from the database. */
export const postInit = new Signal<InstanceEvent>("postInit");
export const preSave = new Signal<PreSaveEvent>("preSave");
export const postSave = new Signal<PostSaveEvent>("postSave");
export const preDelete = new Signal<DeleteEvent>("preDelete");
export const postDelete = new Signal<DeleteEvent>("postDelete");
/** A many-to-many relation changes; the sender is its intermediate model. */
export const m2mChanged = new Signal<M2mEvent>("m2mChanged");
/** A model was declared; the sender is its class. */
export const classPrepared = new Signal<object>("classPrepared");
