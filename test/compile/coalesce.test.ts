/** When two elementwise passes may become one over both stretches of memory, and when that would change a number. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.js';
import { report } from '../../src/compile/describe.js';
import type { Job } from '../../src/compile/job.js';
import { Executable } from '../../src/engine/executable.js';
import { exp, input, mul, type Node, sub, sum, tanh } from '../../src/graph.js';
import { evaluate } from '../reference/evaluate.js';
import { engines } from '../support/engines.js';
import { relativeError } from '../support/numbers.js';

/** Vectors of a block of memory. */
const at = (vector: number) => ({ block: 'memory', offset: 16 * vector });
const VECTORS = 16;

const numbers = (i: number) => [0.1, 0.2, 0.3, 0.4].map((value) => value + i / 2);

/** Runs a job whose inputs are 1 x 4 and whose memory is one block; returns memory and instructions. */
function runJob(engine: (typeof engines)[number]['engine'], job: Omit<Job, 'capacity'>) {
  const program = compile({ capacity: 1, ...job });
  const memory = engine.allocate(16 * VECTORS);
  const executable = new Executable(engine, program, { given: { memory }, maxSteps: 1 });
  engine.floats(memory, 4 * VECTORS).fill(NaN);
  [...job.leaves.keys()].forEach((leaf, i) => {
    executable.view(leaf).set(numbers(i).slice(0, executable.view(leaf).length));
  });
  executable.setStep(0, 1, 0, 0, []);
  executable.run(1);
  const vector = (i: number) => engine.floats(memory + 16 * i, 4).slice();
  const instructions = report(program).map(({ name, work }) => `${name} ${work}`);
  return { vector, results: executable.results(1).slice(), instructions };
}

/** Stores the values in the vectors given; their numbers must be the graph's. */
function expectStored(
  leaves: ReadonlyMap<Node, number>,
  stores: readonly (readonly [Node, number])[],
): string[][] {
  return engines.map(({ engine }) => {
    const job = {
      leaves: new Map([...leaves].map(([leaf, vector]) => [leaf, at(vector)] as const)),
      stores: stores.map(([value, vector]) => ({ value, place: at(vector) })),
    };
    const { vector, instructions } = runJob(engine, job);
    const feeds = Object.fromEntries([...leaves.keys()].map((leaf, i) => [leaf.name, numbers(i)]));
    for (const [value, place] of stores) {
      const expected = evaluate([value], feeds)[0]!.values;
      expect(relativeError(vector(place), expected), instructions.join('\n')).toBeLessThan(1e-6);
    }
    return instructions;
  });
}

const [a, b, c] = ['a', 'b', 'c'].map((name) => input(name, [1, 4])) as [Node, Node, Node];

describe('neighbouring passes', () => {
  it('become one where operands and results follow each other', () => {
    const f = (x: Node) => tanh(sub(1, x));
    for (const instructions of expectStored(
      new Map([
        [a, 0],
        [b, 1],
        [c, 2],
      ]),
      [
        [f(a), 8],
        [f(b), 9],
        [f(c), 10],
      ],
    ))
      expect(instructions).toEqual(['MAP [12] = sub, tanh']);
  });

  it.each([
    ['results do not follow each other', [8, 10], 2],
    ['results follow in the other order', [9, 8], 2],
    ['results take the place of operands', [0, 1], 1],
  ])('%s: %j', (_why, places, count) => {
    const f = (x: Node) => tanh(sub(1, x));
    const leaves = new Map([
      [a, 0],
      [b, 1],
    ]);
    const stores = [a, b].map((leaf, i) => [f(leaf), places[i]!] as const);
    for (const instructions of expectStored(leaves, stores)) expect(instructions).toHaveLength(count);
  });

  it('stay two where the second reads what the first writes', () => {
    const [x1, y] = [exp(sub(1, a)), exp(sub(1, exp(sub(1, a))))];
    expectStored(new Map([[a, 0]]), [
      [x1, 1],
      [y, 2],
      [exp(x1), 3],
      [exp(y), 4],
    ]);
  });

  it('stay two where the numbers that they share are not the same', () => {
    const [p, q] = [input('p', [1, 1]), input('q', [1, 1])];
    const leaves = new Map([
      [a, 0],
      [b, 1],
      [p, 2],
      [q, 3],
    ]);
    for (const { engine } of engines) {
      const job = {
        leaves: new Map([...leaves].map(([leaf, vector]) => [leaf, at(vector)] as const)),
        stores: [
          { value: mul(a, p), place: at(8) },
          { value: mul(b, q), place: at(9) },
        ],
      };
      const { vector, instructions } = runJob(engine, job);
      expect(instructions).toHaveLength(2);
      expect(
        relativeError(
          vector(9),
          numbers(1).map((value) => value * numbers(3)[0]!),
        ),
      ).toBeLessThan(1e-6);
    }
  });

  it('leave the results between theirs alone', () => {
    const [p, q] = [input('p', [1, 1]), input('q', [1, 1])];
    // made before the two, so that the two stand next to each other after them
    const sums = [sum(a), sum(mul(a, a)), sum(mul(a, mul(a, a)))];
    for (const { engine } of engines) {
      const { results } = runJob(engine, {
        leaves: new Map([
          [a, at(2)],
          [p, at(0)],
          [q, at(1)],
        ]),
        stores: [],
        results: [tanh(p), ...sums, tanh(q)],
      });
      const total = (power: number) => numbers(0).reduce((n, value) => n + value ** power, 0);
      const expected = [Math.tanh(numbers(1)[0]!), total(1), total(2), total(3), Math.tanh(numbers(2)[0]!)];
      expect(relativeError(results, expected)).toBeLessThan(1e-6);
    }
  });
});
