/** Products as the compiler lays them out: the machine's own tests give it memory by hand, here the plan must be enough. */
import { describe, expect, it } from 'vitest';
import { input, matmul, transpose } from '../../src/graph.js';
import { evaluate } from '../reference/evaluate.js';
import { engines } from '../support/engines.js';
import { between, drawn, relativeError } from '../support/numbers.js';
import { run } from '../support/run.js';

const shapes: [m: number, n: number, k: number][] = [
  [2, 600, 5],
  [1, 1024, 8],
  [4, 513, 3],
  [9, 520, 1],
  [3, 512, 5],
  [20, 1030, 257],
];

for (const { build, engine } of engines)
  describe(`products on the ${build} build`, () => {
    it.each(shapes)('%i x %i x %i, either operand stored as it is or transposed', async (m, n, k) => {
      const a = drawn(`a ${m}`, m * k, between(-1, 1));
      const b = drawn(`b ${n}`, k * n, between(-1, 1));
      const forms = [
        matmul(input('a', [m, k]), input('b', [k, n])),
        matmul(input('a', [m, k]), transpose(input('b', [n, k]))),
        matmul(transpose(input('a', [k, m])), input('b', [k, n])),
        matmul(transpose(input('a', [k, m])), transpose(input('b', [n, k]))),
      ];
      for (const product of forms) {
        const { c } = await run(engine, { c: product }, { a, b });
        const [exact] = evaluate([product], { a, b });
        expect(relativeError(c!, exact!.values)).toBeLessThanOrEqual(2e-6);
      }
    });
  });
