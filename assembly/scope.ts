/**
 * Which machine is being compiled: the whole one, or the small one that only predicts, where PREDICTS_ALONE is defined (asconfig.json). Settled at
 * compile time, from the same sources, so that both compute the same bits.
 *
 * The small one runs what src/infer/program.ts writes: GEMM with packed weights and an epilogue, GATHER of bytes in
 * their order, CHECK, SOFTMAX without a loss, PACK; and of MAP's functions those that src/infer/machine.ts lists.
 */

// @ts-ignore: decorator
@inline
export const WHOLE: bool = !isDefined(PREDICTS_ALONE);

/** What follows is in the whole machine only; the small one stops here. */
// @ts-ignore: decorator
@inline
export function wholeOnly(): void {
  if (!WHOLE) unreachable();
}
