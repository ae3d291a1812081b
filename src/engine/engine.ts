/**
 * The engine: the machine on a linear memory of its own, on one thread or several. The only folder that says WebAssembly. Engines are
 * independent objects; many may live, and nothing happens at import time.
 */
/// <reference lib="esnext.disposable" preserve="true" />
import {
  BARRIER_WORDS,
  CLAIM_WORDS,
  SCRATCH_BYTES,
  TEAM_BARRIER,
  TEAM_SLEEPS,
  TEAM_THREAD,
  TEAM_THREADS,
  TEAM_TILE,
  TEAM_WORDS,
} from '../../assembly/isa.js';
import { DISPOSE } from '../dispose.js';
import { checkBoolean, checkInteger, checkOptions, wrongType } from '../errors.js';
import { type BuildName, hasSimd } from './builds.js';
import { Heap } from './heap.js';
import { instantiateMachine } from './instance.js';
import type { Instance } from './machine.js';
import type { Pool, PoolOptions } from './pool.js';

export interface EngineOptions {
  /** How many threads share the work, 1 to 64; default 1. With more than one, `fit` leaves the caller's thread alone. */
  threads?: number;
  /** The plain build: the same bits on every host and for every number of threads. */
  reproducible?: boolean;
  /**
   * 256-bit vectors, where the host can be asked for them: in Node 24 and later, by a flag of V8's that is experimental and holds for the
   * whole process: what other engines have V8 optimize afterwards uses them too. Used only if they give the same bits as narrow ones, and not where
   * `reproducible` is asked for. Makes large products 1.8 times as fast.
   */
  wideVectors?: boolean;
  /** The machine itself, where the host forbids compiling: one of the package's .wasm files, compiled. */
  module?: WebAssembly.Module;
}

export interface EngineInfo {
  /** The build that runs; 'module' where the caller brought one. */
  readonly build: BuildName | 'module';
  readonly threads: number;
  readonly wideVectors: boolean;
  /** Rows of the tile that matrix products use; null until the first large ones have been timed, where one does more than predict. */
  readonly tile: number | null;
  /** What was asked for or possible and is not used, and why. */
  readonly declined: readonly string[];
}

/** @internal What the machine is to do. */
export interface Work {
  /** Address of the program, number of its first step record, and how many steps from there on. */
  readonly program: number;
  readonly first: number;
  readonly steps: number;
  /** Whether instructions are split among threads. */
  readonly split: boolean;
  /** Where there are products worth measuring tiles with. */
  readonly trial?: Trial | undefined;
}

/** @internal What one has to know to compare the times of two runs. */
export interface Trial {
  /** The same object for runs of the same program. */
  readonly of: object;
  /** Rows of all steps together. */
  rows(): number;
}

/** @internal Which register tile products use, in rows. */
export interface Tiles {
  /** The one that is used; null as long as it is not chosen. */
  readonly height: number | null;
  /** The one to begin with. */
  readonly first: number;
  /** As long as none is chosen: runs a large program with one that is to be tried, and that `use` sets. */
  timed?<R extends number | Promise<number>>(trial: Trial, use: (height: number) => void, run: () => R): R;
}

/** What is marked internal is no door: it checks nothing, and the published types do not have it. */
export class Engine {
  private readonly heap: Heap;
  /** Scratch memory of every thread. */
  private readonly scratches: readonly number[];
  private readonly barrier: number;
  private pool: Pool | null = null;
  private disposed = false;

  /** @internal Use `createEngine`. */
  constructor(
    private readonly instance: Instance,
    private readonly threads: number,
    private readonly tiles: Tiles,
  ) {
    this.heap = new Heap(instance.memory);
    this.barrier = this.heap.allocate(4 * (BARRIER_WORDS + threads * CLAIM_WORDS));
    this.scratches = Array.from({ length: threads }, (_, thread) => this.newScratch(thread));
  }

  get info(): EngineInfo {
    const { build, declined, wide } = this.instance;
    return { build, threads: this.threads, wideVectors: wide, tile: this.tiles.height, declined };
  }

  /** The linear memory. Its buffer changes when it grows: make views anew for each use. */
  get memory(): WebAssembly.Memory {
    return this.heap.memory;
  }

  /** @internal Whether its machine runs nothing but predictions; see src/infer/machine.ts. */
  get predictsAlone(): boolean {
    return this.instance.predictsAlone;
  }

  /** @internal Address of bytes on a cache line, zero unless asked for otherwise. */
  allocate(bytes: number, zeroed = true): number {
    this.checkAlive();
    return this.heap.allocate(bytes, zeroed);
  }

  /**
   * @internal Addresses of several blocks by name, given their bytes: all of them, or none and a RangeError. They are zero but for those that
   * will be filled before they are read.
   */
  allocateBlocks(
    sizes: Readonly<Record<string, number>>,
    filled: readonly string[] = [],
  ): Record<string, number> {
    const blocks: Record<string, number> = {};
    try {
      for (const [name, bytes] of Object.entries(sizes))
        blocks[name] = this.allocate(bytes, !filled.includes(name));
    } catch (error) {
      this.freeBlocks(blocks);
      throw error;
    }
    return blocks;
  }

  /** @internal */
  freeBlocks(blocks: Readonly<Record<string, number>>): void {
    for (const address of Object.values(blocks)) this.free(address);
  }

  /** @internal */
  free(address: number): void {
    if (!this.disposed) this.heap.free(address);
  }

  /** @internal */
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  /** @internal */
  words(address: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, length);
  }

  /** @internal */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  /** @internal Runs steps at once; returns how many were completed. */
  run(work: Work): number {
    this.checkAlive();
    const trial = this.trialOf(work);
    return trial ? this.timed(trial, () => this.runNow(work)) : this.runNow(work);
  }

  /** @internal Runs steps where the caller's thread is not disturbed, if there is such a place; resolves with how many were completed. */
  async start(work: Work): Promise<number> {
    this.checkAlive();
    const { pool } = this;
    if (!pool || work.steps === 0) return this.run(work);
    const { program, first, steps, split } = work;
    const run = () => pool.runThere(program, first, steps, split);
    const trial = this.trialOf(work);
    return trial ? this.timed(trial, run) : run();
  }

  /** @internal Waits until nothing runs: what programs have in memory may then be looked at, or changed. */
  settle(): void {
    this.checkAlive();
    this.pool?.settle();
  }

  /** Gives threads back, and memory with the last reference to it. Everything made on this engine is unusable afterwards. */
  dispose(): void {
    this.disposed = true;
    this.pool?.dispose();
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  [DISPOSE](): void {
    this.dispose();
  }

  /** @internal Starts the threads; see `createEngine`. */
  async startThreads(options: PoolOptions = {}): Promise<void> {
    const { instance, heap, barrier, scratches } = this;
    // a chunk of its own: one thread needs none of it
    const { Pool } = await import('./pool.js');
    this.pool = await Pool.start(instance, heap, { barrier, scratches }, options);
  }

  private newScratch(thread: number): number {
    const scratch = this.heap.allocate(SCRATCH_BYTES);
    const team = this.words(scratch, TEAM_WORDS);
    team[TEAM_THREAD] = thread;
    team[TEAM_THREADS] = this.threads;
    team[TEAM_BARRIER] = this.barrier;
    team[TEAM_SLEEPS] = 1;
    team[TEAM_TILE] = this.tiles.first;
    return scratch;
  }

  private setTile(height: number): void {
    for (const scratch of this.scratches) this.words(scratch, TEAM_WORDS)[TEAM_TILE] = height;
  }

  private runNow({ program, first, steps, split }: Work): number {
    if (steps === 0) return 0;
    return this.pool
      ? this.pool.runHere(program, first, steps, split)
      : this.instance.machine.run(program, first, steps, this.scratches[0]!);
  }

  /** As long as no tile is chosen. */
  private trialOf({ trial }: Work): Trial | null {
    return trial && this.tiles.height === null ? trial : null;
  }

  private timed<R extends number | Promise<number>>(trial: Trial, run: () => R): R {
    return this.tiles.timed!(trial, (height) => this.setTile(height), run);
  }

  private checkAlive(): void {
    if (this.disposed) throw new Error('engine: expected a living engine, got one that was disposed');
  }
}

/**
 * @internal Chooses a build, instantiates it on a memory of its own, starts its threads. Throws an Error where the host has no WebAssembly SIMD, a
 * ThreadError where threads start and do not answer; those that the host refuses are declined.
 *
 * @param tilesOf how the tile of products is settled @param predictsAlone whether the small machine will do
 */
export async function startEngine(
  options: EngineOptions,
  tilesOf: (instance: Instance) => Tiles,
  predictsAlone = false,
): Promise<Engine> {
  checkOptions('options', options, ['threads', 'reproducible', 'wideVectors', 'module']);
  const { threads = 1, reproducible = false, wideVectors = false, module } = options;
  checkInteger('options.threads', threads, 1, 64);
  checkBoolean('options.reproducible', reproducible);
  checkBoolean('options.wideVectors', wideVectors);
  if (module !== undefined && !(module instanceof WebAssembly.Module))
    throw wrongType('options.module', 'a WebAssembly.Module', module);
  if (!hasSimd()) throw new Error('engine: expected WebAssembly SIMD, got a host without');

  const start = async (count: number, declined: string[]): Promise<Engine> => {
    const asked = { threads: count, reproducible, wideVectors, module, predictsAlone };
    const instance = await instantiateMachine(asked, declined);
    const engine = new Engine(instance, instance.shared ? count : 1, tilesOf(instance));
    if (instance.shared) await engine.startThreads();
    return engine;
  };
  return start(threads, []).catch((error) => {
    if (!error.refused) throw error;
    return start(1, [`${threads} threads: ${error.message}`]);
  });
}
