/**
 * The machine as a module that the caller brought, where the host forbids compiling. A chunk of its own, which few need: what it shares with
 * instance.ts it is given.
 */
import type { Instance, InstanceOptions, Started } from './machine.js';

/** By trying it is found out whether the module is one for threads. A text says what it would have to be. */
export async function onModule(
  module: WebAssembly.Module,
  { threads, wideVectors, reproducible }: InstanceOptions,
  shared: boolean,
  declined: string[],
  start: (module: WebAssembly.Module, memory: WebAssembly.Memory) => Promise<Started>,
  newMemory: (shared: boolean) => WebAssembly.Memory,
): Promise<Instance | string> {
  if (wideVectors) declined.push('wide vectors: not on a module that was given');
  const build = 'module';
  if (shared) {
    const memory = newMemory(true);
    const started = await start(module, memory).catch(unlinked);
    if (started && reproducible && isRelaxed(started)) return PLAIN;
    if (started) return { ...started, build, memory, shared, wide: false, declined };
    declined.push(`${threads} threads: the module that was given is a build for one`);
  }
  const memory = newMemory(false);
  const started = await start(module, memory).catch(unlinked);
  if (!started) return 'a build for one thread, or more threads';
  if (started.predictsAlone) return 'a machine that does all there is';
  if (reproducible && isRelaxed(started)) return PLAIN;
  return { ...started, build, memory, shared: false, wide: false, declined };
}

const PLAIN = 'a plain build, because reproducible was asked for';

function isRelaxed({ machine }: Started): boolean {
  return (machine as unknown as { readonly relaxed: WebAssembly.Global }).relaxed.value !== 0;
}

function unlinked(error: unknown): undefined {
  if (!(error instanceof WebAssembly.LinkError)) throw error;
}
