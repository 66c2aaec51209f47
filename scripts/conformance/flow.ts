/**
 * One code path for both colours: a flow yields whatever its colour's API returned.
 * In sync that is the result itself, in async a promise of it.
 */

export type Flow<T> = Generator<unknown, T, unknown>;
export type ColourName = "sync" | "async";

function isThenable(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}

/** Drives a flow without leaving the current tick; a promise from the sync API is a fault. */
export function driveSync<T>(flow: Flow<T>): T {
  let step = flow.next();
  while (!step.done) {
    if (isThenable(step.value)) {
      step = flow.throw(new Error("the sync API returned a promise"));
    } else {
      step = flow.next(step.value);
    }
  }
  return step.value;
}

/** Drives a flow, awaiting each value that it yields. */
export async function driveAsync<T>(flow: Flow<T>): Promise<T> {
  let step = flow.next();
  while (!step.done) {
    let value: unknown;
    let error: unknown;
    let failed = false;
    try {
      value = await step.value;
    } catch (caught) {
      failed = true;
      error = caught;
    }
    step = failed ? flow.throw(error) : flow.next(value);
  }
  return step.value;
}

/** Runs a flow in its colour. */
export function drive<T>(colour: ColourName, flow: Flow<T>): T | Promise<T> {
  return colour === "sync" ? driveSync(flow) : driveAsync(flow);
}
