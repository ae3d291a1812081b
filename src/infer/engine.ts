/**
 * The engines of `wasmlp/infer`: the tile is fixed by the build, so that neither a second one nor the measuring goes along. It is what measuring
 * chooses on the engines known (src/engine/tiles.ts): 6 rows where a multiply-add is one instruction, else 4.
 */
import { MAX_MR, MIN_MR } from '../../assembly/isa.js';
import { type Engine, type EngineOptions, startEngine } from '../engine/engine.js';
import type { Instance } from '../engine/machine.js';

/**
 * Chooses a build, instantiates it on a memory of its own, starts its threads. Throws an Error where the host has no WebAssembly SIMD, a
 * ThreadError where threads start and do not answer; those that the host refuses are declined.
 */
export function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return startEngine(options, fixedTile);
}

/** Where the small machine will do. */
export function smallEngine(options: EngineOptions): Promise<Engine> {
  return startEngine(options, fixedTile, true);
}

function fixedTile({ wide, build }: Instance) {
  const height = wide ? MAX_MR : build === 'relaxed' ? 6 : MIN_MR;
  return { height, first: height };
}
