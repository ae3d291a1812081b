/**
 * One contender in a process of its own: some peers set process-wide switches, start threads, or leave garbage that
 * others would pay for. The harness forks this file once a case, then asks for turns; between turns the process waits for a
 * message and costs nothing, which every turn checks. Not here: who takes part, and what the rates mean together.
 *
 * What a contender's module (against/*.js, or ours) exports:
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {string} version
 * @property {Train} [train]
 * @property {Gemm} [gemm]
 * @property {Infer} [infer]
 * @property {Map} [map]
 *
 * @typedef {(problem: import('./shapes.js').TrainProblem) => TrainWork | Promise<TrainWork>} Train
 *   one run is one mini-batch; `outputs` are those of the held rows, by `objective` logits or values in [0, 1]
 * @typedef {(problem: import('./shapes.js').GemmProblem) => Work | Promise<Work>} Gemm
 *   one run is one product, operands and result wherever the contender keeps its matrices; `outputs` is the product
 * @typedef {(problem: import('./shapes.js').InferProblem) => Work | Promise<Work>} Infer
 *   one run takes the inputs from the given array and leaves the logits in one; `outputs` is the latter
 * @typedef {(problem: import('./shapes.js').MapProblem) => Work | Promise<Work>} Map
 *   one run is one pass, operands and results wherever the contender keeps its arrays
 *
 * @typedef {object} Work
 * @property {(times: number) => void | Promise<void>} run resolves when all the numbers are really computed
 * @property {() => Float32Array | Promise<Float32Array>} outputs row-major
 * @property {import('./judge.js').Verdict} [verdict] of a work that answers nothing (ceiling.js), in place of `outputs`
 *
 * @typedef {Work & { objective: 'softmaxCrossEntropy' | 'squaredError' }} TrainWork
 *
 * What a question's file (train.js, gemm.js, ...) exports as `question`:
 *
 * @typedef {object} Question
 * @property {'train' | 'gemm' | 'infer' | 'map'} factory which of a contender's factories answers it
 * @property {string} unit of the figures
 * @property {boolean} [isCost] whether a figure is time per unit, smaller being better; else it is units per second
 * @property {number} [chunkSeconds] how long a call of `run` lasts at least, where starting one costs something
 * @property {Case[]} cases
 * @property {(shape: object) => object} problem
 * @property {(problem: object) => number} unitsPerRun
 * @property {(problem: object) => import('./ceiling.js').Bound} bound what a run costs at least
 * @property {(problem: object, work: Work) => Promise<import('./judge.js').Verdict>} judge run once, on fresh work
 *
 * @typedef {object} Case
 * @property {string} name
 * @property {object} shape
 * @property {boolean} [heavy] not for slow peers
 * @property {{ name: string, shape: object }[]} [variants] ours on other shapes, beside it in place of the peers
 */
import { performance } from 'node:perf_hooks';

/** Unless the question says otherwise; so long that reading the clock and awaiting a promise cost nothing measurable. */
const CHUNK_SECONDS = 0.05;

/** A shorter pause tells nothing: the engine still compiles and collects what the turn before left. */
const PAUSE_SECONDS = 0.25;

const seconds = () => performance.now() / 1000;

/**
 * Prepares, judges and warms up; then sends what the harness needs to know.
 *
 * @param {{ question: string, module: string, shape: object, warmUpSeconds: number }} task modules as URLs
 * @returns {Promise<(seconds: number) => Promise<number>>} takes a turn and gives its figure in the question's unit
 */
async function prepare({ question: questionUrl, module, shape, warmUpSeconds }) {
  const { question } = await import(questionUrl);
  const contender = await import(module);
  const problem = question.problem(shape);
  const work = await contender[question.factory](problem, question);
  const verdict = work.verdict ?? (await question.judge(problem, work));
  const chunk = verdict.ok ? await warmUp(work, warmUpSeconds, question.chunkSeconds ?? CHUNK_SECONDS) : 1;
  process.send({ kind: 'ready', version: contender.version, verdict });
  return async (turnSeconds) => {
    const begin = seconds();
    let runs = 0;
    let elapsed = 0;
    for (; elapsed < turnSeconds; elapsed = seconds() - begin) {
      await work.run(chunk);
      runs += chunk;
    }
    const units = runs * question.unitsPerRun(problem);
    return question.isCost ? elapsed / units : units / elapsed;
  };
}

/** Runs for a while, and finds how many runs fill a chunk once the engine has compiled what is hot. */
async function warmUp(work, warmUpSeconds, chunkSeconds) {
  const end = seconds() + warmUpSeconds;
  let chunk = 1;
  for (let begin = seconds(), elapsed = 0; begin < end || elapsed < chunkSeconds; begin += elapsed) {
    await work.run(chunk);
    elapsed = seconds() - begin;
    if (elapsed < chunkSeconds) chunk *= 2;
  }
  return chunk;
}

/** Answers turn after turn, each with the share of a core that the process used since the one before. */
function answer(takeTurn) {
  let idleSince = seconds();
  let idleUsage = process.cpuUsage();
  process.on('message', async ({ turnSeconds }) => {
    const { user, system } = process.cpuUsage(idleUsage);
    const pause = seconds() - idleSince;
    const idleShare = pause < PAUSE_SECONDS ? 0 : (user + system) / 1e6 / pause;
    try {
      const figure = await takeTurn(turnSeconds);
      process.send({ kind: 'turn', figure, idleShare });
    } catch (error) {
      fail(error);
    }
    idleSince = seconds();
    idleUsage = process.cpuUsage();
  });
}

/** A module that is not there is no failure: the peer is not installed, or ours is not built. */
function fail(error) {
  const kind = error?.code === 'ERR_MODULE_NOT_FOUND' ? 'missing' : 'failed';
  const reason = String(error?.message ?? error).split(/\n| imported from /)[0];
  process.send({ kind, reason }, () => process.exit(1));
}

process.on('disconnect', () => process.exit(0));
process.on('uncaughtException', fail);
prepare(JSON.parse(process.argv[2])).then(answer, fail);
