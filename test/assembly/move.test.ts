/** GATHER, TRANSPOSE and COPY: every number arrives where it should, and no other place is touched. */
import { describe, expect, it } from 'vitest';
import * as isa from '../../assembly/isa.js';
import { drawn } from '../support/numbers.js';
import { builds, instruction, Machine } from './machine.js';

const COLUMNS = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 784];
const STORED = 11;
const ORDER = [3, 3, 10, 0, 7, 1, 2];

describe.each(builds)('GATHER, $title', (build) => {
  const machine = new Machine(build);
  const bits = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0]!;

  function gather(
    data: number,
    columns: number,
    rows: number,
    first: number,
    options: { order?: number; type: number; scale: number },
  ) {
    const out = machine.space(rows * columns);
    const words = instruction(isa.GATHER, {
      [isa.GATHER_DATA]: data,
      [isa.GATHER_OUT]: out,
      [isa.GATHER_COLUMNS]: columns,
      [isa.GATHER_ORDER]: options.order ?? 0,
      [isa.GATHER_TYPE]: options.type,
      [isa.GATHER_SCALE]: bits(options.scale),
    });
    machine.step([words], { rows, first });
    return Array.from(machine.read(out, rows * columns));
  }

  it.each(COLUMNS)('float32, %i columns: as they stand', (columns) => {
    const values = drawn('gather', STORED * columns);
    const rowsOf = (indices: number[]) =>
      indices.flatMap((i) => Array.from(values.subarray(i * columns, (i + 1) * columns)));
    machine.clear();
    const data = machine.floats(values);
    const order = machine.uint32(ORDER);
    const type = isa.TYPE_FLOAT32;
    expect(gather(data, columns, 4, 0, { type, scale: 1, order })).toEqual(rowsOf(ORDER.slice(0, 4)));
    expect(gather(data, columns, 3, 4, { type, scale: 1, order })).toEqual(rowsOf(ORDER.slice(4)));
    expect(gather(data, columns, 5, 6, { type, scale: 1 })).toEqual(rowsOf([6, 7, 8, 9, 10]));
  });

  it.each(COLUMNS)('uint8, %i columns: converted and scaled', (columns) => {
    const values = Uint8Array.from(drawn('gather bytes', STORED * columns, (random) => random.integer(256)));
    values.set([0, 255].slice(0, values.length));
    const scale = Math.fround(1 / 255);
    const rowsOf = (indices: number[]) =>
      indices.flatMap((i) =>
        Array.from(values.subarray(i * columns, (i + 1) * columns), (byte) => Math.fround(byte * scale)),
      );
    machine.clear();
    const data = machine.bytes(values);
    const order = machine.uint32(ORDER);
    const type = isa.TYPE_UINT8;
    expect(gather(data, columns, 7, 0, { type, scale, order })).toEqual(rowsOf(ORDER));
    expect(gather(data, columns, 2, 9, { type, scale })).toEqual(rowsOf([9, 10]));
  });
});

describe.each(builds)('TRANSPOSE and COPY, $title', (build) => {
  const machine = new Machine(build);
  const sizes = [1, 2, 3, 15, 16, 17, 33];
  const shapes = sizes.flatMap((rows) => sizes.map((columns) => [rows, columns] as const));

  it('TRANSPOSE turns rows into columns', () => {
    for (const [rows, columns] of shapes) {
      const values = drawn('transpose', rows * columns);
      machine.clear();
      const out = machine.space(rows * columns);
      const words = instruction(isa.TRANSPOSE, {
        [isa.TRANSPOSE_IN]: machine.floats(values),
        [isa.TRANSPOSE_OUT]: out,
        [isa.TRANSPOSE_ROWS]: isa.ROWS >>> 0,
        [isa.TRANSPOSE_COLUMNS]: columns,
      });
      machine.step([words], { rows });
      const expected = values.map(
        (_value, place) => values[(place % rows) * columns + Math.floor(place / rows)]!,
      );
      expect(machine.read(out, rows * columns), `${rows} x ${columns}`).toEqual(expected);
    }
  });

  it('COPY copies', () => {
    for (const [rows, columns] of shapes) {
      const values = drawn('copy', rows * columns);
      machine.clear();
      const out = machine.space(rows * columns);
      const words = instruction(isa.COPY, {
        [isa.COPY_IN]: machine.floats(values),
        [isa.COPY_OUT]: out,
        [isa.COPY_ROWS]: rows,
        [isa.COPY_COLUMNS]: isa.ROWS >>> 0,
      });
      machine.step([words], { rows: columns });
      expect(machine.read(out, rows * columns)).toEqual(values);
    }
  });
});
