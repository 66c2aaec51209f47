/** The models that labels of apps and models name. */
import type { Options } from "../models/options.ts";
import { registry } from "../models/registry.ts";
import { CommandError } from "./errors.ts";

function modelsOf(appLabel: string): Options[] {
  return registry.getModels({ appLabel }).map((model) => model._meta);
}

function appLabels(): string[] {
  return [...new Set(registry.getModels().map((model) => model._meta.appLabel))];
}

function checkApp(label: string): void {
  if (!appLabels().includes(label)) throw new CommandError(`No installed app with label '${label}'.`);
}

/** Labels of apps and of single models, apart. Throws `CommandError` for unknown ones. */
export function parseLabels(labels: readonly string[]): { apps: Set<string>; models: Set<Options> } {
  const apps = new Set<string>();
  const models = new Set<Options>();
  for (const label of labels) {
    if (!label.includes(".")) {
      checkApp(label);
      apps.add(label);
      continue;
    }
    const opts = registry.find(label);
    if (opts === undefined) throw new CommandError(`Unknown model: ${label}`);
    models.add(opts);
  }
  return { apps, models };
}

/** The models of an app that are asked for. */
export type AppModels = readonly [appLabel: string, models: readonly Options[]];

/** The models that labels name, by app; all models when there are no labels. */
export function selectModels(labels: readonly string[], excludedApps: ReadonlySet<string>): AppModels[] {
  if (labels.length === 0) {
    return appLabels()
      .filter((app) => !excludedApps.has(app))
      .map((app) => [app, modelsOf(app)]);
  }
  const selected = new Map<string, Options[] | null>();
  for (const label of labels) {
    const parts = label.split(".");
    const app = parts[0] as string;
    checkApp(app);
    if (excludedApps.has(app)) continue;
    if (parts.length !== 2) {
      selected.set(app, null);
      continue;
    }
    const opts = registry.find(label);
    if (opts === undefined) throw new CommandError(`Unknown model: ${label}`);
    const known = selected.get(app);
    // The whole app is asked for already.
    if (known === null) continue;
    if (known === undefined) selected.set(app, [opts]);
    else if (!known.includes(opts)) known.push(opts);
  }
  return [...selected].map(([app, models]) => [app, models ?? modelsOf(app)]);
}
