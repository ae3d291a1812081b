/** What the module exports: the machine, and what a waiting worker needs. Memory is imported. */
export { run } from './machine';
export { awaitChange } from './team';

import { WHOLE } from './scope';

/** 0 where sums of products are rounded twice, the same way on every host. */
export const relaxed: i32 = ASC_FEATURE_RELAXED_SIMD ? 1 : 0;

/** 0 where this is the small machine that only predicts. */
export const whole: i32 = WHOLE ? 1 : 0;
