/** Node, where the host is Node: whether it is, and its own modules. Ground floor, like errors.ts; nothing happens at import. */

/** Milliseconds since some moment. In Node not by `performance`, whose first use loads for 1.5 ms what else can be measured. */
export function timestamp(): number {
  if (!isNode()) return performance.now();
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

export function isNode(): boolean {
  return typeof process !== 'undefined' && Boolean(process.versions?.node);
}

/** A module of Node's by its name without "node:", at once; undefined where the host has none, or gives none in this way (before Node 20.16). */
export function builtin<Module>(name: string): Module | undefined {
  return globalThis.process?.getBuiltinModule?.(name) as Module | undefined;
}

/**
 * A module of Node's by its name without "node:". The name is put together here, so that neither a bundler for browsers nor a minifier sees
 * one that it would have to resolve.
 */
export async function importFromNode<Module>(name: string): Promise<Module> {
  return import(/* @vite-ignore */ /* webpackIgnore: true */ ['node', name].join(':'));
}
