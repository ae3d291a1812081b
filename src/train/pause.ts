/** Lets the host do other work between two slices: input, rendering, an abort. Nothing of ours runs meanwhile. */

/** How long a slice of training steps may take before the host gets its turn, in ms: an abort is heard within twice this. */
export const SLICE_MILLISECONDS = 30;

/** Resolves after the host had a turn. Not a timer: nested timers wait 4 ms in browsers. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
