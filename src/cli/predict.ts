/**
 * `wasmlp predict`: for every row of DATA what the model says, as CSV. Rows of a table keep their columns and get the prediction
 * appended; an image is its prediction alone. A class comes with its probability, or its score
 * where the loss knows no probabilities; a number in the unit it was learned in.
 */
import { type Column, decodeTarget, type Target, writeCsv } from '../data/index.js';
import { replaceFile } from '../formats/file.js';
import { softmax } from '../graph/likelihood.js';
import { createEngine, type Model } from '../index.js';
import { predictedClasses } from '../metrics/scores.js';
import { lossOf } from '../nn/losses/table.js';
import { STATUS, within } from './failure.js';
import { openModel, readModelData, targetOf } from './model-data.js';
import { checkWritable } from './output.js';
import { openInputs } from './samples.js';

/** Digits that a float32 holds. */
const DIGITS = 7;

export async function predict(path: string, source: string, { out }: { out?: string }): Promise<number> {
  if (out !== undefined) await checkWritable(out);
  const engine = await createEngine();
  try {
    const model = await openModel(path, engine);
    const data = await within(path, () => readModelData(model));
    const { inputs, rows, table } = await openInputs(data, source, model.architecture.seed);
    const kept = table?.columns ?? [];
    const said = predictionColumns(targetOf(data), model.predict(inputs), scoreOf(model));
    const columns = [...kept, ...said.map((column) => renamed(column, kept))];
    const csv = writeCsv({ columns, rows });
    if (out === undefined) process.stdout.write(csv);
    else await replaceFile(out, new TextEncoder().encode(csv));
    return STATUS.ok;
  } finally {
    engine.dispose();
  }
}

/** What a class's output is called. */
function scoreOf({ architecture }: Model): string {
  return lossOf(architecture.loss).predict === softmax ? 'probability' : 'score';
}

/** @param predictions rows x outputs, as the network gives them */
function predictionColumns(target: Target, predictions: Float32Array, score: string): Column[] {
  if (target.kind === 'number')
    return [{ name: 'prediction', values: Array.from(decodeTarget(target, predictions), short) }];
  const { classes } = target;
  const predicted = predictedClasses(predictions, classes.length);
  return [
    { name: 'prediction', values: Array.from(predicted, (place) => classes[place]!) },
    {
      name: score,
      values: Array.from(predicted, (place, row) => short(predictions[row * classes.length + place]!)),
    },
  ];
}

function short(number: number): string {
  return String(Number(number.toPrecision(DIGITS)));
}

/** The column under a name that none of `others` has: "prediction", "prediction 2", ... */
function renamed(column: Column, others: readonly Column[]): Column {
  const taken = new Set(others.map(({ name }) => name));
  let { name } = column;
  for (let i = 2; taken.has(name); i++) name = `${column.name} ${i}`;
  return { ...column, name };
}
