/** Layers that are random in training and do nothing else. */
import { checkNumber } from '../../errors.js';
import { add, mul } from '../../graph/elementwise.js';
import { dropout as dropoutOf, normal } from '../../graph/stochastic.js';
import { streamOf } from '../../random.js';
import { LARGEST } from '../choice.js';
import type { LayerKind } from './kind.js';

export interface DropoutLayer {
  readonly kind: 'dropout';
  readonly rate: number;
}

/** In training, zeroes each input with probability `rate` and scales the rest by 1 / (1 - rate); else does nothing. */
export function dropout(rate: number): DropoutLayer {
  return { kind: 'dropout', rate: checkNumber('rate', rate, 0, 0.999) };
}

export const dropoutKind: LayerKind<DropoutLayer> = {
  build: (layer, x, _width, { name, seed, training }) =>
    training ? dropoutOf(x, layer.rate, { seed, stream: streamOf(`${name}.dropout`) }) : x,
  width: (_layer, width) => width,
  check: ({ rate }) => dropout(rate),
};

export interface GaussianNoiseLayer {
  readonly kind: 'gaussianNoise';
  readonly deviation: number;
}

/** In training, adds to each input a normal number of this standard deviation; else does nothing. */
export function gaussianNoise(deviation: number): GaussianNoiseLayer {
  return { kind: 'gaussianNoise', deviation: checkNumber('deviation', deviation, 0, LARGEST) };
}

export const gaussianNoiseKind: LayerKind<GaussianNoiseLayer> = {
  build(layer, x, _width, { name, seed, training }) {
    if (!training || layer.deviation === 0) return x;
    return add(x, mul(normal(x.shape, { seed, stream: streamOf(`${name}.noise`) }), layer.deviation));
  },
  width: (_layer, width) => width,
  check: ({ deviation }) => gaussianNoise(deviation),
};
