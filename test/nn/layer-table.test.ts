/** The table of layers, row by row: each has a foreign run, or a suite of its own. On the sources. */
import { expect, it } from 'vitest';
import { fetchKinds, layerKinds } from '../../src/nn/layers/table.js';
import { layerVectors } from '../vectors/vectors.js';
import { doors } from './layer-doors.js';

await fetchKinds();

/** test/nn/networks.test.ts, test/train/dropout.test.ts and test/train/noise.test.ts. */
const elsewhere = ['dense', 'dropout', 'gaussianNoise'];

it('every kind of layer is compared with PyTorch', () => {
  const compared = Object.keys(layerVectors.layers).map((name) => name.split(',')[0]!);
  expect([...new Set([...compared, ...elsewhere])].sort()).toEqual(Object.keys(layerKinds).sort());
});

it('the door of every kind of layer that takes something is tried with wrong values', () => {
  const tried = new Set(doors.map(({ of }) => of));
  const nothingToRefuse = ['pairProducts'];
  expect([...tried, ...elsewhere, ...nothingToRefuse].sort()).toEqual(Object.keys(layerKinds).sort());
});
