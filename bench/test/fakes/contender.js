/**
 * Stands for a peer. The query of its URL says how it behaves: `name` and `milliseconds` of a run, `answer`, and the run in which it
 * crashes.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const behaviour = new URL(import.meta.url).searchParams;

export const version = '1.2.3';

/** Writes its name into the file `log` each time it runs. */
export function gemm({ log }) {
  let runs = 0;
  return {
    async run(times) {
      for (let i = 0; i < times; i++) {
        if (++runs === Number(behaviour.get('crash'))) process.abort();
        appendFileSync(log, behaviour.get('name'));
        await wait(Number(behaviour.get('milliseconds') ?? 5));
      }
    },
    outputs: () => Float32Array.of(Number(behaviour.get('answer') ?? 42)),
  };
}
