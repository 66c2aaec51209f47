import { FieldDoesNotExist, ImproperlyConfigured } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { CompositePrimaryKey } from "../fields/generated.ts";
import type { PrivateField } from "../fields/private.ts";
import type { ForeignKey } from "../fields/related/foreign-key.ts";
import type { PathInfo } from "../fields/related/path-info.ts";
import { ForeignObjectRel } from "../fields/related/rel.ts";
import { RelatedField } from "../fields/related/related-field.ts";
import type { Mode } from "../task.ts";
import { checkRelations } from "./checks.ts";
import {
  type ConstraintLike,
  camelCaseToSpaces,
  checkMeta,
  formatNames,
  type IndexLike,
  type InternalMeta,
  normalizeTogether,
} from "./meta.ts";
import { ModelManagers } from "./model-managers.ts";
import { type Registry, registry } from "./registry.ts";
import type { Manager, ModelClass } from "./types.ts";

/** What `_meta.getField()` may give: a field of the model, or a relation that points to it. */
export type AnyField = Field | ForeignObjectRel;

/** How much of the parents' fields to include: all, none, or only those of the model that a proxy stands for. */
type Parents = "all" | "none" | "proxy";

interface FieldFilter {
  forward?: boolean;
  reverse?: boolean;
  parents?: Parents;
  hidden?: boolean;
}

/**
 * What the library knows of a model: Django's `_meta`.
 *
 * Lists and maps are computed when first asked for, and again after another model was declared.
 */
export class Options {
  readonly apps: Registry;
  readonly appLabel: string;
  readonly objectName: string;
  readonly modelName: string;
  readonly label: string;
  readonly labelLower: string;
  /** The meta as it was declared. */
  readonly meta: InternalMeta;

  readonly abstract: boolean;
  readonly proxy: boolean;
  managed: boolean;
  readonly autoCreated: Options | null;
  readonly verboseName: string;
  readonly verboseNamePlural: string;
  dbTable: string;
  readonly dbTableComment: string;
  ordering: readonly unknown[];
  getLatestBy: string | readonly string[] | null;
  readonly uniqueTogether: readonly (readonly string[])[];
  readonly indexes: IndexLike[];
  readonly constraints: ConstraintLike[];
  readonly defaultRelatedName: string | null;
  readonly selectOnSave: boolean;
  readonly requiredDbVendor: string | null;
  readonly requiredDbFeatures: readonly string[];
  readonly baseManagerName: string | null;
  readonly defaultManagerName: string | null;
  orderWithRespectTo: RelatedField | null = null;

  /** The managers that the class has. */
  readonly managers: ModelManagers = new ModelManagers(this);
  readonly localFields: Field[] = [];
  readonly localManyToMany: RelatedField[] = [];
  /** Generic relations and the like: each model has copies of its own. */
  readonly privateFields: PrivateField[] = [];
  /** The model this one extends, by any of the three kinds of inheritance. */
  base: Options | null = null;
  /** The parents in the database, each with the field that links to it (`null` for a proxy's). */
  readonly parentLinks = new Map<Options, ForeignKey | null>();
  /** The model whose table this one uses: itself, but for a proxy. */
  concreteOpts: Options = this;
  /** The model that a proxy was made from. */
  proxyForOpts: Options | null = null;
  /** The class that holds the sync half: every class of this model and of its children derives from it. */
  rootClass!: ModelClass;
  /** The class that `Model()` returned: the one that the user's class extends. */
  baseClass!: ModelClass;
  /** Whether the class has its async half. */
  hasAsync = false;
  /** Where the `a` relations go: the classes of this model and of children that have an async half. */
  readonly asyncPrototypes: object[] = [];
  readonly asyncAccessors = new Map<string, PropertyDescriptor>();

  #pk: Field | null = null;
  #model: ModelClass | null = null;
  #cache = new Map<string, unknown>();

  constructor(label: string, meta: InternalMeta) {
    checkMeta(label, meta);
    const dot = label.lastIndexOf(".");
    const appLabel = meta.appLabel ?? label.slice(0, Math.max(dot, 0));
    if (appLabel === "" || (dot >= 0 && label.slice(0, dot) !== appLabel)) {
      throw new ImproperlyConfigured(
        dot < 0
          ? `The label '${label}' needs its app: "app.${label}", or { appLabel: "app" } in the meta.`
          : `The label '${label}' and the appLabel '${appLabel}' of its meta do not agree.`,
      );
    }
    this.meta = meta;
    this.apps = meta.apps ?? registry;
    this.appLabel = appLabel;
    this.objectName = label.slice(dot + 1);
    if (!/^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(this.objectName)) {
      throw new ImproperlyConfigured(`'${label}' is no model label: it has the form "app.ModelName".`);
    }
    this.modelName = this.objectName.toLowerCase();
    this.label = `${appLabel}.${this.objectName}`;
    this.labelLower = `${appLabel}.${this.modelName}`.toLowerCase();
    this.abstract = meta.abstract ?? false;
    this.proxy = meta.proxy ?? false;
    this.managed = meta.managed ?? true;
    this.autoCreated = meta.autoCreated ?? null;
    this.verboseName = meta.verboseName ?? camelCaseToSpaces(this.objectName);
    this.verboseNamePlural = meta.verboseNamePlural ?? `${this.verboseName}s`;
    this.dbTable = meta.dbTable || `${appLabel}_${this.modelName}`;
    this.dbTableComment = meta.dbTableComment ?? "";
    this.ordering = meta.ordering ?? [];
    this.getLatestBy = meta.getLatestBy ?? null;
    this.uniqueTogether = normalizeTogether(meta.uniqueTogether);
    this.defaultRelatedName = meta.defaultRelatedName ?? null;
    this.selectOnSave = meta.selectOnSave ?? false;
    this.requiredDbVendor = meta.requiredDbVendor ?? null;
    this.requiredDbFeatures = meta.requiredDbFeatures ?? [];
    this.baseManagerName = meta.baseManagerName ?? null;
    this.defaultManagerName = meta.defaultManagerName ?? null;
    this.indexes = formatNames(meta.indexes ?? [], this);
    this.constraints = formatNames(meta.constraints ?? [], this);
    if (this.ordering.length > 0 && meta.orderWithRespectTo !== undefined) {
      throw new ImproperlyConfigured(
        `'${this.label}': 'ordering' and 'orderWithRespectTo' cannot be used together.`,
      );
    }
  }

  // ---------------------------------------------------------------- the class

  /** The model class: the user's subclass once it is known. */
  get model(): ModelClass {
    return this.#model ?? this.baseClass;
  }

  /** Takes `model` as *the* class of this label, unless there is one already. */
  adopt(model: ModelClass): void {
    const current = this.model;
    if (model === current) return;
    if (current !== this.baseClass) {
      if (model === this.baseClass || model.prototype instanceof current) return;
      throw new ImproperlyConfigured(
        `Two classes are made from one ${this.objectName} base: '${current.name}' and '${model.name}'. A model of ` +
          `its own is made with ${this.objectName}.extend("${this.appLabel}.${model.name}", {...}).`,
      );
    }
    for (const field of this.concreteFields) {
      if (Object.hasOwn(model.prototype, field.attname)) {
        throw new ImproperlyConfigured(
          `The class '${model.name}' defines '${field.attname}', which is a field of '${this.label}': rename one of them.`,
        );
      }
    }
    this.#model = model;
    this.managers.forget();
    this.apps.clearCache();
  }

  /** Another class takes the place of the one that `Model()` returned. */
  rebase(base: ModelClass): void {
    this.baseClass = base;
    this.#model = null;
    this.managers.forget();
  }

  get concreteModel(): ModelClass {
    return this.concreteOpts.model;
  }

  get proxyForModel(): ModelClass | null {
    return this.proxyForOpts?.model ?? null;
  }

  /** Whether this model's class derives from that of `other` (or is the same). */
  isSubclassOf(other: Options): boolean {
    return this === other || Object.prototype.isPrototypeOf.call(other.rootClass, this.rootClass);
  }

  // ---------------------------------------------------------------- primary key

  get pk(): Field {
    if (this.#pk === null)
      throw new ImproperlyConfigured(`The abstract model '${this.label}' has no primary key.`);
    return this.#pk;
  }

  get hasPk(): boolean {
    return this.#pk !== null;
  }

  setPk(field: Field): void {
    this.#pk = field;
    this.expireCache();
  }

  get isCompositePk(): boolean {
    return this.pk instanceof CompositePrimaryKey;
  }

  /** The fields of the primary key: several for a composite one. */
  get pkFields(): readonly Field[] {
    return this.#cached("pkFields", () => {
      const { pk } = this;
      return pk instanceof CompositePrimaryKey ? pk.fields : [pk];
    });
  }

  // ---------------------------------------------------------------- fields

  /** Adds a field that already knows its name and model. */
  addField(field: Field): void {
    if (field.isPrivate) this.privateFields.push(field as PrivateField);
    else if (field.manyToMany) this.localManyToMany.push(field as RelatedField);
    else if (field.autoCreated) this.localFields.unshift(field);
    else this.localFields.push(field);
    if (field.primaryKey && this.#pk === null && !field.manyToMany) this.#pk = field;
    this.expireCache();
  }

  /** Puts another automatic primary key in the place of `id`. */
  replaceAutoPk(field: Field): void {
    this.localFields[this.localFields.indexOf(this.pk)] = field;
    this.#pk = field;
    this.expireCache();
  }

  #cached<T>(key: string, make: () => T): T {
    let value = this.#cache.get(key) as T | undefined;
    if (value === undefined) {
      value = make();
      this.#cache.set(key, value);
    }
    return value;
  }

  /** Forgets what was computed; called when a model or field was added. */
  expireCache(): void {
    this.#cache.clear();
    for (const field of this.localFields) if (field instanceof RelatedField) field.expireCache();
    for (const field of this.localManyToMany) field.expireCache();
    for (const field of this.privateFields) if (field instanceof RelatedField) field.expireCache();
  }

  /** The relations of other models that point to this one, in the order of their declaration. */
  get relationTree(): readonly RelatedField[] {
    return this.apps.relationsTo(this.concreteOpts);
  }

  /** All fields of a kind: parents' first, then relations from elsewhere, then its own. */
  collectFields({
    forward = true,
    reverse = true,
    parents = "all",
    hidden = false,
    isParent = false,
  }: FieldFilter & { isParent?: boolean }): readonly AnyField[] {
    return this.#cached(`fields ${forward} ${reverse} ${parents} ${hidden} ${isParent}`, () => {
      const fields: AnyField[] = [];
      if (parents !== "none") {
        const seen = new Set<AnyField>();
        for (const parent of this.parentLinks.keys()) {
          if (parents === "proxy" && parent.concreteOpts !== this.concreteOpts) continue;
          for (const field of parent.collectFields({ forward, reverse, parents, hidden, isParent: true })) {
            // How a parent's children refer to it is no relation of this child's.
            if (field instanceof ForeignObjectRel && field.parentLink && field.toOpts !== this.concreteOpts)
              continue;
            if (seen.has(field)) continue;
            seen.add(field);
            fields.push(field);
          }
        }
      }
      if (reverse && !this.proxy) {
        for (const field of this.relationTree)
          if (hidden || !field.remoteField.hidden) fields.push(field.remoteField);
      }
      if (forward) fields.push(...this.localFields, ...this.localManyToMany);
      if (forward && !isParent) fields.push(...this.privateFields);
      return fields;
    });
  }

  /** Forward and reverse fields. `includeHidden`: also relations whose `relatedName` ends with `+`. */
  getFields({ includeParents = true, includeHidden = false } = {}): readonly AnyField[] {
    return this.collectFields({ parents: includeParents ? "all" : "proxy", hidden: includeHidden });
  }

  /** The model's and its parents' own fields, without many-to-many ones. */
  get fields(): readonly Field[] {
    return this.#cached("fields", () =>
      (this.collectFields({ reverse: false }) as Field[]).filter((f) => !f.manyToMany && !f.isPrivate),
    );
  }

  /** The fields that have a column. */
  get concreteFields(): readonly Field[] {
    return this.#cached("concreteFields", () => this.fields.filter((field) => field.concrete));
  }

  get localConcreteFields(): readonly Field[] {
    return this.#cached("localConcreteFields", () => this.localFields.filter((field) => field.concrete));
  }

  get manyToMany(): readonly RelatedField[] {
    return this.#cached("manyToMany", () =>
      (this.collectFields({ reverse: false }) as Field[]).filter(
        (field): field is RelatedField => field.manyToMany,
      ),
    );
  }

  /** The relations that point to this model, with the hidden many-to-many ones. */
  get relatedObjects(): readonly ForeignObjectRel[] {
    return this.#cached("relatedObjects", () =>
      (this.collectFields({ forward: false, hidden: true }) as ForeignObjectRel[]).filter(
        (rel) => !rel.hidden || rel.field.manyToMany,
      ),
    );
  }

  get #forwardMap(): Map<string, AnyField> {
    return this.#cached("forwardMap", () => nameMap(this.collectFields({ reverse: false })));
  }

  get #reverseMap(): Map<string, AnyField> {
    return this.#cached("reverseMap", () => nameMap(this.collectFields({ forward: false, hidden: true })));
  }

  /** A field by name or attname, or a relation that points here by its query name; `undefined` for none. */
  findField(name: string): AnyField | undefined {
    return this.#forwardMap.get(name) ?? this.#reverseMap.get(name);
  }

  /** As {@link findField}. Throws `FieldDoesNotExist`. */
  getField(name: string): AnyField {
    const field = this.findField(name);
    if (field === undefined) throw new FieldDoesNotExist(`${this.objectName} has no field named '${name}'`);
    return field;
  }

  /** The names that queries may use here, sorted: for "Choices are: ...". */
  fieldChoices(): string[] {
    return this.#cached("fieldChoices", () => {
      const names = new Set<string>();
      for (const field of this.getFields()) {
        names.add(field.name);
        if (field.concrete && field.attname !== undefined) names.add(field.attname);
      }
      return [...names].sort();
    });
  }

  get nonPkConcreteFieldNames(): ReadonlySet<string> {
    return this.#cached("nonPkConcreteFieldNames", () => {
      const pks = new Set<Field>(this.pkFields);
      for (const parent of this.#ancestors) for (const field of parent.pkFields) pks.add(field);
      const names = new Set<string>();
      for (const field of this.concreteFields) {
        if (!pks.has(field)) names.add(field.name).add(field.attname);
      }
      return names;
    });
  }

  get reverseOneToOneFieldNames(): ReadonlySet<string> {
    return this.#cached(
      "reverseOneToOne",
      () => new Set(this.relatedObjects.filter((rel) => rel.oneToOne).map((rel) => rel.name)),
    );
  }

  /** The fields whose value the database makes on insert. */
  get dbReturningFields(): readonly Field[] {
    return this.#cached("dbReturningFields", () =>
      (this.collectFields({ reverse: false, parents: "proxy" }) as Field[]).filter(
        (field) => field.dbReturning,
      ),
    );
  }

  /** The constraints that make a combination of fields unique among all rows. */
  get totalUniqueConstraints(): readonly ConstraintLike[] {
    return this.constraints.filter(
      (constraint) =>
        constraint.constructor.name === "UniqueConstraint" &&
        constraint.condition == null &&
        !constraint.containsExpressions,
    );
  }

  // ---------------------------------------------------------------- inheritance

  /** The parents in the database, by class. */
  get parents(): ReadonlyMap<ModelClass, ForeignKey | null> {
    return this.#cached(
      "parents",
      () => new Map([...this.parentLinks].map(([opts, link]) => [opts.model, link])),
    );
  }

  get #ancestors(): readonly Options[] {
    return this.#cached("ancestors", () => {
      const all = new Set(this.parentLinks.keys());
      for (const parent of this.parentLinks.keys())
        for (const ancestor of parent.#ancestors) all.add(ancestor);
      return [...all];
    });
  }

  /** All ancestors in the database, nearest first. */
  get allParents(): readonly ModelClass[] {
    return this.#ancestors.map((opts) => opts.model);
  }

  getParentList(): ModelClass[] {
    return [...this.allParents];
  }

  /** The ancestors from the nearest to `ancestor`; empty when it is none. */
  getBaseChain(ancestor: ModelClass | Options): ModelClass[] {
    return this.#baseChain(optionsOf(ancestor)).map((opts) => opts.model);
  }

  #baseChain(ancestor: Options): Options[] {
    if (this.parentLinks.has(ancestor)) return [ancestor];
    for (const parent of this.parentLinks.keys()) {
      const chain = parent.#baseChain(ancestor);
      if (chain.length > 0) return [parent, ...chain];
    }
    return [];
  }

  /** The field of this model on the way to `ancestor`; `null` or `undefined` when there is none. */
  getAncestorLink(ancestor: ModelClass | Options): ForeignKey | null | undefined {
    const target = optionsOf(ancestor);
    if (this.parentLinks.size === 0) return undefined;
    if (this.parentLinks.has(target)) return this.parentLinks.get(target);
    for (const [parent, link] of this.parentLinks) {
      const parentLink = parent.getAncestorLink(target);
      // The first link of the chain; a proxy has none, then its model's.
      if (parentLink) return link ?? parentLink;
    }
    return undefined;
  }

  /** The joins from this model's table to that of an ancestor. */
  getPathToParent(ancestor: ModelClass | Options): readonly PathInfo[] {
    const target = optionsOf(ancestor);
    if (this === target) return [];
    const path: PathInfo[] = [];
    let opts: Options = this;
    for (const next of this.#baseChain(target)) {
      if (next !== this.concreteOpts) {
        const link = opts.parentLinks.get(next) as ForeignKey;
        path.push({
          fromOpts: link.opts as Options,
          toOpts: next,
          targetFields: [link.remoteField.getRelatedField()],
          joinField: link,
          m2m: false,
          direct: true,
          filteredRelation: null,
        });
      }
      opts = next;
    }
    return path;
  }

  /** The joins from an ancestor's table to this model's. */
  getPathFromParent(ancestor: ModelClass | Options): readonly PathInfo[] {
    const target = optionsOf(ancestor);
    if (this === target) return [];
    const concrete = this.concreteOpts;
    const chain = [...concrete.#baseChain(target).reverse(), concrete];
    return chain.slice(1).flatMap((child, i) => {
      const link = child.getAncestorLink(chain[i] as Options) as ForeignKey;
      return link.reversePathInfos;
    });
  }

  // ---------------------------------------------------------------- managers

  /** The manager for relations and the like: `defaultManagerName`, else `objects`. */
  defaultManager(mode: Mode = "sync"): Manager {
    return this.managers.defaultManager(mode);
  }

  /** The manager that loads related objects: `baseManagerName`, else one without any filter. */
  baseManager(mode: Mode = "sync"): Manager {
    return this.managers.baseManager(mode);
  }

  // ---------------------------------------------------------------- checks

  /** Checks what needs all models. Throws `ImproperlyConfigured`. */
  check(): void {
    if (!this.abstract) checkRelations(this);
  }

  toString(): string {
    return this.labelLower;
  }
}

function optionsOf(model: ModelClass | Options): Options {
  return model instanceof Options ? model : model._meta;
}

function nameMap(fields: readonly AnyField[]): Map<string, AnyField> {
  const map = new Map<string, AnyField>();
  for (const field of fields) {
    map.set(field.name, field);
    if (field.attname !== undefined) map.set(field.attname, field);
  }
  return map;
}
