/**
 * Which machine a model needs: the small one that only predicts (assembly/scope.ts), half the bytes of the whole one, or that. A list, which a test
 * holds against the machine itself.
 */
import {
  F_ABS,
  F_ADD,
  F_DIV,
  F_EXP,
  F_LEAKY_RELU,
  F_MAX,
  F_MIN,
  F_MUL,
  F_MUL_ADD,
  F_NEG,
  F_NEG_MUL_ADD,
  F_RELU,
  F_SIGMOID,
  F_SOFTPLUS,
  F_SQUARE,
  F_SUB,
  F_TANH,
  MAP_CODE_WORDS,
} from '../../assembly/isa.js';
import type { InferenceModel } from './model.js';

/** The functions that the small machine has. */
export const COMMON_FUNCTIONS: readonly number[] = [
  F_NEG,
  F_ABS,
  F_SQUARE,
  F_EXP,
  F_TANH,
  F_SIGMOID,
  F_SOFTPLUS,
  F_RELU,
  F_ADD,
  F_SUB,
  F_MUL,
  F_DIV,
  F_MAX,
  F_MIN,
  F_LEAKY_RELU,
  F_MUL_ADD,
  F_NEG_MUL_ADD,
];

/** Whether the small machine can run the model. */
export function predictsAlone({
  layers,
  prediction,
}: Pick<InferenceModel, 'layers' | 'prediction'>): boolean {
  return [prediction, ...layers.map(({ activation }) => activation)].every(
    (one) =>
      typeof one === 'string' ||
      // the low half of an operation's first word
      one.code.every((word, i) => i % MAP_CODE_WORDS > 0 || COMMON_FUNCTIONS.includes(word & 0xffff)),
  );
}
