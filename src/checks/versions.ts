// The versions of VDS that a provider says it supports: what came with a later one, nothing obliges it to have.
import { VDS_VERSION_SUPPORT_FLAG } from '../contract/generated/enumerations.js';
import type { Context } from './context.js';

/** Whether the provider says that it supports a version. One without IVdsProviderSupport is of version 1.0. */
export async function supportsVersion(ctx: Context, version: keyof typeof VDS_VERSION_SUPPORT_FLAG): Promise<boolean> {
  const support = await ctx.system.unknown.as('IVdsProviderSupport');
  if (support === null) return version === 'VDS_VSF_1_0';
  const { versionSupport } = (await support.getVersionSupport()).out;
  return typeof versionSupport === 'number' && (versionSupport & VDS_VERSION_SUPPORT_FLAG[version]) !== 0;
}
