/** Random writes over an app, as mutation cases of the conformance format. */
import type { Call, Json, MutationCase, Step } from "../conformance/format.ts";
import { filterCall } from "./conditions.ts";
import { expressionOf } from "./expressions.ts";
import { call, f, literal, literalOfKind, op, type Scope, type Tools } from "./generator.ts";
import type { Graph, ModelInfo, Relation, Scalar } from "./graph.ts";
import { Random } from "./random.ts";

/** A case without Django's answer. */
export type WriteQuestion = Omit<MutationCase, "expect">;

/** The writes number `index` of a seed: the same for each count and app. */
export function writeQuestion(graph: Graph, seed: number, index: number): WriteQuestion {
  const random = new Random(Math.imul(seed, 1_000_003) + index + 500_009);
  return new Writes({ random, graph }).make(`${graph.app}-${seed}-${index}w`);
}

const WRONG: readonly Json[] = ["abc", null, true, [], {}, -1, { $date: "2020-01-01" }, 1.5];

class Writes {
  readonly #tools: Tools;
  readonly #random: Random;
  readonly #graph: Graph;
  readonly #steps: Step[] = [];
  #variables = 0;
  #fresh = 0;

  constructor(tools: Tools) {
    this.#tools = tools;
    this.#random = tools.random;
    this.#graph = tools.graph;
  }

  make(id: string): WriteQuestion {
    const random = this.#random;
    const count = random.int(1, 3);
    for (let index = 0; index < count; index += 1) {
      const model = random.pick(this.#graph.models);
      random.weighted<() => void>([
        [4, () => this.#create(model)],
        [4, () => this.#save(model)],
        [4, () => this.#update(model)],
        [4, () => this.#delete(model)],
        [2, () => this.#getOrCreate(model)],
        [2, () => this.#bulkCreate(model)],
        [2, () => this.#bulkUpdate(model)],
        [6, () => this.#related(model)],
        [1.5, () => this.#clean(model)],
      ])();
    }
    return { id, app: this.#graph.app, steps: this.#steps };
  }

  #variable(): string {
    this.#variables += 1;
    return `v${this.#variables}`;
  }

  #scope(model: ModelInfo): Scope {
    return { model, annotations: [], depth: 0 };
  }

  #query(model: ModelInfo, chain: Call[], terminal: Call, as?: string): void {
    const managers = model.managers;
    const manager = managers.length > 0 && this.#random.chance(0.2) ? this.#random.pick(managers) : undefined;
    this.#steps.push({
      do: "query",
      model: model.label,
      ...(manager && { manager }),
      chain,
      terminal,
      ...(as && { as }),
    });
  }

  /** A value that is not stored yet. */
  #freshValue({ kind }: Scalar): Json | undefined {
    this.#fresh += 1;
    const number = 600 + this.#fresh;
    if (kind === "int") return number;
    if (kind === "str") return `new ${number}`;
    if (kind === "uuid") return { $uuid: `00000000-0000-4000-8000-000000000${number}` };
    return undefined;
  }

  /** A value for a field, mostly one that fits it. */
  #value(scalar: Scalar): Json {
    const random = this.#random;
    const kwargs = scalar.field?.kwargs ?? {};
    if (random.chance(0.025)) return random.pick(WRONG);
    if (scalar.nullable && random.chance(0.2)) return null;
    if (scalar.target) {
      const targets = scalar.targets ?? [];
      if (targets.length > 0 && random.chance(0.95)) return random.pick(targets);
      return literalOfKind(this.#tools, scalar.kind);
    }
    const unique = kwargs["unique"] === true || kwargs["primary_key"] === true;
    if (random.chance(unique ? 0.75 : 0.1)) {
      const fresh = this.#freshValue(scalar);
      if (fresh !== undefined) return fresh;
    }
    return literal(this.#tools, scalar);
  }

  /** The arguments that set a field: by its column's value or, for a relation, by an object. */
  #argument(scalar: Scalar): [string, Json] {
    if (!scalar.target) return [scalar.name, this.#value(scalar)];
    const { pk, label } = this.#graph.get(scalar.target);
    if (this.#random.chance(0.3) && pk.values.length > 0)
      return [scalar.name, { $instance: [label, this.#random.pick(pk.values)] }];
    return [`${scalar.name}_id`, this.#value(scalar)];
  }

  #writable(model: ModelInfo): Scalar[] {
    return model.scalars.filter(
      ({ field }) => field && field.type !== "GeneratedField" && field.kwargs["auto_created"] !== true,
    );
  }

  /** Arguments that make an object; now and then one is missing or too many. */
  #arguments(model: ModelInfo): Record<string, Json> {
    const random = this.#random;
    const found: Record<string, Json> = {};
    for (const scalar of this.#writable(model)) {
      const kwargs = scalar.field?.kwargs ?? {};
      const optional = scalar.nullable || "default" in kwargs || "db_default" in kwargs;
      if (random.chance(optional ? 0.4 : 0.04)) continue;
      const [name, value] = this.#argument(scalar);
      found[name] = value;
    }
    if (random.chance(0.03)) found["bogus"] = 1;
    if (random.chance(0.05) && model.pk.kind !== "pair") found["pk"] = this.#value(model.pk);
    return found;
  }

  #changes(model: ModelInfo, expressions: boolean): Record<string, Json> {
    const random = this.#random;
    const found: Record<string, Json> = {};
    for (const scalar of random.some(this.#writable(model), 1, 3)) {
      if (scalar.field?.kwargs["primary_key"] === true && random.chance(0.9)) continue;
      const [name, value] = this.#argument(scalar);
      found[name] = value;
      if (!expressions || scalar.target || !random.chance(0.35)) continue;
      const own = random.chance(0.4) && scalar.kind === "int";
      const expression = own
        ? op(random.pick(["+", "-", "*"]), f(scalar.name), random.int(1, 3))
        : expressionOf(this.#tools, this.#scope(model), scalar.kind, 1);
      if (expression !== undefined) found[scalar.name] = expression;
    }
    return found;
  }

  #create(model: ModelInfo): void {
    this.#query(model, [], call("create", undefined, this.#arguments(model)), this.#variable());
  }

  #new(model: ModelInfo): Json {
    return { $new: { model: model.label, kwargs: this.#arguments(model) } };
  }

  #load(model: ModelInfo): string | undefined {
    if (model.pk.values.length === 0) return undefined;
    const as = this.#variable();
    this.#steps.push({ do: "load", model: model.label, pk: this.#random.pick(model.pk.values), as });
    return as;
  }

  #call(variable: string, m: string, kwargs: Record<string, Json> = {}, args: Json[] = []): void {
    this.#steps.push({
      do: "call",
      on: { $var: variable },
      m,
      ...(args.length > 0 && { args }),
      ...(Object.keys(kwargs).length > 0 && { kwargs }),
    });
  }

  #set(variable: string, model: ModelInfo): void {
    for (const [attr, value] of Object.entries(this.#changes(model, true))) {
      this.#steps.push({ do: "set", on: { $var: variable }, attr, value });
    }
  }

  #saveOptions(model: ModelInfo): Record<string, Json> {
    const random = this.#random;
    const names = this.#writable(model).map(({ name }) => name);
    return random.weighted<() => Record<string, Json>>([
      [6, () => ({})],
      [2, () => ({ update_fields: random.some(names, 0, 2) })],
      [0.3, () => ({ update_fields: ["bogus"] })],
      [0.7, () => ({ force_insert: true })],
      [0.7, () => ({ force_update: true })],
    ])();
  }

  #save(model: ModelInfo): void {
    const random = this.#random;
    let variable: string | undefined;
    if (random.chance(0.4)) {
      variable = this.#variable();
      this.#steps.push({ do: "new", model: model.label, kwargs: this.#arguments(model), as: variable });
    } else {
      variable = this.#load(model);
      if (variable) this.#set(variable, model);
    }
    if (!variable) {
      this.#create(model);
      return;
    }
    this.#call(variable, "save", this.#saveOptions(model));
    if (random.chance(0.3)) this.#call(variable, "refresh_from_db");
    if (random.chance(0.2)) {
      this.#set(variable, model);
      this.#call(variable, "save", this.#saveOptions(model));
    }
    if (random.chance(0.15)) this.#call(variable, "delete");
    if (random.chance(0.2)) this.#get(variable, model);
  }

  /** Reads a relation of an object. */
  #get(variable: string, model: ModelInfo): void {
    const single = model.relations.filter((relation) => !relation.many);
    if (single.length === 0) return;
    this.#steps.push({ do: "get", on: { $var: variable }, attr: this.#random.pick(single).accessor });
  }

  #update(model: ModelInfo): void {
    const random = this.#random;
    const chain: Call[] = [];
    if (random.chance(0.8)) chain.push(filterCall(this.#tools, this.#scope(model), 1));
    if (random.chance(0.1)) chain.push(call("order_by", [random.pick(["pk", "-pk"])]));
    if (random.chance(0.03)) chain.push(call("slice", [null, 2]));
    if (random.chance(0.03)) chain.push(call("distinct"));
    this.#query(model, chain, call("update", undefined, this.#changes(model, true)));
  }

  #delete(model: ModelInfo): void {
    const random = this.#random;
    if (random.chance(0.4)) {
      const variable = this.#load(model);
      if (variable) this.#call(variable, "delete", random.chance(0.1) ? { keep_parents: true } : {});
      return;
    }
    const chain: Call[] = [];
    if (random.chance(0.9)) chain.push(filterCall(this.#tools, this.#scope(model), 1));
    if (random.chance(0.05)) chain.push(call("order_by", ["pk"]));
    if (random.chance(0.03)) chain.push(call("slice", [null, 2]));
    if (random.chance(0.04)) chain.push(call("select_related"));
    if (random.chance(0.02)) chain.push(call("values", ["pk"]));
    this.#query(model, chain, call("delete"));
  }

  #getOrCreate(model: ModelInfo): void {
    const random = this.#random;
    const all = this.#arguments(model);
    const names = Object.keys(all);
    const looked = random.some(names, 1, 2);
    const defaults = Object.fromEntries(Object.entries(all).filter(([name]) => !looked.includes(name)));
    const kwargs: Record<string, Json> = Object.fromEntries(looked.map((name) => [name, all[name]]));
    if (random.chance(0.9)) kwargs["defaults"] = defaults;
    const m = random.pick(["get_or_create", "update_or_create"]);
    if (m === "update_or_create" && random.chance(0.2)) kwargs["create_defaults"] = this.#arguments(model);
    this.#query(model, [], call(m, undefined, kwargs), this.#variable());
  }

  #bulkCreate(model: ModelInfo): void {
    const random = this.#random;
    const objects = Array.from({ length: random.int(0, 3) }, () => this.#new(model));
    const unique = model.unique;
    const kwargs = random.weighted<() => Record<string, Json>>([
      [6, () => ({})],
      [1.5, () => ({ ignore_conflicts: true })],
      [1, () => ({ batch_size: random.int(1, 2) })],
      [0.2, () => ({ batch_size: -1 })],
      [
        1,
        () => ({
          update_conflicts: true,
          unique_fields: unique.length > 0 ? [random.pick(unique)] : ["pk"],
          update_fields: random.some(
            this.#writable(model).map(({ name }) => name),
            0,
            2,
          ),
        }),
      ],
    ])();
    this.#query(model, [], call("bulk_create", [objects], kwargs));
  }

  #bulkUpdate(model: ModelInfo): void {
    const random = this.#random;
    const variables = [this.#load(model), this.#load(model)].filter((name) => name !== undefined);
    const fields = random.some(
      this.#writable(model).filter(({ field }) => field?.kwargs["primary_key"] !== true),
      1,
      2,
    );
    for (const variable of variables) {
      for (const scalar of fields) {
        const [attr, value] = this.#argument(scalar);
        const expression =
          !scalar.target && random.chance(0.15)
            ? expressionOf(this.#tools, this.#scope(model), scalar.kind, 1)
            : undefined;
        this.#steps.push({ do: "set", on: { $var: variable }, attr, value: expression ?? value });
      }
    }
    const names = fields.map(({ name }) => name);
    if (random.chance(0.04)) names.push("bogus");
    if (random.chance(0.03)) names.push("pk");
    const kwargs = random.chance(0.15) ? { batch_size: 1 } : {};
    const objects = variables.map((name) => ({ $var: name }));
    this.#query(model, [], call("bulk_update", [objects, names], kwargs));
  }

  /** A related manager: what it adds, removes, sets, makes and gives. */
  #related(model: ModelInfo): void {
    const random = this.#random;
    const relations = model.relations.filter((relation) => relation.many);
    if (relations.length === 0) {
      this.#delete(model);
      return;
    }
    const variable = this.#load(model);
    if (!variable) {
      this.#create(model);
      return;
    }
    const relation = random.pick(relations);
    const count = random.int(1, 2);
    for (let index = 0; index < count; index += 1) this.#relatedCall(variable, relation);
    if (random.chance(0.5)) this.#relatedStep(variable, relation, [call("order_by", ["pk"])], call("list"));
  }

  #relatedStep(variable: string, relation: Relation, chain: Call[], terminal: Call): void {
    this.#steps.push({
      do: "query",
      on: { $var: variable, path: [relation.accessor] },
      chain,
      terminal,
    });
  }

  /** The arguments of a new object of the relation, without the way back. */
  #relatedArguments(relation: Relation): Record<string, Json> {
    const found = this.#arguments(this.#graph.target(relation));
    if (relation.reverse && relation.field.type !== "ManyToManyField" && this.#random.chance(0.95)) {
      delete found[relation.field.name];
      delete found[`${relation.field.name}_id`];
    }
    return found;
  }

  #relatedCall(variable: string, relation: Relation): void {
    const random = this.#random;
    const target = this.#graph.target(relation);
    const { pk } = target;
    const foreign = relation.field.type !== "ManyToManyField";
    const one = (): Json => {
      if (pk.values.length === 0) return 1;
      const key = random.pick(pk.values);
      // Reverse foreign keys take objects only.
      if (foreign ? random.chance(0.95) : random.chance(0.5)) return { $instance: [target.label, key] };
      return key;
    };
    const some = (): Json[] => Array.from({ length: random.int(0, 3) }, one);
    const through = relation.field.kwargs["through"] !== undefined;
    const defaults = through && random.chance(0.4) ? { through_defaults: {} } : {};
    const bulk = foreign && random.chance(0.2) ? { bulk: false } : {};
    const scope = this.#scope(target);
    const terminal = random.weighted<() => [Call[], Call]>([
      [4, () => [[], call("add", some(), { ...defaults, ...bulk })]],
      [3, () => [[], call("remove", some(), bulk)]],
      [
        3,
        () => [
          [],
          call("set", [some()], { ...defaults, ...bulk, ...(random.chance(0.2) && { clear: true }) }),
        ],
      ],
      [1, () => [[], call("clear")]],
      [2, () => [[], call("create", undefined, { ...this.#relatedArguments(relation), ...defaults })]],
      [1, () => [[], call("get_or_create", undefined, this.#relatedArguments(relation))]],
      [
        1,
        () => [[filterCall(this.#tools, scope, 1)], call("update", undefined, this.#changes(target, true))],
      ],
      [1, () => [[filterCall(this.#tools, scope, 1)], call("delete")]],
      [1, () => [[filterCall(this.#tools, scope, 1)], call(random.pick(["count", "exists"]))]],
      [
        0.5,
        () => [
          [],
          call("bulk_create", [
            [{ $new: { model: target.label, kwargs: this.#relatedArguments(relation) } }],
          ]),
        ],
      ],
    ])();
    this.#relatedStep(variable, relation, ...terminal);
  }

  #clean(model: ModelInfo): void {
    const variable = this.#variable();
    const kwargs = this.#arguments(model);
    this.#steps.push({ do: "new", model: model.label, kwargs, as: variable });
    this.#call(variable, "full_clean");
  }
}
