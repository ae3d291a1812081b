/** The tables of src/nn against the references that the other suites of this folder walk through: no row without one. On the sources. */
import { expect, it } from 'vitest';
import { fillings, initializers } from '../../src/nn/initializers.js';
import { constraints } from '../../src/nn/regularizers.js';
import { constraintReferences } from '../reference/constraints.js';
import { distributionReferences, initializerReferences } from '../reference/initializers.js';

it('there is a formula for every initializer', () => {
  expect(Object.keys(initializerReferences)).toEqual(Object.keys(initializers));
});

it('there is a largest entry for every distribution', () => {
  expect(Object.keys(distributionReferences)).toEqual(Object.keys(fillings));
});

it('there is a projection for every constraint', () => {
  expect(Object.keys(constraintReferences)).toEqual(Object.keys(constraints));
});
