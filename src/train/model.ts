/**
 * A network with numbers: its parameters in the linear memory of an engine, and everything one does with it. What it is, is in
 * nn; how it learns, in fit.ts; here is the door.
 */
import { DISPOSE } from '../dispose.js';
import { chooseEngine } from '../engine/create.js';
import type { Engine } from '../engine/engine.js';
import { checkOptions, checkString, wrongRange } from '../errors.js';
import { fetchKinds, type Layer } from '../nn/layers/table.js';
import { fetchLosses, type LossChoice } from '../nn/losses/table.js';
import { type Architecture, buildNetwork, checkArchitecture, type Network } from '../nn/network.js';
import type { Regularizer } from '../nn/regularizers.js';
import { Random } from '../random.js';
import { type BatchSource, isBatchSource } from './batch-source.js';
import { type EvaluationReport, Evaluator } from './evaluate.js';
import { fitInMemory } from './fit.js';
import { type Gradients, gradientsOf } from './gradients.js';
import { type Labels, type Rows, type Targets, toInputs, toTargets } from './matrix.js';
import type { History } from './progress.js';
import { checkFitOptions, type FitOptions, type FitSettings, isDescent } from './settings.js';
import { ParameterStore } from './store.js';
import type { Trainee, TrainingData } from './trainee.js';
import { compileTrainingStep } from './training-job.js';
import { UPDATE_OPTIONS, type UpdateOptions } from './update.js';
import { givenValidation, splitOff } from './validation.js';
import { type Weighting, weigh } from './weights.js';

export interface MlpOptions {
  /** Columns of the inputs. */
  inputs: number;
  /** From the inputs to the logits: the last layer is dense and linear. */
  layers: readonly Layer[];
  loss: LossChoice;
  /** Of initial weights, order of samples and dropout; default 0. */
  seed?: number;
  /** A penalty of all weights that every loss reported contains, such as l2(0.0001); default none. */
  regularizer?: Regularizer;
  /** Default: one engine shared by all models that bring none. */
  engine?: Engine;
}

/** A new multi-layer perceptron with initial weights. Throws a TypeError or RangeError naming what is wrong. */
export async function mlp(options: MlpOptions): Promise<Model> {
  checkOptions('options', options, ['inputs', 'layers', 'loss', 'seed', 'regularizer', 'engine']);
  const { engine, seed = 0, ...described } = options;
  await Promise.all([fetchKinds(described.layers), fetchLosses(described.loss)]);
  const network = buildNetwork(checkArchitecture({ ...described, seed }));
  return new Model(new ParameterStore(await chooseEngine(engine), network), {});
}

/**
 * A model from what `save` wrote: its bytes, or in Node the name of the file. Throws a FormatError for anything else.
 */
export async function load(
  source: string | Uint8Array | ArrayBuffer,
  options: { engine?: Engine } = {},
): Promise<Model> {
  checkOptions('options', options, ['engine']);
  const [{ readModel }] = await Promise.all([
    import('../formats/model-file.js'),
    fetchKinds(),
    fetchLosses(),
  ]);
  const { network, parameters, metadata } = await readModel(source);
  const store = new ParameterStore(await chooseEngine(options.engine), network);
  store.write(parameters);
  return new Model(store, metadata);
}

export class Model {
  private readonly trainee: Trainee;
  private training = false;
  private disposed = false;

  /** @internal Use `mlp` or `load`. */
  constructor(
    private readonly store: ParameterStore,
    /** Strings that travel in the model's file. */
    readonly metadata: Record<string, string>,
  ) {
    const { seed } = store.network.architecture;
    this.trainee = {
      store,
      evaluator: new Evaluator(store),
      random: new Random(seed, 'order of samples'),
      steps: 0,
    };
  }

  /** What the network is: inputs, layers, loss, seed. */
  get architecture(): Architecture {
    return this.store.network.architecture;
  }

  /** @internal Its graph, for `wasmlp/inspect`. */
  get network(): Network {
    return this.store.network;
  }

  get engine(): Engine {
    return this.store.engine;
  }

  /**
   * Trains. Inputs are rows x inputs; a Uint8Array is taken as pixels, byte b meaning b / 255. Labels are class numbers, or rows x
   * outputs. Or one source of batches, without labels, and options as the second argument.
   *
   * Rejects with a TypeError or RangeError for wrong arguments, a DivergenceError when the loss stops being finite, the signal's
   * reason when aborted; the model stays usable in every case.
   */
  async fit(inputs: Rows, labels: Labels, options?: FitOptions): Promise<History>;
  async fit(batches: BatchSource, options?: FitOptions): Promise<History>;
  async fit(inputs: unknown, second: unknown, third: FitOptions = {}): Promise<History> {
    this.checkIdle();
    const { network } = this.store;
    const streamed = isBatchSource(inputs);
    const settings = checkFitOptions(streamed && second !== undefined ? (second as FitOptions) : third);
    const validation = givenValidation(network, settings);
    const job = streamed
      ? this.fitBatches(inputs, settings, validation)
      : this.fitArrays(inputs, second, settings, validation);
    this.training = true;
    try {
      return await job();
    } finally {
      this.training = false;
    }
  }

  /** Predictions, rows x outputs: probabilities where the loss implies them. */
  predict(inputs: Rows): Float32Array {
    this.checkAlive();
    return this.trainee.evaluator.predict(toInputs('inputs', inputs, this.architecture.inputs));
  }

  /** Loss, and accuracy or R² and errors, on data with known labels. Weights count for the loss alone. */
  evaluate(inputs: Rows, labels: Labels, options: Weighting = {}): EvaluationReport {
    this.checkAlive();
    const checked = toInputs('inputs', inputs, this.architecture.inputs);
    const targets = this.targetsOf(labels, checked.rows, options);
    return this.trainee.evaluator.evaluate(checked, targets);
  }

  /**
   * Loss of the given rows as one batch, without dropout, and its gradients with respect to every parameter (row-major, by name) and
   * to the inputs (rows x inputs; to b / 255 where they are pixels).
   */
  gradients(inputs: Rows, labels: Labels, options: Weighting = {}): Gradients {
    this.checkAlive();
    const checked = toInputs('inputs', inputs, this.architecture.inputs);
    const targets = this.targetsOf(labels, checked.rows, options);
    return gradientsOf(this.store, checked, targets);
  }

  /** Copies of all parameters: 'layers.0.weight' is inputs x units, row-major; 'layers.0.bias' has one entry a unit. */
  getParameters(): Record<string, Float32Array> {
    this.checkAlive();
    return this.store.read();
  }

  /** Overwrites the named parameters; changes none if one is refused. */
  setParameters(parameters: Readonly<Record<string, ArrayLike<number>>>): void {
    this.checkAlive();
    this.store.write(parameters);
  }

  /** The model as safetensors bytes; with a name (Node), written to that file as well, whole or not at all. */
  async save(path?: string): Promise<Uint8Array<ArrayBuffer>> {
    this.checkAlive();
    if (path !== undefined && checkString('path', path) === '') throw wrongRange('path', 'a file name', path);
    // as they are now, whatever happens meanwhile
    const { network } = this.store;
    const contents = { network, parameters: this.store.read(), metadata: { ...this.metadata } };
    const { writeModel } = await import('../formats/model-file.js');
    return writeModel(contents, path);
  }

  /**
   * The program of a prediction, for people to read: instructions, shapes, FLOP, bytes. With options of `fit`, the program of a step of
   * training: how many rows a batch has, and what becomes of the gradients.
   */
  async describe(
    training?: Pick<FitOptions, 'batchSize' | 'optimizer' | keyof UpdateOptions>,
  ): Promise<string> {
    this.checkAlive();
    if (training === undefined) return this.trainee.evaluator.describe();
    const settings = checkFitOptions(
      checkOptions('options', training, ['batchSize', 'optimizer', ...UPDATE_OPTIONS]),
    );
    const { batchSize } = settings;
    if (batchSize === 'all') throw wrongRange('options.batchSize', 'a number of rows', batchSize);
    if (!isDescent(settings)) throw wrongRange('options.optimizer', 'one whose steps are a program', 'lbfgs');
    const targetKind = this.store.network.loss.targets[0]!;
    const options = {
      update: settings,
      batchSize,
      bytes: false,
      targetKind,
      weighted: false,
      countCorrect: false,
    };
    const { program } = compileTrainingStep(this.store, options);
    const { describe } = await import('../compile/describe.js');
    return describe(program);
  }

  /** Gives the model's memory back to its engine. */
  dispose(): void {
    if (this.disposed) return;
    if (this.training) throw new Error('model: expected fit to have ended before dispose');
    this.disposed = true;
    this.trainee.evaluator.dispose();
    this.store.dispose();
  }

  [DISPOSE](): void {
    this.dispose();
  }

  private fitArrays(
    rows: unknown,
    labels: unknown,
    settings: FitSettings,
    validation: TrainingData['validation'],
  ): () => Promise<History> {
    const inputs = toInputs('inputs', rows, this.architecture.inputs);
    const { classWeights, sampleWeights } = settings;
    const targets = this.targetsOf(labels as Labels, inputs.rows, { classWeights, sampleWeights });
    const data =
      settings.validationSplit === undefined
        ? { inputs, targets, validation }
        : splitOff(inputs, targets, settings.validationSplit);
    return isDescent(settings)
      ? () => fitInMemory(this.trainee, data, settings)
      : async () => (await import('./lbfgs.js')).fitByLineSearch(this.trainee, data, settings);
  }

  private fitBatches(
    batches: BatchSource,
    settings: FitSettings,
    validation: TrainingData['validation'],
  ): () => Promise<History> {
    if (!isDescent(settings)) throw wrongRange('options.optimizer', 'one that learns from batches', 'lbfgs');
    return async () => (await import('./stream.js')).fitStream(this.trainee, batches, validation, settings);
  }

  private targetsOf(labels: Labels, rows: number, options: Weighting): Targets {
    const { network } = this.store;
    const { classWeights, sampleWeights } = checkOptions('options', options, [
      'classWeights',
      'sampleWeights',
    ]);
    return weigh(toTargets('labels', labels, rows, network), network, { classWeights, sampleWeights });
  }

  private checkAlive(): void {
    if (this.disposed) throw new Error('model: expected a living model, got one that was disposed');
    // fit may be at work on other threads
    this.engine.settle();
  }

  private checkIdle(): void {
    this.checkAlive();
    if (this.training)
      throw new Error('model: expected one fit at a time, got a second before the first ended');
  }
}
