/**
 * Eleven outputs: ten digits, and "none of the above". A network with ten outputs must call everything a digit; one that has seen scrambled and overlaid
 * digits can decline.
 *
 *     node examples/lectures/digits-none-of-the-above.js [FOLDER]
 */
import { adam, dense, mlp } from 'wasmlp';
import { generateDigits } from 'wasmlp/data';
import { accuracy, predictedClasses, recall } from 'wasmlp/metrics';
import { draw, image, imageAxes, images, panels } from './chart.js';

const NONE = 10;
const PIXELS = 784;

/** The four quarters of a digit in another order. */
function scrambled(image) {
  return image.map((_, i) => {
    const [row, column] = [Math.floor(i / 28), i % 28];
    // each quarter comes from the one that follows it clockwise
    const [fromRow, fromColumn] =
      row < 14 ? (column < 14 ? [14, 0] : [0, -14]) : column < 14 ? [0, 14] : [-14, 0];
    return image[28 * (row + fromRow) + column + fromColumn];
  });
}

/** Digits, and after each fourth of them something that is none: quarters in a wrong order, or two digits on top of each other. */
function withOthers(count, seed) {
  const { images, labels } = generateDigits(count, seed);
  const digit = (i) => images.subarray(PIXELS * i, PIXELS * (i + 1));
  const others = Array.from({ length: Math.floor(count / 4) }, (_, k) => {
    if (k % 2 === 0) return scrambled(digit(k));
    return digit(k).map((ink, i) => Math.max(ink, digit(k + 1)[i]));
  });
  return {
    digits: images,
    labels,
    others,
    images: Uint8Array.from([...images, ...others.flatMap((image) => [...image])]),
    allLabels: [...labels, ...others.map(() => NONE)],
  };
}

const seen = withOthers(3000, 1);
const fresh = withOthers(800, 2);
async function trained(outputs, images, labels) {
  const layers = [dense(100, 'relu'), dense(outputs)];
  const model = await mlp({ inputs: PIXELS, layers, loss: 'softmaxCrossEntropy', seed: 1 });
  await model.fit(images, labels, { epochs: 10, optimizer: adam({ learningRate: 0.003 }) });
  return model;
}
const ten = await trained(10, seen.digits, seen.labels);
const sure = ten.predict(fresh.images.subarray(fresh.digits.length));
const mostly = fresh.others.filter((_, i) => Math.max(...sure.subarray(10 * i, 10 * i + 10)) > 0.9).length;
console.log(
  `ten outputs: of ${fresh.others.length} that are no digits, ${mostly} are a digit with more than 90 % certainty`,
);
const eleven = await trained(11, seen.images, seen.allLabels);
const said = predictedClasses(eleven.predict(fresh.images), 11);
console.log(`eleven outputs: accuracy ${accuracy(said, fresh.allLabels).toFixed(3)}`);
console.log(
  `  declined ${(100 * recall(said, fresh.allLabels, { positive: NONE })).toFixed(1)} % of what is no digit`,
);
const lost = Array.from(fresh.labels).filter((_, i) => said[i] === NONE).length;
console.log(`  declined ${((100 * lost) / fresh.labels.length).toFixed(1)} % of the digits`);

const names = fresh.others
  .slice(0, 12)
  .map(
    (_, k) =>
      `${k + 1}: ${said[fresh.labels.length + k] === NONE ? 'none' : `a ${said[fresh.labels.length + k]}`}`,
  );
const { at, options, marks } = panels(names, 6);
const pictures = names.flatMap((name, k) =>
  image(
    name,
    Array.from(fresh.others[k], (byte) => byte / 255),
  ),
);
draw('digits-none-of-the-above', 'No digits, and what the network with eleven outputs calls them', {
  ...options,
  ...imageAxes(),
  height: 330,
  marks: [images(pictures, at), ...marks],
});
