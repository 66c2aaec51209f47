/** Texts in pieces, as files and networks give them. */
import type { Task } from "../task.ts";

export type Source = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** Pieces of a text, one after another. */
export interface Chunks {
  /** The next piece; `null` after the last one. */
  next(): Task<string | null>;
  close(): Task<void>;
}

type AnyIterator = Iterator<string | Uint8Array> | AsyncIterator<string | Uint8Array>;

function iteratorOf(source: Source): AnyIterator {
  if (typeof source === "string" || source instanceof Uint8Array) return [source][Symbol.iterator]();
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}

class DecodedChunks implements Chunks {
  readonly #iterator: AnyIterator;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #done = false;

  constructor(source: Source) {
    this.#iterator = iteratorOf(source);
  }

  *next(): Task<string | null> {
    if (this.#done) return null;
    const step = (yield {
      kind: "wait",
      value: this.#iterator.next(),
      what: "the next piece of the file",
    }) as IteratorResult<string | Uint8Array>;
    if (step.done) {
      this.#done = true;
      return this.#decoder.decode() || null;
    }
    const { value } = step;
    return typeof value === "string" ? value : this.#decoder.decode(value, { stream: true });
  }

  *close(): Task<void> {
    if (this.#done) return;
    this.#done = true;
    yield { kind: "wait", value: this.#iterator.return?.(), what: "the end of the file" };
  }
}

/** The pieces of a source as texts; bytes are UTF-8, also where a character is in two pieces. */
export function decoded(source: Source): Chunks {
  return new DecodedChunks(source);
}
