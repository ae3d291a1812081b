/** The engines that every suite runs on: one for each build that the host can run. */
import { hasRelaxedSimd } from '../../src/engine/builds.js';
import { createEngine } from '../../src/engine/create.js';
import type { Engine } from '../../src/engine/engine.js';

export const engines: readonly { readonly build: string; readonly engine: Engine }[] = await Promise.all(
  [true, false]
    .filter((reproducible) => reproducible || hasRelaxedSimd())
    .map(async (reproducible) => {
      const engine = await createEngine({ reproducible });
      return { build: engine.info.build, engine };
    }),
);
