/**
 * Who owns which bytes of the linear memory. Blocks are handed out and taken back; between the two nothing is allocated, so
 * a training run that has its blocks never grows the memory. First fit over a list of gaps.
 */
import { MACHINE_BYTES, READABLE_TAIL } from '../../assembly/isa.js';

const PAGE = 65_536;
const ALIGNMENT = 64;
const LIMIT = 65_535 * PAGE;

interface Gap {
  address: number;
  bytes: number;
}

export class Heap {
  /** Sorted by address; neighbours are merged. */
  private gaps: Gap[];
  private readonly sizes = new Map<number, number>();
  /** From here on nothing was ever handed out: the memory is zero as the host made it. */
  private untouched = MACHINE_BYTES;

  constructor(readonly memory: WebAssembly.Memory) {
    this.gaps = [{ address: MACHINE_BYTES, bytes: memory.buffer.byteLength - READABLE_TAIL - MACHINE_BYTES }];
  }

  /**
   * Address of `bytes` bytes on a cache line, zero unless whoever asks fills them anyway. Throws a RangeError where the memory cannot grow that
   * far.
   */
  allocate(bytes: number, zeroed = true): number {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const gap = this.gaps.find((candidate) => candidate.bytes >= size) ?? this.grow(size);
    const { address } = gap;
    gap.address += size;
    gap.bytes -= size;
    if (gap.bytes === 0) this.gaps.splice(this.gaps.indexOf(gap), 1);
    this.sizes.set(address, size);
    const used = Math.min(size, this.untouched - address);
    // in words of 8 bytes: bytes of shared memory are filled one by one, seven times as slowly
    if (used > 0 && zeroed) new Float64Array(this.memory.buffer, address, used / 8).fill(0);
    this.untouched = Math.max(this.untouched, address + size);
    return address;
  }

  free(address: number): void {
    const bytes = this.sizes.get(address);
    if (bytes === undefined) throw new Error(`heap: nothing was allocated at ${address}`);
    this.sizes.delete(address);
    this.gaps.push({ address, bytes });
    this.gaps.sort((a, b) => a.address - b.address);
    this.gaps = this.gaps.reduce<Gap[]>((merged, gap) => {
      const last = merged.at(-1);
      if (last && last.address + last.bytes === gap.address) last.bytes += gap.bytes;
      else merged.push(gap);
      return merged;
    }, []);
  }

  private grow(size: number): Gap {
    const end = this.memory.buffer.byteLength - READABLE_TAIL;
    const last = this.gaps.at(-1);
    const open = last && last.address + last.bytes === end ? last : { address: end, bytes: 0 };
    const missing = Math.ceil((size - open.bytes) / PAGE);
    if (this.memory.buffer.byteLength + missing * PAGE > LIMIT)
      throw new RangeError(`memory: expected room for ${size} bytes below 4 GiB, got a full memory`);
    try {
      this.memory.grow(missing);
    } catch {
      throw new RangeError(
        `memory: expected the host to grant ${missing} more pages of 64 KiB, got a refusal`,
      );
    }
    open.bytes += missing * PAGE;
    if (open !== last) this.gaps.push(open);
    return open;
  }
}
