/**
 * Images: noisy digits as bytes, a network with dropout, a validation after every epoch, and an abort as soon as it is good enough.
 *
 *     node examples/digits.mjs
 */
import { adam, dense, dropout, mlp } from 'wasmlp';

/** Digits of 3 x 5 dots, row by row. */
const DOTS = `111101101101111 010110010010111 111001111100111 111001011001111 101101111001001
              111100111001111 111100111101111 111001010010010 111101111101111 111101111001111`.split(/\s+/);
const SIDE = 12;

/** Images of SIDE x SIDE bytes, one after the other: `first` and the digits that follow, twice as large, somewhere under noise. */
function draw(count, first = 0) {
  const inputs = new Uint8Array(count * SIDE * SIDE).map(() => 120 * Math.random());
  const labels = Array.from({ length: count }, (_, i) => (first + i) % 10);
  labels.forEach((digit, i) => {
    const [down, right] = [Math.floor(3 * Math.random()), 2 + Math.floor(3 * Math.random())];
    for (let row = 0; row < 10; row++)
      for (let column = 0; column < 6; column++)
        if (DOTS[digit][3 * (row >> 1) + (column >> 1)] === '1')
          inputs[(i * SIDE + row + down) * SIDE + column + right] = 130 + 120 * Math.random();
  });
  return { inputs, labels };
}

const { inputs, labels } = draw(4000);
const validation = draw(500);
const model = await mlp({
  inputs: SIDE * SIDE,
  layers: [dense(64, 'relu'), dropout(0.2), dense(10)],
  loss: 'softmaxCrossEntropy',
});

const enough = new AbortController();
const run = model.fit(inputs, labels, {
  epochs: 100,
  optimizer: adam({ learningRate: 0.003 }),
  validation,
  signal: enough.signal,
  onEpoch({ epoch, loss, validation: { accuracy } }) {
    console.log(`epoch ${epoch}: loss ${loss.toFixed(3)}, ${(100 * accuracy).toFixed(1)} % of new images`);
    if (accuracy >= 0.97) enough.abort();
  },
});
await run.catch((error) => {
  if (!enough.signal.aborted) throw error;
});

// the model keeps what it has learned, abort or not
const { inputs: image } = draw(1, 7);
const seen = model.predict(image);
for (let row = 0; row < SIDE; row++)
  console.log(Array.from(image.slice(row * SIDE, (row + 1) * SIDE), (pixel) => ' .:#'[pixel >> 6]).join(''));
console.log(`is a ${seen.indexOf(Math.max(...seen))}`);
