/**
 * Layers: plain descriptions, and one table that says how each kind becomes graph. A description is what a model file keeps, so it
 * holds nothing but numbers, names and truth values.
 */
import { checkName, wrongType } from '../../errors.js';
import type { Node } from '../../graph/node.js';
import { type DenseLayer, denseKind } from './dense.js';
import type { LayerContext, LayerKind } from './kind.js';
import { type DropoutLayer, dropoutKind, type GaussianNoiseLayer, gaussianNoiseKind } from './noise.js';
import type { BatchNormalizationLayer, LayerNormalizationLayer } from './normalization.js';
import type { GluLayer, MaxoutLayer } from './pieces.js';
import type { PairProductsLayer, PolynomialLayer, PowerProductsLayer } from './products.js';
import type { RbfLayer } from './rbf.js';

export type Layer =
  | DenseLayer
  | DropoutLayer
  | GaussianNoiseLayer
  | MaxoutLayer
  | GluLayer
  | PairProductsLayer
  | PowerProductsLayer
  | PolynomialLayer
  | RbfLayer
  | BatchNormalizationLayer
  | LayerNormalizationLayer;

type LayerKinds = { readonly [K in Layer['kind']]: LayerKind<Extract<Layer, { kind: K }>> };

/** Those at hand: the rest comes when it is asked for, and stays. */
export const layerKinds: Pick<LayerKinds, 'dense' | 'dropout' | 'gaussianNoise'> & Partial<LayerKinds> = {
  dense: denseKind,
  dropout: dropoutKind,
  gaussianNoise: gaussianNoiseKind,
};

/** Before layers are checked or built: fetches all kinds, unless these layers are certain to need none but those at hand. */
export async function fetchKinds(layers?: unknown): Promise<void> {
  const isAtHand = (layer: Layer | null | undefined) =>
    typeof layer?.kind === 'string' && Object.hasOwn(layerKinds, layer.kind);
  if (Array.isArray(layers) && layers.every(isAtHand)) return;
  const more: Omit<LayerKinds, 'dense' | 'dropout' | 'gaussianNoise'> = (await import('./more/kinds.js'))
    .moreKinds;
  Object.assign(layerKinds, more);
}

/** The table's row for a layer. The one cast: a layer and the row of its kind belong together. */
function kindOf<L extends Layer>(layer: L): LayerKind<L> {
  return layerKinds[layer.kind] as unknown as LayerKind<L>;
}

export function checkLayer(name: string, value: unknown): Layer {
  if (value === null || typeof value !== 'object' || !('kind' in value))
    throw wrongType(name, 'a layer, such as dense(10)', value);
  checkName(`${name}.kind`, value.kind, layerKinds);
  return kindOf(value as Layer).check(value as Layer);
}

export function buildLayer(layer: Layer, x: Node, width: number, context: LayerContext): Node {
  return kindOf(layer).build(layer, x, width, context);
}

export function layerWidth(layer: Layer, width: number): number {
  return kindOf(layer).width(layer, width);
}
