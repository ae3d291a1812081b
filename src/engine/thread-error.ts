/** The failure that only threads have. In a file of its own: what runs on one thread downloads none of it. */

/** A thread of an engine is gone or does not answer. The engine is unusable from then on; others are not affected. */
export class ThreadError extends Error {
  override readonly name = 'ThreadError';
  constructor(reason: string) {
    super(`engine: expected all of its threads to work, got this: ${reason}`);
  }
}
