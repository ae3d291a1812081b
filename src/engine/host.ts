/**
 * Threads as the host has them: worker_threads in Node, Web Workers in a page. Starts one. Not here: what they do (worker.ts) and how they are led
 * (pool.ts).
 */
import { importFromNode, isNode } from '../node.js';
import workerScript from './worker.ts?source';

/** What the two kinds of workers have in common. */
export interface HostWorker {
  post(message: unknown): void;
  /** Keeps the process alive, or lets it end. */
  hold(alive: boolean): void;
  terminate(): void;
}

export interface WorkerEvents {
  message(message: unknown): void;
  /** It is gone, or never came to be. */
  gone(reason: string): void;
}

/** A new worker that runs a script, which is worker.ts unless a test brings its own. Rejects where the host refuses one. */
export async function startWorker(events: WorkerEvents, script = workerScript): Promise<HostWorker> {
  return isNode() ? startNodeWorker(events, script) : startWebWorker(events, script);
}

async function startNodeWorker(events: WorkerEvents, script: string): Promise<HostWorker> {
  const threads = await importFromNode<typeof import('node:worker_threads')>('worker_threads');
  const worker = new threads.Worker(script, {
    eval: true,
    env: threads.SHARE_ENV,
    execArgv: [],
    stdin: false,
  });
  worker.on('message', events.message);
  worker.on('error', (error) => events.gone(String(error)));
  worker.on('exit', (code) => events.gone(`it ended with code ${code}`));
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    hold: (alive) => (alive ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
}

function startWebWorker(events: WorkerEvents, script: string): HostWorker {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.onmessage = ({ data }) => events.message(data);
  worker.onerror = ({ message }) => events.gone(message || 'its script failed');
  URL.revokeObjectURL(url);
  return {
    post: (message) => worker.postMessage(message),
    hold: () => {},
    terminate: () => worker.terminate(),
  };
}

/** Why this host has no threads on shared memory; null where it has. */
export function whyNoThreads(): string | null {
  if (typeof SharedArrayBuffer === 'undefined' || globalThis.crossOriginIsolated === false)
    return 'the page is not cross-origin isolated (headers COOP and COEP), so memory cannot be shared';
  if (!isNode() && typeof Worker === 'undefined') return 'the host has no workers';
  return null;
}
