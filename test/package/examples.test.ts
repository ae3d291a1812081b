/**
 * The programs of examples/, run as a user runs them: copied beside an installed package, each in a process of its own; those of examples/lectures have
 * a suite to themselves (lectures.test.ts). Node only.
 */
import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Installed, install, root } from './installed.js';

/** What each must print, besides ending well. */
const printed: Readonly<Record<string, readonly RegExp[]>> = {
  'digits.mjs': [/^epoch 1: loss \d/m, /, (9[7-9]\.\d|100\.0) % of new images\n[ .:#\n]+\nis a \d\n$/],
  // worked out in float64 from the formula; the minimum from its own equation, x + 1/4 = e^-x
  'own-graph.mjs': [
    /^f {3}1\.54564/m,
    /^dx {2}2\.05957/m,
    /^dxx 2\.57306/m,
    /at 0\.412195 the slope is -?0\.000000\n$/,
  ],
  'save-and-load.mjs': [/what save gave: true/, /say the same: true/, /accuracy (0\.9\d+|1\.000) as saved/],
  'stream.mjs': [/, 0\.00\d+ in the last/, /expected 1\.091, got 1\.[01]\d+\n/],
  'xor.mjs': [
    /^0 xor 1 is 1 with probability 0\.9/m,
    /^1 xor 1 is 1 with probability 0\.0/m,
    /\n(-?0\.0\d+ ?){8}\n$/,
  ],
};

let installed: Installed;

beforeAll(async () => {
  installed = await install();
}, 120_000);
afterAll(() => installed?.remove());

describe('examples', () => {
  it('are those that are tried here', async () => {
    const programs = (await readdir(join(root, 'examples'))).filter((name) => name !== 'lectures');
    expect(programs.sort()).toEqual(Object.keys(printed).sort());
  });

  it.each(Object.entries(printed))('%s', async (name, patterns) => {
    await copyFile(join(root, 'examples', name), join(installed.project, name));
    const text = await installed.run(process.execPath, name);
    for (const pattern of patterns) expect(text).toMatch(pattern);
  });
});
