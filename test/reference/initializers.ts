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
