/**
 * The engine: one instance of the machine and its linear memory. The only folder that says WebAssembly. Engines are
 * independent objects; many may live, and nothing happens at import time.
 */
/// <reference lib="esnext.disposable" preserve="true" />
import { instantiate } from '@assemblyscript/loader';
import { checkBoolean, checkInteger, checkOptions, wrongType } from '../errors.js';
import { type BuildName, hasRelaxedSimd, hasSimd, loadBuild } from './builds.js';
import { Heap } from './heap.js';

export interface EngineOptions {
  /** How many threads may share the work, 1 to 64. */
  threads?: number;
  /** The plain build: the same bits on every host and for every number of threads. */
  reproducible?: boolean;
  /** 256-bit vectors, where the host can be asked for them. */
  wideVectors?: boolean;
  /** The machine itself, where the host forbids compiling: one of the package's .wasm files, compiled. */
  module?: WebAssembly.Module;
}

export interface EngineInfo {
  /** The build that runs; 'module' where the caller brought one. */
  readonly build: BuildName | 'module';
  readonly threads: number;
  readonly wideVectors: boolean;
  /** What was asked for or possible and is not used, and why. */
  readonly declined: readonly string[];
}

interface Machine {
  run(program: number, first: number, steps: number): number;
}

export class Engine {
  private readonly heap: Heap;
  private disposed = false;

  /** Use `createEngine`. */
  constructor(
    private readonly machine: Machine,
    memory: WebAssembly.Memory,
    readonly info: EngineInfo,
  ) {
    this.heap = new Heap(memory);
  }

  /** The linear memory. Its buffer changes when it grows: make views anew for each use. */
  get memory(): WebAssembly.Memory {
    return this.heap.memory;
  }

  /** Address of zeroed bytes on a cache line. */
  allocate(bytes: number): number {
    this.checkAlive();
    return this.heap.allocate(bytes);
  }

  /** Addresses of several blocks by name, given their bytes: all of them, or none and a RangeError. */
  allocateBlocks(sizes: Readonly<Record<string, number>>): Record<string, number> {
    const blocks: Record<string, number> = {};
    try {
      for (const [name, bytes] of Object.entries(sizes)) blocks[name] = this.allocate(bytes);
    } catch (error) {
      this.freeBlocks(blocks);
      throw error;
    }
    return blocks;
  }

  freeBlocks(blocks: Readonly<Record<string, number>>): void {
    for (const address of Object.values(blocks)) this.free(address);
  }

  free(address: number): void {
    if (!this.disposed) this.heap.free(address);
  }

  floats(address: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.buffer, address, length);
  }

  words(address: number, length: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.buffer, address, length);
  }

  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.buffer, address, length);
  }

  /** Runs steps of a program from step record `first` on; returns how many were completed. */
  run(program: number, first: number, steps: number): number {
    this.checkAlive();
    return this.machine.run(program, first, steps);
  }

  /** Gives the memory back. Everything made on this engine is unusable afterwards. */
  dispose(): void {
    this.disposed = true;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  private get buffer(): ArrayBuffer {
    return this.heap.memory.buffer as ArrayBuffer;
  }

  private checkAlive(): void {
    if (this.disposed) throw new Error('engine: expected a living engine, got one that was disposed');
  }
}

/** Chooses a build, instantiates it on a memory of its own. Throws an Error where the host has no WebAssembly SIMD. */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  checkOptions('options', options, ['threads', 'reproducible', 'wideVectors', 'module']);
  const { threads = 1, reproducible = false, wideVectors = false, module } = options;
  checkInteger('options.threads', threads, 1, 64);
  checkBoolean('options.reproducible', reproducible);
  checkBoolean('options.wideVectors', wideVectors);
  if (module !== undefined && !(module instanceof WebAssembly.Module))
    throw wrongType('options.module', 'a WebAssembly.Module', module);
  if (!hasSimd()) throw new Error('engine: expected a host with WebAssembly SIMD, got one without');

  const declined: string[] = [];
  if (threads > 1) declined.push(`${threads} threads: this version runs on one`);
  if (wideVectors) declined.push('wide vectors: this version has no build for them');
  const relaxed = !reproducible && hasRelaxedSimd();
  if (!relaxed && !module)
    declined.push(`relaxed SIMD: ${reproducible ? 'reproducible was asked for' : 'the host has none'}`);
  const build: BuildName = relaxed ? 'relaxed' : 'plain';

  const memory = new WebAssembly.Memory({ initial: 16 });
  const source = module ?? (await loadBuild(build));
  const { exports } = await instantiate<{ run: Machine['run'] }>(source, { env: { memory } });
  if (typeof exports.run !== 'function')
    throw wrongType('options.module', "one of the package's .wasm files, compiled", module);
  return new Engine(exports, memory, {
    build: module ? 'module' : build,
    threads: 1,
    wideVectors: false,
    declined,
  });
}

let shared: Promise<Engine> | undefined;

/** The engine that a caller's options name, or the one of those who bring none. */
export async function chooseEngine(engine: unknown): Promise<Engine> {
  if (engine instanceof Engine) return engine;
  if (engine !== undefined) throw wrongType('options.engine', 'what createEngine resolves to', engine);
  // one that failed to start, or that somebody disposed, is not kept
  const living = await shared?.catch(() => undefined);
  if (!living || living.isDisposed) shared = createEngine();
  return shared!;
}
