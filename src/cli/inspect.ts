/** `wasmlp inspect`: what is in a model file, for people: layers, data, metadata, and the program of a prediction. */
import type { Feature, Preprocessor } from '../data/index.js';
import { createEngine, type Layer, type Model } from '../index.js';
import { STATUS, within } from './failure.js';
import { DATA_KEY, type ModelData, openModel, readModelData, targetOf } from './model-data.js';
import { table } from './summary.js';

export async function inspect(path: string): Promise<number> {
  const engine = await createEngine();
  try {
    const model = await openModel(path, engine);
    console.log(await within(path, () => describeModel(model)));
    return STATUS.ok;
  } finally {
    engine.dispose();
  }
}

async function describeModel(model: Model): Promise<string> {
  const { [DATA_KEY]: data, ...others } = model.metadata;
  return [
    describeLayers(model),
    // A model that the library saved says nothing of data, and is a model all the same.
    ...(data === undefined ? [] : describeData(readModelData(model))),
    ...Object.entries(others).map(([key, value]) => `${key}: ${value}`),
    (await model.describe()).trimEnd(),
  ].join('\n\n');
}

function describeLayers(model: Model): string {
  const { inputs, layers, loss, seed } = model.architecture;
  const parameters = Object.entries(model.getParameters());
  const sizeOf = (i: number): number =>
    parameters
      .filter(([name]) => name.startsWith(`layers.${i}.`))
      .reduce((sum, [, values]) => sum + values.length, 0);
  const rows = layers.map((layer, i) => [
    `layers.${i}`,
    layer.kind,
    'units' in layer ? String(layer.units) : '',
    layer.kind === 'dense' ? shownChoice(layer.activation) : settings(layer),
    sizeOf(i).toLocaleString('en'),
  ]);
  const total = parameters.reduce((sum, [, values]) => sum + values.length, 0);
  return [
    `${inputs} inputs, loss ${shownChoice(loss)}, seed ${seed}, ${total.toLocaleString('en')} parameters`,
    table(['layer', 'kind', 'units', 'does', 'parameters'], rows),
  ].join('\n');
}

/** As 'relu', or 'leakyRelu with slope 0.2'. */
function shownChoice(choice: string | { readonly name: string }): string {
  if (typeof choice === 'string') return choice;
  const { name, ...numbers } = choice;
  return `${name} with ${Object.entries(numbers)
    .map((pair) => pair.join(' '))
    .join(', ')}`;
}

function describeData(data: ModelData): string[] {
  const target = targetOf(data);
  const told =
    target.kind === 'classes'
      ? `one of ${target.classes.join(', ')}`
      : `a number, ${target.mean.toPrecision(5)} ± ${target.scale.toPrecision(5)}`;
  const tells = `tells ${target.name}: ${told}`;
  return data.kind === 'images'
    ? [`takes images of ${data.shape.join(' x ')}`, tells]
    : [describeColumns(data.preprocessor), tells];
}

function describeColumns({ features, dropped }: Preprocessor): string {
  const rows = features.map((feature) => [feature.name, feature.kind, detail(feature)]);
  const left = dropped.map(({ name, reason }) => [name, 'left out', reason]);
  return table(['column', 'kind', 'how'], [...rows, ...left], 'left');
}

function detail(feature: Feature): string {
  const gap = feature.missing ? '; may be missing' : '';
  if (feature.kind === 'categorical') return `${feature.categories.length} categories${gap}`;
  if (feature.kind === 'boolean') return `true or false${gap}`;
  const { transform, mean, scale } = feature.scaling;
  const bent = transform === 'none' ? '' : `${transform}, `;
  return `${bent}${mean.toPrecision(4)} ± ${scale.toPrecision(4)}${gap}`;
}

/** The numbers and truth values of a layer's description. */
function settings({ kind: _kind, ...described }: Layer): string {
  return Object.entries(described)
    .filter(([name, value]) => name !== 'units' && typeof value !== 'object' && typeof value !== 'string')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
