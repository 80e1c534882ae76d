// Defects of controllers and their ports.
import { VDS_CONTROLLER_STATUS, VDS_HEALTH } from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import { CacheCorrupt } from '../../in-memory/failure.js';
import { StorageArray } from '../../in-memory/array/array.js';
import { ControllerObject } from '../../in-memory/objects/controller.js';
import { asks, overriding, pretends, reports, unavailable } from '../answers.js';
import type { Defect } from '../defect.js';
import { ask, given, type MakeOverrides } from '../override.js';

class PendingFailure extends StorageArray {
  protected override build(): void {
    super.build();
    for (const { controllers } of this.subSystems.values())
      for (const controller of controllers.values()) controller.health = VDS_HEALTH.VDS_H_PENDING_FAILURE;
  }
}

class NoAssociatedLuns extends ControllerObject {
  protected override queryAssociatedLuns(): ReturnType<ControllerObject['queryAssociatedLuns']> {
    this.touch();
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate([]) } };
  }
}

class CacheCorruptForUnknownPorts extends ControllerObject {
  protected override getPortProperties(portNumber: number): ReturnType<ControllerObject['getPortProperties']> {
    const { builtInPorts, ports } = this.read();
    if (portNumber < 0 || portNumber >= builtInPorts.length + ports.length) throw new CacheCorrupt();
    return super.getPortProperties(portNumber);
  }
}

const staysOffline: MakeOverrides = (inner) => ({
  methods: {
    'IVdsController.Reset': async (call, next) => {
      const reply = await next();
      await ask(inner, call.object, 'IVdsController.SetStatus', { status: VDS_CONTROLLER_STATUS.VDS_CS_OFFLINE });
      return reply;
    },
  },
});

export const CONTROLLERS: readonly Defect[] = [
  {
    name: 'controller-health-of-a-drive',
    breaks: ['VDS-10.14'],
    noticedBy: ['controllers.health'],
    says: "A controller's health is PENDING_FAILURE, which only drives have.",
    parts: { StorageArray: PendingFailure },
  },
  {
    name: 'unknown-ports-are-a-corrupt-cache',
    breaks: ['VDS-5.6'],
    noticedBy: ['interactions.equipment'],
    says: 'GetPortProperties answers VDS_E_PROVIDER_CACHE_CORRUPT for the number of a port that there is not.',
    parts: { Controller: CacheCorruptForUnknownPorts },
  },
  {
    name: 'controller-status-unknown-accepted',
    breaks: ['VDS-7.6'],
    noticedBy: ['controllers.status-unknown'],
    says: 'SetStatus of a controller answers S_OK for UNKNOWN.',
    overrides: pretends('IVdsController.SetStatus', ({ status }) => status === 0),
  },
  {
    name: 'controller-set-status-does-nothing',
    breaks: ['VDS-7.6b'],
    noticedBy: ['controllers.offline-is-listed'],
    says: 'SetStatus of a controller answers S_OK and leaves the status.',
    overrides: pretends('IVdsController.SetStatus', ({ status }) => status !== 0),
  },
  {
    name: 'flush-cache-e-notimpl',
    breaks: ['VDS-10.13d'],
    noticedBy: ['controllers.flush-cache'],
    says: 'FlushCache answers E_NOTIMPL.',
    overrides: unavailable('IVdsController.FlushCache', HR.E_NOTIMPL),
  },
  {
    name: 'failed-controller-does-not-name-its-subsystem',
    breaks: ['VDS-7.3b'],
    noticedBy: ['faults.fail-status.controller'],
    says: 'GetSubSystem of a controller in failed status answers E_FAIL.',
    overrides: (inner) => ({
      methods: {
        'IVdsController.GetSubSystem': async (call, next) => {
          const { out } = await ask(inner, call.object, 'IVdsController.GetProperties', {});
          const failed = given(out.controllerProp)?.status === VDS_CONTROLLER_STATUS.VDS_CS_FAILED;
          return failed ? { hr: HR.E_FAIL, out: { subSystem: null } } : next();
        },
      },
    }),
  },
  {
    name: 'flush-cache-of-a-failed-controller-s-false',
    breaks: ['VDS-7.3'],
    noticedBy: ['faults.fail-status.controller'],
    says: 'FlushCache of a controller in failed status answers S_FALSE, a success that no page gives a meaning.',
    overrides: overriding('IVdsController.FlushCache', () => async (_call, next) => {
      const reply = await next();
      return reply.hr === HR.VDS_E_OBJECT_STATUS_FAILED ? { hr: HR.S_FALSE, out: {} } : reply;
    }),
  },
  {
    name: 'invalidate-cache-e-fail',
    breaks: ['VDS-10.13d'],
    noticedBy: ['controllers.invalidate-cache'],
    says: 'InvalidateCache answers E_FAIL.',
    overrides: unavailable('IVdsController.InvalidateCache', HR.E_FAIL),
  },
  {
    name: 'reset-leaves-the-controller-offline',
    breaks: ['VDS-10.13d'],
    noticedBy: ['controllers.reset'],
    says: 'A controller that was reset stays offline.',
    overrides: staysOffline,
  },
  {
    name: 'port-ids-made-anew',
    breaks: ['VDS-4.2b'],
    noticedBy: ['controllers.ports'],
    says: 'GetPortProperties makes up another id each time.',
    overrides: reports('IVdsController.GetPortProperties', () => {
      let times = 0;
      return ({ portProp }) => ({
        portProp: { ...portProp, id: `${(++times).toString(16).padStart(8, '0')}${portProp.id.slice(8)}` },
      });
    }),
  },
  {
    name: 'port-ids-not-unique',
    breaks: ['VDS-4.2f'],
    noticedBy: ['controllers.ports'],
    strict: true,
    says: 'The first port of every controller has the same id.',
    overrides: reports('IVdsController.GetPortProperties', () => {
      let first: string | undefined;
      return ({ portProp }) => ({ portProp: { ...portProp, id: (first ??= portProp.id) } });
    }),
  },
  {
    name: 'every-port-number-is-the-first',
    breaks: ['VDS-4.1a'],
    noticedBy: ['controllers.no-such-port'],
    says: 'GetPortProperties reports the first port for any number.',
    overrides: asks('IVdsController.GetPortProperties', () => ({ portNumber: 0 })),
  },
  {
    name: 'controller-reports-no-luns',
    breaks: ['VDS-4.1a'],
    noticedBy: ['controllers.associated-luns'],
    says: 'QueryAssociatedLuns of a controller lists nothing, also where LUNs are active on it.',
    parts: { Controller: NoAssociatedLuns },
  },
  {
    name: 'no-port-e-pointer',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['controllers.no-such-port'],
    says: 'GetPortProperties answers E_POINTER for a port that there is not.',
    overrides: overriding(
      'IVdsController.GetPortProperties',
      () => async (call, next) => (call.args.portNumber === 0 ? next() : { hr: HR.E_POINTER, out: {} }),
    ),
  },
];
