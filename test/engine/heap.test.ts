/** The heap: whatever is allocated and freed in whatever order, blocks never overlap, and what is free can be had again. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { READABLE_TAIL } from '../../assembly/isa.js';
import { Heap } from '../../src/engine/heap.js';

const PAGE = 65_536;
const memoryOf = (initial: number, maximum?: number) =>
  new WebAssembly.Memory(maximum === undefined ? { initial } : { initial, maximum });

interface Block {
  readonly address: number;
  readonly bytes: number;
  readonly mark: number;
}

/** Fills a block with its mark, so that another block over it would show. */
function occupy(heap: Heap, bytes: number, mark: number): Block {
  const address = heap.allocate(bytes);
  const view = new Uint8Array(heap.memory.buffer, address, bytes);
  expect(
    view.every((byte) => byte === 0),
    'a new block is zeroed',
  ).toBe(true);
  view.fill(mark);
  return { address, bytes, mark };
}

function expectIntact(heap: Heap, blocks: readonly Block[]): void {
  for (const { address, bytes, mark } of blocks) {
    expect(address % 64, 'blocks stand on a cache line').toBe(0);
    expect(address).toBeGreaterThan(0);
    expect(address + bytes + READABLE_TAIL, 'a tail can be read').toBeLessThanOrEqual(
      heap.memory.buffer.byteLength,
    );
    expect(new Uint8Array(heap.memory.buffer, address, bytes).every((byte) => byte === mark)).toBe(true);
  }
}

/** Bytes to allocate, or (below 0) which of the living blocks to free. */
const actions = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 500 }),
    fc.integer({ min: 0, max: 40_000 }),
    fc.integer({ min: -50, max: -1 }),
  ),
  { maxLength: 60 },
);

describe('heap', () => {
  it('keeps blocks apart, and has everything back in the end', () => {
    fc.assert(
      fc.property(actions, (sequence) => {
        const heap = new Heap(memoryOf(1));
        let living: Block[] = [];
        sequence.forEach((action, i) => {
          if (action >= 0) living.push(occupy(heap, action, 1 + (i % 255)));
          else if (living.length > 0) {
            const block = living[-action % living.length]!;
            heap.free(block.address);
            living = living.filter((other) => other !== block);
          }
          expectIntact(heap, living);
        });
        for (const { address } of living) heap.free(address);
        // merged: one block takes all that the memory has, without growing it
        const size = heap.memory.buffer.byteLength;
        const whole = Math.floor((size - READABLE_TAIL - 1024) / 64) * 64;
        heap.allocate(whole);
        expect(heap.memory.buffer.byteLength).toBe(size);
      }),
      { seed: 4, numRuns: 150 },
    );
  });

  it('does not grow for what comes and goes', () => {
    const heap = new Heap(memoryOf(1));
    const kept = heap.allocate(1000);
    for (let i = 0; i < 1000; i++) heap.free(heap.allocate(30_000));
    expect(heap.memory.buffer.byteLength).toBe(PAGE);
    heap.free(kept);
  });

  it('grows by the pages that are missing, and keeps what stands there', () => {
    const heap = new Heap(memoryOf(1));
    const first = occupy(heap, 50_000, 7);
    const second = occupy(heap, 3 * PAGE, 9);
    expect(heap.memory.buffer.byteLength).toBe(4 * PAGE);
    expectIntact(heap, [first, second]);
  });

  it('refuses with a RangeError what the host does not grant, and goes on', () => {
    const heap = new Heap(memoryOf(1, 2));
    expect(() => heap.allocate(3 * PAGE)).toThrow(RangeError);
    expect(() => heap.allocate(3 * PAGE)).toThrow(/memory: .*pages/);
    expectIntact(heap, [occupy(heap, 100_000, 3)]);
  });

  it('refuses more than an address can reach, without trying', () => {
    const heap = new Heap(memoryOf(1));
    expect(() => heap.allocate(2 ** 33)).toThrow(/memory: .*below 4 GiB/);
    expect(heap.memory.buffer.byteLength).toBe(PAGE);
  });

  it('refuses to free what it did not give, or gave up already', () => {
    const heap = new Heap(memoryOf(1));
    const address = heap.allocate(10);
    expect(() => heap.free(address + 64)).toThrow(/heap: nothing was allocated/);
    heap.free(address);
    expect(() => heap.free(address)).toThrow(/heap: nothing was allocated/);
  });
});
