/**
 * The machine: runs a program for as many steps as its table of step records has been filled for, without returning.
 * It owns no memory and keeps nothing between calls; all it touches are the addresses that the program names.
 */
import {
  CHECK, CHECK_IN, COPY, GATHER, GEMM, INSTRUCTION_WORDS, MAP, MAP_ROWS, OPCODE, PROGRAM_CODE, PROGRAM_COUNT,
  PROGRAM_RESULTS, PROGRAM_RESULT_COUNT, PROGRAM_RESULT_TABLE, PROGRAM_SCALARS, PROGRAM_SCALAR_COUNT, PROGRAM_SCRATCH,
  PROGRAM_STEPS, PROGRAM_STEP_WORDS, RANDOM, REDUCE, SOFTMAX, STEP_COUNTER, STEP_FIRST, STEP_ROWS, STEP_SCALARS,
  TRANSPOSE, WORD_BYTES,
} from './isa';
import { gemm } from './gemm/gemm';
import { map } from './map';
import { copy, gather, transpose } from './move';
import { dimension, word } from './operands';
import { random } from './random';
import { reduce } from './reduce';
import { softmax } from './softmax';

/**
 * Runs `steps` steps from record `first` on. Returns how many were completed: fewer than asked where a CHECK met a number that is not
 * finite, in which case the step it stands in has changed nothing that outlives a step.
 */
export function run(program: usize, first: i32, steps: i32): i32 {
  const stepBytes = <usize>word(program, PROGRAM_STEP_WORDS) * WORD_BYTES;
  const scalars = <usize>word(program, PROGRAM_SCALARS);
  const scalarCount = word(program, PROGRAM_SCALAR_COUNT);
  const results = <usize>word(program, PROGRAM_RESULTS);
  const resultCount = word(program, PROGRAM_RESULT_COUNT);
  let record = <usize>word(program, PROGRAM_STEPS) + <usize>first * stepBytes;
  let table = <usize>word(program, PROGRAM_RESULT_TABLE) + <usize>(first * resultCount) * WORD_BYTES;
  for (let step = 0; step < steps; step++) {
    store<f32>(scalars, <f32>word(record, STEP_ROWS));
    copyWords(scalars + WORD_BYTES, record + STEP_SCALARS * WORD_BYTES, scalarCount);
    if (!runStep(program, record)) return step;
    copyWords(table, results, resultCount);
    table += <usize>resultCount * WORD_BYTES;
    record += stepBytes;
  }
  return steps;
}

// @ts-ignore: decorator
@inline
function copyWords(to: usize, from: usize, count: i32): void {
  for (let i = 0; i < count; i++) store<u32>(to + (<usize>i << 2), load<u32>(from + (<usize>i << 2)));
}

/** A function of its own, called for every step, because an engine replaces code by faster code between calls. */
function runStep(program: usize, record: usize): bool {
  const rows = word(record, STEP_ROWS);
  const scratch = <usize>word(program, PROGRAM_SCRATCH);
  let at = <usize>word(program, PROGRAM_CODE);
  const end = at + <usize>word(program, PROGRAM_COUNT) * INSTRUCTION_WORDS * WORD_BYTES;
  for (; at < end; at += INSTRUCTION_WORDS * WORD_BYTES) {
    switch (word(at, OPCODE)) {
      case GEMM: gemm(at, rows, scratch); break;
      case MAP: map(at, rows, 0, dimension(at, MAP_ROWS, rows), scratch); break;
      case REDUCE: reduce(at, rows); break;
      case SOFTMAX: softmax(at, rows); break;
      case RANDOM: random(at, rows, word(record, STEP_COUNTER)); break;
      case GATHER: gather(at, rows, word(record, STEP_FIRST)); break;
      case TRANSPOSE: transpose(at, rows); break;
      case COPY: copy(at, rows); break;
      case CHECK: {
        const value = load<f32>(<usize>word(at, CHECK_IN));
        if (value - value != 0) return false;
        break;
      }
      default: unreachable();
    }
  }
  return true;
}
