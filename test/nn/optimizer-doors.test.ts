/** The doors of every optimizer and schedule, tried with wrong values. */
import { describe, expect, it } from 'vitest';
import { lbfgs, type Schedule, sgd } from 'wasmlp';
import { type Argument, expectRefusals, outcome } from '../support/wrong.js';
import { optimizerCases, optimizerOf, scheduleCases } from './optimizer-cases.js';

const POSITIVE: readonly (readonly [string, string])[] = Object.entries(optimizerCases).flatMap(
  ([name, { numbers }]) => ('learningRate' in numbers ? [[name, 'learningRate'] as const] : []),
);

function doorsOf(name: string): Argument[] {
  const { make, numbers, booleans, schedules, required } = optimizerCases[name]!;
  const option = (key: string, fine: readonly string[]): Argument => ({
    name: `options.${key}`,
    use: (value) => optimizerOf(name, { [key]: value }),
    fine: fine as Argument['fine'] & object,
  });
  const empty = Object.keys(required).length > 0 ? [] : (['undefined', 'an object'] as const);
  return [
    { name: 'options', use: (value) => make(value), fine: empty, lacks: 'options.learningRate' },
    ...Object.entries(numbers).map(([key, fine]) => option(key, fine)),
    ...booleans.map((key) => option(key, ['undefined', 'a truth value'])),
    ...schedules.map((key) => ({ ...option(key, ['undefined']), lacks: `options.${key}.name` })),
  ];
}

describe.each(Object.keys(optimizerCases))('%s', (name) => {
  it('refuses wrong options by name', async () => {
    for (const door of doorsOf(name)) {
      // nesterov without momentum is a mistake of its own
      if (name === 'sgd' && door.name === 'options.nesterov') continue;
      await expectRefusals(door);
    }
  });

  it('refuses an option that it does not have', async () => {
    const error = await outcome(() => optimizerOf(name, { learningrate: 1 }));
    expect((error as Error).message).toMatch(/^options\.learningrate: expected one of /);
  });
});

it.each(POSITIVE)('%s refuses a %s of 0', async (name, option) => {
  const error = await outcome(() => optimizerOf(name, { [option]: 0 }));
  expect(error).toBeInstanceOf(RangeError);
  expect((error as Error).message).toMatch(`options.${option}: expected more than 0, got 0`);
});

it('rprop refuses bounds that cross', () => {
  expect(() => optimizerOf('rprop', { minStep: 2, maxStep: 1 })).toThrow(
    /options\.minStep: expected at most/,
  );
});

describe('lbfgs', () => {
  it.each<Argument>([
    { name: 'options', use: (value) => lbfgs(value), fine: ['undefined', 'an object'] },
    { name: 'options.memory', use: (memory) => lbfgs({ memory }), fine: ['undefined'] },
    {
      name: 'options.tolerance',
      use: (tolerance) => lbfgs({ tolerance }),
      fine: ['undefined', '0.5', 'a huge number'],
    },
  ])('$name', expectRefusals);
});

/** Values of the table that are right for an option, by its name. */
const FINE: Readonly<Record<string, Argument['fine'] & object>> = {
  power: ['undefined', '0.5', 'a huge number'],
  every: [],
  factor: ['0.5'],
  scale: ['undefined', '0.5', 'a huge number'],
  from: ['0.5', 'a huge number'],
  to: ['undefined', '0.5', 'a huge number'],
  over: ['0.5', 'a huge number'],
  peak: ['undefined', '0.5'],
  start: ['undefined', '0.5', 'a huge number'],
  end: ['undefined', '0.5', 'a huge number'],
  patience: ['undefined'],
  threshold: ['undefined', '0.5'],
  per: ['undefined'],
  next: ['undefined'],
};
const MORE: Readonly<Record<string, readonly string[]>> = {
  'step.factor': ['undefined', 'a huge number'],
  'plateau.factor': ['undefined'],
  'warmup.from': ['undefined'],
};

describe.each(Object.entries(scheduleCases))('the schedule %s', (name, description) => {
  const use = (part: object) => sgd({ learningRate: 1, schedule: { ...description, ...part } as Schedule });

  it('refuses wrong options by name', async () => {
    for (const option of Object.keys(description)) {
      if (option === 'name') continue;
      const fine = [...FINE[option]!, ...(MORE[`${name}.${option}`] ?? [])] as Argument['fine'] & object;
      const place = `options.schedule.${option}`;
      await expectRefusals({
        name: place,
        use: (value) => use({ [option]: value }),
        fine,
        lacks: option === 'next' ? `${place}.name` : place,
      });
    }
  });

  it('refuses an option that it does not have', () => {
    expect(() => use({ speed: 1 })).toThrow(/options\.schedule\.speed: expected one of name/);
  });
});

it('a name that is not alone enough is told what it lacks', () => {
  expect(() => sgd({ learningRate: 1, schedule: 'step' as never })).toThrow(
    /options\.schedule\.every: expected an integer, got undefined/,
  );
});
