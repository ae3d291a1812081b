/**
 * Threads: who does which part of an instruction, and where they meet. Every thread runs the same program on memory of its own
 * (scratch, whose first words say who it is) and memory that all share.
 *
 * How work is divided changes no result: a part is whole rows, columns or elements, each computed as it would be alone. Parts are equal (`partStart`), or, for
 * what takes long, whatever a thread gets to (`claim`).
 * Not here: starting threads, which is the host's business (src/engine).
 */
import {
  BARRIER_ARRIVED, BARRIER_BROKEN, BARRIER_ROUND, BARRIER_SLEEPERS, BARRIER_WORDS, CLAIM_WORDS, TEAM_BARRIER, TEAM_CLAIM_END, TEAM_SLEEPS,
  TEAM_THREAD, TEAM_THREADS, WORD_BYTES,
} from './isa';
import { word } from './operands';

/** Looks at a word before a waiting thread falls asleep: 30 to 100 µs. */
const LOOKS: i32 = 50_000;
/** A nap is so long, in ns; a thread that may not sleep looks LOOKS times instead. */
const NAP: i64 = 1_000_000;
/** After so many naps in a row (30 s) the others are taken for dead. */
const PATIENCE: i32 = 30_000;
const PATIENCE_AWAKE: i32 = 400_000;

// @ts-ignore: decorator
@inline
export function threadOf(scratch: usize): i32 {
  return ASC_FEATURE_THREADS ? word(scratch, TEAM_THREAD) : 0;
}

// @ts-ignore: decorator
@inline
export function threadsOf(scratch: usize): i32 {
  return ASC_FEATURE_THREADS ? word(scratch, TEAM_THREADS) : 1;
}

/** Where part `part` of `parts` of `count` items begins, in whole units; the end of a part is where the next one begins. */
// @ts-ignore: decorator
@inline
export function partStart(count: i32, unit: i32, part: i32, parts: i32): i32 {
  if (part == 0) return 0;
  if (part == parts) return count;
  const units = (count + unit - 1) / unit;
  return min(count, (units / parts * part + min(part, units % parts)) * unit);
}

/**
 * Takes items for this thread and returns where they begin, or `count` where none of `count` is left; they end at `claimEnd`. A thread takes
 * its own part, always half of what is left of it, rounded up to whole units, and no more than `most`; then what others have left of theirs: of equal
 * parts, the one on a slow core, or on one that shares its units with a neighbour of the machine, would be waited for. Between two meetings all claims
 * of all threads must be for the same items, with the same units.
 */
export function claim(scratch: usize, count: i32, unit: i32, most: i32): i32 {
  const threads = threadsOf(scratch);
  const barrier = <usize>word(scratch, TEAM_BARRIER);
  let thread = threadOf(scratch);
  for (let i = 0; ASC_FEATURE_THREADS && i < threads; i++) {
    const at = claimsOf(barrier, thread);
    const first = partStart(count, unit, thread, threads);
    const length = partStart(count, unit, thread + 1, threads) - first;
    let taken = atomic.load<i32>(at);
    while (taken < length) {
      const end = min(length, taken + min(most, ((length - taken) / (2 * unit) + 1) * unit));
      const found = atomic.cmpxchg<i32>(at, taken, end);
      if (found == taken) {
        store<i32>(scratch + TEAM_CLAIM_END * WORD_BYTES, first + end);
        return first + taken;
      }
      taken = found;
    }
    if (++thread == threads) thread = 0;
  }
  return count;
}

// @ts-ignore: decorator
@inline
export function claimEnd(scratch: usize): i32 {
  return word(scratch, TEAM_CLAIM_END);
}

// @ts-ignore: decorator
@inline
function claimsOf(barrier: usize, thread: i32): usize {
  return barrier + <usize>(BARRIER_WORDS + thread * CLAIM_WORDS) * WORD_BYTES;
}

/** Waits for all threads. False where they are not to go on, because one of them is gone. */
export function meet(scratch: usize): bool {
  if (!ASC_FEATURE_THREADS) return true;
  const threads = word(scratch, TEAM_THREADS);
  if (threads == 1) return true;
  const barrier = <usize>word(scratch, TEAM_BARRIER);
  const arrived = barrier + BARRIER_ARRIVED * WORD_BYTES;
  const roundAt = barrier + BARRIER_ROUND * WORD_BYTES;
  const round = atomic.load<i32>(roundAt);
  if (atomic.add<i32>(arrived, 1) == threads - 1) {
    atomic.store<i32>(arrived, 0);
    for (let thread = 0; thread < threads; thread++) atomic.store<i32>(claimsOf(barrier, thread), 0);
    atomic.store<i32>(roundAt, round + 1);
    if (atomic.load<i32>(barrier + BARRIER_SLEEPERS * WORD_BYTES)) atomic.notify(roundAt);
  } else if (!outlasts(roundAt, round, barrier, word(scratch, TEAM_SLEEPS) != 0)) {
    atomic.store<i32>(barrier + BARRIER_BROKEN * WORD_BYTES, 1);
    atomic.notify(roundAt);
  }
  return atomic.load<i32>(barrier + BARRIER_BROKEN * WORD_BYTES) == 0;
}

/**
 * Waits while the word at `at` is `value`: looks for a while, then sleeps between looks. False where nothing happens for very long. Inlined for more
 * than speed: a function of its own is false at once in half of the runs of V8's first code in Node 20 (--liftoff-only), never in Node 24.
 */
// @ts-ignore: decorator
@inline
function outlasts(at: usize, value: i32, barrier: usize, sleeps: bool): bool {
  const sleepers = barrier + BARRIER_SLEEPERS * WORD_BYTES;
  const patience = sleeps ? PATIENCE : PATIENCE_AWAKE;
  for (let naps = 0; naps < patience && !atomic.load<i32>(barrier + BARRIER_BROKEN * WORD_BYTES); naps++) {
    if (changes(at, value)) return true;
    if (!sleeps) continue;
    atomic.add<i32>(sleepers, 1);
    atomic.wait<i32>(at, value, NAP);
    atomic.sub<i32>(sleepers, 1);
  }
  return atomic.load<i32>(at) != value;
}

/** Whether the word at `at` stops being `value` while one looks. */
// @ts-ignore: decorator
@inline
function changes(at: usize, value: i32): bool {
  for (let i = 0; i < LOOKS; i++) if (atomic.load<i32>(at) != value) return true;
  return false;
}

/** For a worker without work: waits as long as it takes for the word at `at` to be another than `value`, and returns it. */
export function awaitChange(at: usize, value: i32): i32 {
  if (ASC_FEATURE_THREADS) while (!changes(at, value)) atomic.wait<i32>(at, value, -1);
  return load<i32>(at);
}
