/** `wasmlp evaluate`: how good a model is on DATA whose labels are known. */
import { createEngine } from '../index.js';
import { STATUS, UsageError, within } from './failure.js';
import { examine } from './findings.js';
import { openModel, readModelData, type TableData, targetOf } from './model-data.js';
import { type MissingTarget, openSamples } from './samples.js';
import { screenOf, summarise } from './summary.js';

export interface EvaluateFlags {
  readonly target?: string;
  readonly missingTarget?: MissingTarget;
  readonly json?: boolean;
}

export async function evaluate(
  path: string,
  source: string,
  { target, missingTarget, json }: EvaluateFlags,
): Promise<number> {
  const engine = await createEngine();
  try {
    const model = await openModel(path, engine);
    const data = await within(path, () => readModelData(model));
    if (data.kind === 'images') refuseFlags({ '--target': target, '--missing-target': missingTarget });
    const read = data.kind === 'table' ? withTarget(data, target) : data;
    const samples = await openSamples(read, source, model.architecture.seed, missingTarget);
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

/** The same data, its truth found in another column where one is named. */
function withTarget(data: TableData, name = data.preprocessor.target.name): TableData {
  const { preprocessor } = data;
  if (preprocessor.features.some((feature) => feature.name === name))
    throw new UsageError(`--target: expected a column that the model does not take as input, got ${name}`);
  return { ...data, preprocessor: { ...preprocessor, target: { ...preprocessor.target, name } } };
}

/** Images have no columns. */
function refuseFlags(flags: Readonly<Record<string, unknown>>): void {
  for (const [option, value] of Object.entries(flags))
    if (value !== undefined)
      throw new UsageError(`${option}: expected with a model of tables, got it with a model of images`);
}
