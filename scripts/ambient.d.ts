/** The declarations of tinypool name the browser's `Worker`, which Node.js does not have; they do not use it. */
interface Worker {
  readonly never: never;
}
