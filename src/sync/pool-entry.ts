/** What runs in a pool's workers: tinypool calls the default export with one task after the other. */

import type { Outcome, Target } from "./target.ts";
import { invoke } from "./target.ts";
import type { Packed } from "./values.ts";

export interface PoolTask {
  readonly target: Target;
  readonly args: Packed;
}

export default function run({ target, args }: PoolTask): Promise<Outcome> {
  return invoke(target, args);
}
