/** The nearest weights that keep to a constraint, unit by unit, in float64 and from the definition. */
interface ConstraintReference {
  /** What it is chosen with. */
  readonly numbers: Readonly<Record<string, number>>;
  /** A unit's incoming weights. */
  readonly project: (column: readonly number[]) => number[];
}

export const constraintReferences: Readonly<Record<string, ConstraintReference>> = {
  nonNegative: { numbers: {}, project: (column) => column.map((w) => Math.max(w, 0)) },
  maxNorm: {
    numbers: { limit: 1.5 },
    project: (column) => {
      const length = Math.hypot(...column);
      return column.map((w) => (length > 1.5 ? (w * 1.5) / length : w));
    },
  },
};
