/**
 * `wasmlp train`: data, defaults and options to a model, with its progress on standard error and what it is worth on standard
 * output. Everything that can be refused is refused before the first step.
 */
import { availableParallelism } from 'node:os';
import { createEngine, type EpochReport, type History, type Model, mlp, type Optimizer } from '../index.js';
import { dense } from '../nn/layers/dense.js';
import { dropout } from '../nn/layers/noise.js';
import type { Layer } from '../nn/layers/table.js';
import type { LossName } from '../nn/losses/table.js';
import { optimizers } from '../nn/optimizers/index.js';
import { type HyperParameters, hyperParameters } from './defaults.js';
import { STATUS, UsageError } from './failure.js';
import { examine, type Findings, prefixed } from './findings.js';
import { Interrupted, interruptible } from './interrupt.js';
import { lossFor } from './loss.js';
import { DATA_KEY, inputsOf, outputsOf, targetOf } from './model-data.js';
import { checkWritable } from './output.js';
import { duration, showProgress } from './progress.js';
import { screenOf, summarise } from './summary.js';
import { type DataFlags, openTrainingData, type TrainingData } from './training-data.js';

export interface TrainFlags extends DataFlags, Partial<Omit<HyperParameters, 'learningRate'>> {
  readonly lr?: number;
  readonly loss?: LossName;
  readonly patience?: number;
  readonly threads?: number;
  readonly reproducible?: boolean;
  readonly wideVectors?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

/** The key of the metadata under which a model file says how it was trained. */
const TRAINING_KEY = 'training';

/** What `--patience` keeps out of training. */
const VALIDATION_SHARE = 0.1;

/** Threads for whoever names no number: more are seldom worth their meetings. */
const MOST_THREADS = 8;

/** Weights beyond this do not fit, with gradients and optimizer state, into 4 GiB of memory. */
const MOST_WEIGHTS = 2 ** 27;

export async function train(source: string, flags: TrainFlags): Promise<number> {
  checkCombinations(flags);
  if (flags.out !== undefined) await checkWritable(flags.out);
  const job = await openTrainingData(source, flags);
  const settings = chooseSettings(job, flags);
  const loss = lossFor(targetOf(job.data).kind, flags.loss);
  const engine = await createEngine({
    threads: flags.threads ?? Math.min(availableParallelism(), MOST_THREADS),
    reproducible: flags.reproducible ?? false,
    wideVectors: flags.wideVectors ?? false,
  });
  try {
    const model = await mlp({
      inputs: inputsOf(job.data),
      layers: layersOf(settings, outputsOf(targetOf(job.data))),
      loss,
      seed: flags.seed,
      engine,
    });
    return await trainAndTell(model, job, settings, flags);
  } finally {
    engine.dispose();
  }
}

async function trainAndTell(
  model: Model,
  job: TrainingData,
  settings: HyperParameters,
  flags: TrainFlags,
): Promise<number> {
  let history: History;
  try {
    history = await interruptible((signal) => trainAndSave(model, job, settings, signal, flags));
  } catch (error) {
    if (error instanceof Interrupted) return STATUS.interrupted;
    throw error;
  }
  tell(model, job, history, flags);
  return STATUS.ok;
}

/** Trains and saves: the model as it is in the end; or, interrupted, as it was after the last epoch. */
async function trainAndSave(
  model: Model,
  job: TrainingData,
  settings: HyperParameters,
  signal: AbortSignal,
  { out, patience }: TrainFlags,
): Promise<History> {
  const { data, train: samples } = job;
  const { epochs, batch } = settings;
  const { declined } = model.engine.info;
  const unused = declined.map((reason) => `not used: ${reason}`);
  for (const note of [...job.notes, describeJob(job, settings, model), ...unused]) console.error(note);
  const display = showProgress(epochs, process.stderr);
  let last: { epoch: number; parameters: ReturnType<Model['getParameters']> } | undefined;
  const save = async (epoch: number): Promise<void> => {
    if (out === undefined) return;
    model.metadata[DATA_KEY] = JSON.stringify(data);
    model.metadata[TRAINING_KEY] = JSON.stringify({ ...settings, epoch, rows: samples.rows });
    await model.save(out);
  };
  try {
    const history = await model.fit(samples.inputs, samples.labels, {
      epochs,
      batchSize: batch,
      optimizer: optimizerOf(settings),
      ...(patience !== undefined && { validationSplit: VALIDATION_SHARE, earlyStopping: { patience } }),
      onEpoch: (report: EpochReport) => {
        display.epoch(report);
        if (out !== undefined) last = { epoch: report.epoch, parameters: model.getParameters() };
      },
      signal,
    });
    await save(history.bestEpoch ?? history.epochs);
    return history;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    display.stop();
    if (last) {
      model.setParameters(last.parameters);
      await save(last.epoch);
    }
    console.error(
      last ? `interrupted: saved ${out} as of epoch ${last.epoch}` : 'interrupted: nothing saved',
    );
    throw error;
  } finally {
    display.stop();
  }
}

function tell(model: Model, job: TrainingData, history: History, { out, json }: TrainFlags): void {
  const findings = examine(model, job.test, targetOf(job.data));
  const { seconds, samplesPerSecond, bestEpoch, epochs } = history;
  const speed = Math.round(samplesPerSecond).toLocaleString('en');
  const kept = bestEpoch === undefined ? '' : `; kept epoch ${bestEpoch} of ${epochs}`;
  console.error(`trained in ${duration(seconds)}, ${speed} samples/s${kept}${out ? `; saved ${out}` : ''}`);
  if (json) console.log(JSON.stringify(toJson(model, job, history, findings)));
  else {
    const shape = job.data.kind === 'images' ? job.data.shape : undefined;
    console.log(summarise(findings, shape, screenOf(process.stdout)));
  }
}

function toJson(
  model: Model,
  { train: samples, test }: TrainingData,
  history: History,
  { metrics, loss }: Findings,
): Record<string, unknown> {
  const { epochs, bestEpoch, steps, seconds, samplesPerSecond } = history;
  const { build, threads, wideVectors, declined } = model.engine.info;
  return {
    ...prefixed('test', { ...metrics, loss }),
    trainLoss: history.loss.at(-1),
    ...(history.accuracy && { trainAccuracy: history.accuracy.at(-1) }),
    trainRows: samples.rows,
    testRows: test.rows,
    epochs,
    ...(bestEpoch !== undefined && { bestEpoch }),
    steps,
    seconds,
    samplesPerSecond,
    threads,
    build,
    wideVectors,
    declined,
  };
}

function optimizerOf(settings: HyperParameters): Optimizer {
  const { optimizer, learningRate, schedule, weightDecay, momentum, nesterov } = settings;
  const rate = { learningRate, schedule, weightDecay };
  if (optimizer === 'sgd') return optimizers.sgd({ ...rate, momentum, nesterov });
  return optimizer === 'rprop' ? optimizers.rprop({ learningRate }) : optimizers[optimizer](rate);
}

/** Options that contradict each other. */
function checkCombinations({
  optimizer = 'sgd',
  momentum,
  nesterov,
  schedule,
  weightDecay,
}: TrainFlags): void {
  const of = (option: string, right: string) =>
    new UsageError(`${option}: expected with ${right}, got ${optimizer}`);
  if (optimizer !== 'sgd' && momentum !== undefined) throw of('--momentum', '--optimizer sgd');
  if (optimizer !== 'sgd' && nesterov) throw of('--nesterov', '--optimizer sgd');
  const another = 'another --optimizer than rprop';
  if (optimizer === 'rprop' && schedule !== undefined) throw of('--schedule', another);
  if (optimizer === 'rprop' && weightDecay !== undefined) throw of('--weight-decay', another);
  if (nesterov && momentum === 0)
    throw new UsageError('--momentum: expected more than 0 with --nesterov, got 0');
}

function chooseSettings({ data, train: samples }: TrainingData, flags: TrainFlags): HyperParameters {
  const { hidden, activation, epochs, batch, optimizer, momentum, nesterov, schedule } = flags;
  const settings = hyperParameters(data.kind, samples.rows, {
    ...{ hidden, activation, epochs, batch, optimizer, momentum, nesterov, schedule },
    dropout: flags.dropout,
    weightDecay: flags.weightDecay,
    learningRate: flags.lr,
  });
  const widths = [inputsOf(data), ...settings.hidden, outputsOf(targetOf(data))];
  const weights = widths.slice(1).reduce((sum, width, i) => sum + (widths[i]! + 1) * width, 0);
  if (weights > MOST_WEIGHTS)
    throw new UsageError(
      `--hidden: expected at most ${MOST_WEIGHTS} weights in all, got ${widths.join('-')}, which has ${weights}`,
    );
  return settings;
}

function layersOf({ hidden, activation, dropout: rate }: HyperParameters, outputs: number): Layer[] {
  const layers = hidden.flatMap((units) =>
    rate > 0 ? [dense(units, activation), dropout(rate)] : [dense(units, activation)],
  );
  return [...layers, dense(outputs)];
}

function describeJob(
  { data, train: samples, test }: TrainingData,
  settings: HyperParameters,
  model: Model,
): string {
  const { build, threads } = model.engine.info;
  const widths = [inputsOf(data), ...settings.hidden, outputsOf(targetOf(data))];
  return (
    `${widths.join('-')} ${settings.activation}, ${settings.optimizer} at ${settings.learningRate}, ` +
    `batches of ${settings.batch}; ${samples.rows} rows to train on, ${test.rows} to test on; ` +
    `${build} build, ${threads === 1 ? 'one thread' : `${threads} threads`}`
  );
}
