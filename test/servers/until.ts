/** Waiting in tests: for what has to come about, and for one another. */

import assert from "node:assert/strict";

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until `condition` holds; fails, with `message`, when it does not within a minute. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  message: string = `waited for: ${condition}`,
): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await condition())) {
    assert.ok(performance.now() < end, message);
    await pause(5);
  }
}

/** A promise with what settles it, to arrange who waits for whom. */
export function gate(): { open: () => void; opened: Promise<void> } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}
