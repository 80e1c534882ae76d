import { describe, expect, test } from 'vitest';
import { isIscsiName } from '../../src/contract/iscsi-name.js';

describe('iSCSI names', () => {
  test.each([
    'iqn.1991-05.com.microsoft:host',
    'iqn.2001-04.com.example:storage.tape1.sys1.xyz',
    'iqn.2001-04.com.example',
    'eui.02004567A425678D',
    'naa.52004567BA64678D',
    'naa.62004567BA64678D0123456789ABCDEF',
    'iqn.2001-04.com.example:gerät',
  ])('%s is one', (name) => expect(isIscsiName(name)).toBe(true));

  test.each([
    '',
    'iqn.2001-13.com.example',
    'iqn.2001-4.com.example',
    'iqn.2001-04.',
    'iqn.2001-04.com.example:',
    'iqn.2001-04.com.example:a b',
    'IQN.2001-04.com.example',
    'iqn.2001-04.com.example:a_b',
    'eui.02004567A425678',
    'naa.52004567BA64678',
    `iqn.2001-04.com.example:${'x'.repeat(200)}`,
    '{00000000-0000-0000-0000-000000000000}',
    'iqn.2001-04.com..example',
  ])('%j is none', (name) => expect(isIscsiName(name)).toBe(false));
});
