/** The statements that are sent while something runs. */

import { onQuery } from "asgimod";

/** Statements of queries, those of transaction control left out. */
export async function sent(work: () => unknown): Promise<string[]> {
  const seen: string[] = [];
  const stop = onQuery(({ sql, control }) => {
    if (!control) seen.push(sql);
  });
  try {
    await work();
  } finally {
    stop();
  }
  return seen;
}

/** The statements of sync code, transaction control included. */
export function sentSync(work: () => void): string[] {
  const seen: string[] = [];
  const stop = onQuery(({ sql }) => seen.push(sql));
  try {
    work();
  } finally {
    stop();
  }
  return seen;
}
