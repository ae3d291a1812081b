/** What a machine and an instance of it are, for those who make, lead and try them. Types only. */
import type { BuildName } from './builds.js';

/** What a module of the machine exports. */
export interface Machine {
  run(program: number, first: number, steps: number, scratch: number): number;
  awaitChange(address: number, value: number): number;
}

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

/** A module on a memory. */
export type Started = Pick<Instance, 'machine' | 'module' | 'predictsAlone'>;
