// What a provider object says about itself, as its properties, the versions that it supports and its type, and whether
// it holds its sink (semantics.md 2 and 3).
import {
  VDS_HWPROVIDER_TYPE,
  VDS_PROVIDER_FLAG,
  VDS_PROVIDER_TYPE,
  VDS_VERSION_SUPPORT_FLAG,
} from '../contract/generated/enumerations.js';
import { everyFlag } from '../contract/flags.js';
import { type Guid, NULL_GUID } from '../contract/guid.js';
import { HR } from '../contract/hresult.js';
import type {
  IVdsHwProviderType,
  IVdsHwProviderType2,
  IVdsProvider,
  IVdsProviderSupport,
} from '../port/generated/typed.js';
import type { Result, VdsObject } from '../port/objects.js';
import { named } from '../port/show-value.js';
import type { Context } from './context.js';

/** Gives the provider's id. */
export async function judgeProviderProperties(ctx: Context, provider: IVdsProvider): Promise<Guid> {
  const result = await provider.getProperties();
  ctx.duties.ok('VDS-3.2a', result);
  const prop = ctx.duties.output('VDS-3.2a', result, 'providerProp');
  ctx.duties.equal(
    'VDS-3.2a',
    'VDS_PROVIDER_PROP.type',
    named('VDS_PROVIDER_TYPE', prop.type),
    named('VDS_PROVIDER_TYPE', VDS_PROVIDER_TYPE.VDS_PT_HARDWARE),
    result,
  );
  ctx.duties.holds('VDS-3.2c', prop.name !== null && prop.name !== '', 'VDS_PROVIDER_PROP.pwszName is empty', result);
  ctx.duties.holds('VDS-3.2c', prop.version !== null, 'VDS_PROVIDER_PROP.pwszVersion is NULL', result);
  ctx.duties.holds('VDS-4.2a', prop.id !== NULL_GUID, 'VDS_PROVIDER_PROP.id is GUID_NULL', result);
  ctx.duties.holds('VDS-3.11', prop.versionId !== NULL_GUID, 'VDS_PROVIDER_PROP.guidVersionId is GUID_NULL', result);
  ctx.duties.holds(
    'VDS-3.11',
    (prop.flags & ~VDS_PROVIDER_FLAG.VDS_PF_INTERNAL_HARDWARE_PROVIDER) === 0,
    `VDS_PROVIDER_PROP.ulFlags is 0x${prop.flags.toString(16)}, which has flags of software providers`,
    result,
  );
  return prop.id;
}

export async function judgeVersionSupport(ctx: Context, support: IVdsProviderSupport): Promise<void> {
  const result = await support.getVersionSupport();
  ctx.duties.ok('VDS-3.3a', result);
  const flags = ctx.duties.output('VDS-3.3a', result, 'versionSupport');
  const known = everyFlag(VDS_VERSION_SUPPORT_FLAG);
  ctx.duties.holds(
    'VDS-3.3a',
    flags !== 0 && (flags & ~known) === 0,
    `*ulVersionSupport is 0x${flags.toString(16)}, and its flags are within 0x${known.toString(16)}`,
    result,
  );
  ctx.duties.equal(
    'VDS-3.3a',
    '*ulVersionSupport the second time',
    ctx.duties.output('VDS-3.3a', await support.getVersionSupport(), 'versionSupport'),
    flags,
    result,
  );
}

export async function judgeProviderType(ctx: Context, own: IVdsHwProviderType): Promise<void> {
  const result = await own.getProviderType();
  ctx.duties.ok('VDS-3.3c', result);
  const type = ctx.duties.output('VDS-3.3c', result, 'type');
  ctx.duties.holds(
    'VDS-3.3c',
    (Object.values(VDS_HWPROVIDER_TYPE) as number[]).includes(type),
    `*pType is ${type}, none of the VDS_HWT values`,
    result,
  );
  ctx.duties.equal(
    'VDS-3.3c',
    '*pType the second time',
    ctx.duties.output('VDS-3.3c', await own.getProviderType(), 'type'),
    type,
    result,
  );
}

/** Those that were there before GetProviderType2. */
const OLD_TYPES: ReadonlySet<number> = new Set([
  VDS_HWPROVIDER_TYPE.VDS_HWT_UNKNOWN,
  VDS_HWPROVIDER_TYPE.VDS_HWT_PCI_RAID,
  VDS_HWPROVIDER_TYPE.VDS_HWT_FIBRE_CHANNEL,
  VDS_HWPROVIDER_TYPE.VDS_HWT_ISCSI,
]);

/** The type by the second version, each time the same; beside the first one where the provider has that. */
export async function judgeProviderType2(
  ctx: Context,
  second: IVdsHwProviderType2,
  first: IVdsHwProviderType | null,
): Promise<void> {
  for (let time = 0; time < 2; time++) {
    const result = await second.getProviderType2();
    if (result.hr === HR.VDS_E_NOT_SUPPORTED) return;
    const type = ctx.duties.output('VDS-3.3b', result, 'type');
    ctx.duties.holds(
      'VDS-3.3b',
      Object.values(VDS_HWPROVIDER_TYPE).includes(type as never),
      `GetProviderType2 answered ${type}, which VDS_HWPROVIDER_TYPE does not have`,
      result,
    );
    ctx.duties.reading('the type of provider by GetProviderType2', String(type), 'VDS-3.3b');
    if (first === null) continue;
    // Where it differs, the older method answers a type that older clients know.
    const old = ctx.duties.output('VDS-3.3c', await first.getProviderType(), 'type');
    ctx.duties.holds(
      'VDS-3.3b',
      old === type || OLD_TYPES.has(old),
      `GetProviderType answered ${old} and GetProviderType2 ${type}; ` +
        'expected the same, or a type that older clients know',
      result,
    );
  }
}

/** How many references are held to a sink beside the caller's own. */
export async function heldBy(sink: VdsObject): Promise<number> {
  await sink.addRef();
  return (await sink.release()) - 1;
}

/** A loaded provider object needs its sink for as long as it may notify. Nothing where references are not counted. */
export async function judgeSinkIsHeld(
  ctx: Context,
  sink: VdsObject,
  when: string,
  result?: Result<object>,
): Promise<void> {
  if (!ctx.session.capabilities.releaseCounts) return;
  ctx.duties.holds(
    'VDS-2.3c',
    (await heldBy(sink)) > 0,
    `${when} the provider holds no reference to the sink, which it needs as long as it may notify`,
    result,
  );
}
