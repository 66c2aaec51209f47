import type { Task } from "../task.ts";
import { checkOptions } from "../util/check-options.ts";

/** A task that first looks at the options it was given: wrong ones reject its promise, and throw nothing before. */
export function* withOptions<T>(
  method: string,
  options: unknown,
  known: readonly string[],
  task: Task<T>,
): Task<T> {
  checkOptions(method, options, known);
  return yield* task;
}

/** A task that is made when it runs: what throws while it is made rejects its promise. */
export function* lazily<T>(make: () => Task<T>): Task<T> {
  return yield* make();
}
