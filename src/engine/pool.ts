/**
 * Workers on shared memory that run programs together. A job goes to all of them, and the host's own thread only waits for its end; or,
 * where it must be done at once, the host's thread takes the place of the first.
 *
 * Memory: a barrier, the first thread's scratch, and for every worker a job and its scratch.
 */
import {
  BARRIER_BROKEN,
  BARRIER_ROUND,
  JOB_DONE,
  JOB_FIRST,
  JOB_NUMBER,
  JOB_PROGRAM,
  JOB_REPORTS,
  JOB_STEPS,
  JOB_WORDS,
  TEAM_SLEEPS,
} from '../../assembly/isa.js';
import { timestamp } from '../node.js';
import type { Heap } from './heap.js';
import { type HostWorker, startWorker } from './host.js';
import type { Instance, Machine } from './machine.js';

export { whyNoThreads } from './host.js';

import { ThreadError } from './thread-error.js';

/** What a worker is sent: its module and memory; addresses of its job and scratch, and of the word that stops all waiting. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly job: number;
  readonly scratch: number;
  readonly broken: number;
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly outcome: number }
  | { readonly kind: 'failed'; readonly reason: string };

export interface PoolMemory {
  readonly barrier: number;
  /** One for each worker. */
  readonly jobs: readonly number[];
  readonly scratches: readonly number[];
}

/** For tests: how long a worker may take, in ms, for its first answer and for a job that is waited for; and what it runs. */
export interface PoolOptions {
  readonly startPatience?: number;
  readonly workPatience?: number;
  readonly script?: string;
}

/** A job is a slice of training steps, 30 to 100 ms. */
const START_PATIENCE = 10_000;
const WORK_PATIENCE = 60_000;
/** Who waits for a job looks so often whether it is still being done, in ms. */
const NAP = 100;

interface Pending {
  resolve(outcome: number): void;
  reject(error: Error): void;
}

export class Pool {
  private readonly workers: HostWorker[] = [];
  private readonly words: Int32Array;
  private failure: ThreadError | null = null;
  private pending: Pending | null = null;
  private readonly starting: ((error: Error) => void)[] = [];
  /** Whether any worker has. */
  private answered = false;
  /** Jobs for the workers wait for each other. */
  private last: Promise<unknown> = Promise.resolve();
  private readonly mayWait = mayWait();

  private constructor(
    private readonly machine: Machine,
    memory: WebAssembly.Memory,
    private readonly places: PoolMemory,
    private readonly workPatience: number,
  ) {
    // the places are low in memory, and a view of shared memory outlives its growth
    this.words = new Int32Array(memory.buffer);
  }

  /** Resolves when all workers have answered. Throws a ThreadError where one does not in time. */
  static async start(
    { machine, module, memory }: Pick<Instance, 'machine' | 'module' | 'memory'>,
    heap: Heap,
    { barrier, scratches }: Pick<PoolMemory, 'barrier' | 'scratches'>,
    { startPatience = START_PATIENCE, workPatience = WORK_PATIENCE, script }: PoolOptions,
  ): Promise<Pool> {
    const jobs = scratches.map(() => heap.allocate(JOB_WORDS * 4));
    const pool = new Pool(machine, memory, { barrier, jobs, scratches }, workPatience);
    const begin = () => setTimeout(() => pool.fail(`no answer within ${startPatience} ms`), startPatience);
    let late = begin();
    const answered = () => {
      pool.answered = true;
      // many threads on few processors answer one after the other
      clearTimeout(late);
      late = begin();
    };
    const starting = jobs.map((job, i) => pool.startWorker(i, { module, memory, job }, script));
    try {
      await Promise.all(starting.map((start) => start.then(answered)));
    } finally {
      clearTimeout(late);
    }
    return pool;
  }

  /**
   * Runs on this thread, in the first worker's place and scratch memory; where the program is split, on the other workers too. Returns when
   * all have finished.
   */
  runHere(program: number, first: number, steps: number, split: boolean): number {
    this.settle();
    if (split) this.order(1, program, first, steps, false);
    this.words[this.places.scratches[0]! / 4 + TEAM_SLEEPS] = this.mayWait ? 1 : 0;
    let outcome = -1;
    try {
      outcome = this.machine.run(program, first, steps, this.places.scratches[0]!);
    } finally {
      // without this thread the others do not get beyond their next meeting
      if (outcome < 0) this.fail('a thread did not arrive');
    }
    this.checkWhole();
    return outcome;
  }

  /** Runs on the workers, or on the first one where the program is not split; this thread is free meanwhile. */
  runThere(program: number, first: number, steps: number, split: boolean): Promise<number> {
    const job = this.last.then(() => this.send(program, first, steps, split));
    this.last = job.catch(() => {});
    return job;
  }

  /** Waits, on this thread, until the workers have finished what they were last asked for. */
  settle(): void {
    this.checkWhole();
    if (!this.pending) return;
    const at = this.places.jobs[0]! / 4;
    const { words } = this;
    const number = words[at + JOB_NUMBER];
    let waited = 0;
    for (let last = timestamp(); ; ) {
      const done = Atomics.load(words, at + JOB_DONE);
      if (done === number) return;
      if (this.mayWait) Atomics.wait(words, at + JOB_DONE, done, NAP);
      if (Atomics.load(words, this.places.barrier / 4 + BARRIER_BROKEN) !== 0) this.fail('a thread stopped');
      const now = timestamp();
      // while the machine was asleep, so were the workers
      waited += Math.min(now - last, 2 * NAP);
      last = now;
      if (waited > this.workPatience) this.fail(`no end of a job within ${this.workPatience} ms`);
      this.checkWhole();
    }
  }

  dispose(): void {
    this.end('the engine was disposed');
  }

  /** Gives the workers a job, and resolves with its outcome. */
  private send(program: number, first: number, steps: number, split: boolean): Promise<number> {
    this.checkWhole();
    this.words[this.places.scratches[0]! / 4 + TEAM_SLEEPS] = 1;
    for (const worker of this.workers) worker.hold(true);
    return new Promise<number>((resolve, reject) => {
      this.pending = { resolve, reject };
      if (split) this.order(1, program, first, steps, false);
      this.order(0, program, first, steps, true, 1);
    }).finally(() => {
      this.pending = null;
      for (const worker of this.workers) worker.hold(false);
    });
  }

  /** Gives workers [from, to) a job. */
  private order(
    from: number,
    program: number,
    first: number,
    steps: number,
    reports: boolean,
    to = this.places.jobs.length,
  ): void {
    const { words } = this;
    for (let i = from; i < to; i++) {
      const at = this.places.jobs[i]! / 4;
      words[at + JOB_PROGRAM] = program;
      words[at + JOB_FIRST] = first;
      words[at + JOB_STEPS] = steps;
      words[at + JOB_REPORTS] = reports ? 1 : 0;
      Atomics.add(words, at + JOB_NUMBER, 1);
      Atomics.notify(words, at + JOB_NUMBER);
    }
  }

  /** Resolves when the worker has answered; rejects where the pool fails before. */
  private startWorker(
    i: number,
    start: Pick<WorkerStart, 'module' | 'memory' | 'job'>,
    script: string | undefined,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      this.starting.push(reject);
      const gone = (reason: string) => this.fail(`thread ${i}: ${reason}`, !this.answered);
      const message = (received: unknown) => {
        const told = received as WorkerMessage;
        if (told.kind === 'ready') resolve();
        else if (told.kind === 'failed') gone(told.reason);
        else if (told.outcome < 0) this.fail('a thread did not arrive');
        else this.pending?.resolve(told.outcome);
      };
      const started = (worker: HostWorker) => {
        this.workers.push(worker);
        if (this.failure) worker.terminate();
        const broken = this.places.barrier + BARRIER_BROKEN * 4;
        worker.post({ ...start, scratch: this.places.scratches[i]!, broken });
      };
      startWorker({ message, gone }, script)
        .then(started)
        .catch((error) => gone(String(error)));
    });
  }

  private fail(reason: string, refused = false): void {
    if (!this.failure) this.end(reason, refused);
  }

  /** No thread waits or works any longer; whoever waits for them is told. */
  private end(reason: string, refused = false): void {
    // what went wrong before is the reason that counts
    this.failure ??= new ThreadError(reason, refused);
    const at = this.places.barrier / 4;
    Atomics.store(this.words, at + BARRIER_BROKEN, 1);
    Atomics.notify(this.words, at + BARRIER_ROUND);
    for (const worker of this.workers) worker.terminate();
    for (const reject of this.starting) reject(this.failure);
    this.pending?.reject(this.failure);
  }

  private checkWhole(): void {
    if (this.failure) throw this.failure;
  }
}

/** Whether this thread may sleep: a page's own may not, and says so by an exception. */
function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}
