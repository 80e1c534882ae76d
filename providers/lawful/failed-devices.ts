// Devices that do nothing while they have failed: what lists VDS_E_OBJECT_STATUS_FAILED among its codes answers it.
import { UNTOUCHED } from '../../src/contract/codec.js';
import { OBJECT_STATUS } from '../../src/contract/generated/enumerations.js';
import { DEVICE_KINDS } from '../../src/contract/generated/objects.js';
import { HR } from '../../src/contract/hresult.js';
import type { DeviceInterface } from '../../src/contract/objects.js';
import { method, type Handle, type InterfaceName } from '../../src/contract/tables.js';
import type { Port } from '../../src/port/port.js';
import { interfaceOf, type MakeOverrides } from '../defective/override.js';

const KINDS = Object.entries(DEVICE_KINDS) as [DeviceInterface, (typeof DEVICE_KINDS)[DeviceInterface]][];

/** The kinds of device that may have an interface. */
const kindsWith = (name: InterfaceName): readonly DeviceInterface[] =>
  KINDS.flatMap(([kind, { interfaces }]) => (interfaces.some((i) => i.name === name) ? [kind] : []));

async function hasFailed(inner: Port, object: Handle, name: InterfaceName): Promise<boolean> {
  for (const kind of kindsWith(name)) {
    const device = await interfaceOf(inner, object, kind);
    if (device === null) continue;
    const { getter, out } = DEVICE_KINDS[kind].properties[0];
    const reply = await inner.invoke({ object: device, method: getter, args: {} });
    await inner.release(device);
    const properties = reply.out[out] as { readonly status?: number } | null | undefined;
    return properties?.status === OBJECT_STATUS.STATUS_FAILED;
  }
  return false;
}

export const doNothingOnceFailed: MakeOverrides = (inner) => ({
  async invoke(call, next) {
    const { codes, interfaceName, outs, name } = method(call.method);
    const isWrong = name === 'SetStatus' && (call.args as { readonly status?: number }).status === 0;
    if (!codes.includes('VDS_E_OBJECT_STATUS_FAILED') || isWrong) return next();
    if (!(await hasFailed(inner, call.object, interfaceName))) return next();
    return {
      hr: HR.VDS_E_OBJECT_STATUS_FAILED,
      out: Object.fromEntries(outs.map((each) => [each.name, each.type.kind === 'interface' ? null : UNTOUCHED])),
    };
  },
});
