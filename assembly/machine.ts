/**
 * The machine: runs a program for as many steps as its table of step records has been filled for, without returning.
 * It owns no memory and keeps nothing between calls; all it touches are the addresses that the program names.
 */
import {
  CHECK, COPY, GATHER, GEMM, INSTRUCTION_WORDS, MAP, MOVE, OPCODE, PACK, PROGRAM_CODE, PROGRAM_COUNT,
  PROGRAM_RESULTS, PROGRAM_RESULT_COUNT, PROGRAM_RESULT_TABLE, PROGRAM_SCALARS, PROGRAM_SCALAR_COUNT, PROGRAM_SPLIT,
  PROGRAM_STEPS, PROGRAM_STEP_WORDS, RANDOM, REDUCE, SCATTER, SOFTMAX, STEP_COUNTER, STEP_FIRST, STEP_ROWS, STEP_SCALARS,
  SYNC, SYNC_BEFORE, SYNC_SPLIT, TAKE, TRANSPOSE, WORD_BYTES,
} from './isa';
import { areFinite } from './check';
import { gemm, pack } from './gemm/gemm';
import { mapPart } from './map';
import { copy, gather, move, transpose } from './move';
import { word } from './operands';
import { random } from './random';
import { reduce } from './reduce';
import { wholeOnly } from './scope';
import { softmax } from './softmax';
import { scatter, take } from './take';
import { meet, threadOf, threadsOf } from './team';

/**
 * Runs `steps` steps from record `first` on, as the thread that `scratch` names. Returns how many were completed: fewer than asked where
 * a CHECK met a number that is not finite, in which case the step it stands in has changed nothing that outlives a step; -1 where
 * another thread is gone.
 */
export function run(program: usize, first: i32, steps: i32, scratch: usize): i32 {
  const split = ASC_FEATURE_THREADS && word(program, PROGRAM_SPLIT) != 0;
  const leads = threadOf(scratch) == 0;
  if (!leads && !split) return steps;
  const stepBytes = <usize>word(program, PROGRAM_STEP_WORDS) * WORD_BYTES;
  const scalars = <usize>word(program, PROGRAM_SCALARS);
  const scalarCount = word(program, PROGRAM_SCALAR_COUNT);
  const results = <usize>word(program, PROGRAM_RESULTS);
  const resultCount = word(program, PROGRAM_RESULT_COUNT);
  let record = <usize>word(program, PROGRAM_STEPS) + <usize>first * stepBytes;
  let table = <usize>word(program, PROGRAM_RESULT_TABLE) + <usize>(first * resultCount) * WORD_BYTES;
  for (let step = 0; step < steps; step++) {
    if (leads) {
      store<f32>(scalars, <f32>word(record, STEP_ROWS));
      copyWords(scalars + WORD_BYTES, record + STEP_SCALARS * WORD_BYTES, scalarCount);
    }
    if (split && !meet(scratch)) return -1;
    const outcome = runStep(program, record, scratch);
    if (outcome != DONE) return outcome == LOST ? -1 : step;
    if (split && !meet(scratch)) return -1;
    if (leads) copyWords(table, results, resultCount);
    table += <usize>resultCount * WORD_BYTES;
    record += stepBytes;
  }
  return steps;
}

/** How a step ended: as it should; at a CHECK; because a thread is gone. */
const DONE: i32 = 0;
const CHECKED: i32 = 1;
const LOST: i32 = 2;

// @ts-ignore: decorator
@inline
function copyWords(to: usize, from: usize, count: i32): void {
  for (let i = 0; i < count; i++) store<u32>(to + (<usize>i << 2), load<u32>(from + (<usize>i << 2)));
}

/** A function of its own, called for every step, because an engine replaces code by faster code between calls. */
function runStep(program: usize, record: usize, scratch: usize): i32 {
  const rows = word(record, STEP_ROWS);
  let at = <usize>word(program, PROGRAM_CODE);
  const end = at + <usize>word(program, PROGRAM_COUNT) * INSTRUCTION_WORDS * WORD_BYTES;
  for (; at < end; at += INSTRUCTION_WORDS * WORD_BYTES) {
    let part = 0, parts = 1;
    if (ASC_FEATURE_THREADS) {
      const sync = word(at, SYNC);
      if (sync & SYNC_BEFORE && !meet(scratch)) return LOST;
      if (sync & SYNC_SPLIT) {
        part = threadOf(scratch);
        parts = threadsOf(scratch);
      } else if (threadOf(scratch)) continue;
    }
    switch (word(at, OPCODE)) {
      case GEMM: if (!gemm(at, rows, scratch, part, parts)) return LOST; break;
      case MAP: wholeOnly(); mapPart(at, rows, scratch, part, parts); break;
      case REDUCE: wholeOnly(); reduce(at, rows, part, parts); break;
      case SOFTMAX: softmax(at, rows, scratch, part, parts); break;
      case RANDOM: wholeOnly(); random(at, rows, word(record, STEP_COUNTER), part, parts); break;
      case GATHER: gather(at, rows, word(record, STEP_FIRST), part, parts); break;
      case TRANSPOSE: wholeOnly(); transpose(at, rows, part, parts); break;
      case COPY: wholeOnly(); copy(at, rows, part, parts); break;
      case MOVE: wholeOnly(); move(at, rows, part, parts); break;
      case TAKE: wholeOnly(); take(at, rows, part, parts); break;
      case SCATTER: wholeOnly(); scatter(at, rows, part, parts); break;
      case PACK: pack(at); break;
      case CHECK: {
        if (areFinite(at, rows)) break;
        // whoever leaves first may change the numbers
        if (ASC_FEATURE_THREADS && word(program, PROGRAM_SPLIT) && !meet(scratch)) return LOST;
        return CHECKED;
      }
      default: unreachable();
    }
  }
  return DONE;
}
