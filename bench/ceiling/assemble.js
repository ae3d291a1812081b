/**
 * Just enough of WebAssembly's binary format (https://webassembly.github.io/spec/core/binary) to write loops over vectors by hand. Not here:
 * which loops; a compiler would choose for us what the ceiling is to measure.
 *
 * Code is an array of bytes, nested as it comes.
 */

/** @typedef {(number | Code)[]} Code */

/**
 * @typedef {object} Function
 * @property {string} name exported under it
 * @property {number} parameters i32 each; locals are numbered from here: counters, then vectors
 * @property {number} counters i32 locals
 * @property {number} vectors v128 locals
 * @property {Code} body
 */

const I32 = 0x7f;
const V128 = 0x7b;
const NO_RESULT = 0x40;
const END = 0x0b;

/** LEB128 of a number that is not negative; one more group where the sign bit would read as minus. */
function integer(value, signed = false) {
  const bytes = [];
  const limit = signed ? 64 : 128;
  for (; value >= limit; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

const vector = (opcode, ...immediates) => [0xfd, integer(opcode), immediates.map((value) => integer(value))];
const ALIGN_4 = 2;
const ALIGN_16 = 4;

export const get = (local) => [0x20, integer(local)];
export const set = (local, value) => [value, 0x21, integer(local)];
export const constant = (value) => [0x41, integer(value, true)];
export const load = (address, offset) => [address, vector(0x00, ALIGN_16, offset)];
export const loadSplat = (address, offset) => [address, vector(0x09, ALIGN_4, offset)];
export const store = (address, offset, value) => [address, value, vector(0x0b, ALIGN_16, offset)];
export const xor = (a, b) => [a, b, vector(0x51)];
export const add = (a, b) => [a, b, vector(0xe4)];
export const increase = (local, by) => set(local, [get(local), constant(by), 0x6a]);

/** a b + c: with one rounding or two, as the host likes (`relaxed`), or a product and a sum. */
export const multiplyAdd = {
  relaxed: (a, b, c) => [a, b, c, vector(0x105)],
  plain: (a, b, c) => add([a, b, vector(0xe6)], c),
};

/** Repeats the body until the local, decreased after each time, is 0. */
export const countDown = (local, body) => [
  [0x03, NO_RESULT],
  body,
  [get(local), constant(1), 0x6b, 0x22, integer(local)],
  [0x0d, 0, END],
];

const list = (items) => [integer(items.length), items];
const sized = (code) => {
  const bytes = code.flat(Number.POSITIVE_INFINITY);
  return [integer(bytes.length), bytes];
};
const text = (characters) => list([...new TextEncoder().encode(characters)]);
const section = (id, content) => [id, sized(content)];

/**
 * A module of functions over a memory that it imports as `env.memory`.
 *
 * @param {Function[]} functions
 * @returns {Uint8Array}
 */
export function assemble(functions) {
  const types = functions.map(({ parameters }) => [0x60, list(Array(parameters).fill(I32)), list([])]);
  const imports = [[text('env'), text('memory'), 0x02, 0x00, integer(1)]];
  const exports = functions.map(({ name }, i) => [text(name), 0x00, integer(i)]);
  const code = functions.map(({ counters, vectors, body }) =>
    sized([
      list([
        [integer(counters), I32],
        [integer(vectors), V128],
      ]),
      body,
      END,
    ]),
  );
  const sections = [
    section(1, list(types)),
    section(2, list(imports)),
    section(3, list(functions.map((_, i) => integer(i)))),
    section(7, list(exports)),
    section(10, list(code)),
  ];
  return Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, sections].flat(Number.POSITIVE_INFINITY));
}
