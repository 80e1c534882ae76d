// IPsec of portals and subsystems (semantics.md 12).
import { type Check, portals } from '../../src/checks/index.js';
import { HR, type VDS_IPADDRESS, VDS_IPADDRESS_TYPE, zeroStructure } from '../../src/contract/index.js';

export const ipsecChecks: readonly Check[] = [
  {
    id: 'iscsi.ipsec-of-portals',
    title: 'The IPsec methods of a portal answer VDS_E_NOT_SUPPORTED',
    requirements: ['VDS-7.8a'],
    cost: { calls: 10, recoveries: 0 },
    async run(ctx) {
      const [{ portal }] = await portals(ctx, await ctx.system.subSystem());
      const address = zeroStructure<VDS_IPADDRESS>('VDS_IPADDRESS', {
        type: VDS_IPADDRESS_TYPE.VDS_IPT_IPV4,
        ipv4Address: 0xc0000201,
        port: 3260,
      });
      const calls = [
        await portal.setIpsecTunnelAddress({ tunnelAddress: address, destinationAddress: address }),
        await portal.getIpsecSecurity({ initiatorPortalAddress: address }),
        await portal.setIpsecSecurity({ initiatorPortalAddress: address, securityFlags: 0n, ipsecKey: null }),
      ];
      for (const result of calls)
        ctx.duties.code(
          'VDS-7.8a',
          result,
          HR.VDS_E_NOT_SUPPORTED,
          'although its page says that it is never supported',
        );
      const local = await portal.as('IVdsIscsiPortalLocal');
      if (local !== null)
        ctx.duties.code(
          'VDS-7.8a',
          await local.setIpsecSecurityLocal({ securityFlags: 0n, ipsecKey: null }),
          HR.VDS_E_NOT_SUPPORTED,
          'although its page says that it is never supported',
        );
    },
  },
  {
    id: 'iscsi.ipsec-of-the-subsystem',
    title: 'SetIpsecGroupPresharedKey answers VDS_E_NOT_SUPPORTED, with a key and without',
    requirements: ['VDS-7.8a'],
    cost: { calls: 6, recoveries: 0 },
    async run(ctx) {
      const iscsi = await ctx.system.iscsi(await ctx.system.subSystem());
      for (const ipsecKey of [null, { key: new Uint8Array(16).fill(0x61), keySize: 16 }]) {
        ctx.duties.code(
          'VDS-7.8a',
          await iscsi.setIpsecGroupPresharedKey({ ipsecKey }),
          HR.VDS_E_NOT_SUPPORTED,
          'although its page says that it is never supported',
        );
      }
    },
  },
];
