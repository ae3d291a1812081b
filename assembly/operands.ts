/** Reading an instruction's words. */
import { WORD_BYTES } from './isa';

// @ts-ignore: decorator
@inline
export function word(instruction: usize, index: i32): i32 {
  return load<i32>(instruction + <usize>index * WORD_BYTES);
}

/** A dimension: an element count, or the step's rows where the word is ROWS. */
// @ts-ignore: decorator
@inline
export function dimension(instruction: usize, index: i32, rows: i32): i32 {
  const value = word(instruction, index);
  return value < 0 ? rows : value;
}
