/** The sequences of src/random.ts: what fills an array is what single draws give. The generator itself: test/assembly/random.test.ts. */
import { describe, expect, it } from 'vitest';
import { Random } from '../src/random.js';

describe.each([1, 2, 1000, 1001])('an array of %i', (length) => {
  it('of uniform numbers is that many draws', () => {
    const values = new Float32Array(length);
    new Random(7, 'weights').fillUniform(values, 0.25);
    const one = new Random(7, 'weights');
    expect(values).toEqual(Float32Array.from({ length }, () => (2 * one.uniform() - 1) * 0.25));
  });

  it('of normal numbers is that many draws', () => {
    const values = new Float32Array(length);
    new Random(7, 'weights').fillNormal(values, 0.25);
    const one = new Random(7, 'weights');
    expect(values).toEqual(Float32Array.from({ length }, () => one.normal() * 0.25));
  });
});

describe('a sequence', () => {
  it('goes on after an array without repeating a number', () => {
    const random = new Random(7, 'weights');
    const values = new Float32Array(3);
    random.uint32();
    random.fillUniform(values, 1);
    const all = [new Random(7, 'weights').uint32(), ...values, random.uint32(), random.uint32()];
    expect(new Set(all).size).toBe(6);
  });
});
