import type { DriverDatabase } from "./driver.ts";

export function registerFunctions(_db: DriverDatabase): void {}
