// IPsec of portals and subsystems, which no provider supports.
import { HR } from '../../contract/hresult.js';
import { command, type Command } from '../command.js';
import type { Kind } from '../state.js';

const unsupported = (
  name: string,
  on: Kind,
  method: Command['method'],
  args: Readonly<Record<string, unknown>>,
): Command =>
  command({
    name,
    method,
    on,
    requirement: 'VDS-7.8a',
    touches: ['ipsec'],
    requests: ({ item, knowledge }) => (knowledge.mayUse(item) ? [{ args, how: '' }] : []),
    refusal: { requirement: 'VDS-7.8a', codes: [HR.VDS_E_NOT_SUPPORTED], because: 'which no provider supports' },
  });

export const IPSEC_COMMANDS: readonly Command[] = [
  unsupported('set-ipsec-tunnel', 'IVdsIscsiPortal', 'IVdsIscsiPortal.SetIpsecTunnelAddress', {
    tunnelAddress: null,
    destinationAddress: null,
  }),
  unsupported('set-ipsec-security', 'IVdsIscsiPortal', 'IVdsIscsiPortal.SetIpsecSecurity', {
    initiatorPortalAddress: null,
    securityFlags: 0n,
    ipsecKey: null,
  }),
  unsupported('set-ipsec-security-local', 'IVdsIscsiPortal', 'IVdsIscsiPortalLocal.SetIpsecSecurityLocal', {
    securityFlags: 0n,
    ipsecKey: null,
  }),
  unsupported('set-ipsec-group-key', 'IVdsSubSystem', 'IVdsSubSystemIscsi.SetIpsecGroupPresharedKey', {
    ipsecKey: null,
  }),
];
