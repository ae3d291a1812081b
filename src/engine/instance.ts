/**
 * The machine as an instance on a memory: which build, on what kind of memory, and what the host declined. Not here: running it.
 */
import { instantiate } from '@assemblyscript/loader';
import { wrongType } from '../errors.js';
import { type BuildName, hasRelaxedSimd, loadBuild } from './builds.js';
import { whyNoThreads } from './host.js';
import type { Machine } from './pool.js';

export interface InstanceOptions {
  readonly threads: number;
  readonly reproducible: boolean;
  readonly module: WebAssembly.Module | undefined;
}

export interface Instance {
  readonly build: BuildName | 'module';
  readonly machine: Machine;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Whether the memory is shared: threads may join. */
  readonly shared: boolean;
  readonly declined: readonly string[];
}

/** Pages of 64 KiB that a memory begins with, and that a shared one may grow to unless the host wants it smaller. */
const INITIAL_PAGES = 16;
const MOST_PAGES = 65_536;

export async function instantiateMachine({
  threads,
  reproducible,
  module,
}: InstanceOptions): Promise<Instance> {
  const declined: string[] = [];
  const relaxed = !reproducible && hasRelaxedSimd();
  if (!relaxed && !module)
    declined.push(`relaxed SIMD: ${reproducible ? 'reproducible was asked for' : 'the host has none'}`);
  const build: BuildName = relaxed ? 'relaxed' : 'plain';

  const why = threads > 1 ? whyNoThreads() : null;
  if (why !== null) declined.push(`${threads} threads: ${why}`);
  if (threads > 1 && why === null) {
    const memory = sharedMemory();
    const started = await start(module ?? (await loadBuild(build, true)), memory).catch((error: unknown) => {
      if (!(module && error instanceof WebAssembly.LinkError)) throw error;
      declined.push(`${threads} threads: the module that was given is a build for one`);
    });
    if (started) return { ...started, build: module ? 'module' : build, memory, shared: true, declined };
  }
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES });
  const started = await start(module ?? (await loadBuild(build, false)), memory).catch((error: unknown) => {
    if (!(module && error instanceof WebAssembly.LinkError)) throw error;
    throw wrongType('options.module', 'a build for one thread, or more threads', module);
  });
  return { ...started, build: module ? 'module' : build, memory, shared: false, declined };
}

async function start(
  source: WebAssembly.Module | Uint8Array<ArrayBuffer>,
  memory: WebAssembly.Memory,
): Promise<{ machine: Machine; module: WebAssembly.Module }> {
  const { module, exports } = await instantiate<{ run: Machine['run']; awaitChange: Machine['awaitChange'] }>(
    source,
    { env: { memory } },
  );
  if (typeof exports.run !== 'function' || typeof exports.awaitChange !== 'function')
    throw wrongType('options.module', "one of the package's .wasm files, compiled", source);
  return { machine: exports, module };
}

/** As large as the host lets a shared memory become: iOS refuses what others grant (emscripten#19144). */
function sharedMemory(): WebAssembly.Memory {
  for (let maximum = MOST_PAGES; ; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum, shared: true });
    } catch (error) {
      if (maximum <= INITIAL_PAGES) throw error;
    }
  }
}
