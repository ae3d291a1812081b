/** Generated digits: the same everywhere, each image on its own, readable, and as hard as they should be. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DIGIT_SIDE, generateDigits } from '../../src/data/digits.js';
import { GLYPHS } from '../../src/data/glyphs.js';

const PIXELS = DIGIT_SIDE * DIGIT_SIDE;

/** Share of `test` whose nearest image in `train`, by squared distance, has the same label. */
function nearestNeighbour(
  train: ReturnType<typeof generateDigits>,
  test: ReturnType<typeof generateDigits>,
): number {
  let right = 0;
  test.labels.forEach((label, i) => {
    let best = Infinity;
    let found = -1;
    for (let j = 0; j < train.labels.length; j++) {
      let distance = 0;
      for (let p = 0; p < PIXELS && distance < best; p++)
        distance += (test.images[i * PIXELS + p]! - train.images[j * PIXELS + p]!) ** 2;
      if (distance < best) [best, found] = [distance, train.labels[j]!];
    }
    if (found === label) right++;
  });
  return right / test.labels.length;
}

describe('generateDigits', () => {
  it('draws the same bytes on every machine', () => {
    const { images, labels } = generateDigits(100, 1);
    expect(createHash('sha256').update(images).update(labels).digest('hex').slice(0, 16)).toBe(
      '120adb3e88a1cceb',
    );
  });

  it('draws image i from seed and i alone', () => {
    const few = generateDigits(20, 7);
    const many = generateDigits(50, 7);
    expect(many.images.subarray(0, 20 * PIXELS)).toEqual(few.images);
    expect(many.labels.subarray(0, 20)).toEqual(few.labels);
    expect(generateDigits(20, 8).images).not.toEqual(few.images);
  });

  it('draws no image twice', () => {
    const { images } = generateDigits(500, 1);
    const seen = new Set(
      Array.from({ length: 500 }, (_, i) => images.subarray(i * PIXELS, (i + 1) * PIXELS).join()),
    );
    expect(seen.size).toBe(500);
  });

  it('draws all digits about equally often, as dark as MNIST, away from the border', () => {
    const { images, labels } = generateDigits(2000, 1);
    for (let digit = 0; digit < 10; digit++) {
      const share = labels.filter((label) => label === digit).length / 2000;
      expect(Math.abs(share - 0.1)).toBeLessThan(0.03);
    }
    // MNIST's training images have a mean of 33.3 and reach 255.
    const mean = images.reduce((sum, value) => sum + value, 0) / images.length;
    expect(Math.abs(mean - 33.3)).toBeLessThan(2);
    expect(images.reduce((max, value) => Math.max(max, value), 0)).toBe(255);
    const border = images.filter((_, at) => at % DIGIT_SIDE === 0 || at % DIGIT_SIDE === DIGIT_SIDE - 1);
    expect(border.filter((value) => value > 0).length / border.length).toBeLessThan(0.01);
  });

  it('draws digits that look like others of their kind, but not all of them', () => {
    const accuracy = nearestNeighbour(generateDigits(1500, 1), generateDigits(200, 2));
    expect(accuracy).toBeGreaterThan(0.85);
    expect(accuracy).toBeLessThan(0.99);
  });

  it('draws one image a style without distortion', () => {
    const { images, labels } = generateDigits(300, 1, { distortion: 0 });
    const looks = new Set(
      Array.from({ length: 300 }, (_, i) => images.subarray(i * PIXELS, (i + 1) * PIXELS).join()),
    );
    expect(new Set(labels).size).toBe(10);
    expect(looks.size).toBe(GLYPHS.reduce((styles, digit) => styles + digit.length, 0));
  });

  it('refuses wrong arguments', () => {
    expect(() => generateDigits(-1, 1)).toThrow('count: expected an integer from 0');
    expect(() => generateDigits(1, 0.5)).toThrow('seed: expected an integer');
    expect(() => generateDigits(1, 1, { distortion: Number.NaN })).toThrow('options.distortion');
    expect(() => generateDigits(1, 1, { strength: 1 } as object)).toThrow('options.strength');
  });
});

it('the styles of each digit share out to 1, in points of two numbers', () => {
  for (const styles of GLYPHS) {
    expect(styles.reduce((sum, style) => sum + style.share, 0)).toBeCloseTo(1, 12);
    for (const style of styles) for (const stroke of style.strokes) expect(stroke.length % 2).toBe(0);
  }
});
