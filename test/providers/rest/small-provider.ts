// A provider small enough to see through, with one method for each kind of value that a transport can get wrong.
import { HR } from '../../../src/contract/hresult.js';
import { zeroStructure } from '../../../src/contract/codec.js';
import type { VDS_LUN_PROP, VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import { interfaceDef, type Handle, type InterfaceName } from '../../../src/contract/tables.js';
import { ObjectServer, Servant, type InterfaceMap, type Sink } from '../../../src/port/object-server.js';
import type { Capabilities, OpenOptions, Port, ProviderAdapter } from '../../../src/port/port.js';

export const ID = '11111111-2222-3333-4444-555555555555';
export const U64_MAX = 0xffffffffffffffffn;

export const lunEvent = (event: number): VDS_NOTIFICATION => ({ objectType: 33, lun: { event, lunId: ID } });

class SmallProvider extends Servant {
  sink: Sink | undefined;
  importTarget: string | null = null;
  lastKey: Uint8Array | null = null;
  lastSize = 0n;
  nullOuts: readonly string[] = [];
  released = 0;
  /** The gate that Reenumerate waits for, and how many are waiting. */
  scan: Promise<void> = Promise.resolve();
  scanning = 0;
  mostScanning = 0;

  readonly interfaces: InterfaceMap = {
    IVdsProviderPrivate: {
      OnLoad: ({ callbackObject }) => {
        this.sink = (callbackObject as Sink | null) ?? undefined;
        this.sink?.addRef();
        return { hr: HR.S_OK };
      },
    },
    IVdsHwProvider: {
      QuerySubSystems: () => ({ hr: HR.S_OK, out: { enum: this } }),
      Reenumerate: async () => {
        this.scanning += 1;
        this.mostScanning = Math.max(this.mostScanning, this.scanning);
        await this.scan;
        this.scanning -= 1;
        return { hr: HR.S_OK };
      },
      Refresh: () => ({ hr: HR.VDS_E_PROVIDER_CACHE_CORRUPT }),
    },
    IEnumVdsObject: {
      Next: ({ celt }) => ({
        hr: HR.S_OK,
        out: { objectArray: Array.from({ length: celt }, () => this), fetched: celt },
      }),
    },
    IVdsSubSystemImportTarget: {
      GetImportTarget: () => ({ hr: HR.S_OK, out: { iscsiName: this.importTarget } }),
      SetImportTarget: ({ iscsiName }) => {
        this.importTarget = iscsiName;
        return { hr: HR.S_OK };
      },
    },
    IVdsSubSystemIscsi: {
      SetIpsecGroupPresharedKey: ({ ipsecKey }) => {
        this.lastKey = ipsecKey?.key ?? null;
        return { hr: HR.S_OK };
      },
    },
    IVdsLun: {
      GetProperties: (_, { nullOuts }) => {
        this.nullOuts = [...nullOuts];
        return {
          hr: HR.S_OK,
          out: nullOuts.has('lunProp')
            ? {}
            : { lunProp: zeroStructure<VDS_LUN_PROP>('VDS_LUN_PROP', { size: U64_MAX }) },
        };
      },
      QueryPlexes: () => ({ hr: HR.VDS_E_OBJECT_DELETED, out: { enum: null } }),
      QueryMaxLunExtendSize: () => ({ hr: HR.S_OK, out: { maxBytesToBeAdded: U64_MAX } }),
      Extend: ({ numberOfBytesToAdd }) => {
        this.lastSize = numberOfBytesToAdd;
        return { hr: HR.VDS_E_NOT_ENOUGH_SPACE };
      },
    },
  };

  override onFinalRelease(): void {
    this.released += 1;
  }
}

/** An adapter of one SmallProvider for all its sessions, and what its sessions were asked for. */
export class SmallAdapter implements ProviderAdapter {
  readonly name = 'small';
  readonly provider = new SmallProvider();
  readonly opened: OpenOptions[] = [];
  readonly terminated: string[] = [];
  closed = 0;

  constructor(private readonly capabilities: Partial<Capabilities> = {}) {}

  async open(options: OpenOptions): Promise<Port> {
    this.opened.push(options);
    const port = new ObjectServer({
      create: () => this.provider,
      capabilities: this.capabilities,
      close: () => {
        this.closed += 1;
      },
    });
    port.terminate = async (reason?: string) => {
      this.terminated.push(reason ?? '');
    };
    return port;
  }
}

/** A new provider object's pointer to one of its interfaces. */
export async function pointer(port: Port, name: InterfaceName): Promise<Handle> {
  const unknown = await port.createInstance();
  const { object } = await port.queryInterface(unknown, interfaceDef(name).iid, name);
  if (object === null) throw new Error(`no ${name}`);
  return object;
}
