/**
 * One engine for each build that the host can run, made with public names alone: for suites that run against the sources and
 * against the bundle.
 */
import { createEngine, type Engine } from 'wasmlp';

const candidates = [await createEngine(), await createEngine({ reproducible: true })];

export const engines: readonly { readonly build: string; readonly engine: Engine }[] = candidates
  .map((engine) => ({ build: engine.info.build, engine }))
  .filter(({ build }, i, all) => all.findIndex((other) => other.build === build) === i);
