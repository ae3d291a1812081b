/** What the scripts that train a single step have in common: the problem on their command line, and the sign that it is done. */
import { writeSync } from 'node:fs';

/** Sizes of the network, a batch of inputs, and `done`, which tells the parent and ends the process. */
export function firstStep() {
  const { sizes, batch, threads } = JSON.parse(process.argv[2]);
  const inputs = Float32Array.from({ length: batch * sizes[0] }, (_, i) => (i % 7) / 7);
  const labels = Int32Array.from({ length: batch }, (_, i) => i % sizes.at(-1));
  const done = () => {
    writeSync(1, '.');
    process.exit();
  };
  return { sizes, batch, threads, inputs, labels, done };
}
