/** How a tile is chosen, with times made up: each program is tried by itself, and what one learns holds for all. */
import { describe, expect, it } from 'vitest';
import { createEngine, dense, mlp } from 'wasmlp';
import { TileChoice } from '../../src/engine/tiles.js';
import { noise } from '../support/problems.js';

/** Lets programs take turns until a tile is chosen; `took` is the time for a row, in ms. */
function chooses(
  programs: readonly object[],
  took: (height: number, program: number) => number,
): number | null {
  const choice = new TileChoice([4, 6]);
  for (let turn = 0; turn < 100 && choice.height === null; turn++) {
    const i = turn % programs.length;
    const height = choice.next(programs[i]!);
    choice.took(programs[i]!, height, 10, 10 * took(height, i));
  }
  return choice.height;
}

describe('the tile that is chosen', () => {
  const [training, validation] = [{}, {}];

  it('is the last one, unless the first is clearly faster', () => {
    expect(chooses([training], () => 1)).toBe(6);
    expect(chooses([training], (height) => (height === 4 ? 0.95 : 1))).toBe(6);
    expect(chooses([training], (height) => (height === 4 ? 0.7 : 1))).toBe(4);
  });

  it('is found where programs of different work take turns', () => {
    const slow = (height: number, program: number) => (program === 0 ? 3 : 1) * (height === 4 ? 1 : 0.8);
    expect(chooses([training, validation], slow)).toBe(6);
    const spilled = (height: number, program: number) => (program === 0 ? 3 : 1) * (height === 4 ? 1 : 2);
    expect(chooses([training, validation], spilled)).toBe(4);
  });

  it('does not change because some runs had to wait', () => {
    let run = 0;
    expect(chooses([training], (height) => (height === 4 ? 1 : 0.8) + (run++ % 3 === 0 ? 5 : 0))).toBe(6);
  });

  it('is the only one there is, from the beginning', () => {
    expect(new TileChoice([8]).height).toBe(8);
  });
});

it('is found in a run that validates after each epoch', async () => {
  using engine = await createEngine();
  const { inputs, labels } = noise(512, 200, 10);
  using model = await mlp({
    inputs: 200,
    layers: [dense(256, 'relu'), dense(10)],
    loss: 'softmaxCrossEntropy',
    engine,
  });
  for (let i = 0; i < 40 && engine.info.tile === null; i++)
    await model.fit(inputs, labels, { epochs: 4, batchSize: 128, validation: { inputs, labels } });
  expect(engine.info.tile).not.toBeNull();
});
