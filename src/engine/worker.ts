/**
 * What a worker does: takes its part in one job after another until it is terminated. It never returns to its event loop in between;
 * jobs arrive in shared memory. Not imported but inlined as a string (see rollup.config.js), so it stands alone.
 */
import {
  JOB_DONE,
  JOB_FIRST,
  JOB_NUMBER,
  JOB_PROGRAM,
  JOB_REPORTS,
  JOB_STEPS,
  JOB_WORDS,
} from '../../assembly/isa.js';
import type { Machine } from './machine.js';
import type { WorkerMessage, WorkerStart } from './pool.js';

interface Port {
  postMessage(message: WorkerMessage): void;
  close?(): void;
}

// Node gives `require` to a script that comes as a string; a page's worker is its own port
const inNode = typeof require === 'function';
const port: Port = inNode ? require('node:worker_threads').parentPort : globalThis;

function work({ module, memory, job, scratch, broken }: WorkerStart): void {
  const words = new Int32Array(memory.buffer, job, JOB_WORDS);
  try {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    const { awaitChange, run } = exports as unknown as Machine;
    port.postMessage({ kind: 'ready' });
    for (let number = 0; ; ) {
      number = awaitChange(job + JOB_NUMBER * 4, number);
      const outcome = run(words[JOB_PROGRAM]!, words[JOB_FIRST]!, words[JOB_STEPS]!, scratch);
      // that another thread is gone, everybody tells: it may be the one that reports
      if (words[JOB_REPORTS] === 0 && outcome >= 0) continue;
      Atomics.store(words, JOB_DONE, number);
      Atomics.notify(words, JOB_DONE);
      port.postMessage({ kind: 'done', outcome });
    }
  } catch (error) {
    // nobody waits for this thread any longer
    Atomics.store(new Int32Array(memory.buffer, broken, 1), 0, 1);
    port.postMessage({ kind: 'failed', reason: String(error) });
  }
  port.close?.();
}

// `onmessage` would do for both, but in Node it loads what makes events of messages: 35 to 50 ms
if (inNode) (port as unknown as NodeJS.EventEmitter).once('message', work);
else globalThis.onmessage = ({ data }) => work(data);
