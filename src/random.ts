/**
 * Random numbers from a key and a counter: Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011). The number at a place depends on nothing but key and place, so every
 * thread and every resumed run draws the same. `assembly/random.ts` is the same function on vectors.
 *
 * Not for secrets.
 */

const PARITY = 0x1bd11bda;

/** One block: two 32-bit words for the key (k0, k1) and the counter (c0, c1), written to out[0], out[1]. */
export function threefry(k0: number, k1: number, c0: number, c1: number, out: Uint32Array): void {
  // the words of the key take turns: after each group of four rounds (a, b) are added, the third one waits
  let a = k0 | 0;
  let b = k1 | 0;
  let waiting = k0 ^ k1 ^ PARITY;
  let x0 = (c0 + a) | 0;
  let x1 = (c1 + b) | 0;
  // rounds written out: initial weights come from here, and a loop over a table of rotations takes twice as long
  for (let group = 1; group <= 5; group++) {
    if (group & 1) {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
    } else {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
    }
    const first = a;
    a = b;
    b = waiting;
    waiting = first;
    x0 = (x0 + a) | 0;
    x1 = (x1 + b + group) | 0;
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
    if (half === 1) this.counter++;
    else {
      this.nextBlock();
      this.counter--;
    }
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

  /** Fills with uniform numbers in [-limit, limit): on a new sequence, those that `uniform` would give, several times as fast. */
  fillUniform(values: Float32Array, limit: number): void {
    const { block } = this;
    for (let i = 0; i < values.length; i += 2) {
      this.nextBlock();
      values[i] = (2 * (block[0]! / 0x1_0000_0000) - 1) * limit;
      if (i + 1 < values.length) values[i + 1] = (2 * (block[1]! / 0x1_0000_0000) - 1) * limit;
    }
  }

  /** Fills with normal numbers of this deviation: on a new sequence, those that `normal` would give, several times as fast. */
  fillNormal(values: Float32Array, deviation: number): void {
    const { block } = this;
    for (let i = 0; i < values.length; ) {
      this.nextBlock();
      const u = 2 * (block[0]! / 0x1_0000_0000) - 1;
      const v = 2 * (block[1]! / 0x1_0000_0000) - 1;
      const s = u * u + v * v;
      if (s === 0 || s >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      values[i++] = u * scale * deviation;
      if (i < values.length) values[i++] = v * scale * deviation;
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

  /** Draws two words, from the next whole block on. */
  private nextBlock(): void {
    this.counter += this.counter & 1;
    const index = this.counter / 2;
    threefry(this.seed, this.stream, index >>> 0, Math.floor(index / 0x1_0000_0000), this.block);
    this.counter += 2;
  }
}
