import type { Rows } from "../../../task.ts";
import type { SessionCursor } from "../session.ts";

/** All rows at once, behind the face of a cursor. */
export class BufferedCursor implements SessionCursor {
  readonly detached = true;
  readonly columns: readonly string[];
  readonly #rows: Rows;
  #next = 0;

  constructor(columns: readonly string[], rows: Rows) {
    this.columns = columns;
    this.#rows = rows;
  }

  fetch(count: number): Rows {
    const start = this.#next;
    this.#next += count;
    return start === 0 && this.#rows.length <= count ? this.#rows : this.#rows.slice(start, this.#next);
  }

  close(): void {}
}
