/**
 * The random numbers behind one generated image. They come from random.ts's function at the counter (image, block),
 * so that an image does not depend on those before it, nor on how many numbers these used.
 */
import { streamOf, threefry } from '../random.js';

export class Draws {
  private readonly block = new Uint32Array(2);
  private readonly stream = streamOf('data.digits');
  private image = 0;
  private used = 0;

  constructor(private readonly seed: number) {}

  /** Goes to the first number of an image. */
  seek(image: number): void {
    this.image = image;
    this.used = 0;
  }

  /** Uniform in [0, 1), with 16 bits: four numbers a block. */
  uniform(): number {
    const quarter = this.used++ & 3;
    if (quarter === 0) threefry(this.seed, this.stream, this.image, this.used >>> 2, this.block);
    const word = this.block[quarter >> 1]!;
    return (quarter & 1 ? word >>> 16 : word & 0xffff) / 0x1_0000;
  }

  /** Mean 0, standard deviation 1, bell-shaped within +-3: a sum of three uniforms, exact on every machine. */
  bell(): number {
    return 2 * (this.uniform() + this.uniform() + this.uniform()) - 3;
  }
}
