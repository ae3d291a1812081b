/**
 * "2" or not: one sigmoid output, trained by the divergence of what it says from what is so. One digit in ten is a two, so accuracy says little:
 * precision, recall and the area under the curve say more.
 *
 *     node examples/lectures/digits-two-or-not.js
 */
import { adam, dense, mlp } from 'wasmlp';
import { generateDigits } from 'wasmlp/data';
import { accuracy, f1, logLoss, precision, recall, rocAuc } from 'wasmlp/metrics';

const isTwo = (labels) => Array.from(labels, (label) => (label === 2 ? 1 : 0));
const seen = generateDigits(3000, 1);
const fresh = generateDigits(1000, 2);
const truth = isTwo(fresh.labels);

for (const loss of ['binaryKlDivergence', 'sigmoidCrossEntropy']) {
  const model = await mlp({ inputs: 784, layers: [dense(32, 'relu'), dense(1)], loss, seed: 1 });
  await model.fit(seen.images, isTwo(seen.labels), { epochs: 6, optimizer: adam({ learningRate: 0.003 }) });
  const probabilities = model.predict(fresh.images);
  const said = Array.from(probabilities, (p) => (p > 0.5 ? 1 : 0));
  console.log(loss);
  for (const [name, metric] of Object.entries({ accuracy, precision, recall, f1 }))
    console.log(`  ${name.padEnd(10)} ${metric(said, truth).toFixed(3)}`);
  for (const [name, metric] of Object.entries({ rocAuc, logLoss }))
    console.log(`  ${name.padEnd(10)} ${metric(probabilities, truth).toFixed(3)}`);
  model.dispose();
}
const never = truth.map(() => 0);
console.log(`always "no": accuracy ${accuracy(never, truth).toFixed(3)}, recall ${recall(never, truth)}`);
