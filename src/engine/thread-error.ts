/** The failure that only threads have. In a file of its own: what runs on one thread downloads none of it. */

/** A thread of an engine is gone or does not answer. The engine is unusable from then on; others are not affected. */
export class ThreadError extends Error {
  override readonly name = 'ThreadError';
  /** @param refused whether the host gave no thread at all, so that one may do without */
  constructor(
    reason: string,
    readonly refused = false,
  ) {
    super(`engine: expected all of its threads to work, got this: ${reason}`);
  }
}
