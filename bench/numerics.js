/**
 * `node bench/numerics.js [FUNCTION]...`: the largest errors of the elementary functions, in units in the last place, over every float32 number at
 * which there is something to compute, in both builds. Takes a minute or two for most, ten in all for the error function and the normal distribution's.
 *
 * Exit status 0 where all are within their bounds, 1 where one is not, 2 for wrong usage. Not here: times (`npm run bench -- map`), the
 * float64 truth and the bounds (test/reference/elementary.ts).
 */
import { parseArgs } from 'node:util';
import { bundled } from './bundled.js';
import { machine } from './report.js';

const CHUNK = 65536;
const SIZES = [2 ** -26, 128];
const SIGN = 0x80000000;
const BUILDS = { relaxed: { reproducible: false }, plain: { reproducible: true } };

const graph = await import('../build/graph.js');
const { elementary, ulps } = await bundled(new URL('../test/reference/elementary.ts', import.meta.url));

async function main() {
  const { positionals } = parseArgs({ allowPositionals: true });
  const names = Object.keys(elementary);
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new RangeError(`numerics: expected ${names.join(', ')}, got ${unknown}`);
  const where = machine();
  console.log(`${where.machine}, Node ${where.node}, ${where.date}`);
  let holds = true;
  for (const name of positionals.length > 0 ? positionals : names) holds = (await answer(name)) && holds;
  return holds ? 0 : 1;
}

/** Prints a function's line; whether it is within its bound. */
async function answer(name) {
  const { bound } = elementary[name];
  const machines = await Promise.all(Object.values(BUILDS).map((options) => functionOf(name, options)));
  const { tried, worst } = largestErrors(elementary[name], machines);
  const found = Object.keys(BUILDS).map(
    (build, i) => `${build} ${worst[i].error.toFixed(2)} at ${worst[i].x} (${worst[i].beyond} beyond)`,
  );
  console.log(`${name.padEnd(10)} bound ${bound}, ${tried} numbers: ${found.join(', ')}`);
  return worst.every(({ error }) => error <= bound);
}

async function functionOf(name, options) {
  const x = graph.input('x', [1, CHUNK]);
  const engine = await graph.createEngine(options);
  const run = await graph.compile({ y: graph[name](x) }, { engine });
  return (numbers) => run({ x: numbers }).y;
}

function largestErrors({ exact, bound, least, sizes = SIZES }, machines) {
  const worst = machines.map(() => ({ error: 0, x: 0, beyond: 0 }));
  let tried = 0;
  for (const numbers of chunks(bitsOf(sizes[0]), bitsOf(sizes[1]))) {
    const results = machines.map((apply) => apply(numbers));
    numbers.forEach((x, i) => {
      const truth = exact(x);
      if (Number.isNaN(truth)) return;
      tried++;
      results.forEach((y, build) => {
        const error = ulps(y[i], truth, least?.(x));
        if (!(error <= worst[build].error)) Object.assign(worst[build], { error, x });
        if (!(error <= bound)) worst[build].beyond++;
      });
    });
  }
  return { tried, worst };
}

/** All numbers whose sizes have bits from `first` to before `end`, of both signs. */
function* chunks(first, end) {
  for (const sign of [0, SIGN])
    for (let from = first; from < end; from += CHUNK)
      yield new Float32Array(Uint32Array.from({ length: CHUNK }, (_, i) => (from + i) | sign).buffer);
}

const bitsOf = (x) => new Uint32Array(Float32Array.of(x).buffer)[0];

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
