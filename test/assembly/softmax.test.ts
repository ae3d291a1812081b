/** SOFTMAX: probabilities, apart or in place, and both cross-entropies, against float64. */
import { describe, expect, it } from 'vitest';
import * as isa from '../../assembly/isa.js';
import { between, drawn, normal, relativeError } from '../support/numbers.js';
import { builds, instruction, Machine } from './machine.js';

const SHAPES = [1, 2, 3, 4, 5, 7, 8, 9, 10, 17, 64, 257, 1000].map((columns) => [6, columns] as const);

interface Asked {
  readonly probabilities: 'apart' | 'in place' | 'none';
  readonly kind: 'class' | 'distribution' | 'none';
}

const asked: readonly Asked[] = (['apart', 'in place', 'none'] as const).flatMap((probabilities) =>
  (['class', 'distribution', 'none'] as const).map((kind) => ({ probabilities, kind })),
);

function logProbabilities(z: readonly number[]): number[] {
  const largest = Math.max(...z);
  const total = Math.log(z.reduce((sum, value) => sum + Math.exp(value - largest), 0));
  return z.map((value) => value - largest - total);
}

function softmax(
  machine: Machine,
  z: Float32Array,
  target: Float32Array,
  rows: number,
  columns: number,
  how: Asked,
) {
  machine.clear();
  const from = machine.floats(z);
  const to = { apart: machine.space(z.length), 'in place': from, none: 0 }[how.probabilities];
  const loss = how.kind === 'none' ? 0 : machine.space(rows);
  const words = instruction(isa.SOFTMAX, {
    [isa.SOFTMAX_IN]: from,
    [isa.SOFTMAX_OUT]: to,
    [isa.SOFTMAX_LOSS]: loss,
    [isa.SOFTMAX_TARGET]: how.kind === 'none' ? 0 : machine.floats(target),
    [isa.SOFTMAX_ROWS]: isa.ROWS >>> 0,
    [isa.SOFTMAX_COLUMNS]: columns,
    [isa.SOFTMAX_KIND]: how.kind === 'distribution' ? isa.TARGET_DISTRIBUTION : isa.TARGET_CLASS,
  });
  machine.step([words], { rows });
  return {
    probabilities: to ? machine.read(to, z.length).slice() : null,
    losses: loss ? machine.read(loss, rows).slice() : null,
  };
}

describe.each(builds)('SOFTMAX, $title', (build) => {
  const machine = new Machine(build);

  it.each(asked)('probabilities $probabilities, target $kind', (how) => {
    for (const [rows, columns] of SHAPES) {
      const z = drawn(`softmax ${columns}`, rows * columns, (random) => 3 * normal(random));
      const target =
        how.kind === 'distribution'
          ? drawn(`softmax target ${columns}`, rows * columns, between(0, 1))
          : drawn(`softmax class ${columns}`, rows, (random) => random.integer(columns));
      const logs = Array.from({ length: rows }, (_, i) =>
        logProbabilities(Array.from(z.subarray(i * columns, (i + 1) * columns))),
      );
      const losses = logs.map((row, i) =>
        how.kind === 'distribution'
          ? row.reduce((sum, value, j) => sum - target[i * columns + j]! * value, 0)
          : -row[target[i]!]!,
      );
      const actual = softmax(machine, z, target, rows, columns, how);
      if (actual.probabilities)
        expect(relativeError(actual.probabilities, logs.flat().map(Math.exp)), `${columns}`).toBeLessThan(
          1e-6,
        );
      if (actual.losses) expect(relativeError(actual.losses, losses), `${columns}`).toBeLessThan(1e-6);
    }
  });

  it('rows of probabilities sum to 1', () => {
    const z = drawn('softmax sums', 5000, (random) => 10 * normal(random));
    const { probabilities } = softmax(machine, z, z, 10, 500, { probabilities: 'apart', kind: 'none' });
    for (let i = 0; i < 10; i++) {
      const sum = probabilities!.subarray(500 * i, 500 * i + 500).reduce((total, value) => total + value, 0);
      expect(Math.abs(sum - 1)).toBeLessThan(2e-6);
    }
  });

  it('a NaN makes NaN of its row, wherever it stands, and of no other', () => {
    const how: Asked = { probabilities: 'apart', kind: 'class' };
    for (const columns of [3, 10, 17, 30]) {
      const z = drawn('softmax nan', 3 * columns, normal);
      const classes = Float32Array.of(0, 1, 2);
      const without = softmax(machine, z, classes, 3, columns, how);
      for (let place = 0; place < columns; place++) {
        const { probabilities, losses } = softmax(
          machine,
          z.with(columns + place, Number.NaN),
          classes,
          3,
          columns,
          how,
        );
        const rows = [0, 1, 2].map((row) => probabilities!.subarray(columns * row, columns * (row + 1)));
        expect(rows[1]!.every(Number.isNaN), `${place} of ${columns}`).toBe(true);
        expect(losses).toEqual(without.losses!.with(1, Number.NaN));
        expect(rows[0]).toEqual(without.probabilities!.subarray(0, columns));
        expect(rows[2]).toEqual(without.probabilities!.subarray(2 * columns));
      }
    }
  });

  it('a shift of all logits by a power of two changes no bit', () => {
    const z = drawn('softmax shift', 30, (random) => random.integer(64) / 8);
    const how: Asked = { probabilities: 'apart', kind: 'none' };
    const plain = softmax(machine, z, z, 3, 10, how).probabilities;
    expect(
      softmax(
        machine,
        z.map((value) => value + 1024),
        z,
        3,
        10,
        how,
      ).probabilities,
    ).toEqual(plain);
  });
});
