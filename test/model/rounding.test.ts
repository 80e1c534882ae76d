// How the model learns by what sizes are rounded: new LUNs and extended ones each by their own.
import { expect, test } from 'vitest';
import { VDS_LUN_TYPE } from '../../src/contract/generated/enumerations.js';
import { MIB } from '../../src/contract/sizes.js';
import { Knowledge } from '../../src/model/knowledge.js';

const SUB_SYSTEM = '11111111-1111-1111-1111-111111111111';
const { VDS_LT_SIMPLE: SIMPLE, VDS_LT_STRIPE: STRIPE } = VDS_LUN_TYPE;

const newKnowledge = (): Knowledge =>
  new Knowledge({ uniqueName: () => 'name', uniqueIscsiName: () => 'iqn.2026-11.example:name', within: () => true });

test('new LUNs in slabs that are extended by less stay so', () => {
  const knowledge = newKnowledge();
  for (const asked of [64n * MIB, 128n * MIB]) knowledge.created(SUB_SYSTEM, SIMPLE, asked, asked);
  knowledge.extended(SUB_SYSTEM, SIMPLE, 64n * MIB, 81n * MIB);
  knowledge.extended(SUB_SYSTEM, SIMPLE, 81n * MIB, 83n * MIB);
  expect(knowledge.rounded(SUB_SYSTEM, SIMPLE, 96n * MIB + 1n).admits(128n * MIB)).toBe(true);
  expect(knowledge.rounded(SUB_SYSTEM, SIMPLE, 96n * MIB + 1n).admits(192n * MIB)).toBe(false);
  expect(knowledge.changed(SUB_SYSTEM, SIMPLE, 16n * MIB, 83n * MIB).admits(100n * MIB)).toBe(true);
  expect(knowledge.changed(SUB_SYSTEM, SIMPLE, 16n * MIB, 83n * MIB).admits(128n * MIB)).toBe(false);
});

test('LUNs of any size that are extended by slabs stay so, from the first extension on', () => {
  const knowledge = newKnowledge();
  for (const asked of [64n * MIB, 97n * MIB]) knowledge.created(SUB_SYSTEM, SIMPLE, asked, asked);
  expect(knowledge.changed(SUB_SYSTEM, SIMPLE, 16n * MIB, 97n * MIB).admits(161n * MIB)).toBe(true);
  knowledge.extended(SUB_SYSTEM, SIMPLE, 97n * MIB, 161n * MIB);
  expect(knowledge.changed(SUB_SYSTEM, SIMPLE, 16n * MIB, 64n * MIB).admits(128n * MIB)).toBe(true);
  expect(knowledge.changed(SUB_SYSTEM, SIMPLE, 16n * MIB, 64n * MIB).admits(192n * MIB)).toBe(false);
  expect(knowledge.rounded(SUB_SYSTEM, SIMPLE, 96n * MIB + 1n).admits(128n * MIB)).toBe(false);
});

test('LUNs that all have one size, which was not asked for, may have it again, whatever others are rounded to', () => {
  const knowledge = newKnowledge();
  for (const asked of [64n * MIB, 97n * MIB]) knowledge.created(SUB_SYSTEM, SIMPLE, 1024n * MIB, asked);
  for (const size of [1024n * MIB, 1026n * MIB]) knowledge.created(SUB_SYSTEM, STRIPE, size, 64n * MIB);
  expect(knowledge.rounded(SUB_SYSTEM, SIMPLE, 96n * MIB).admits(1024n * MIB)).toBe(true);
  expect(knowledge.rounded(SUB_SYSTEM, SIMPLE, 96n * MIB).admits(2048n * MIB)).toBe(false);
});

test('LUNs have a least size where smaller ones were given it, and above that what was asked for', () => {
  const knowledge = newKnowledge();
  knowledge.created(SUB_SYSTEM, SIMPLE, 1024n * MIB, 64n * MIB);
  for (const asked of [1025n * MIB, 1027n * MIB]) knowledge.created(SUB_SYSTEM, SIMPLE, asked, asked);
  expect(knowledge.rounded(SUB_SYSTEM, SIMPLE, 96n * MIB).admits(1024n * MIB)).toBe(true);
  expect(knowledge.rounded(SUB_SYSTEM, SIMPLE, 96n * MIB).admits(1280n * MIB)).toBe(false);
  expect(knowledge.rounded(SUB_SYSTEM, SIMPLE, 1100n * MIB).admits(1024n * MIB)).toBe(false);
});
