/** The table of optimizers, by the names that the program offers; each is written in a file of its family. */

import { adam, adamax, adamW, nadam } from './adam.js';
import { adadelta, adagrad, rmsprop } from './adaptive.js';
import { quickprop, rprop } from './own-steps.js';
import { sgd } from './sgd.js';

export const optimizers = {
  sgd,
  rprop,
  quickprop,
  adagrad,
  adadelta,
  rmsprop,
  adam,
  adamW,
  adamax,
  nadam,
} as const;

export type OptimizerName = keyof typeof optimizers;
