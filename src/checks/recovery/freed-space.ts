// What becomes free when LUNs vanish, as far as their extents tell.
import type { VDS_DRIVE_EXTENT } from '../../contract/generated/structures.js';
import { NULL_GUID, type Guid } from '../../contract/guid.js';
import type { Members, Observation } from '../../truth/observation.js';

/** Counts the space of vanished LUNs as free. How much a thin one had set aside is not known. */
export function freed(members: Members, gone: ReadonlySet<Guid>, thin: ReadonlySet<Guid>): Members {
  const { extents, ...others } = members;
  if (!Array.isArray(extents)) return members;
  if (extents.some(({ lunId }: VDS_DRIVE_EXTENT) => gone.has(lunId) && thin.has(lunId))) return others;
  const free = extents.map((extent: VDS_DRIVE_EXTENT) =>
    gone.has(extent.lunId) ? { ...extent, lunId: NULL_GUID, used: false } : extent,
  );
  return { ...members, extents: free };
}

/** The LUNs that have less of all drives than their size. */
export function thinLuns({ objects }: Observation): ReadonlySet<Guid> {
  const held = new Map<Guid, bigint>();
  for (const { kind, members } of objects.values())
    if (kind === 'IVdsDrive' && Array.isArray(members['extents']))
      for (const { lunId, size, used } of members['extents'] as readonly VDS_DRIVE_EXTENT[])
        if (used) held.set(lunId, (held.get(lunId) ?? 0n) + size);
  return new Set([...held].flatMap(([id, bytes]) => (bytes < Number(objects.get(id)?.members['size']) ? [id] : [])));
}
