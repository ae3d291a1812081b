/**
 * The order of instructions: after what they read; a leaf is overwritten after its last reader, and after the check. Among
 * those that are ready, the one built first goes first, so programs follow the graph and updates come last.
 */
import type { Node } from '../graph/node.js';
import { nodesOf, operandsOf, type Unit } from './fuse.js';
import { type Place, samePlace } from './job.js';

/** What is done at one point: a unit is computed, or a value checked. */
export interface Task {
  readonly unit: Unit | null;
  readonly check: Node | null;
  readonly after: Set<Task>;
  readonly key: number;
}

export interface Order {
  readonly tasks: readonly Task[];
  /** Updates that could not go straight to their place, because the old value is still needed: copied at the end. */
  readonly deferred: ReadonlySet<Node>;
}

/** `placed`: where values must stand; `leafPlaces`: the leaves' places, some of which are updated. */
export function order(
  units: readonly Unit[],
  check: Node | null,
  placed: ReadonlyMap<Node, Place>,
  leafPlaces: ReadonlyMap<Node, Place>,
): Order {
  const { tasks, maker } = connect(units, check);
  const checkTask = tasks.find((task) => task.check !== null);
  const deferred = new Set<Node>();
  for (const [value, place] of placed) {
    const leaf = [...leafPlaces.keys()].find((node) => samePlace(leafPlaces.get(node), place));
    const writer = maker.get(value);
    if (!leaf || !writer) continue;
    const readers = tasks.filter((task) => operandsOfTask(task).includes(leaf));
    const earlier = [...readers, ...(checkTask ? [checkTask] : [])];
    if (earlier.some((task) => (task === writer ? coreReads(task, leaf) : depends(task, writer))))
      deferred.add(value);
    else for (const task of earlier) if (task !== writer) writer.after.add(task);
  }
  return { tasks: sorted(tasks), deferred };
}

/** A task for each unit and the check, each after the makers of what it reads. */
function connect(units: readonly Unit[], check: Node | null): { tasks: Task[]; maker: Map<Node, Task> } {
  const maker = new Map<Node, Task>();
  const tasks: Task[] = [];
  for (const unit of units) {
    const key = Math.max(...nodesOf(unit).map((node) => node.id));
    const task: Task = { unit, check: null, after: new Set(), key };
    if (nodesOf(unit).some((node) => node.operation.lowering.kind === 'leaf')) continue;
    for (const node of nodesOf(unit)) maker.set(node, task);
    tasks.push(task);
  }
  if (check) tasks.push({ unit: null, check, after: new Set(), key: check.id });
  for (const task of tasks) {
    for (const operand of operandsOfTask(task)) {
      const before = maker.get(operand);
      if (before && before !== task) task.after.add(before);
    }
  }
  return { tasks, maker };
}

function operandsOfTask(task: Task): Node[] {
  return task.unit ? nodesOf(task.unit).flatMap(operandsOf) : [task.check!];
}

/** Whether what is not elementwise in the task reads the leaf: it does so while the first results are written. */
function coreReads({ unit }: Task, leaf: Node): boolean {
  return unit?.core ? operandsOf(unit.core).includes(leaf) : false;
}

function depends(task: Task, on: Task): boolean {
  const seen = new Set<Task>();
  const pending = [task];
  for (let at = pending.pop(); at; at = pending.pop()) {
    if (at === on) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    pending.push(...at.after);
  }
  return false;
}

function sorted(tasks: readonly Task[]): Task[] {
  const waiting = [...tasks].sort((a, b) => a.key - b.key);
  const done = new Set<Task>();
  const result: Task[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex((task) => [...task.after].every((before) => done.has(before)));
    if (next < 0) throw new Error('compile: the order of instructions has a circle');
    const [task] = waiting.splice(next, 1);
    done.add(task!);
    result.push(task!);
  }
  return result;
}
