/** Messages with named places: `%(value)s`, `%(limit)d`, `%(value)r`. */

import { repr, str } from "./repr.ts";

/** Fills a message's places. One without parameters stays as it is. */
export function interpolate(template: string, params?: Readonly<Record<string, unknown>> | null): string {
  if (!params) return template;
  return template.replace(/%(?:%|\((\w+)\)([srdi]))/g, (_, name?: string, kind?: string) => {
    if (name === undefined) return "%";
    return kind === "r" ? repr(params[name]) : str(params[name]);
  });
}
