/**
 * A network's parameters in linear memory, and behind them its statistics: one block, so that saving, restoring and updating are one pass. Blocks of
 * gradients and optimizer state have the same layout.
 */
import { layout, type Place } from '../compile/job.js';
import type { Engine } from '../engine/engine.js';
import { checkOptions, wrongRange, wrongType } from '../errors.js';
import type { Node } from '../graph/node.js';
import type { Network } from '../nn/network.js';
import { allFinite } from './matrix.js';

/** Name of the block in compiler jobs. */
export const PARAMETERS = 'parameters';

export class ParameterStore {
  readonly address: number;
  readonly bytes: number;
  private readonly places: readonly Place[];
  /** Parameters, then statistics. */
  private readonly nodes: readonly Node[];

  constructor(
    readonly engine: Engine,
    readonly network: Network,
  ) {
    this.nodes = [...network.parameters, ...network.statistics];
    const { places, bytes } = layout(PARAMETERS, this.nodes, 1);
    this.places = places;
    this.bytes = bytes;
    this.address = engine.allocate(bytes);
    network.initialValues().forEach((values, i) => {
      this.view(i).set(values);
    });
  }

  /** Bytes of the parameters alone, without the statistics behind them. */
  get parameterBytes(): number {
    return this.places[this.network.parameters.length]?.offset ?? this.bytes;
  }

  /** Places of parameters and statistics, or of what has the same layout in another block. */
  placesIn(block: string): [Node, Place][] {
    return this.nodes.map((node, i) => [node, { block, offset: this.places[i]!.offset }]);
  }

  /** Copies of all values by name, row-major. */
  read(address = this.address): Record<string, Float32Array> {
    return Object.fromEntries(
      this.nodes.map((node, i) => [node.name, this.view(i, address).slice()] as const),
    );
  }

  /** Overwrites the named parameters; nothing is changed if one of them is refused. */
  write(values: Readonly<Record<string, ArrayLike<number>>>): void {
    const names = this.nodes.map((node) => node.name);
    const checked = Object.entries(checkOptions('parameters', values, names)).map(([name, value]) => {
      const index = names.indexOf(name);
      return [index, checkValues(`parameters.${name}`, value, this.view(index).length)] as const;
    });
    for (const [index, value] of checked) this.view(index).set(value);
  }

  /** Name of the first parameter or statistic, in forward order, that holds a number that is not finite. */
  firstNonFinite(): string | null {
    const index = this.nodes.findIndex((_node, i) => !allFinite(this.view(i)));
    return index < 0 ? null : this.nodes[index]!.name;
  }

  dispose(): void {
    this.engine.free(this.address);
  }

  private view(index: number, address = this.address): Float32Array {
    const [rows, columns] = this.nodes[index]!.shape as readonly [number, number];
    return this.engine.floats(address + this.places[index]!.offset, rows * columns);
  }
}

function checkValues(name: string, value: ArrayLike<number>, length: number): Float32Array {
  if (value === null || typeof value !== 'object' || typeof value.length !== 'number')
    throw wrongType(name, `${length} numbers`, value);
  if (value.length !== length) throw wrongRange(name, `${length} numbers`, value);
  for (let i = 0; i < length; i++) {
    if (typeof value[i] !== 'number') throw wrongType(`${name}[${i}]`, 'a number', value[i]);
    if (!Number.isFinite(Math.fround(value[i]!)))
      throw wrongRange(`${name}[${i}]`, 'a finite number of 32 bits', value[i]);
  }
  return Float32Array.from(value);
}
