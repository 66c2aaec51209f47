/**
 * The current time zone: in it dates are cut out of datetimes (`__date`, `__year`, `Trunc...`), as Django's
 * `django.utils.timezone` has it.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { now } from "./clock.ts";
import { isZone } from "./zone-offset.ts";

export { now } from "./clock.ts";

let defaultZone = "UTC";
/** Made when first used: programs that never change the zone pay nothing. */
let storage: AsyncLocalStorage<string | null> | null = null;

/** Whether `name` is an IANA time zone, or a fixed offset such as `+03:00` or `UTC+03:00`. */
export function isTimeZone(name: string): boolean {
  return typeof name === "string" && (isZone(name) || /^(?:UTC)?[+-]\d{2}:\d{2}$/.test(name));
}

/** Sets the default; the settings do. */
export function setDefaultTimeZone(name: string): void {
  defaultZone = name;
}

function check(name: string): string {
  if (!isTimeZone(name)) throw new RangeError(`No time zone found with key ${name}`);
  return name;
}

/** The default time zone, from the settings. */
export function getDefault(): string {
  return defaultZone;
}

/** The time zone in force: that of the innermost `override` or `activate`, else the default. */
export function getCurrent(): string {
  return storage?.getStore() ?? defaultZone;
}

/**
 * Calls `fn` with `name` as the current time zone; null stands for the default. What `fn` awaits stays in it.
 *
 * @throws RangeError for an unknown time zone
 *
 * @example
 * timezone.override("Europe/Berlin", () => Post.objects.filter({ published__date: day }).count());
 */
export function override<T>(name: string | null, fn: () => T): T {
  if (name !== null) check(name);
  storage ??= new AsyncLocalStorage();
  return storage.run(name, fn);
}

/** Makes `name` the time zone of the running task and of what it starts from now on. */
export function activate(name: string): void {
  check(name);
  storage ??= new AsyncLocalStorage();
  storage.enterWith(name);
}

/** Goes back to the default time zone. */
export function deactivate(): void {
  storage?.enterWith(null);
}

/** The functions under one name: `timezone.override(...)`, `timezone.now()`. */
export const timezone: {
  activate: typeof activate;
  deactivate: typeof deactivate;
  override: typeof override;
  getCurrent: typeof getCurrent;
  getDefault: typeof getDefault;
  now: typeof now;
} = { activate, deactivate, override, getCurrent, getDefault, now };
