/** Published formulas for initial weights: their variance, and whether they are uniform, normal or all equal. A uniform distribution of variance v ends at sqrt(3 v). */
interface Formula {
  readonly shape: 'uniform' | 'normal' | 'constant' | 'orthogonal';
  readonly variance: (fanIn: number, fanOut: number) => number;
}

export const initializerReferences: Readonly<Record<string, Formula>> = {
  zeros: { shape: 'constant', variance: () => 0 },
  heNormal: { shape: 'normal', variance: (fanIn) => 2 / fanIn },
  heUniform: { shape: 'uniform', variance: (fanIn) => 2 / fanIn },
  glorotNormal: { shape: 'normal', variance: (fanIn, fanOut) => 2 / (fanIn + fanOut) },
  glorotUniform: { shape: 'uniform', variance: (fanIn, fanOut) => 2 / (fanIn + fanOut) },
  lecunNormal: { shape: 'normal', variance: (fanIn) => 1 / fanIn },
  lecunUniform: { shape: 'uniform', variance: (fanIn) => 1 / fanIn },
  // columns of length 1
  orthogonal: { shape: 'orthogonal', variance: (fanIn, fanOut) => 1 / Math.max(fanIn, fanOut) },
};

/** Distributions with a number of one's own: the largest entry that any matrix may have, in units of the number. Normal ones end where float32 draws do. */
export const distributionReferences: Readonly<Record<string, number>> = {
  constant: 1,
  uniform: 1,
  // draws are of 32 bits: s is at least 2^-62
  normal: Math.sqrt(-2 * Math.log(2 ** -62)),
  truncatedNormal: 2,
  orthogonal: 1,
};
