// The survivors that say nothing against the suite, each with the reason; docs/mutation.md says how to read them.
import type { Explanation } from './explanation.js';

const OBJECTS = 'providers/in-memory/objects';
const CACHE = 'providers/in-memory/cache';

export const EXPLAINED: readonly Explanation[] = [
  {
    file: `${OBJECTS}/provider.ts`,
    source: 'protected reenumerated = false;',
    kind: 'equivalent',
    why: 'OnLoad sets it to false, and Refresh is refused until then.',
  },
  {
    file: `${OBJECTS}/provider.ts`,
    source: 'private askWhileLoading(): void {',
    kind: 'lawful',
    why: 'A provider may load while its array answers with errors, from what it knows.',
  },
  {
    file: `${OBJECTS}/provider.ts`,
    source: String.raw`const DEVICE_PATH = /^\\\\\?\\vdsc#([0-9a-f]{32})$/i;`,
    kind: 'lawful',
    why:
      'How a device path reads is the own affair of whoever makes it, and ' +
      'QueryIfCreatedLun may go by the other argument.',
  },
  {
    file: `${OBJECTS}/provider.ts`,
    source:
      String.raw`parseGuid(digits?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') ?? '')` +
      ' ?? NULL_GUID;',
    mutator: 'LogicalOperator',
    kind: 'lawful',
    why:
      'QueryIfCreatedLun may go by the path alone (VDS-3.6b), and no path ' +
      'of a LUN of the provider is known to the suite.',
  },
  ...['naming.ts', 'mask.ts'].map((name): Explanation => ({
    file: `${OBJECTS}/${name}`,
    source: 'if (given === null) throw new Failure(HR.E_INVALIDARG);',
    kind: 'lawful',
    why: 'No page says what NULL for a required string does, and a proxy of COM does not let it through.',
  })),
  {
    file: `${OBJECTS}/naming.ts`,
    source: 'if (given.length <= LONGEST) return { friendlyName: given, hr: HR.S_OK };',
    replacement: 'true',
    kind: 'lawful',
    why: 'A provider may keep names of any length.',
  },
  {
    file: `${OBJECTS}/lun.ts`,
    source: 'return this.operation(OUT.VDS_ASYNCOUT_RECOVERLUN, () => {',
    mutator: 'BlockStatement',
    kind: 'lawful',
    why: 'By its page most subsystems recover by themselves; what must have become of a failed plex, no page says.',
  },
  {
    file: `${OBJECTS}/drive.ts`,
    source: 'if (isInUse(subSystem, this.id)) throw new Failure(HR.VDS_E_NOT_SUPPORTED);',
    replacement: 'true',
    kind: 'lawful',
    why: 'A provider need not have hot spares, and may say so of every drive.',
  },
  ...[{ mutator: 'LogicalOperator' }, { original: 'count <= 0' }, { original: 'count > ids.length' }].map(
    (which): Explanation => ({
      file: `${OBJECTS}/id-lists.ts`,
      source: 'if (ids === null ? count !== 0 : count <= 0 || count > ids.length) throw new Failure(HR.E_INVALIDARG);',
      ...which,
      kind: 'lawful',
      why: 'By COM a provider cannot know where a list ends, and a list with the count 0 is open.',
    }),
  ),
  {
    file: `${CACHE}/records.ts`,
    source: 'a.offset < b.offset ? -1 : 1,',
    kind: 'lawful',
    why: 'The order in which a drive lists its extents is open.',
  },
  ...['plex: [],', 'drive: [],', "'portal-group': [],", "'storage-pool': [],"].map((source): Explanation => ({
    file: `${CACHE}/records.ts`,
    source,
    replacement: '["Stryker was here"]',
    kind: 'equivalent',
    why: 'The mutant names a member that no record has.',
  })),
  {
    file: `${CACHE}/inventory.ts`,
    source: 'return [];',
    replacement: '["Stryker was here"]',
    kind: 'equivalent',
    why: 'The mutant adds an id that nothing has, and what is not there and was not known concerns nobody.',
  },
  ...[
    ['target', 'IVdsIscsiTarget.CreatePortalGroup'],
    ['target', 'IVdsIscsiTarget.Delete'],
    ['target', 'IVdsIscsiTarget.SetFriendlyName'],
    ['target', 'IVdsIscsiTarget.SetSharedSecret'],
    ['target', 'IVdsIscsiTarget.RememberInitiatorSharedSecret'],
    ['portal-group', 'IVdsIscsiPortalGroup.AddPortal'],
    ['portal-group', 'IVdsIscsiPortalGroup.RemovePortal'],
    ['portal-group', 'IVdsIscsiPortalGroup.Delete'],
  ].map(([name, method]): Explanation => ({
    file: `${OBJECTS}/${name}.ts`,
    original: `'${method}'`,
    kind: 'equivalent',
    why: 'Which method asks matters where the device has failed, and one without a status never has.',
  })),
  ...[String.raw`/(.{8})(.{4})(.{4})(.{4})(.{12})$/`, String.raw`/^(.{8})(.{4})(.{4})(.{4})(.{12})/`].map(
    (replacement): Explanation => ({
      file: `${OBJECTS}/provider.ts`,
      mutator: 'Regex',
      replacement,
      kind: 'equivalent',
      why: 'Digits with something before or behind them make no GUID either way.',
    }),
  ),
  {
    file: `${OBJECTS}/provider.ts`,
    mutator: 'EqualityOperator',
    original: 'path === null',
    kind: 'lawful',
    why: 'QueryIfCreatedLun may go by the identification data alone (VDS-3.6b).',
  },
  ...[
    { file: `${OBJECTS}/provider.ts`, source: 'this.loaded = false;' },
    {
      file: `${OBJECTS}/object.ts`,
      source: 'if (!this.provider.loaded) return HR.VDS_E_INITIALIZE_NOT_CALLED;',
      replacement: 'false',
    },
  ].map((which): Explanation => ({
    ...which,
    kind: 'lawful',
    why: 'No page says what objects answer after OnUnload, when the service lets go of them.',
  })),
  {
    file: `${OBJECTS}/object.ts`,
    source:
      "return codes.includes('VDS_E_OBJECT_STATUS_FAILED') && !WITH_FAILED.has(short) && !short.startsWith('Query');",
    mutator: 'LogicalOperator',
    original: "codes.includes('VDS_E_OBJECT_STATUS_FAILED') && !WITH_FAILED.has(short)",
    kind: 'lawful',
    why: 'What a failed device cannot do is open: Delete, Recover and SetStatus have the code, too (VDS-7.3).',
  },
  {
    file: `${CACHE}/records.ts`,
    source:
      'const extents = [...used, ...gaps(drive, used).map((e) => ({ ...e, plex: null, lun: null }))].sort((a, b) =>',
    mutator: 'MethodExpression',
    kind: 'lawful',
    why: 'The order in which a drive lists its extents is open.',
  },
  {
    file: `${CACHE}/records.ts`,
    source: "portal: ['groups'],",
    kind: 'lawful',
    why: 'Whether a portal is modified when a group takes it in, no page says.',
  },
  {
    file: `${CACHE}/inventory.ts`,
    source: 'return payload === undefined ? undefined : decode(payload, kind);',
    replacement: 'true',
    kind: 'equivalent',
    why: 'More devices are looked at than are concerned, and those that are as they were stay so.',
  },
  {
    file: `${CACHE}/inventory.ts`,
    source: 'const devices: Guid[] = [];',
    kind: 'equivalent',
    why: 'The mutant adds an id that nothing has.',
  },
  {
    file: `${CACHE}/history.ts`,
    kind: 'equivalent',
    why: 'Only the fault that brings back an earlier entry reads it.',
  },
  {
    file: `${CACHE}/inventory.ts`,
    source: 'if (before === encode(after)) continue;',
    replacement: 'false',
    kind: 'equivalent',
    why: 'What is as it was is written again.',
  },
  ...['if (parsed.size >= MOST_PARSED) parsed.clear();', 'const MOST_PARSED = 4096;'].map((source): Explanation => ({
    file: `${CACHE}/records.ts`,
    source,
    kind: 'equivalent',
    why: 'How many records are kept decoded shows in time and memory only.',
  })),
  {
    file: `${CACHE}/cache.ts`,
    source: 'if (slot !== undefined) this.discard(slot);',
    replacement: 'false',
    kind: 'equivalent',
    why: 'Bytes that nothing refers to any more are not used again.',
  },
  {
    file: `${CACHE}/records.ts`,
    source: "subsystem: ['drives', 'controllers', 'portals', 'luns', 'targets', 'storagePools', 'importTarget'],",
    kind: 'lawful',
    why: 'A subsystem may be announced as modified by whatever changes in it.',
  },
  ...[
    { source: 'if (device.parent === null) {', mutator: 'BlockStatement' },
    { source: 'if (this.cache.isSound(DIRECTORY))' },
    { source: 'this.writeDirectory(this.directory().subSystems.filter((id) => id !== device.id));' },
  ].map((which): Explanation => ({
    file: `${CACHE}/inventory.ts`,
    ...which,
    kind: 'lawful',
    why: 'A list of subsystems with one that has gone is a corrupt cache, which the pair repairs.',
  })),
  {
    file: `${CACHE}/records.ts`,
    source: 'const listed = (ids: Iterable<Guid>): readonly Guid[] => [...ids].filter(known);',
    replacement: '[...ids]',
    kind: 'lawful',
    why: 'An entry that lists what the provider has not met yet is a corrupt cache, which the pair repairs.',
  },
];
