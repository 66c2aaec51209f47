/** Models and objects without their types, in a colour: what a scenario does is written once for both. */
import { m2mChanged, postDelete, postSave, preDelete, preSave } from "asgimod";
import { Author, Book, Person } from "./models.ts";

type Method =
  | "add"
  | "aggregate"
  | "all"
  | "annotate"
  | "bulkCreate"
  | "bulkUpdate"
  | "clear"
  | "count"
  | "create"
  | "delete"
  | "distinct"
  | "exclude"
  | "exists"
  | "filter"
  | "first"
  | "get"
  | "getOrCreate"
  | "none"
  | "orderBy"
  | "remove"
  | "set"
  | "slice"
  | "union"
  | "update"
  | "updateOrCreate"
  | "values"
  | "valuesList";

type Attribute =
  | "area"
  | "author_id"
  | "heat"
  | "hits"
  | "object_id"
  | "ovens"
  | "pages"
  | "pk"
  | "rank"
  | "text"
  | "_order";

/** Anything: a row, a queryset, a method. */
export interface Loose extends Readonly<Record<Method | Attribute, Loose>> {
  (...args: readonly unknown[]): Loose;
}

export type Boxed = readonly [manager: Loose];

export type Colour = "sync" | "async";

interface Connectable {
  connect(receiver: unknown, options: object): void;
  disconnect(receiver: unknown, options: object): boolean;
}

type ModelLike = { readonly objects: unknown; readonly aobjects: unknown };

const SIGNALS = { preSave, postSave, preDelete, postDelete, m2mChanged };
type Listening = readonly [signal: keyof typeof SIGNALS, sender: unknown, what?: string];

export const deletion = (model: unknown): Listening[] => [
  ["preDelete", model, "pre"],
  ["postDelete", model, "post"],
];

/** The model of the table between. */
export function throughOf(model: object, name: string): unknown {
  const { _meta: meta } = model as {
    _meta: { getField(name: string): { remoteField: { through: unknown } } };
  };
  return meta.getField(name).remoteField.through;
}

export type Scenarios = Readonly<Record<string, () => unknown>>;
export type Row = Readonly<Record<string, unknown>>;
export type Class = { new (values: never): object; readonly objects: unknown; readonly aobjects: unknown };

/** An object that is not saved. */
export const make = (model: Class, values: Row): object => new model(values as never);

export class Colours {
  readonly #prefix: string;
  readonly #colour: Colour;

  constructor(colour: Colour) {
    this.#colour = colour;
    this.#prefix = colour === "async" ? "a" : "";
  }

  /** The model's manager. */
  of(model: ModelLike): Loose {
    return (this.#colour === "async" ? model.aobjects : model.objects) as Loose;
  }

  /** The manager or object of a relation. */
  rel(object: unknown, name: string): Loose {
    return (object as Record<string, Loose>)[`${this.#prefix}${name}`] as Loose;
  }

  /** The manager of a relation of an object that comes; boxed, because a manager can be awaited itself. */
  async manager(object: unknown, name: string): Promise<Boxed> {
    return [this.rel(await object, name)];
  }

  /** Calls a method of an object. */
  call(object: unknown, name: string, ...args: readonly unknown[]): Loose {
    return this.rel(object, name).call(object, ...args) as Loose;
  }

  async list(rows: unknown): Promise<readonly Loose[]> {
    return (await (rows as { eval(): unknown }).eval()) as readonly Loose[];
  }

  /** The first column of rows. */
  async keys(manager: Loose): Promise<unknown[]> {
    const pks = await this.list(manager.valuesList("pk", { flat: true }));
    return [...pks].sort((x, y) => Number(x) - Number(y));
  }

  async get(model: ModelLike, lookups: object): Promise<Loose> {
    return await this.of(model).get(lookups);
  }

  book(n: number): Promise<Loose> {
    return this.get(Book, { title: `B${n}` });
  }

  person(n: number): Promise<Loose> {
    return this.get(Person, { name: `p${n}` });
  }

  author(name: string): Promise<Loose> {
    return this.get(Author, { name });
  }

  /** What `act` gives, and what receivers were told meanwhile. */
  async heard(listening: readonly Listening[], act: () => unknown): Promise<unknown[]> {
    const log: unknown[] = [];
    const off = listening.map(([name, sender, what]) => {
      const signal = SIGNALS[name] as unknown as Connectable;
      const receive = (event: Record<string, unknown> & { sender: { name: string } }) => {
        if (typeof event["action"] === "string") {
          const keys = event["pkSet"] as Set<number> | null;
          log.push([event["action"], event["reverse"], keys && [...keys].sort((x, y) => x - y)]);
        } else {
          log.push([what, event.sender.name, (event["instance"] as { pk: unknown }).pk]);
        }
      };
      signal.connect(receive, { sender });
      return () => signal.disconnect(receive, { sender });
    });
    try {
      return [await act(), log];
    } finally {
      for (const stop of off) stop();
    }
  }
}
