/**
 * The machine as an instance on a memory: which build, on what kind of memory, and what the host declined. Not here: running it.
 */
import { instantiate, instantiateSync } from '@assemblyscript/loader';
import { MACHINE_BYTES } from '../../assembly/isa.js';
import { wrongType } from '../errors.js';
import { isNode } from '../node.js';
import { type BuildName, hasRelaxedSimd, loadBuild, whyNoThreads } from './builds.js';
import type { Machine } from './pool.js';

export interface InstanceOptions {
  readonly threads: number;
  readonly reproducible: boolean;
  readonly wideVectors: boolean;
  readonly module: WebAssembly.Module | undefined;
  /** The small machine will do, if it is to run on one thread. */
  readonly predictsAlone?: boolean;
}

export interface Instance {
  readonly build: BuildName | 'module';
  readonly machine: Machine;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Whether the memory is shared: threads may join. */
  readonly shared: boolean;
  /** Whether vectors of 256 bits are in use. */
  readonly wide: boolean;
  /** Whether it is the small machine. */
  readonly predictsAlone: boolean;
  readonly declined: readonly string[];
}

type Started = Pick<Instance, 'machine' | 'module' | 'predictsAlone'>;

/** Pages of 64 KiB that a memory begins with, and that a shared one may grow to unless the host wants it smaller. */
const INITIAL_PAGES = 16;
const MOST_PAGES = 65_536;

export async function instantiateMachine(options: InstanceOptions): Promise<Instance> {
  const { threads, reproducible, wideVectors, module } = options;
  const declined: string[] = [];
  const relaxed = !reproducible && hasRelaxedSimd();
  if (!relaxed && !module)
    declined.push(`relaxed SIMD: ${reproducible ? 'reproducible was asked for' : 'the host has none'}`);
  const shared = threads > 1 && accepts(`${threads} threads`, whyNoThreads(), declined);
  if (module) return onModule(module, options, shared, declined);

  const build: BuildName = relaxed ? 'relaxed' : 'plain';
  const memory = newMemory(shared);
  const small = options.predictsAlone && !shared && !wideVectors;
  const narrow = await start(
    await loadBuild(build, shared ? 'threads' : small ? 'predict' : 'whole'),
    memory,
  );
  const wide = wideVectors ? await widened(narrow, { relaxed, shared, memory }, declined) : null;
  return { ...(wide ?? narrow), build, memory, shared, wide: wide !== null, declined };
}

/** Where the caller brought a module, it is found out by trying whether it is one for threads. */
async function onModule(
  module: WebAssembly.Module,
  { threads, wideVectors }: InstanceOptions,
  shared: boolean,
  declined: string[],
): Promise<Instance> {
  if (wideVectors) declined.push('wide vectors: they need a module of their own, and one was given');
  const build = 'module';
  if (shared) {
    const memory = newMemory(true);
    const started = await start(module, memory).catch(unlinked);
    if (started) return { ...started, build, memory, shared, wide: false, declined };
    declined.push(`${threads} threads: the module that was given is a build for one`);
  }
  const memory = newMemory(false);
  const started = await start(module, memory).catch(unlinked);
  if (!started) throw wrongType('options.module', 'a build for one thread, or more threads', module);
  if (started.predictsAlone) throw wrongType('options.module', 'a machine that does all there is', module);
  return { ...started, build, memory, shared: false, wide: false, declined };
}

/** The same build with wide vectors; null where the host gives none, or none that can be trusted. */
async function widened(
  narrow: Started,
  { relaxed, shared, memory }: { relaxed: boolean } & Pick<Instance, 'shared' | 'memory'>,
  declined: string[],
): Promise<Started | null> {
  const what = 'wide vectors';
  if (!accepts(what, relaxed ? null : 'there are none without relaxed SIMD', declined)) return null;
  // a chunk of its own: few ask for them
  const { askForWideVectors, TRIAL_BYTES, whyNotWide } = await import('./wide.js');
  if (!accepts(what, await askForWideVectors(), declined)) return null;
  const wide = await start(await loadBuild('relaxed', shared ? 'wide-threads' : 'wide'), memory);
  // nothing has been allocated yet, so the memory is free
  const pages = Math.ceil(TRIAL_BYTES / 65_536);
  if (memory.buffer.byteLength < TRIAL_BYTES + MACHINE_BYTES) memory.grow(pages);
  const why = whyNotWide(wide.machine, narrow.machine, memory, MACHINE_BYTES);
  new Uint8Array(memory.buffer).fill(0, MACHINE_BYTES);
  return accepts(what, why, declined) ? wide : null;
}

/** True where there is no reason not to; else the reason is noted. */
function accepts(what: string, why: string | null, declined: string[]): boolean {
  if (why !== null) declined.push(`${what}: ${why}`);
  return why === null;
}

async function start(
  source: WebAssembly.Module | Uint8Array<ArrayBuffer>,
  memory: WebAssembly.Memory,
): Promise<Started> {
  const imports = { env: { memory } };
  // `instantiate` asks whether it was given a Response, and in Node that alone loads the HTTP client: 25 ms. Pages may not compile at once
  const { module, instance } = isNode()
    ? instantiateSync(source, imports)
    : await instantiate(source, imports);
  // the functions themselves: the loader's copies gather their arguments in an array, call by call
  const exports = instance.exports as unknown as Machine & { readonly whole?: WebAssembly.Global };
  if (typeof exports.run !== 'function' || typeof exports.awaitChange !== 'function' || !exports.whole)
    throw wrongType('options.module', "one of the package's .wasm files, compiled", source);
  return { machine: exports, module, predictsAlone: exports.whole.value === 0 };
}

function unlinked(error: unknown): undefined {
  if (!(error instanceof WebAssembly.LinkError)) throw error;
}

/** A shared memory as large as the host lets it become: iOS refuses what others grant (emscripten#19144). */
function newMemory(shared: boolean): WebAssembly.Memory {
  if (!shared) return new WebAssembly.Memory({ initial: INITIAL_PAGES });
  for (let maximum = MOST_PAGES; ; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum, shared });
    } catch (error) {
      if (maximum <= INITIAL_PAGES) throw error;
    }
  }
}
