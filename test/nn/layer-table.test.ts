/** The table of layers, row by row: each has a foreign run or a suite of its own, cases for edges and extremes, and its door is tried. On the sources. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { fetchKinds, layerKinds } from '../../src/nn/layers/table.js';
import { layerVectors } from '../vectors/vectors.js';
import { foreignLayers, ownSuites } from './layer-cases.js';
import { doors } from './layer-doors.js';

await fetchKinds();
const kinds = Object.keys(layerKinds).sort();

it('every kind of layer has a case, which makes what it is named for', () => {
  const cases = [
    ...Object.entries(foreignLayers),
    ...Object.entries(ownSuites).map(([name, { layer }]) => [name, layer] as const),
  ];
  for (const [name, { kind }] of cases) expect(kind).toBe(name.split(',')[0]);
  expect([...new Set(cases.map(([, { kind }]) => kind))].sort()).toEqual(kinds);
});

it('every kind of layer is compared with PyTorch, or has a suite of its own that makes it', async () => {
  const compared = Object.keys(layerVectors.layers).map((name) => name.split(',')[0]!);
  expect([...new Set([...compared, ...Object.keys(ownSuites)])].sort()).toEqual(kinds);
  for (const [name, { suite, test }] of Object.entries(ownSuites)) {
    const text = await readFile(new URL(`../${suite}`, import.meta.url), 'utf8');
    expect(text, suite).toContain(`'${test}'`);
    expect(text, suite).toMatch(new RegExp(`\\b${name}\\(`));
  }
});

it('the door of every kind of layer that takes something is tried with wrong values', () => {
  const tried = new Set(doors.map(({ of }) => of));
  const nothingToRefuse = ['pairProducts'];
  expect([...tried, ...nothingToRefuse].sort()).toEqual(kinds);
});
