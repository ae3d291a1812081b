/**
 * Random numbers from a key and a counter: Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011). The number at a place depends on nothing but key and place, so every
 * thread and every resumed run draws the same. `assembly/random.ts` is the same function on vectors.
 *
 * Not for secrets.
 */

const PARITY = 0x1bd11bda;
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/** One block: two 32-bit words for the key (k0, k1) and the counter (c0, c1), written to out[0], out[1]. */
export function threefry(k0: number, k1: number, c0: number, c1: number, out: Uint32Array): void {
  // the words of the key take turns: before each group of four rounds (a, b) are added, the third one waits
  let a = k0 | 0;
  let b = k1 | 0;
  let waiting = k0 ^ k1 ^ PARITY;
  let x0 = (c0 + a) | 0;
  let x1 = (c1 + b) | 0;
  for (let round = 0; round < 20; round++) {
    const r = ROTATIONS[round & 7]!;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << r) | (x1 >>> (32 - r))) ^ x0;
    if ((round & 3) === 3) {
      const first = a;
      a = b;
      b = waiting;
      waiting = first;
      x0 = (x0 + a) | 0;
      x1 = (x1 + b + (round >> 2) + 1) | 0;
    }
  }
  out[0] = x0;
  out[1] = x1;
}

/** FNV-1a over UTF-16 units: gives every named purpose a stream of its own under one seed. */
export function streamOf(purpose: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < purpose.length; i++) hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A sequence of draws under (seed, purpose). Two purposes never share numbers; the same pair always repeats. */
export class Random {
  private readonly block = new Uint32Array(2);
  private readonly stream: number;
  private counter = 0;
  private spareNormal = Number.NaN;

  constructor(
    private readonly seed: number,
    purpose: string,
  ) {
    this.stream = streamOf(purpose);
  }

  /** A 32-bit unsigned integer. */
  uint32(): number {
    const half = this.counter & 1;
    if (half === 0) {
      const index = this.counter / 2;
      threefry(this.seed, this.stream, index >>> 0, Math.floor(index / 0x1_0000_0000), this.block);
    }
    this.counter++;
    return this.block[half]!;
  }

  /** Uniform in [0, 1), with 32 bits. */
  uniform(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** Standard normal (Box and Muller 1958, polar form). */
  normal(): number {
    const spare = this.spareNormal;
    if (!Number.isNaN(spare)) {
      this.spareNormal = Number.NaN;
      return spare;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        this.spareNormal = v * scale;
        return u * scale;
      }
    }
  }

  /** Uniform integer in [0, bound). Multiply-shift: the bias is below bound / 2^32. */
  integer(bound: number): number {
    return Math.floor((this.uint32() * bound) / 0x1_0000_0000);
  }

  /** Permutes in place (Fisher and Yates). */
  shuffle<T extends Uint32Array | unknown[]>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = items[i]!;
      items[i] = items[j]!;
      items[j] = kept;
    }
    return items;
  }
}
