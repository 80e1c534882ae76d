// A subsystem as IVdsConformanceControl::ReadTruth reports it (docs/control-interface.md).
import { portObjects, lunStanding, portStatus, plexStanding, type ArraySubSystem } from './devices.js';
import { contentOf } from './pools.js';
import { plexSize } from './space.js';

/** Its storage pools. */
export const poolsOf = (s: ArraySubSystem): readonly object[] =>
  [...s.pools.values()].map((pool) => {
    const { managed, remaining, luns } = contentOf(s, pool);
    return {
      id: pool.id,
      name: pool.name,
      type: pool.type,
      totalManagedSpace: managed.toString(),
      remainingFreeSpace: remaining.toString(),
      allocatedLuns: luns,
    };
  });

export const truthOf = (s: ArraySubSystem): object => ({
  id: s.id,
  friendlyName: s.friendlyName,
  identification: s.identification,
  status: s.status,
  health: s.health,
  importTarget: s.importTarget,
  luns: [...s.luns.values()].map((l) => ({
    id: l.id,
    size: l.size.toString(),
    friendlyName: l.friendlyName,
    identification: l.identification,
    unmaskingList: l.unmaskingList,
    lunNumber: l.number,
    type: l.type,
    ...lunStanding(s, l),
    plexes: [...l.plexes.values()].map((p) => ({
      id: p.id,
      size: plexSize(p).toString(),
      type: p.type,
      ...plexStanding(s, p),
    })),
    associatedTargets: [...l.targets],
    activeControllers: [...l.controllers],
    ...(portObjects(s).length === 0 ? {} : { activeControllerPorts: [...l.ports] }),
  })),
  drives: [...s.drives.values()]
    .filter((d) => d.present)
    .map((d) => ({
      id: d.id,
      size: d.size.toString(),
      friendlyName: d.friendlyName,
      identification: d.identification,
      internalBusNumber: d.bus,
      slotNumber: d.slot,
      flags: d.flags,
      status: d.status,
      health: d.health,
    })),
  controllers: [...s.controllers.values()].map((c) => ({
    id: c.id,
    friendlyName: c.friendlyName,
    identification: c.identification,
    status: c.status,
    health: c.health,
    ...(c.hasPortObjects ? { controllerPorts: c.ports.map((p) => ({ ...p, status: portStatus(c, p) })) } : {}),
  })),
  portals: [...s.portals.values()].map((p) => ({ id: p.id, status: p.status })),
  targets: [...s.targets.values()].map((t) => ({
    id: t.id,
    iscsiName: t.iscsiName,
    friendlyName: t.friendlyName,
    chapEnabled: t.chapEnabled,
    portalGroups: [...t.groups.values()].map((g) => ({ id: g.id, tag: g.tag, associatedPortals: [...g.portals] })),
  })),
});
