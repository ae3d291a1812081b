/** A row with a seed: trained on one thread, and its error on the test images. */
import { createEngine, mlp } from '../../build/index.js';
import { accuracy, predictedClasses } from '../../build/metrics.js';

/** @typedef {import('../../src/data/files.js').ImageSet} ImageSet */

const CLASSES = 10;

/**
 * @param {import('./rows.js').Row} row
 * @param {{ train: ImageSet, test: ImageSet }} data
 * @param {number} seed of initial weights, order of samples and dropout
 * @returns {Promise<{ seed: number, error: number, epoch: number, seconds: number }>} the test error in percent, after which epoch, and seconds of
 *   the processor, which say on a busy machine too how long it takes on a quiet one
 */
export async function trial(row, { train, test }, seed) {
  const parts = row.keepsValidation ? parted(train) : { learned: train };
  const judges = { test, validation: parts.rest };
  const engine = await createEngine();
  const before = process.cpuUsage();
  try {
    const { layers, loss, regularizer, fit, bestOn } = row;
    const model = await mlp({
      inputs: train.columns,
      layers,
      loss,
      seed,
      engine,
      ...(regularizer && { regularizer }),
    });
    let best = { judged: Infinity };
    const onEpoch = ({ epoch }) => {
      const judged = errorOf(model, judges[bestOn]);
      if (judged < best.judged) best = { judged, epoch, error: errorOf(model, test) };
    };
    const options = { ...fit, accuracy: false, ...(bestOn && { onEpoch }) };
    await model.fit(parts.learned.images, targetsOf(parts.learned), options);
    const { epoch, error } = bestOn ? best : { epoch: fit.epochs, error: errorOf(model, test) };
    const { user, system } = process.cpuUsage(before);
    return { seed, error, epoch, seconds: (user + system) / 1e6 };
  } finally {
    engine.dispose();
  }
}

/** The first five sixths of the images, and the rest: of MNIST 50,000 and 10,000. */
export function parted(images) {
  const first = Math.round((images.rows * 5) / 6);
  return { learned: part(images, 0, first), rest: part(images, first, images.rows) };
}

const part = ({ images, labels, columns, shape }, from, to) => ({
  images: images.subarray(from * columns, to * columns),
  labels: labels.subarray(from, to),
  rows: to - from,
  columns,
  shape,
});

/** rows x classes. */
function targetsOf({ labels, rows }) {
  const targets = new Float32Array(rows * CLASSES);
  labels.forEach((label, i) => {
    targets[i * CLASSES + label] = 1;
  });
  return targets;
}

/** In percent. The largest output is the answer, whatever the loss. */
const errorOf = (model, { images, labels }) =>
  100 * (1 - accuracy(predictedClasses(model.predict(images), CLASSES), labels));
