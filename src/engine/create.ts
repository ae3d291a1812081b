/**
 * The engines of those who do more than predict: which tile is best is measured while they work. Not here: what an engine is (engine.ts), and the
 * engines of `wasmlp/infer`, which measures nothing (src/infer/engine.ts).
 */
import { wrongType } from '../errors.js';
import { Engine, type EngineOptions, startEngine } from './engine.js';
import { NARROW_TILES, TileChoice, WIDE_TILE } from './tiles.js';

/**
 * Chooses a build, instantiates it on a memory of its own, starts its threads. Throws an Error where the host has no WebAssembly SIMD, a
 * ThreadError where threads start and do not answer; those that the host refuses are declined.
 */
export function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return startEngine(options, ({ wide }) => new TileChoice(wide ? [WIDE_TILE] : NARROW_TILES));
}

let shared: Promise<Engine> | undefined;

/** The engine that a caller's options name, or the one of those who bring none. */
export async function chooseEngine(engine: unknown): Promise<Engine> {
  if (engine instanceof Engine && !engine.predictsAlone) return engine;
  if (engine !== undefined) throw wrongType('options.engine', 'what createEngine resolves to', engine);
  // one that failed to start, or that somebody disposed, is not kept
  const living = await shared?.catch(() => undefined);
  if (!living || living.isDisposed) shared = createEngine();
  return shared!;
}
