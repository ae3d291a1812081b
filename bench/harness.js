/**
 * Measures contenders alternately: A B C, A B C, ..., so that whatever else the machine does meets all of them alike. Each
 * lives in its own child process (contender.js), started one after the other, and only the one whose turn it is works.
 * Not here: which questions there are, tables, files.
 *
 * Nothing here throws for a contender: one that is not installed, gives wrong numbers, crashes or hangs has a status that says so.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { measured } from './result.js';

/** @typedef {import('./result.js').Result} Result */

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} module URL of a contender's module
 * @property {string} install the command that makes it available
 * @property {object} [shape] where its problem differs from the case's
 */

const START_TIMEOUT_SECONDS = 180;
const TURN_TIMEOUT_SECONDS = 120;

/**
 * @param {Entry[]} contenders
 * @param {{ question: string, shape: object }} task question: URL of the question's module; shape of one of its cases
 * @param {{ rounds: number, secondsPerTurn: number, warmUpSeconds: number }} effort
 * @returns {Promise<Result[]>} in the order of the contenders
 */
export async function measureAlternately(contenders, task, { rounds, secondsPerTurn, warmUpSeconds }) {
  const seats = contenders.map((contender) => new Seat(contender));
  try {
    for (const seat of seats) await seat.start({ ...task, warmUpSeconds });
    for (let round = 0; round < rounds; round++)
      for (const seat of seats) if (seat.status === 'measured') await seat.turn(secondsPerTurn);
    return seats.map((seat) => seat.result());
  } finally {
    for (const seat of seats) seat.leave();
  }
}

/** A contender's process, seen from outside. */
class Seat {
  status = 'measured';
  note = '';
  version = undefined;
  #figures = [];
  #idleShare = 0;
  #child = undefined;

  constructor({ name, module, install, shape }) {
    this.name = name;
    this.module = module;
    this.install = install;
    this.shape = shape;
  }

  async start(task) {
    const shape = { ...task.shape, ...this.shape };
    const argument = JSON.stringify({ ...task, shape, module: this.module });
    this.#child = fork(new URL('contender.js', import.meta.url), [argument], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const message = await this.#next(START_TIMEOUT_SECONDS);
    if (message === undefined) return;
    this.version = message.version;
    this.note = message.verdict.text;
    if (!message.verdict.ok) this.#end('wrong', this.note);
  }

  async turn(turnSeconds) {
    this.#child.send({ turnSeconds }, () => {}); // a child that is gone shows as its exit
    const message = await this.#next(turnSeconds + TURN_TIMEOUT_SECONDS);
    if (message === undefined) return;
    this.#figures.push(message.figure);
    this.#idleShare = Math.max(this.#idleShare, message.idleShare);
  }

  /** @returns {Result} */
  result() {
    const { name, status, version, note } = this;
    if (status !== 'measured') return { name, status, version, note };
    return measured({ name, version, note, idleShare: this.#idleShare }, this.#figures);
  }

  leave() {
    this.#child?.kill('SIGKILL'); // it holds nothing worth saving
  }

  /** The child's next message, or undefined when there is none to expect: then `status` and `note` say why. */
  async #next(timeoutSeconds) {
    const patience = new AbortController();
    const { signal } = patience;
    const message = await Promise.race([
      once(this.#child, 'message', { signal }).then(([value]) => value),
      once(this.#child, 'disconnect', { signal }).then(() => failed('its process ended')), // after its last message
      wait(timeoutSeconds * 1000, undefined, { signal }).then(() =>
        failed(`no answer in ${timeoutSeconds} s`),
      ),
    ]);
    patience.abort();
    if (message.kind === 'ready' || message.kind === 'turn') return message;
    this.#end(
      message.kind,
      message.kind === 'missing' ? `${this.install} (${message.reason})` : message.reason,
    );
    return undefined;
  }

  #end(status, note) {
    this.status = status;
    this.note = note;
    this.leave();
  }
}

const failed = (reason) => ({ kind: 'failed', reason });
