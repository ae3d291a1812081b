/**
 * The machine as an instance on a memory: which build, on what kind of memory, and what the host declined. What few ask for, modules of their own
 * (given.ts) and wide vectors (wide.ts), is fetched when it is asked for. Not here: running it.
 */
import { instantiate, instantiateSync } from '@assemblyscript/loader';
import { wrongType } from '../errors.js';
import { isNode } from '../node.js';
import { type BuildName, hasRelaxedSimd, loadBuild, type MachineKind } from './builds.js';
import type { Instance, InstanceOptions, Machine, Started } from './machine.js';

/** Pages of 64 KiB that a memory begins with, and that a shared one may grow to unless the host wants it smaller. */
const INITIAL_PAGES = 16;
const MOST_PAGES = 65_536;

/** What is declined is noted. */
export async function instantiateMachine(
  options: InstanceOptions,
  declined: string[] = [],
): Promise<Instance> {
  const { threads, reproducible, wideVectors, module } = options;
  const relaxed = !reproducible && hasRelaxedSimd();
  if (!relaxed && !module)
    declined.push(`relaxed SIMD: ${reproducible ? 'reproducible was asked for' : 'the host has none'}`);
  const whyNot = threads > 1 ? (await import('./pool.js')).whyNoThreads() : null;
  if (whyNot) declined.push(`${threads} threads: ${whyNot}`);
  const shared = threads > 1 && !whyNot;
  if (module) {
    const { onModule } = await import('./given.js');
    const given = await onModule(module, options, shared, declined, start, newMemory);
    if (typeof given === 'string') throw wrongType('options.module', given, module);
    return given;
  }

  const build: BuildName = relaxed ? 'relaxed' : 'plain';
  const memory = newMemory(shared);
  const small = options.predictsAlone && !shared && !wideVectors;
  const load = async (kind: MachineKind) => start(await loadBuild(build, kind), memory);
  const narrow = await load(shared ? 'threads' : small ? 'predict' : 'whole');
  let wide: Started | null = null;
  if (wideVectors) {
    const { widen } = await import('./wide.js');
    const widened = relaxed
      ? await widen(narrow, memory, () => load(shared ? 'wide-threads' : 'wide'))
      : 'there are none without relaxed SIMD';
    if (typeof widened === 'string') declined.push(`wide vectors: ${widened}`);
    else wide = widened;
  }
  return { ...(wide ?? narrow), build, memory, shared, wide: wide !== null, declined };
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
