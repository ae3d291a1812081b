/**
 * RANDOM: uniform numbers in [0, 1) with 24 bits, four blocks of Threefry-2x32-20 at a time (Salmon et al., SC 2011;
 * `src/random.ts` is the same function on numbers). Elements 2i and 2i + 1 of the matrix are the two words of the block
 * with counter (i, step) under the instruction's key: no thread and no order of evaluation can change them.
 */
import { RANDOM_COLUMNS, RANDOM_KEY_HIGH, RANDOM_KEY_LOW, RANDOM_OUT, RANDOM_ROWS } from './isa';
import { dimension, word } from './operands';
import { storeFirst } from './simd';
import { partStart } from './team';

// @ts-ignore: decorator
@inline
function rotate(x: v128, count: i32): v128 {
  return v128.or(i32x4.shl(x, count), i32x4.shr_u(x, 32 - count));
}

// @ts-ignore: decorator
@inline
function uniform(bits: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(bits, 8)), f32x4.splat(5.9604644775390625e-8));
}

export function random(instruction: usize, stepRows: i32, step: u32, part: i32, parts: i32): void {
  const rows = dimension(instruction, RANDOM_ROWS, stepRows);
  const count = rows * dimension(instruction, RANDOM_COLUMNS, stepRows);
  const k0 = word(instruction, RANDOM_KEY_LOW);
  const k1 = word(instruction, RANDOM_KEY_HIGH);
  const k2 = k0 ^ k1 ^ 0x1bd11bda;
  const first = partStart(count, 16, part, parts);
  const end = partStart(count, 16, part + 1, parts);
  let to = <usize>word(instruction, RANDOM_OUT) + (<usize>first << 2);
  for (let at = first; at < end; at += 8) {
    let x0 = i32x4.add(i32x4.add(i32x4.splat(at >> 1), i32x4(0, 1, 2, 3)), i32x4.splat(k0));
    let x1 = i32x4.splat(<i32>step + k1);
    for (let round = 0; round < 5; round++) {
      // four rounds with the rotations of an even or an odd group, then the next two words of the key
      const odd = round & 1;
      x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, odd ? 17 : 13), x0);
      x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, odd ? 29 : 15), x0);
      x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, odd ? 16 : 26), x0);
      x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, odd ? 24 : 6), x0);
      const phase = (round + 1) % 3;
      const first = phase == 0 ? k0 : phase == 1 ? k1 : k2;
      const second = phase == 0 ? k1 : phase == 1 ? k2 : k0;
      x0 = i32x4.add(x0, i32x4.splat(first));
      x1 = i32x4.add(x1, i32x4.splat(second + round + 1));
    }
    const u0 = uniform(x0);
    const u1 = uniform(x1);
    storeFirst(to, v128.shuffle<f32>(u0, u1, 0, 4, 1, 5), end - at);
    storeFirst(to + 16, v128.shuffle<f32>(u0, u1, 2, 6, 3, 7), end - at - 4);
    to += 32;
  }
}
