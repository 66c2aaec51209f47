/** Loading files of objects. Django: `loaddata`. */

import { DatabaseError, ValueError } from "../errors.ts";
import {
  checkConstraints,
  disableConstraintChecks,
  enableConstraintChecks,
  resetSequences,
} from "../execute/constraint-checks.ts";
import type { Options } from "../models/options.ts";
import { allowMigrate } from "../router.ts";
import { atomically, type Mode, type Task } from "../task.ts";
import { str } from "../util/repr.ts";
import type { DeserializedObject } from "./deserialized.ts";
import { CommandError, prefixMessage } from "./errors.ts";
import { type Fixture, findFixtures, readFixture } from "./files.ts";
import { parseLabels } from "./labels.ts";
import { Deserialization } from "./tasks.ts";
import type { LoaddataOptions, Loaded } from "./types.ts";

class Loading {
  readonly #mode: Mode;
  readonly #using: string;
  readonly #options: LoaddataOptions;
  readonly #excluded: ReturnType<typeof parseLabels>;
  /** The models of which objects were saved. */
  readonly #models = new Set<Options>();
  readonly #deferred: DeserializedObject[] = [];
  #objects = 0;
  #loaded = 0;

  constructor(mode: Mode, options: LoaddataOptions) {
    this.#mode = mode;
    this.#using = options.using ?? "default";
    this.#options = options;
    this.#excluded = parseLabels(options.exclude ?? []);
  }

  *load(labels: readonly string[]): Task<Loaded> {
    const { fixtureDirs = [] } = this.#options;
    const fixtures = labels.flatMap((label) => findFixtures(label, this.#using, fixtureDirs));
    const disabled = yield* disableConstraintChecks(this.#using);
    try {
      for (const fixture of fixtures) yield* this.#fixture(fixture);
      for (const object of this.#deferred) yield* object.saveDeferredTask(this.#using);
    } finally {
      if (disabled) yield* enableConstraintChecks(this.#using);
    }
    const models = [...this.#models];
    try {
      yield* checkConstraints(this.#using, models);
    } catch (error) {
      throw prefixMessage(error, "Problem installing fixtures: ");
    }
    if (this.#loaded > 0) yield* resetSequences(this.#using, models);
    return { fixtures: fixtures.length, objects: this.#objects, loaded: this.#loaded };
  }

  *#fixture(fixture: Fixture): Task<void> {
    const before = this.#objects;
    const source = readFixture(fixture, this.#mode);
    const reading = new Deserialization(fixture.format, source, this.#mode, {
      using: this.#using,
      ignorenonexistent: this.#options.ignorenonexistent ?? false,
      handleForwardReferences: true,
    });
    try {
      for (let object = yield* reading.next(); object !== null; object = yield* reading.next()) {
        this.#objects++;
        if (!(yield* this.#save(object))) continue;
        this.#loaded++;
        this.#options.progress?.(this.#loaded, null);
      }
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw prefixMessage(error, `Problem installing fixture '${fixture.path}': `);
    } finally {
      yield* reading.close();
    }
    if (this.#objects === before) {
      process.emitWarning(
        `No fixture data found for '${fixture.name}'. (File format may be invalid.)`,
        "RuntimeWarning",
      );
    }
  }

  /** Saves an object unless it is excluded; says whether. */
  *#save(object: DeserializedObject): Task<boolean> {
    const opts = object.object._meta;
    if (this.#excluded.models.has(opts) || this.#excluded.apps.has(opts.appLabel)) return false;
    // The database of an alias has no table for a model that routers keep elsewhere.
    if (!allowMigrate(this.#using, opts.model)) return false;
    this.#models.add(opts);
    try {
      yield* object.saveTask({ using: this.#using });
    } catch (error) {
      if (!(error instanceof DatabaseError || error instanceof ValueError)) throw error;
      throw prefixMessage(error, `Could not load ${opts.label}(pk=${str(object.object.pk)}): `);
    }
    if (object.deferredFields.size > 0) this.#deferred.push(object);
    return true;
  }
}

/** Loads files in one transaction. */
export function load(labels: readonly string[], mode: Mode, options: LoaddataOptions): Task<Loaded> {
  return atomically(options.using ?? "default", () => new Loading(mode, options).load(labels));
}
