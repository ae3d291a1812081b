/** The tables of optimizers and schedules, row by row: what the other suites of this folder walk through lacks none. On the sources. */
import { describe, expect, it } from 'vitest';
import { optimizers } from '../../src/nn/optimizers/index.js';
import { checkSchedule, PLAIN_SCHEDULES, schedules } from '../../src/nn/schedules.js';
import { optimizerVectors, scheduleVectors } from '../vectors/vectors.js';
import { optimizerCases, optimizerOf, scheduleCases } from './optimizer-cases.js';

describe('the table of optimizers', () => {
  const names = Object.keys(optimizers);

  it('has a case for every row, which makes what it is named for', () => {
    expect(Object.keys(optimizerCases).sort()).toEqual([...names].sort());
    for (const name of names) expect(optimizerOf(name).name).toBe(name);
  });

  it('has ten steps of PyTorch, with defaults and with every option, or a paper for every row', () => {
    for (const name of names) {
      const { truth, numbers, booleans } = optimizerCases[name]!;
      const runs = optimizerVectors.runs.filter(({ algorithm }) => algorithm === name);
      if (truth === 'paper') continue;
      expect(
        runs.map(({ steps }) => steps.length),
        name,
      ).toEqual(runs.map(() => 10));
      const covered = new Set(runs.flatMap(({ options }) => Object.keys(options)));
      for (const option of [...Object.keys(numbers), ...booleans]) expect(covered, name).toContain(option);
    }
    const papers = names.filter((name) => optimizerCases[name]!.truth === 'paper');
    expect(papers).toEqual(['quickprop']);
  });
});

describe('the table of schedules', () => {
  it('has a case with every option for every row', () => {
    expect(Object.keys(scheduleCases).sort()).toEqual(Object.keys(schedules).sort());
    for (const [name, { options }] of Object.entries(schedules))
      expect(Object.keys(scheduleCases[name]!).sort(), name).toEqual(['name', ...options].sort());
  });

  it('has PyTorch’s rates for every row that PyTorch has', () => {
    const without = ['constant', 'inverse'];
    expect([...Object.keys(scheduleVectors.rates), ...without].sort()).toEqual(Object.keys(schedules).sort());
  });

  it('knows which rows a name alone describes', () => {
    const alone = Object.keys(schedules).filter((name) => {
      try {
        checkSchedule('schedule', name as never);
        return true;
      } catch {
        return false;
      }
    });
    expect(alone.sort()).toEqual([...PLAIN_SCHEDULES].sort());
  });
});
