/** Stochastic gradient descent: plain, with momentum, with Nesterov's. */
import { checkBoolean, checkNumber, checkOptions, wrongRange } from '../../errors.js';
import { add, mul, sub } from '../../graph/elementwise.js';
import type { Schedule } from '../schedules.js';
import {
  checkRate,
  decayed,
  type Optimizer,
  RATE_OPTIONS,
  type RateOptions,
  scheduled,
} from './optimizer.js';

export interface SgdOptions extends RateOptions {
  learningRate: number;
  /** Default 0. */
  momentum?: number;
  /** Factor of the momentum during the run (needs momentum > 0), default 'constant'. */
  momentumSchedule?: Schedule;
  /** Nesterov's momentum (needs momentum > 0), default false. */
  nesterov?: boolean;
}

/** v := momentum v + g; w := w - rate v, or w - rate (g + momentum v) with Nesterov. */
export function sgd(options: SgdOptions): Optimizer {
  checkOptions('options', options, [...RATE_OPTIONS, 'momentum', 'momentumSchedule', 'nesterov']);
  const { momentum = 0, momentumSchedule, nesterov = false } = options;
  const { weightDecay, ...rate } = checkRate(options);
  checkNumber('options.momentum', momentum, 0, 1);
  checkBoolean('options.nesterov', nesterov);
  const friction =
    momentumSchedule === undefined ? null : scheduled('options.momentumSchedule', momentum, momentumSchedule);
  for (const [name, wanted] of Object.entries({ nesterov, momentumSchedule }))
    if (wanted && momentum === 0) throw wrongRange('options.momentum', `more than 0 with ${name}`, momentum);
  return {
    name: 'sgd',
    state: momentum > 0 ? ['velocity'] : [],
    scalars: friction ? ['learningRate', 'momentum'] : ['learningRate'],
    followsLoss: rate.followsLoss || (friction?.followsLoss ?? false),
    writeScalars(scalars, moment) {
      scalars[0] = rate.at(moment);
      if (friction) scalars[1] = friction.at(moment);
    },
    update(parameter, gradient, [velocity], [learningRate, factor = momentum]) {
      const slope = decayed(gradient, parameter, weightDecay);
      if (!velocity) return { parameter: sub(parameter, mul(learningRate!, slope)), state: [] };
      const next = add(mul(velocity, factor), slope);
      const direction = nesterov ? add(mul(next, factor), slope) : next;
      return { parameter: sub(parameter, mul(direction, learningRate!)), state: [next] };
    },
  };
}
