/**
 * Schedules: how a rate or a momentum changes during a run, as a factor of what the optimizer was given. One table; each row makes of its
 * options a pure function of the moment, so that two runs may share an optimizer. PyTorch's formulas and constants where it has them.
 *
 * Not here: what the factor is multiplied with (optimizers/).
 */
import { checkInteger, checkName, checkNumber, checkOptions, wrongRange, wrongType } from '../errors.js';

/** Where a run is when it makes a step. */
export interface Moment {
  /** Number of the update in this run, from 1. */
  readonly step: number;
  /** Epochs completed before it. */
  readonly epoch: number;
  /** Share of the run that is done before it, from 0 to below 1. */
  readonly progress: number;
  /** Losses of the completed epochs, those on the validation data where there are such. Empty unless the optimizer follows the loss. */
  readonly losses: readonly number[];
}

/** In what `every`, `over`, `scale` and decay per count are meant: updates of the parameters (default), or epochs. */
export interface Counted {
  per?: 'step' | 'epoch';
}

/** The options of every schedule; t counts steps (or epochs) done, p is the share of the run that is done. */
export interface ScheduleOptions {
  /** 1. */
  constant: object;
  /** 1 - p. */
  linear: object;
  /** (1 + cos(pi p)) / 2 (Loshchilov and Hutter 2017, without restarts). */
  cosine: object;
  /** (1 - p)^power; default 1. */
  polynomial: { power?: number };
  /** factor^floor(t / every); default factor 0.1. */
  step: { every: number; factor?: number } & Counted;
  /** factor^t. */
  exponential: { factor: number } & Counted;
  /** 1 / (1 + scale t)^power; defaults: scale 1, power 0.5. */
  inverse: { scale?: number; power?: number } & Counted;
  /** From `from` to `to` (default 1) in a straight line while t goes from 0 to `over`, then `to`. */
  ramp: { from: number; to?: number; over: number } & Counted;
  /** A ramp from `from` (default 0) to 1 over `over`, times the schedule `next` (default 'constant'). */
  warmup: { over: number; from?: number; next?: Schedule } & Counted;
  /**
   * Along half a cosine from `start` (default 1 / 25) to 1 at p = `peak` (default 0.3), and along another to `end` (default 4e-6)
   * (Smith and Topin 2018). For a momentum, which goes the other way, start and end above 1.
   */
  oneCycle: { peak?: number; start?: number; end?: number };
  /**
   * Times `factor` (default 0.1) whenever more than `patience` epochs (default 10) in a row have not lowered the loss by a share of
   * more than `threshold` (default 1e-4).
   */
  plateau: { factor?: number; patience?: number; threshold?: number };
}

export type ScheduleName = keyof ScheduleOptions;

/** Those that a name alone describes. */
export const PLAIN_SCHEDULES = [
  'constant',
  'linear',
  'cosine',
  'polynomial',
  'inverse',
  'oneCycle',
  'plateau',
] as const satisfies ScheduleName[];
export type PlainScheduleName = (typeof PLAIN_SCHEDULES)[number];

/** A name, or a name with options: 'cosine', { name: 'step', every: 10, per: 'epoch' }. */
export type Schedule =
  | PlainScheduleName
  | { [K in ScheduleName]: { name: K } & ScheduleOptions[K] }[ScheduleName];

/** What a rate is multiplied with. */
export type Factor = (moment: Moment) => number;

interface Row<O> {
  readonly options: readonly (keyof O & string)[];
  /** Refuses wrong options by name. */
  readonly make: (options: O, name: string) => Factor;
}

export const schedules: { readonly [K in ScheduleName]: Row<ScheduleOptions[K]> } = {
  constant: { options: [], make: () => () => 1 },
  linear: {
    options: [],
    make:
      () =>
      ({ progress }) =>
        1 - progress,
  },
  cosine: { options: [], make: () => (moment) => between(1, 0, moment.progress) },
  polynomial: {
    options: ['power'],
    make({ power = 1 }, name) {
      checkNumber(`${name}.power`, power, 0);
      return ({ progress }) => (1 - progress) ** power;
    },
  },
  step: {
    options: ['every', 'factor', 'per'],
    make({ every, factor = 0.1, per }, name) {
      const count = checkCount(name, per);
      checkInteger(`${name}.every`, every, 1, Number.MAX_SAFE_INTEGER);
      checkNumber(`${name}.factor`, factor, 0);
      return (moment) => factor ** Math.floor(count(moment) / every);
    },
  },
  exponential: {
    options: ['factor', 'per'],
    make({ factor, per }, name) {
      const count = checkCount(name, per);
      checkNumber(`${name}.factor`, factor, 0, 1);
      return (moment) => factor ** count(moment);
    },
  },
  inverse: {
    options: ['scale', 'power', 'per'],
    make({ scale = 1, power = 0.5, per }, name) {
      const count = checkCount(name, per);
      checkNumber(`${name}.scale`, scale, 0);
      checkNumber(`${name}.power`, power, 0);
      return (moment) => (1 + scale * count(moment)) ** -power;
    },
  },
  ramp: { options: ['from', 'to', 'over', 'per'], make: ramp },
  warmup: {
    options: ['over', 'from', 'next', 'per'],
    make({ over, from = 0, next = 'constant', per = 'step' }, name) {
      const rising = ramp({ from, over, per }, name);
      const after = checkSchedule(`${name}.next`, next);
      return (moment) => rising(moment) * after(moment);
    },
  },
  oneCycle: {
    options: ['peak', 'start', 'end'],
    make({ peak = 0.3, start = 1 / 25, end = 4e-6 }, name) {
      checkNumber(`${name}.peak`, peak, 0, 1);
      checkNumber(`${name}.start`, start, 0);
      checkNumber(`${name}.end`, end, 0);
      return ({ progress }) =>
        progress < peak
          ? between(start, 1, progress / peak)
          : between(1, end, peak < 1 ? (progress - peak) / (1 - peak) : 0);
    },
  },
  plateau: {
    options: ['factor', 'patience', 'threshold'],
    make({ factor = 0.1, patience = 10, threshold = 1e-4 }, name) {
      checkNumber(`${name}.factor`, factor, 0, 1);
      checkInteger(`${name}.patience`, patience, 0, Number.MAX_SAFE_INTEGER);
      checkNumber(`${name}.threshold`, threshold, 0, 1);
      return ({ losses }) => factor ** countPlateaus(losses, patience, threshold);
    },
  },
};

/** The factor that a description stands for. Throws a TypeError or RangeError naming what is wrong with it. */
export function checkSchedule(name: string, value: Schedule): Factor {
  if (typeof value !== 'string' && (value === null || typeof value !== 'object' || Array.isArray(value)))
    throw wrongType(name, `one of ${Object.keys(schedules).join(', ')}, or such a name with options`, value);
  const description = typeof value === 'string' ? { name: value } : value;
  const chosen = checkName(typeof value === 'string' ? name : `${name}.name`, description.name, schedules);
  // the one cast: a row and the options of its name belong together
  const { options, make } = schedules[chosen] as Row<object>;
  checkOptions(name, description, ['name', ...options]);
  return make(description, name);
}

/** Whether a schedule reads the losses of the run, so that no step may be prepared before the epoch ahead of it has ended. */
export function followsLoss(schedule: Schedule): boolean {
  if (typeof schedule === 'string') return schedule === 'plateau';
  return (
    schedule.name === 'plateau' || (schedule.name === 'warmup' && followsLoss(schedule.next ?? 'constant'))
  );
}

function ramp({ from, to = 1, over, per }: ScheduleOptions['ramp'], name: string): Factor {
  const count = checkCount(name, per);
  checkNumber(`${name}.from`, from, 0);
  checkNumber(`${name}.to`, to, 0);
  if (checkNumber(`${name}.over`, over, 0) === 0) throw wrongRange(`${name}.over`, 'more than 0', over);
  return (moment) => from + (to - from) * Math.min(1, count(moment) / over);
}

/** Steps or epochs done at a moment. */
function checkCount(name: string, per: Counted['per'] = 'step'): (moment: Moment) => number {
  const counts = { step: ({ step }: Moment) => step - 1, epoch: ({ epoch }: Moment) => epoch };
  return counts[checkName(`${name}.per`, per, counts)];
}

/** From a to b along half a cosine, t from 0 to 1. */
function between(a: number, b: number, t: number): number {
  return b + ((a - b) * (1 + Math.cos(Math.PI * t))) / 2;
}

function countPlateaus(losses: readonly number[], patience: number, threshold: number): number {
  let best = Infinity;
  let waited = 0;
  let plateaus = 0;
  for (const loss of losses) {
    // a loss may be negative: a share of its size
    if (loss < best - threshold * Math.abs(best) || best === Infinity) {
      best = loss;
      waited = 0;
    } else waited++;
    if (waited <= patience) continue;
    plateaus++;
    waited = 0;
  }
  return plateaus;
}
