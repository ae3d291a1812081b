/** `wasmlp evaluate`: how good a model is on DATA whose labels are known. */
import { createEngine } from '../index.js';
import { STATUS, UsageError, within } from './failure.js';
import { examine } from './findings.js';
import { type ModelData, openModel, readModelData, targetOf } from './model-data.js';
import { openSamples } from './samples.js';
import { screenOf, summarise } from './summary.js';

export interface EvaluateFlags {
  readonly target?: string;
  readonly json?: boolean;
}

export async function evaluate(
  path: string,
  source: string,
  { target, json }: EvaluateFlags,
): Promise<number> {
  const engine = await createEngine();
  try {
    const model = await openModel(path, engine);
    const data = await within(path, () => readModelData(model));
    const read = target === undefined ? data : withTarget(data, target);
    const samples = await openSamples(read, source, model.architecture.seed);
    const findings = examine(model, samples, targetOf(read));
    const { metrics, loss } = findings;
    if (json) console.log(JSON.stringify({ ...metrics, loss, rows: samples.rows }));
    else {
      const shape = read.kind === 'images' ? read.shape : undefined;
      console.log(summarise(findings, shape, screenOf(process.stdout)));
    }
    return STATUS.ok;
  } finally {
    engine.dispose();
  }
}

/** The same data, its truth found in another column. */
function withTarget(data: ModelData, name: string): ModelData {
  if (data.kind === 'images')
    throw new UsageError('--target: expected with a model of tables, got it with a model of images');
  const { preprocessor } = data;
  if (preprocessor.features.some((feature) => feature.name === name))
    throw new UsageError(`--target: expected a column that the model does not take as input, got ${name}`);
  return { ...data, preprocessor: { ...preprocessor, target: { ...preprocessor.target, name } } };
}
