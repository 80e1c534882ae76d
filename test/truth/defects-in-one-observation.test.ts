// What one observation shows to be wrong, without any check that prepares it: each of these defects contradicts a rule.
import { expect, test } from 'vitest';
import { DEFECTS } from '../../providers/defective/catalogue.js';
import { openDefective } from '../../providers/defective/defect.js';
import { load } from '../../src/lab/system.js';
import { Session } from '../../src/port/session.js';
import { inconsistencies } from '../../src/truth/consistency.js';
import { deep } from './system.js';

const SEEN = [
  'provider-id-null',
  'provider-id-of-a-subsystem',
  'provider-type-software',
  'provider-without-a-name',
  'provider-without-a-version',
  'version-without-an-id',
  'version-support-uninitialised',
  'provider-type-out-of-range',
  'interconnects-of-no-kind',
  'iscsi-provider-without-iscsi-luns',
  'subsystem-identification-null',
  'target-name-from-the-factory-invalid',
  'luns-without-identification',
  'lun-identification-version-0',
  'lun-identification-with-interconnects',
  'lun-identifier-count-lies',
  'all-luns-have-one-serial-number',
  'absent-identification-is-empty',
  'lun-numbers-promised',
  'lun-healthy-and-failed',
  'rebuild-priority-99',
  'simple-plex-has-a-stripe-size',
  'plex-type-is-unknown',
  'mpio-on-iscsi',
  'path-without-a-policy',
  'hybrid-paths',
  'hba-port-with-an-id',
  'policies-that-nobody-knows',
  'thin-pools-primordial',
  'more-consumed-than-provisioned',
  'more-free-than-managed',
  'pool-allocated-to-itself',
  'pool-on-drives-of-nobody',
  'portals-without-a-port',
  'container-of-a-drive-is-another-object',
];

test.each(SEEN)('%s is seen', async (name) => {
  const defect = DEFECTS.find((each) => each.name === name);
  if (defect === undefined) throw new Error(`no defect is called ${name}`);
  const provider = await load(new Session(openDefective(defect, { seed: 'truth' })));
  const broken = inconsistencies(await deep(provider)).map(({ requirement }) => requirement);
  expect(broken.filter((each) => defect.breaks.includes(each)).length).toBeGreaterThan(0);
});
