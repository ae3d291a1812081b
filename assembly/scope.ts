/**
 * Which machine is being compiled: the whole one, or the small one that only predicts, where PREDICTS_ALONE is defined (asconfig.json); and for which
 * vectors. Settled at compile time, from the same sources, so that all compute the same bits.
 *
 * The small one runs what src/infer/program.ts writes: GEMM with packed weights and an epilogue, GATHER of bytes in
 * their order, CHECK, SOFTMAX without a loss, PACK; and of MAP's functions those that src/infer/machine.ts lists, on rows and numbers that repeat, not columns.
 */

// @ts-ignore: decorator
@inline
export const WHOLE: bool = !isDefined(PREDICTS_ALONE);

/** Whether register tiles are two panels wide: for engines that fuse pairs of vectors, where WIDE_VECTORS is defined. */
// @ts-ignore: decorator
@inline
export const WIDE: bool = isDefined(WIDE_VECTORS);

/** What follows is in the whole machine only; the small one stops here. */
// @ts-ignore: decorator
@inline
export function wholeOnly(): void {
  if (!WHOLE) unreachable();
}
