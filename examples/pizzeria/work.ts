/** Functions that the `sync` part calls on other threads. */
import { setTimeout } from "node:timers/promises";

/** Long work that would hold up the event loop. */
export function kneadings(minutes: number): number {
  let turns = 0;
  for (let i = 0; i < minutes * 100_000; i++) turns += i % 2;
  return turns;
}

/** Asynchronous work that a synchronous program wants to wait for. */
export async function bake(pizza: string, milliseconds = 5): Promise<string> {
  await setTimeout(milliseconds);
  if (pizza === "") throw new RangeError("There is nothing in the oven.");
  return `${pizza}, baked`;
}
