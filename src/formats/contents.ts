/**
 * What every model file has, whoever reads it: safetensors whose metadata describes the network as JSON, with exactly the tensors that the
 * description implies. Reading trusts nothing. Not here: what a description means (model-file.ts for training, src/infer).
 */
import { FormatError } from '../errors.js';
import { readSafetensors, type Tensor } from './safetensors.js';

/** Key of the metadata under which the description stands. */
export const KEY = 'wasmlp';
export const VERSION = 1;

export interface Contents<Architecture> {
  readonly architecture: Architecture;
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Strings that travel along. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Not looked at yet: what it says is an architecture. Throws a FormatError for a file that is damaged, or of another kind. */
export function readContents<A>(bytes: Uint8Array): Contents<A> {
  const { tensors, metadata } = readSafetensors(bytes);
  const { [KEY]: description, ...others } = metadata;
  if (description === undefined)
    throw new FormatError(`model file: expected metadata '${KEY}' with the architecture, got none`);
  return believed(() => {
    const { version, architecture } = JSON.parse(description);
    if (version !== VERSION) throw new RangeError(`version: expected ${VERSION}, got ${version}`);
    return { architecture, tensors, metadata: others };
  });
}

/** What checking an architecture gives, or a FormatError where it throws. */
export function believed<R>(check: () => R): R {
  try {
    return check();
  } catch (error) {
    throw new FormatError(`model file: the architecture is not one (${(error as Error).message})`);
  }
}

/** Values by name: the tensors of these shapes, finite, and no others. */
export function takeTensors(
  tensors: Readonly<Record<string, Tensor>>,
  shapes: ReadonlyMap<string, readonly number[]>,
): Record<string, Float32Array> {
  for (const name of Object.keys(tensors))
    if (!shapes.has(name))
      throw new FormatError(
        `model file: expected only ${[...shapes.keys()].join(', ')}, got tensor '${name}'`,
      );
  const values: Record<string, Float32Array> = {};
  for (const [name, shape] of shapes) {
    const tensor = tensors[name];
    const expected = shape.join(' x ');
    const got = tensor ? tensor.shape.join(' x ') : 'none';
    if (!tensor || got !== expected)
      throw new FormatError(`model file: expected tensor '${name}' of shape ${expected}, got ${got}`);
    if (!tensor.values.every(Number.isFinite))
      throw new FormatError(`model file: expected finite numbers in tensor '${name}', got others`);
    values[name] = tensor.values;
  }
  return values;
}
