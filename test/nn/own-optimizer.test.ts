/** An optimizer that a caller wrote: as good as one of the house, and refused where a member is not what it must be. */
import { afterAll, describe, expect, it } from 'vitest';
import { type Model, type Optimizer, sgd } from 'wasmlp';
import { add, mul, type Node, parameter, sub, sum } from 'wasmlp/graph';
import { noise, smallNetwork } from '../support/problems.js';
import { engines } from '../support/public-engines.js';
import { type Argument, expectRefusals, outcome } from '../support/wrong.js';

const problem = noise(20);

/** Momentum, spelt out. */
const heavyBall: Optimizer = {
  name: 'heavyBall',
  state: ['velocity'],
  scalars: ['rate', 'friction'],
  writeScalars: (scalars) => scalars.set([0.1, 0.9]),
  update(weight, gradient, [velocity], [rate, friction]) {
    const next = add(mul(velocity!, friction!), gradient);
    return { parameter: sub(weight, mul(rate!, next)), state: [next] };
  },
};

describe.each(engines)('an optimizer of one’s own on the $build build', ({ engine }) => {
  it('learns what the same formula of the house learns', async () => {
    const learned = async (optimizer: Optimizer) => {
      using model = await smallNetwork(problem, engine);
      await model.fit(problem.inputs, problem.labels, { epochs: 4, batchSize: 8, optimizer });
      return model.getParameters();
    };
    expect(await learned(heavyBall)).toEqual(await learned(sgd({ learningRate: 0.1, momentum: 0.9 })));
  });
});

const model: Model = await smallNetwork(problem, engines[0]!.engine);
const before = model.getParameters();
afterAll(() => model.dispose());

/** Compiles a step of training: everything of `fit` but the training. */
const use = (members: object) => model.describe({ optimizer: { ...heavyBall, ...members } });

/** Without state and scalars: w := w - gradient. */
const plain = {
  state: [],
  scalars: [],
  writeScalars: () => {},
  update: (weight: Node, gradient: Node) => ({ parameter: sub(weight, gradient), state: [] }),
};

/** What `update` gives, one part of it replaced. */
const giving = (part: object) => ({
  update: (...given: Parameters<Optimizer['update']>) => ({ ...heavyBall.update(...given), ...part }),
});

const doors: readonly Argument[] = [
  { name: 'options.optimizer.name', use: (name) => use({ name }), fine: ['a string', 'an empty string'] },
  { name: 'options.optimizer.state', use: (state) => use({ ...plain, state }), fine: ['an array'] },
  { name: 'options.optimizer.state[0]', use: (name) => use({ state: [name] }), fine: ['a string'] },
  { name: 'options.optimizer.scalars', use: (scalars) => use({ ...plain, scalars }), fine: ['an array'] },
  {
    name: 'options.optimizer.scalars[1]',
    use: (name) => use({ scalars: ['rate', name] }),
    fine: ['a string'],
  },
  { name: 'options.optimizer.writeScalars', use: (writeScalars) => use({ writeScalars }) },
  { name: 'options.optimizer.update', use: (update) => use({ update }) },
  { name: 'options.optimizer.update', use: (value) => use({ update: () => value }) },
  { name: 'options.optimizer.update.parameter', use: (parameter) => use(giving({ parameter })) },
  { name: 'options.optimizer.update.state', use: (state) => use(giving({ state })) },
  { name: 'options.optimizer.update.state[0]', use: (value) => use(giving({ state: [value] })) },
];

describe('a member that is wrong is refused by name', () => {
  it.each(doors.map((door, i) => ({ ...door, title: `${door.name} (${i + 1})` })))('$title', expectRefusals);

  const strange = parameter('strange', [2, 3]);
  it.each([
    ['a member too many', { momentum: 0.9 }, /optimizer\.momentum: expected one of name, state/],
    [
      'a member too few',
      { writeScalars: undefined },
      /optimizer\.writeScalars: expected a function, got undefined/,
    ],
    [
      'a scalar too few',
      { writeScalars: (scalars: Float64Array) => scalars.set([0.1]) },
      /optimizer\.writeScalars\[1\]: expected a finite number written, got NaN/,
    ],
    [
      'a scalar that is infinite',
      { writeScalars: (scalars: Float64Array) => scalars.set([0.1, Infinity]) },
      /optimizer\.writeScalars\[1\]: expected a finite number written, got Infinity/,
    ],
    ['a state too many', { state: ['velocity', 'more'] }, /update\.state: expected a result of 2 items/],
    [
      'another shape',
      { update: (weight: Node) => ({ parameter: sum(weight), state: [weight] }) },
      /update\.parameter: expected the shape of the parameter, 2 x 3, got "1 x 1"/,
    ],
    [
      'a symbol from elsewhere',
      { update: (weight: Node) => ({ parameter: add(weight, strange), state: [weight] }) },
      /update\.parameter: expected a symbol made of the arguments of update, got "strange"/,
    ],
  ])('%s', async (_what, members, message) => {
    const optimizer = { ...heavyBall, ...members } as Optimizer;
    const error = await outcome(() => model.fit(problem.inputs, problem.labels, { optimizer }));
    expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
    expect((error as Error).message).toMatch(message);
    expect(model.getParameters()).toEqual(before);
  });
});
