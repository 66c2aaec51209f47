import type { Cursor, OpenOp } from "../../task.ts";
import type { SessionCursor } from "./session.ts";
import type { Block } from "./transaction.ts";

/** A cursor on its way through the library: knows its transaction and what to give back at its end. */
export class OpenCursor implements Cursor {
  readonly handle: SessionCursor;
  readonly block: Block | null;
  readonly op: OpenOp;
  #release: ((cursor: OpenCursor | null) => void) | null;
  done = false;

  constructor(
    handle: SessionCursor,
    block: Block | null,
    op: OpenOp,
    release: ((cursor: OpenCursor | null) => void) | null,
  ) {
    this.handle = handle;
    this.block = block;
    this.op = op;
    this.#release = release;
    block?.transaction.cursors.add(this);
    if (handle.detached === true) this.#giveBack();
  }

  #giveBack(): void {
    const release = this.#release;
    this.#release = null;
    release?.(this);
  }

  finish(): void {
    if (this.done) return;
    this.done = true;
    this.block?.transaction.cursors.delete(this);
    this.#giveBack();
  }
}
