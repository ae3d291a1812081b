/**
 * The compiler: from a step as graph to a program of the machine. Canonical form, fusion, order, instructions, memory, bytes;
 * each in a file of its own, put together here.
 */

import { sums } from '../graph/broadcast.js';
import { createNode, type Node, showShape } from '../graph/node.js';
import { canonicalize } from './canonical.js';
import { coalesce, type PlacedInstruction, placeMap } from './coalesce.js';
import { type Addresses, codeWords, type Emission, emit } from './emit.js';
import { fuse, liveNodes, nodesOf, operandsOf } from './fuse.js';
import type { Instruction } from './instruction.js';
import {
  CODE,
  CONSTANTS,
  type Job,
  LARGE_UPDATE,
  layout,
  type Place,
  RESULTS,
  SCALARS,
  TEMPORARIES,
} from './job.js';
import { lowerUnit } from './lower.js';
import { order } from './order.js';
import { planMemory } from './plan.js';
import { isHeavy, splitAmongThreads } from './split.js';

export interface Program {
  readonly capacity: number;
  readonly instructions: readonly PlacedInstruction[];
  readonly emission: Emission;
  readonly placeOf: (node: Node) => Place;
  /** Bytes of the blocks that the compiler needs. */
  readonly blocks: Readonly<Record<string, number>>;
  /** Initial contents of the block of constants. */
  readonly constants: Float32Array;
  /** Scalars carried by each step record, numbers left by each step. */
  readonly scalars: number;
  readonly results: number;
  /** The words of the code block, once every block has an address. */
  emit(addressOf: Addresses): Uint32Array;
}

export function compile(job: Job): Program {
  const { capacity } = job;
  const scalars = job.scalars ?? [];
  const results = (job.results ?? []).map((value, i) => ({
    value,
    place: { block: RESULTS, offset: i * 4 },
  }));
  const wanted = [...job.stores, ...results];
  const roots = [...wanted.map((store) => store.value), ...(job.check ? [job.check] : [])];
  const canonical = canonicalize(roots);

  // what must stand where: a value that stands elsewhere already gets a copy
  const leafPlaces = new Map(job.leaves);
  scalars.forEach((node, i) => {
    leafPlaces.set(node, { block: SCALARS, offset: 4 + i * 4 });
  });
  const stored = new Map<Node, Place>();
  for (const { value, place } of wanted) {
    const node = canonical.get(value)!;
    const stands = stored.has(node) || node.operation.lowering.kind === 'leaf';
    stored.set(stands ? copyOf(node) : node, place);
  }
  const check = job.check ? canonical.get(job.check)! : null;

  const live = liveNodes([...stored.keys(), ...(check ? [check] : [])]);
  const constants = placeLeaves(live, leafPlaces);
  const updates = new Set(
    [...stored].filter(([, place]) => isLeafPlace(place, leafPlaces)).map(([node]) => node),
  );
  const units = fuse(live, updates, job.largeUpdate ?? LARGE_UPDATE);
  const { tasks, deferred } = order(units, check, stored, leafPlaces);

  const fixed = new Map([...leafPlaces, ...[...stored].filter(([node]) => !deferred.has(node))]);
  const readOutside = usersOutside(units);
  const around = {
    needed: (node: Node) => stored.has(node) || node === check || readOutside.has(node),
    placeOf: (node: Node) => fixed.get(node),
  };
  const instructions: Instruction[] = [
    ...(job.sources ?? []).map((source) => ({ kind: 'gather', source, to: source.input }) as const),
    ...tasks.map((task) =>
      task.unit ? lowerUnit(task.unit, around) : ({ kind: 'check', value: task.check! } as const),
    ),
    ...[...deferred].map((node) => ({ kind: 'copy', from: node, place: stored.get(node)! }) as const),
  ];

  const memory = planMemory(instructions, fixed, capacity);
  const placeOf = (node: Node): Place => {
    const place = memory.places.get(node);
    if (!place)
      throw new Error(`compile: ${node.operation.name} '${node.name}' ${showShape(node.shape)} has no place`);
    return place;
  };
  const placed = coalesce(instructions, placeOf, capacity);
  const epilogues = new Map(
    placed.flatMap((item) =>
      item.kind === 'gemm' && item.epilogue
        ? [[item, placeMap(item.epilogue, placeOf, capacity)] as const]
        : [],
    ),
  );
  const panelsOf = (instruction: PlacedInstruction) => memory.panels.get(instruction as Instruction);
  const surroundings = { placeOf, panelsOf, epilogues, capacity };
  const sync = splitAmongThreads(placed, surroundings, job.worthSplitting);
  const emission: Emission = {
    instructions: placed,
    placeOf,
    panelsOf,
    passes: (instruction) => memory.passing.has(instruction as Instruction),
    epilogues,
    heavy: isHeavy(placed, surroundings),
    split: sync.some((word) => word !== 0),
    sync,
    scalars: scalars.length,
    results: results.length,
  };
  return {
    capacity,
    instructions: placed,
    emission,
    placeOf: (node) => placeOf(canonical.get(node) ?? node),
    blocks: {
      [CODE]: codeWords(emission) * 4,
      [CONSTANTS]: constants.length * 4,
      [SCALARS]: 4 + scalars.length * 4,
      [RESULTS]: results.length * 4,
      [TEMPORARIES]: memory.bytes,
    },
    constants,
    scalars: scalars.length,
    results: results.length,
    emit: (addressOf) => emit(emission, addressOf),
  };
}

/** A node of its own with the same value: stretching to the shape it has. */
function copyOf(node: Node): Node {
  const [rows, columns] = node.shape;
  return createNode(sums.broadcastTo, [node], { rows, columns });
}

function isLeafPlace(place: Place, leafPlaces: ReadonlyMap<Node, Place>): boolean {
  return [...leafPlaces.values()].some(
    (other) => other.block === place.block && other.offset === place.offset,
  );
}

/** Gives constants and the row count their places; returns the constants' values. Refuses leaves without a place. */
function placeLeaves(live: readonly Node[], leafPlaces: Map<Node, Place>): Float32Array {
  const constants = live.filter((node) => node.values);
  const { places, bytes } = layout(CONSTANTS, constants, 1);
  const values = new Float32Array(bytes / 4);
  constants.forEach((node, i) => {
    leafPlaces.set(node, places[i]!);
    values.set(node.values!, places[i]!.offset / 4);
  });
  for (const node of live) {
    if (node.operation.name === 'rowCount') leafPlaces.set(node, { block: SCALARS, offset: 0 });
    else if (node.operation.lowering.kind === 'leaf' && !leafPlaces.has(node))
      throw new RangeError(`${node.operation.name} '${node.name}': expected a place for it, got none`);
  }
  return values;
}

/** Nodes that a unit other than their own reads. */
function usersOutside(units: readonly ReturnType<typeof fuse>[number][]): Set<Node> {
  const outside = new Set<Node>();
  for (const unit of units) {
    const own = new Set(nodesOf(unit));
    for (const node of own)
      for (const operand of operandsOf(node)) if (!own.has(operand)) outside.add(operand);
  }
  return outside;
}
