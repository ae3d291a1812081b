/**
 * Where threads meet: against the words of the program. Between two instructions of which one writes what the other touches there is a
 * meeting, unless both are the first thread's; and no meeting is there for nothing.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECK, GEMM, PROGRAM_SPLIT, SYNC_BEFORE, SYNC_SPLIT } from '../../assembly/isa.js';
import { compile, type Program } from '../../src/compile/compile.js';
import { describe as show } from '../../src/compile/describe.js';
import { type Job, layout } from '../../src/compile/job.js';
import { input, matmul, mean, type Node, parameter, ROWS, relu, sum, tanh } from '../../src/graph.js';
import { type Footprint, footprints, type Range } from './footprint.js';
import {
  batchLeaves,
  CAPACITY,
  classes,
  cook,
  flag,
  parameters,
  rate,
  recipes,
  type Step,
} from './random.js';

/** Everything, the larger part, some, and next to nothing of what the small graphs do is divided. */
const THRESHOLDS = [0, 20, 100, 400];

const leaves = [...batchLeaves, classes, ...parameters];

function programOf(step: Step, worthSplitting: number, largeUpdate: number): Program {
  const { places } = layout('memory', [...leaves, ...step.stores], CAPACITY);
  return compile({
    capacity: CAPACITY,
    leaves: new Map(leaves.map((leaf, i) => [leaf, places[i]!] as const)),
    stores: [
      ...step.stores.map((value, i) => ({ value, place: places[leaves.length + i]! })),
      ...step.updates.map(([leaf, value]) => ({ value, place: places[leaves.indexOf(leaf)]! })),
    ],
    scalars: [rate, flag],
    results: step.results,
    largeUpdate,
    worthSplitting,
    ...(step.check ? { check: step.check } : {}),
  });
}

const overlap = (a: readonly Range[], b: readonly Range[], padding: number) =>
  a.some((x) => b.some((y) => x.from < y.to + padding && y.from < x.to + padding));

/** `padding`: bytes behind each array that count as its own. */
const conflict = (a: Footprint, b: Footprint, padding: number) =>
  overlap(a.writes, b.reads, padding) ||
  overlap(a.writes, b.writes, padding) ||
  overlap(a.reads, b.writes, padding);

const isSplit = ({ sync }: Footprint) => (sync & SYNC_SPLIT) !== 0;
const meets = ({ sync }: Footprint) => (sync & SYNC_BEFORE) !== 0;
const claims = (of: Footprint) => of.opcode === GEMM && isSplit(of);

function expectMeetings(program: Program): void {
  const all = footprints(program);
  for (let i = 0; i < all.length; i++) {
    let met = false;
    let needed = false;
    const since = all.slice(0, i).findLastIndex(meets);
    for (let j = i - 1; j >= 0; j--) {
      met ||= meets(all[j + 1]!);
      if (!isSplit(all[i]!) && !isSplit(all[j]!)) continue;
      const both = claims(all[j]!) && claims(all[i]!);
      if (both || conflict(all[j]!, all[i]!, 0)) expect(met, `${j} and ${i} of\n${show(program)}`).toBe(true);
      if (j >= since && (both || conflict(all[j]!, all[i]!, 12))) needed = true;
    }
    if (meets(all[i]!)) expect(needed, `a meeting before ${i} of\n${show(program)}`).toBe(true);
  }
}

describe('random programs', () => {
  it.each(THRESHOLDS)(
    'meet between conflicting instructions, where those of %i ns are divided',
    (threshold) => {
      let divided = 0;
      let meetings = 0;
      fc.assert(
        fc.property(recipes, (recipe) => {
          for (const largeUpdate of [1, Number.POSITIVE_INFINITY]) {
            const program = programOf(cook(recipe), threshold, largeUpdate);
            expectMeetings(program);
            divided += program.emission.sync.filter((sync) => sync & SYNC_SPLIT).length;
            meetings += program.emission.sync.filter((sync) => sync & SYNC_BEFORE).length;
          }
        }),
        { seed: 3, numRuns: 300 },
      );
      // the oracle had something to look at
      expect(divided).toBeGreaterThan(100);
      expect(meetings).toBeGreaterThan(100);
    },
  );
});

const at = (offset: number) => ({ block: 'memory', offset });
const x = input('x', [ROWS, 64]);
const w = parameter('w', [64, 64]);

function jobOf(value: Node, capacity: number, more: Partial<Job> = {}): Job {
  const places = new Map([
    [x, at(0)],
    [w, at(2 ** 20)],
  ]);
  return { capacity, leaves: places, stores: [{ value, place: at(2 ** 21) }], ...more };
}

const syncOf = (value: Node, capacity: number, more?: Partial<Job>) =>
  footprints(compile(jobOf(value, capacity, more))).map(({ opcode, sync }) => [opcode, sync] as const);

describe('what is divided', () => {
  it('is a product of many rows, not one of few', () => {
    const product = relu(matmul(x, w));
    expect(syncOf(product, 256).map(([, sync]) => sync)).toEqual([SYNC_SPLIT]);
    expect(syncOf(product, 4).map(([, sync]) => sync)).toEqual([0]);
  });

  it('follows the threshold that the job gives', () => {
    const product = relu(matmul(x, w));
    expect(syncOf(product, 4, { worthSplitting: 1 }).map(([, sync]) => sync)).toEqual([SYNC_SPLIT]);
    expect(syncOf(product, 256, { worthSplitting: Infinity }).map(([, sync]) => sync)).toEqual([0]);
  });

  it('is never a sum of everything, which is one sum', () => {
    const words = syncOf(sum(matmul(x, w)), 4096).map(([, sync]) => sync);
    expect(words).toEqual([SYNC_SPLIT, SYNC_BEFORE]);
  });

  it('is every check of a program that is divided, for its outcome is everybody’s', () => {
    const product = tanh(matmul(x, w));
    const check = mean(product);
    const words = syncOf(product, 256, { check });
    expect(words.filter(([opcode]) => opcode === CHECK)).toEqual([[CHECK, SYNC_SPLIT | SYNC_BEFORE]]);
    expect(syncOf(product, 2, { check }).every(([, sync]) => sync === 0)).toBe(true);
  });

  it('is told in the header', () => {
    for (const [capacity, split] of [
      [256, 1],
      [4, 0],
    ] as const) {
      const program = compile(jobOf(matmul(x, w), capacity));
      expect(program.emit(() => 64)[PROGRAM_SPLIT]).toBe(split);
    }
  });
});
