/** Work that may or may not have to wait: the value itself, or a promise of it. */
export type Maybe<T> = T | Promise<T>;

/** A sequence of such steps, written once: yields what may be a promise and receives its value. */
export type Flow<T> = Generator<unknown, T, unknown>;

/** Whether someone has to wait for `value`. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** Runs a flow: at once as long as nothing has to wait, and from the first promise on asynchronously. */
export function runFlow<T>(flow: Flow<T>): Maybe<T> {
  let step = flow.next();
  while (!step.done) {
    if (step.value instanceof Promise) return continueFlow(flow, step.value);
    step = flow.next(step.value);
  }
  return step.value;
}

async function continueFlow<T>(flow: Flow<T>, pending: Promise<unknown>): Promise<T> {
  let waiting: unknown = pending;
  for (;;) {
    let step: IteratorResult<unknown, T>;
    try {
      const value = waiting instanceof Promise ? await waiting : waiting;
      step = flow.next(value);
    } catch (error) {
      // An error of the flow itself passes through throw() unchanged: it is finished then.
      step = flow.throw(error);
    }
    if (step.done) return step.value;
    waiting = step.value;
  }
}

/** What `promise` gives, or the error of `expired` when that takes longer than `milliseconds` (0: for ever). */
export function within<T>(promise: Promise<T>, milliseconds: number, expired: () => Error): Promise<T> {
  if (milliseconds <= 0) return promise;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(expired()), milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
