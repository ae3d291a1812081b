/**
 * Which machine a function needs: the small one that only predicts (assembly/scope.ts), half the bytes of the whole one, or that. A list, which a test
 * holds against the machine itself; it is looked up when the package is built (functions.ts).
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
  F_SQUARE,
  F_SUB,
  F_TANH,
  MAP_CODE_WORDS,
} from '../../assembly/isa.js';

/** The functions that the small machine has. */
export const COMMON_FUNCTIONS: readonly number[] = [
  F_NEG,
  F_ABS,
  F_SQUARE,
  F_EXP,
  F_TANH,
  F_SIGMOID,
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

/** Whether the small machine has all that a function takes: one with a name, or code of MAP. */
export function runsSmall(does: string | { readonly code: readonly number[] }): boolean {
  return (
    typeof does === 'string' ||
    // the low half of an operation's first word
    does.code.every((word, i) => i % MAP_CODE_WORDS > 0 || COMMON_FUNCTIONS.includes(word & 0xffff))
  );
}
