/**
 * Ctrl-C while something is going on that can end in order: the first asks it to stop, the second does not wait. Outside of
 * `interruptible`, Ctrl-C ends the process as it always does.
 */
import { STATUS } from './failure.js';

/** Why the signal was aborted. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Runs `work` with a signal that the first SIGINT aborts. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(STATUS.interrupted);
    controller.abort(new Interrupted('interrupted'));
  };
  process.on('SIGINT', onInterrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}
