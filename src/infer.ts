/**
 * `wasmlp/infer`: loads what `model.save` wrote, and predicts. A small entry for where nothing is trained: no graph, no compiler, no training
 * goes along. Predictions have the same bits as those of `wasmlp`.
 */
import { Engine, type EngineOptions } from './engine/engine.js';
import { checkOptions, wrongRange, wrongType } from './errors.js';
import { readBytes } from './formats/bytes.js';
import { createEngine, smallEngine } from './infer/engine.js';
import { decodeInference } from './infer/model.js';
import { Predictor } from './infer/predictor.js';

export type { Engine, EngineInfo, EngineOptions } from './engine/engine.js';
export { FormatError } from './errors.js';
export { createEngine } from './infer/engine.js';
export type { Predictor } from './infer/predictor.js';
export type { Rows } from './train/matrix.js';

/** An engine that exists, or what one of its own is made with; see `createEngine`. */
export type PredictorOptions = { engine: Engine } | EngineOptions;

/**
 * A predictor from what `model.save` wrote: its bytes, or in Node the name of the file. Throws a FormatError for anything else, and for a
 * model with a part that this entry does not know how to run.
 */
export async function loadPredictor(
  source: string | Uint8Array | ArrayBuffer,
  options: PredictorOptions = {},
): Promise<Predictor> {
  const model = await decodeInference(await readBytes(source));
  // whatever is no object is refused there
  if (options === null || typeof options !== 'object' || !('engine' in options))
    return new Predictor(await (model.runsSmall ? smallEngine : createEngine)(options), model, true);
  const { engine } = checkOptions('options', options, ['engine']);
  if (!(engine instanceof Engine)) throw wrongType('options.engine', 'what createEngine resolves to', engine);
  if (engine.predictsAlone && !model.runsSmall)
    throw wrongRange(
      'options.engine',
      'what createEngine resolves to, for an activation as rare as these',
      engine,
    );
  return new Predictor(engine, model, false);
}
