/** Layers that are random in training and do nothing else. */
import { checkNumber } from '../../errors.js';
import { dropout as dropoutOf } from '../../graph/stochastic.js';
import { streamOf } from '../../random.js';
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
