/**
 * Wide vectors: the same bits where the host has them, a reason where it has not, and no trust in a machine that only claims to be wide. Node
 * only: the flag belongs to the process.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createEngine, type Engine } from 'wasmlp';
import { GEMM_C, MACHINE_BYTES, MIN_MR, PROGRAM_CODE } from '../../assembly/isa.js';
import { instantiateMachine } from '../../src/engine/instance.js';
import type { Machine } from '../../src/engine/machine.js';
import { TRIAL_BYTES, Trial } from '../../src/engine/wide.js';
import { root } from '../package/installed.js';
import {
  everythingOf,
  expectSameBits,
  FEEDS,
  INSTRUCTIONS,
  type Numbers,
  network,
  product,
  RUNS,
  SHAPES,
  TRANSPOSITIONS,
} from '../support/bits.js';
import { run } from '../support/run.js';

/** What an engine makes of everything that is compared. */
const compared: Readonly<Record<string, (engine: Engine) => Promise<Numbers>>> = {
  ...Object.fromEntries(
    (Object.keys(TRANSPOSITIONS) as (keyof typeof TRANSPOSITIONS)[]).flatMap((kind) =>
      SHAPES.map(([m, k, n]) => {
        const { outputs, feeds } = product(kind, m, k, n);
        return [
          `product ${kind}, ${m} x ${k} x ${n}`,
          (engine: Engine): Promise<Numbers> => run(engine, outputs, feeds),
        ];
      }),
    ),
  ),
  ...Object.fromEntries(
    Object.entries(INSTRUCTIONS).map(([name, outputs]) => [
      name,
      (engine: Engine): Promise<Numbers> => run(engine, outputs, FEEDS),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(RUNS).map(([name, train]) => [
      `training with ${name}`,
      async (engine: Engine): Promise<Numbers> => {
        using model = await network(engine);
        const { loss } = await train(model);
        return { ...everythingOf(model), history: loss };
      },
    ]),
  ),
};

// all that is narrow first: the flag holds for whatever is optimized after it was set
const narrow: Record<string, Numbers> = {};
{
  const engine = await createEngine();
  for (const [name, compute] of Object.entries(compared)) narrow[name] = await compute(engine);
}
const wide = await createEngine({ wideVectors: true });
const wideTeam = await createEngine({ wideVectors: true, threads: 2 });

const options = { threads: 1, reproducible: true, wideVectors: false, module: undefined };
const { machine: plain, memory } = await instantiateMachine(options);
memory.grow(Math.ceil(TRIAL_BYTES / 65_536));
const trial = new Trial(memory, MACHINE_BYTES);
const expected = trial.run(plain, MIN_MR).bits;
const why = (one: Machine, other: Machine) => trial.whyNotWide(one, other, expected);

/** The machine, doing something more in each run. */
const withMore = (more: (program: number, ...rest: number[]) => void): Machine => ({
  ...plain,
  run(program, first, steps, scratch) {
    const outcome = plain.run(program, first, steps, scratch);
    more(program, first, steps, scratch);
    return outcome;
  },
});
const slow = withMore((program, first, steps, scratch) => {
  for (let i = 0; i < 2; i++) plain.run(program, first!, steps!, scratch!);
});

describe('a machine is taken for wide', () => {
  it('where it is faster and gives the same bits', () => {
    expect(why(plain, slow)).toBeNull();
  });

  it('not where it gives another bit', () => {
    for (const entry of [0, 1234, 63 * 74 - 1]) {
      const corrupted = withMore((program) => {
        const words = new Int32Array(memory.buffer);
        const c = words[words[program / 4 + PROGRAM_CODE]! / 4 + GEMM_C]!;
        words[c / 4 + entry]! ^= 1;
      });
      expect(why(corrupted, slow), `entry ${entry}`).toMatch(/other bits/);
    }
  });

  it('not where it is as fast as the narrow one', () => {
    expect(why(plain, plain)).toMatch(/compiled nothing of the kind/);
  });
});

/** None where the host has none; the last test then says why. */
const wideEngines = [
  { threads: 1, engine: wide },
  { threads: 2, engine: wideTeam },
].filter(({ engine }) => engine.info.wideVectors);

describe.each(wideEngines)(
  'wide vectors on $threads threads have the bits of narrow ones',
  ({ engine, threads }) => {
    it('in use', () => {
      expect(engine.info).toMatchObject({ wideVectors: true, tile: 6, threads, declined: [] });
    });

    it.each(Object.entries(compared))('%s', async (name, compute) => {
      expectSameBits(await compute(engine), narrow[name]!);
    });
  },
);

it('where the host has none, nothing is printed, and the reason told', async () => {
  const library = pathToFileURL(join(root, 'build/index.js')).href;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { createEngine } from ${JSON.stringify(library)};
    const { info } = await createEngine({ wideVectors: true });
    console.log(JSON.stringify(info));`,
  ]);
  expect(stderr).toBe('');
  const info = JSON.parse(stdout);
  if (info.wideVectors) expect(info.tile).toBe(6);
  else expect(info.declined.join('\n')).toMatch(/^wide vectors: (the host|they|there) /m);
  if (Number(process.versions.node.split('.')[0]) < 22)
    expect(info.declined).toContain('wide vectors: there are none without relaxed SIMD');
});
