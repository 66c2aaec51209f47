import type { Protocol } from "./driver.ts";
import { type Done, Request } from "./request.ts";

/** `COPY ... FROM STDIN`: sends what an iterable gives, no faster than the server takes it. */
export class CopyRequest extends Request {
  readonly #text: string;
  readonly #chunks: AsyncIterable<Uint8Array>;

  constructor(text: string, chunks: AsyncIterable<Uint8Array>, done: Done) {
    super(done);
    this.#text = text;
    this.#chunks = chunks;
  }

  protected override send(protocol: Protocol): void {
    protocol.query(this.#text);
  }

  handleCopyInResponse(protocol: Protocol): void {
    void this.#feed(protocol);
  }

  async #feed(protocol: Protocol): Promise<void> {
    try {
      for await (const chunk of this.#chunks) {
        // The server has refused a row, or the connection is lost: the rest is of no use.
        if (this.failed) return;
        protocol.sendCopyFromChunk(chunk);
        if (protocol.stream.writableNeedDrain) await drained(protocol);
      }
      if (!this.failed) protocol.endCopyFrom();
    } catch (error) {
      // What went wrong in the program is what the caller shall see; the server forgets the rows that it has.
      const running = !this.failed;
      this.reject(error);
      if (running) protocol.sendCopyFail("the program failed");
    }
  }

  override handleRowDescription(): void {}
  override handleDataRow(): void {}
}

/** Settles when there is room again, or nobody there any more. */
function drained({ stream }: Protocol): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      stream.off("drain", settle);
      stream.off("close", settle);
      resolve();
    };
    stream.once("drain", settle);
    stream.once("close", settle);
  });
}
