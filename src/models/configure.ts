import { setDefaultAutoField } from "./automatic-fields.ts";
import { type AppModules, type AutoFieldName, registry } from "./registry.ts";

/**
 * Puts the settings that concern models in force: the automatic primary keys, and which classes are the models.
 *
 * @throws ImproperlyConfigured for what `Registry.registerApps` refuses
 */
export function configureModels(settings: { apps: AppModules; defaultAutoField: string }): void {
  setDefaultAutoField(registry, settings.defaultAutoField as AutoFieldName);
  registry.registerApps(settings.apps);
}
