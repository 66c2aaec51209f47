/** Measures two ways of doing the same work, interleaved, and compares the medians. */

/** One way of doing a case's work. `i` counts the calls within a batch. */
export type Work = (i: number) => unknown;

export interface Case {
  readonly name: string;
  /** The work done by hand: prepared statement, the same conversions, plain objects. */
  readonly raw: Work;
  /** The same work through asgimod. */
  readonly orm: Work;
  /** Largest ratio orm/raw that is accepted; without one the case only informs. */
  readonly mark?: number;
  /** Largest difference orm - raw in microseconds that is accepted, instead of a ratio. */
  readonly markMicroseconds?: number;
  /** What the first column of figures is, where it is not raw work. */
  readonly against?: string;
  /** Calls per batch, where the work cannot be repeated at will. */
  readonly batch?: number;
  /** Undoes what a batch wrote; not measured. */
  readonly reset?: () => unknown;
  /** Awaits every call (default). Without, the work must be synchronous. */
  readonly awaited?: boolean;
}

export interface Figures {
  readonly name: string;
  readonly against: string;
  /** Median microseconds per call. */
  readonly raw: number;
  readonly orm: number;
  readonly ratio: number;
  readonly limit: string | null;
  readonly ok: boolean | null;
}

export interface Settings {
  /** Measured batches per side. */
  readonly rounds: number;
  /** Milliseconds that a batch should take at least. */
  readonly batchMs: number;
  /** Gives the microseconds that have passed: of the clock on the wall, or of this process at work. */
  readonly now: () => number;
}

/** The clocks by name. What the others on a busy machine do shows in `wall` alone. */
export const CLOCKS: Readonly<Record<string, () => number>> = {
  wall: () => performance.now() * 1000,
  cpu() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
};

/** Runs a batch and gives microseconds per call. */
async function batch(work: Work, calls: number, awaited: boolean, now: () => number): Promise<number> {
  const start = now();
  if (awaited) {
    for (let i = 0; i < calls; i++) await work(i);
  } else {
    for (let i = 0; i < calls; i++) work(i);
  }
  return (now() - start) / calls;
}

/** The middle value, or the mean of the two middle values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Measures one case. Raw and orm take turns, and who goes first changes every round. */
export async function measure(subject: Case, { rounds, batchMs, now }: Settings): Promise<Figures> {
  const awaited = subject.awaited ?? true;
  const sides = [subject.raw, subject.orm] as const;
  const times: [number[], number[]] = [[], []];

  // Warm up until the optimising compiler is done with both, and learn how long a call takes.
  let slowest = 0;
  for (const work of sides) {
    let perCall = 0;
    const until = performance.now() + batchMs * 10;
    do {
      perCall = Math.max(0.1, await batch(work, subject.batch ?? 20, awaited, now));
      await subject.reset?.();
    } while (performance.now() < until);
    slowest = Math.max(slowest, perCall);
  }
  const calls = subject.batch ?? Math.max(5, Math.ceil((batchMs * 1000) / slowest));

  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      globalThis.gc?.();
      times[side].push(await batch(sides[side], calls, awaited, now));
      await subject.reset?.();
    }
  }

  const raw = median(times[0]);
  const orm = median(times[1]);
  const ratio = orm / raw;
  const { mark, markMicroseconds } = subject;
  return {
    name: subject.name,
    against: subject.against ?? "raw",
    raw,
    orm,
    ratio,
    limit:
      mark !== undefined
        ? `<= ${mark}x`
        : markMicroseconds !== undefined
          ? `+ < ${markMicroseconds} us`
          : null,
    ok:
      mark !== undefined
        ? ratio <= mark
        : markMicroseconds !== undefined
          ? orm - raw < markMicroseconds
          : null,
  };
}

/** The figures as a table for people. */
export function table(figures: readonly Figures[]): string {
  const head = ["", "raw us", "asgimod us", "ratio", "mark", ""];
  const rows = figures.map((row) => [
    row.against === "raw" ? row.name : `${row.name} (against ${row.against})`,
    row.raw.toFixed(2),
    row.orm.toFixed(2),
    `${row.ratio.toFixed(2)}x`,
    row.limit ?? "",
    row.ok === null ? "" : row.ok ? "ok" : "MISSED",
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 || column > 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
