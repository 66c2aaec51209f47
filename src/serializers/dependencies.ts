/** The order in which models are written, so that natural keys are there before they are referred to. */
import { RuntimeError } from "../errors.ts";
import type { ManyToManyRel } from "../fields/related/rel.ts";
import type { RelatedField } from "../fields/related/related-field.ts";
import type { Options } from "../models/options.ts";
import { registry } from "../models/registry.ts";
import { hasNaturalKey, naturalKeyDependencies } from "./natural.ts";

function dependenciesOf(opts: Options): Options[] {
  const found = hasNaturalKey(opts)
    ? naturalKeyDependencies(opts).map((label) => registry.getModel(label)._meta)
    : [];
  const add = (target: Options) => {
    if (hasNaturalKey(target) && target !== opts) found.push(target);
  };
  for (const field of opts.fields)
    if (field.isRelation) add((field as unknown as RelatedField).remoteField.opts);
  for (const field of opts.manyToMany) {
    const rel = field.remoteField as ManyToManyRel;
    if (rel.throughMeta.autoCreated !== null) add(rel.opts);
  }
  return found;
}

/**
 * Models in an order in which each comes after those whose natural keys it refers to. Django: `sort_dependencies()`.
 *
 * @param allowCycles takes a model anyway where all that are left wait for each other
 * @throws RuntimeError for a cycle otherwise
 */
export function sortDependencies(models: readonly Options[], allowCycles = false): Options[] {
  const all = new Set(models);
  const sorted = new Set<Options>();
  let waiting = models.map((opts) => [opts, dependenciesOf(opts)] as const);
  while (waiting.length > 0) {
    const skipped: (typeof waiting)[number][] = [];
    for (const entry of waiting) {
      const [opts, dependencies] = entry;
      if (dependencies.every((other) => !all.has(other) || sorted.has(other))) sorted.add(opts);
      else skipped.push(entry);
    }
    if (skipped.length === waiting.length) {
      const last = skipped.pop();
      if (!allowCycles || last === undefined) {
        const labels = waiting.map(([opts]) => opts).sort((a, b) => (a.objectName < b.objectName ? -1 : 1));
        throw new RuntimeError(
          `Can't resolve dependencies for ${labels.map((opts) => opts.label).join(", ")} in serialized app list.`,
        );
      }
      sorted.add(last[0]);
    }
    // As in Django, those that wait are asked in the opposite order the next time.
    waiting = skipped.reverse();
  }
  return [...sorted];
}
