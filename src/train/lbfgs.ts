/**
 * A run of L-BFGS: the loss of all rows and its gradient come from a compiled program, in chunks; the directions are made here, in float64 over
 * all parameters as one vector (Liu and Nocedal 1989; Nocedal and Wright 2006, algorithm 7.4). In a chunk of its own, loaded when it is used.
 */
import { checkInteger, checkNumber, checkOptions, wrongRange } from '../errors.js';
import { grad } from '../graph/grad.js';
import { ancestors } from '../graph/node.js';
import type { Lbfgs } from '../nn/optimizers/lbfgs.js';
import { timestamp } from '../node.js';
import { divergence } from './blame.js';
import { EpochEnd } from './epoch-end.js';
import { type Point, searchLine } from './line-search.js';
import { Pass } from './pass.js';
import { pause, SLICE_MILLISECONDS } from './pause.js';
import { type History, Progress } from './progress.js';
import type { FitSettings } from './settings.js';
import { PARAMETERS } from './store.js';
import type { Trainee, TrainingData } from './trainee.js';
import { rowsOf } from './validation.js';
import { weightOf } from './weights.js';

/** Rows of a chunk: enough to fill the tiles. */
const CHUNK = 512;

type Vector = Float64Array;

interface Place {
  readonly x: Vector;
  readonly value: number;
  readonly gradient: Vector;
}

export async function fitByLineSearch(
  trainee: Trainee,
  data: TrainingData,
  settings: FitSettings,
): Promise<History> {
  checkSettings(settings);
  const { memory, tolerance } = checkLbfgs('options.optimizer', settings.optimizer as Lbfgs);
  const epochEnd = await EpochEnd.of(trainee, data.validation, settings);
  const { rows } = data.inputs;
  const objective = new Objective(trainee, data, settings.signal);
  const progress = new Progress(settings.epochs, false);
  const curvature = new Curvature(memory);
  let here: Place = { x: objective.read(), value: Number.NaN, gradient: new Float64Array() };
  try {
    here = await objective.at(here.x);
    if (!Number.isFinite(here.value))
      throw divergence(trainee.store, 0, () => rowsOf(data.inputs, 0, Math.min(CHUNK, data.inputs.rows)));
    while (!progress.stopped && progress.completedEpochs < settings.epochs) {
      const began = timestamp();
      progress.step(rows, here.value, 0, rows);
      progress.endEpoch();
      const converged = largest(here.gradient) <= tolerance;
      const next = converged ? null : await descend(objective, curvature, here);
      here = next ?? here;
      objective.write(here.x);
      progress.trained(timestamp() - began);
      if (!next) progress.stopped = 'tolerance';
      await epochEnd.report(progress);
      settings.signal?.throwIfAborted();
    }
  } finally {
    objective.write(here.x);
    objective.dispose();
  }
  epochEnd.restoreBest();
  return progress.history();
}

/** What `lbfgs` made; or a caller by hand. */
function checkLbfgs(name: string, value: Lbfgs): Lbfgs {
  const { kind, memory, tolerance } = checkOptions(name, value, ['kind', 'memory', 'tolerance']);
  if (kind !== 'lbfgs') throw wrongRange(`${name}.kind`, "'lbfgs'", kind);
  checkInteger(`${name}.memory`, memory, 1, 1000);
  checkNumber(`${name}.tolerance`, tolerance, 0);
  return value;
}

function checkSettings({ batchSize, accumulate, clipNorm, clipValue, averageWeights }: FitSettings): void {
  const unfit = {
    clipNorm,
    clipValue,
    averageWeights,
    accumulate: accumulate === 1 ? undefined : accumulate,
  };
  for (const [name, value] of Object.entries(unfit))
    if (value !== undefined) throw wrongRange(`options.${name}`, 'nothing with lbfgs', value);
  if (batchSize !== 'all') throw wrongRange('options.batchSize', "'all' or nothing with lbfgs", batchSize);
}

/** The next place, lower than this one; null where float32 sees none. */
async function descend(objective: Objective, curvature: Curvature, here: Place): Promise<Place | null> {
  const direction = curvature.direction(here.gradient);
  const slope = dot(direction, here.gradient);
  const first = curvature.known ? 1 : Math.min(1, 1 / sumOfSizes(here.gradient));
  const along = async (t: number): Promise<Point & Place> => {
    // float32, as the machine has them: the difference of two places is exact
    const place = await objective.at(here.x.map((x, i) => Math.fround(x + t * direction[i]!)));
    return { ...place, t, slope: dot(direction, place.gradient) };
  };
  const found = slope < 0 ? await searchLine(along, { t: 0, value: here.value, slope }, first) : null;
  // a step too short for float32 is none
  if (found?.x.some((x, i) => x !== here.x[i])) {
    curvature.learn(difference(found.x, here.x), difference(found.gradient, here.gradient));
    return found;
  }
  if (!curvature.known) return null;
  curvature.forget();
  return descend(objective, curvature, here);
}

/** What the last steps say of the second derivatives: the inverse Hessian, as pairs of steps and changes of the gradient. */
class Curvature {
  private pairs: { readonly step: Vector; readonly change: Vector; readonly product: number }[] = [];

  constructor(private readonly memory: number) {}

  get known(): boolean {
    return this.pairs.length > 0;
  }

  learn(step: Vector, change: Vector): void {
    const product = dot(step, change);
    if (product <= 1e-10 * dot(change, change)) return;
    this.pairs = [...this.pairs, { step, change, product }].slice(-this.memory);
  }

  forget(): void {
    this.pairs = [];
  }

  /** Minus the inverse Hessian times the gradient: the two-loop recursion. */
  direction(gradient: Vector): Vector {
    const result = gradient.map((g) => -g);
    const newestFirst = [...this.pairs].reverse();
    const weights = newestFirst.map(({ step, change, product }) => {
      const weight = dot(step, result) / product;
      addTo(result, change, -weight);
      return weight;
    });
    const newest = this.pairs.at(-1);
    if (newest) scale(result, newest.product / dot(newest.change, newest.change));
    this.pairs.forEach(({ step, change, product }, i) => {
      addTo(result, step, weights[this.pairs.length - 1 - i]! - dot(change, result) / product);
    });
    return result;
  }
}

/** The loss of all rows as a function of all parameters. */
class Objective {
  private readonly pass: Pass;
  /** What all rows count for together. */
  private readonly weight: number;
  private lastPause = timestamp();

  constructor(
    private readonly trainee: Trainee,
    private readonly data: TrainingData,
    private readonly signal: AbortSignal | undefined,
  ) {
    const { inputs, targets } = data;
    const { network } = trainee.store;
    const { target, weights, loss, updates } = network.objective(
      targets.kind,
      true,
      targets.weights !== null,
    );
    this.weight = weightOf(targets, 0, targets.rows) || 1;
    if (ancestors([loss]).some(({ operation }) => operation.lowering.kind === 'random'))
      throw wrongRange('options.optimizer', 'another one than lbfgs where layers are random', 'lbfgs');
    if (updates.length > 0)
      throw wrongRange('options.optimizer', 'another one than lbfgs where layers keep statistics', 'lbfgs');
    if (network.constraints.size > 0)
      throw wrongRange('options.optimizer', 'another one than lbfgs where weights are constrained', 'lbfgs');
    this.pass = new Pass(trainee.store, {
      capacity: Math.min(CHUNK, inputs.rows),
      bytes: inputs.values instanceof Uint8Array,
      target,
      weights,
      outputs: [loss, ...grad(loss, network.parameters)],
    });
  }

  /** Loss and gradient there; leaves the model there too. */
  async at(x: Vector): Promise<Place> {
    if (timestamp() - this.lastPause > SLICE_MILLISECONDS) {
      await pause();
      this.lastPause = timestamp();
    }
    this.signal?.throwIfAborted();
    this.write(x);
    const { inputs, targets } = this.data;
    const gradient = new Float64Array(x.length);
    let value = 0;
    this.pass.run(inputs, targets, (first, rows, [loss, ...parts]) => {
      const share = weightOf(targets, first, first + rows) / this.weight;
      value += loss![0]! * share;
      let offset = 0;
      for (const part of parts) {
        for (let i = 0; i < part.length; i++) gradient[offset + i]! += part[i]! * share;
        offset += part.length;
      }
    });
    return { x, value, gradient };
  }

  read(): Vector {
    const views = this.views();
    const x = new Float64Array(views.reduce((length, view) => length + view.length, 0));
    let offset = 0;
    for (const view of views) {
      x.set(view, offset);
      offset += view.length;
    }
    return x;
  }

  write(x: Vector): void {
    let offset = 0;
    for (const view of this.views()) {
      view.set(x.subarray(offset, offset + view.length));
      offset += view.length;
    }
  }

  dispose(): void {
    this.pass.dispose();
  }

  private views(): Float32Array[] {
    const { store } = this.trainee;
    // statistics, behind the parameters, are not learned
    const learned = store.placesIn(PARAMETERS).slice(0, store.network.parameters.length);
    return learned.map(([{ shape }, { offset }]) => {
      const [rows, columns] = shape as readonly [number, number];
      return store.engine.floats(store.address + offset, rows * columns);
    });
  }
}

function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addTo(to: Vector, values: Vector, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * values[i]!;
}

function scale(values: Vector, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i]! *= factor;
}

function difference(a: Vector, b: Vector): Vector {
  return a.map((value, i) => value - b[i]!);
}

function largest(values: Vector): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function sumOfSizes(values: Vector): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0);
}
