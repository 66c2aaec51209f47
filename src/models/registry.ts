import { ImproperlyConfigured } from "../errors.ts";
import type { RelatedField } from "../fields/related/related-field.ts";
import type { Options } from "./options.ts";
import type { ModelClass } from "./types.ts";

interface Pending {
  readonly labels: readonly string[];
  readonly run: (...opts: Options[]) => void;
}

/** The modules of an application's models: `configure({ apps: { shop } })`. */
export type AppModules = Readonly<Record<string, object>>;

/** The classes of automatic primary keys. */
export type AutoFieldName = "AutoField" | "BigAutoField" | "SmallAutoField";

/**
 * All models by label. Labels are case-insensitive; relations may name a model that is declared later.
 *
 * One registry serves the program; migrations make others of their own.
 */
export class Registry {
  readonly #models = new Map<string, Options>();
  #pending: Pending[] = [];
  #relations: Map<Options, RelatedField[]> | null = null;
  /** Grows with every change: what was computed from the models of another version is out of date. */
  version = 0;
  /** The class of primary keys that models do not declare. */
  defaultAutoField: AutoFieldName = "BigAutoField";

  /** Refuses a label that is taken. */
  checkLabel(opts: Options): void {
    const other = this.#models.get(opts.labelLower);
    if (other !== undefined) {
      throw new ImproperlyConfigured(
        `Two models have the label '${opts.label}'${other.label === opts.label ? "" : ` ('${other.label}')`}. ` +
          "Give one of them another name; a subclass of a model that is a model of its own is made with " +
          `${opts.objectName}.extend("${opts.appLabel}.OtherName", {...}).`,
      );
    }
  }

  /** Adds a model; runs what waited for it. */
  register(opts: Options): void {
    this.checkLabel(opts);
    this.#models.set(opts.labelLower, opts);
    this.clearCache();
    const waiting = this.#pending;
    this.#pending = [];
    for (const pending of waiting) this.lazy(pending.labels, pending.run);
  }

  /** Takes a model out again: tests and development servers that reload modules. */
  unregister(label: string): void {
    this.#models.delete(label.toLowerCase());
    this.clearCache();
  }

  /** Calls `run` once models of all these labels exist: now, or when the last one is declared. */
  lazy(labels: readonly string[], run: (...opts: Options[]) => void): void {
    const found: Options[] = [];
    for (const label of labels) {
      const opts = this.#models.get(label.toLowerCase());
      if (opts === undefined) {
        this.#pending.push({ labels, run });
        return;
      }
      found.push(opts);
    }
    run(...found);
  }

  find(label: string): Options | undefined {
    return this.#models.get(label.toLowerCase());
  }

  /** The model of a label. Throws `ImproperlyConfigured`, which names the known labels. */
  getModel(label: string): ModelClass {
    const opts = this.find(label);
    if (opts === undefined) throw this.unknownLabel(label);
    return opts.model;
  }

  /** All models in the order of their declaration, without the automatic intermediate ones unless asked for. */
  getModels({
    includeAutoCreated = false,
    appLabel,
  }: {
    includeAutoCreated?: boolean;
    appLabel?: string;
  } = {}): ModelClass[] {
    const models: ModelClass[] = [];
    for (const opts of this.allOptions()) {
      if (!includeAutoCreated && opts.autoCreated !== null) continue;
      if (appLabel === undefined || opts.appLabel === appLabel) models.push(opts.model);
    }
    return models;
  }

  allOptions(): Iterable<Options> {
    return this.#models.values();
  }

  /** The relation fields that point to a model's table, in the order of their declaration. */
  relationsTo(concrete: Options): readonly RelatedField[] {
    this.#relations ??= this.#findRelations();
    return this.#relations.get(concrete) ?? [];
  }

  #findRelations(): Map<Options, RelatedField[]> {
    const relations = new Map<Options, RelatedField[]>();
    for (const opts of this.#models.values()) {
      for (const field of [...opts.localFields, ...opts.localManyToMany, ...opts.privateFields]) {
        const target = field.isRelation ? ((field as RelatedField).remoteField?.toOpts ?? null) : null;
        if (target === null) continue;
        const known = relations.get(target.concreteOpts);
        if (known === undefined) relations.set(target.concreteOpts, [field as RelatedField]);
        else known.push(field as RelatedField);
      }
    }
    return relations;
  }

  /** The error for a label that no model has; `user` is the field that refers to it. */
  unknownLabel(label: string, user?: string): ImproperlyConfigured {
    const known = [...this.#models.values()]
      .filter((opts) => opts.autoCreated === null)
      .map((opts) => opts.label);
    const list =
      known.length > 0 ? `Known models: ${known.sort().join(", ")}.` : "No model has been declared.";
    const who =
      user === undefined
        ? `No model has the label '${label}'.`
        : `${user} refers to '${label}', a label that no model has.`;
    return new ImproperlyConfigured(
      `${who} ${list} Is the module that declares it imported, and listed in the apps of configure()?`,
    );
  }

  clearCache(): void {
    this.version++;
    this.#relations = null;
    for (const opts of this.#models.values()) opts.expireCache();
  }

  /**
   * Takes the classes that the modules of each app export as the models of their labels, then checks all models.
   *
   * @throws ImproperlyConfigured when a label names another app than the one that exports it, an export has
   *   another name than its label, a relation refers to an unknown label, or names clash.
   */
  registerApps(apps: AppModules): void {
    for (const [appLabel, module] of Object.entries(apps)) {
      for (const [name, value] of Object.entries(module)) {
        if (isModelClass(value)) this.#registerExport(appLabel, name, value, module);
      }
    }
    // Without apps the program may not have declared all its models yet.
    if (Object.keys(apps).length > 0) this.check();
  }

  #registerExport(appLabel: string, name: string, model: ModelClass, module: object): void {
    const opts = model._meta;
    if (opts.appLabel !== appLabel) {
      throw new ImproperlyConfigured(
        `The app '${appLabel}' exports the model '${opts.label}'. List it under the app '${opts.appLabel}', or ` +
          `change its label to '${appLabel}.${opts.objectName}'.`,
      );
    }
    if (name !== opts.objectName) {
      // The same class under a second name is only an alias.
      if ((module as Record<string, unknown>)[opts.objectName] === model) return;
      throw new ImproperlyConfigured(
        `The app '${appLabel}' exports the model '${opts.label}' as '${name}'. The name of the class and of the label ` +
          `must agree. A model that inherits from another is made with ${opts.objectName}.extend("${appLabel}.${name}", {...}).`,
      );
    }
    opts.adopt(model);
  }

  /** Checks what can be checked once all models are known. Throws `ImproperlyConfigured`. */
  check(): void {
    for (const opts of this.#models.values()) opts.check();
    this.#checkTables();
  }

  #checkTables(): void {
    const tables = new Map<string, Options>();
    for (const opts of this.#models.values()) {
      if (opts.proxy || !opts.managed) continue;
      const other = tables.get(opts.dbTable);
      if (other !== undefined) {
        throw new ImproperlyConfigured(
          `The table '${opts.dbTable}' is used by two models: '${other.label}' and '${opts.label}'. Give one of them ` +
            "another dbTable.",
        );
      }
      tables.set(opts.dbTable, opts);
    }
  }
}

/** Whether a value is a class made by `Model()` or derived from one. */
export function isModelClass(value: unknown): value is ModelClass {
  return (
    typeof value === "function" &&
    "_meta" in value &&
    typeof (value as { label?: unknown }).label === "string"
  );
}

/** The registry of the program. */
export const registry = new Registry();
