import { inspect } from "node:util";
import { runAsync, runSync } from "./execute/run.ts";
import type { Manager as AnyManager, ModelClass } from "./models/types.ts";
import { ROOT_VALUES, Shape, shapeGeneration } from "./query/shape.ts";
import {
  type AsyncQuerySet,
  type BaseQuerySet,
  extendedClass,
  querySetClass,
  rootState,
  SyncQuerySet,
} from "./queryset.ts";
import type { Mode } from "./task.ts";

type QuerySetClass = ReturnType<typeof querySetClass>;

/** What a manager is made of; another manager for another model or colour shares it. */
export interface ManagerParts {
  readonly model: ModelClass;
  readonly mode: Mode;
  readonly database: string | null;
  /** The methods that `extend` added, oldest first. */
  readonly methods: readonly object[];
  /** What the model's meta makes of a plain queryset. */
  readonly refine: ((queryset: BaseQuerySet) => BaseQuerySet) | null;
}

/**
 * Where the querysets of a model begin: `Pizza.objects`, `Pizza.aobjects`. It has the methods of a queryset, each
 * called on a new one.
 *
 * Django: "Managers".
 */
export class Manager implements AnyManager {
  readonly model: ModelClass;
  readonly mode: Mode;
  readonly database: string | null;
  readonly methods: readonly object[];
  readonly refine: ManagerParts["refine"];
  protected readonly querySetClass: QuerySetClass;
  private root: BaseQuerySet | null = null;
  private generation = -1;

  constructor(parts: ManagerParts) {
    this.model = parts.model;
    this.mode = parts.mode;
    this.database = parts.database;
    this.methods = parts.methods;
    this.refine = parts.refine;
    this.querySetClass = parts.methods.reduce<QuerySetClass>(extendedClass, querySetClass(parts.mode));
    for (const methods of parts.methods) this.addMethods(methods);
  }

  private addMethods(methods: object): void {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(methods))) {
      if (typeof property.value === "function") {
        define(this, name, function (this: Manager, ...args: unknown[]) {
          return call(this.getQueryset(), name, args);
        });
      } else {
        Object.defineProperty(this, name, property);
      }
    }
  }

  /** The queryset that all others of this manager begin with. */
  getQueryset(): BaseQuerySet {
    const generation = shapeGeneration();
    if (this.root === null || this.generation !== generation) {
      this.generation = generation;
      const state = rootState(this.model, this.mode, this.database);
      const root = new this.querySetClass(state, Shape.root(this.model), ROOT_VALUES);
      this.root = this.refine === null ? root : this.refine(root);
    }
    return this.root;
  }

  get db(): string {
    return this.getQueryset().db;
  }

  get ordered(): boolean {
    return this.getQueryset().ordered;
  }

  get totallyOrdered(): boolean {
    return this.getQueryset().totallyOrdered;
  }

  /** The parts of this manager, for another one. */
  get parts(): ManagerParts {
    const { model, mode, database, methods, refine } = this;
    return { model, mode, database, methods, refine };
  }

  protected copy(changes: Partial<ManagerParts>): Manager {
    return new (this.constructor as typeof Manager)({ ...this.parts, ...changes });
  }

  /** The same manager for another model or colour. */
  bind(model: ModelClass, mode: Mode): Manager {
    return this.copy({ model, mode });
  }

  dbManager(using: string | null): Manager {
    return this.copy({ database: using ?? this.database });
  }

  extend(methods: object): Manager {
    return this.copy({ methods: [...this.methods, methods] });
  }

  /** The queryset to be read from, which keeps its rows; the manager itself keeps none. */
  private fresh(): BaseQuerySet {
    return this.getQueryset().all();
  }

  all(): BaseQuerySet {
    return this.fresh();
  }

  eval(): unknown {
    return this.fresh().eval();
  }

  [Symbol.iterator](): Iterator<unknown> {
    if (this.mode === "async") throw new TypeError("An async manager is iterated with 'for await'.");
    return runSync(this.fresh().fetch())[Symbol.iterator]();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
    yield* await runAsync(this.fresh().fetch());
  }

  toString(): string {
    return `<${this.mode === "async" ? "AsyncManager" : "Manager"} of ${this.model._meta.objectName}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

function define(target: object, name: string | symbol, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}

function call(queryset: object, name: string, args: readonly unknown[]): unknown {
  return (queryset as Record<string, (...args: unknown[]) => unknown>)[name]?.(...args);
}

const NOT_FORWARDED = new Set<string>([
  "constructor",
  "fetch",
  "fill",
  "capture",
  "template",
  "derive",
  "with",
]);

/** Every method of querysets, forwarded to a new one. */
function forward(Class: { prototype: object }): void {
  for (
    let proto = Class.prototype;
    proto !== null && proto !== Object.prototype;
    proto = Object.getPrototypeOf(proto) as object
  ) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(proto))) {
      if (typeof property.value !== "function" || NOT_FORWARDED.has(name) || name in Manager.prototype)
        continue;
      if (/^\w+$/.test(name)) define(Manager.prototype, name, forwarder(name));
    }
  }
}

/** A method of its own for each name, which the engine can see through: managers are on the way of every query. */
function forwarder(name: string): unknown {
  return new Function(
    `return function (...args) { return this.getQueryset().${name}(...args); };`,
  )() as unknown;
}

forward(SyncQuerySet);

/** An async manager may be awaited: it gives all rows. */
export class AsyncManager extends Manager {
  then<A = unknown[], B = never>(
    onFulfilled?: ((rows: unknown[]) => A | PromiseLike<A>) | null,
    onRejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return (this.all() as AsyncQuerySet).then(onFulfilled, onRejected);
  }

  override bind(model: ModelClass, mode: Mode): Manager {
    return makeManager({ ...this.parts, model, mode });
  }
}

export function makeManager(parts: ManagerParts): Manager {
  return parts.mode === "sync" ? new Manager(parts) : new AsyncManager(parts);
}
