/** Packages that parts of this library need, and programs install where they use those. */
import { createRequire } from "node:module";
import { ImproperlyConfigured } from "../errors.ts";

/**
 * A package, looked for where this library is installed and where the program runs.
 *
 * @throws ImproperlyConfigured when it is not installed, with the command that installs it
 */
export function optionalPackage(name: string, purpose: string): unknown {
  let cause: unknown;
  for (const from of [import.meta.url, `${process.cwd()}/package.json`]) {
    try {
      return createRequire(from)(name);
    } catch (error) {
      if ((error as { code?: unknown }).code !== "MODULE_NOT_FOUND") throw error;
      cause = error;
    }
  }
  throw new ImproperlyConfigured(`${purpose} needs the package '${name}'. Run \`npm install ${name}\`.`, {
    cause,
  });
}
