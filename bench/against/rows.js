/**
 * A data set as the libraries that take one sample at a time want it: an array of { input, output } with a one-hot output.
 */

/**
 * @param {Float32Array} inputs rows x sizes[0]
 * @param {Int32Array} labels
 * @param {number[]} sizes
 * @returns {{ input: number[], output: number[] }[]}
 */
export function oneHotRows(inputs, labels, sizes) {
  const [width] = sizes;
  const classes = sizes.at(-1);
  return Array.from(labels, (label, row) => ({
    input: Array.from(inputs.subarray(row * width, (row + 1) * width)),
    output: Array.from({ length: classes }, (_, i) => (i === label ? 1 : 0)),
  }));
}
