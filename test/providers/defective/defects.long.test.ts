// Proves that the suite notices each defect, for what it breaks: each check of its `noticedBy` fails, and together they
// name all that it breaks.
import { test } from 'vitest';
import { DEFECTS } from '../../../providers/defective/catalogue.js';
import { mustBeNoticed } from './noticing.js';

test.each(DEFECTS.map((d) => [d.name, d] as const))('%s is noticed, for what it breaks', async (_name, defect) => {
  await mustBeNoticed(defect, defect.noticedBy, defect.breaks);
});
