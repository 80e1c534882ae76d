// Arguments that are valid as far as the contract's types can say, for checks that call whatever methods an object has.
import { VDS_LUN_TYPE, VDS_OBJECT_TYPE } from '../../contract/generated/enumerations.js';
import { zeroStructure } from '../../contract/codec.js';
import { PLAUSIBLE_ID } from '../../contract/nobodys-ids.js';
import type { Method, ParamDef, TypeDef } from '../../contract/tables.js';
import { GIB, MIB } from '../../contract/sizes.js';

function plausible(type: TypeDef, param: ParamDef): unknown {
  switch (type.kind) {
    case 'u64':
      return MIB;
    case 'bool':
      return false;
    case 'guid':
      return PLAUSIBLE_ID;
    // 1 is ONLINE, DEFAULT or the first operation in every enumeration that methods take.
    case 'enum':
      return 1;
    case 'wstr':
      return param.name === 'iscsiName' ? 'iqn.2026-11.example.vds-conformance:plausible' : '';
    case 'pointer':
      return param.nullable ? null : plausible(type.to, param);
    case 'struct':
      return zeroStructure(type.name);
    // The IDL does not let a caller leave out what is not nullable.
    case 'array':
      return param.nullable ? null : [];
    case 'bytes':
    case 'interface':
      return null;
    default:
      return 0;
  }
}

/** One value for each in parameter of the method. */
export function plausibleArguments(method: Method): Record<string, unknown> {
  return Object.fromEntries(method.ins.map((p) => [p.name, plausible(p.type, p)]));
}

const isLunType = (p: ParamDef): boolean => p.type.kind === 'enum' && p.type.name === 'VDS_LUN_TYPE';

/** The hints of the largest LUN, which its page does not let be NULL and the IDL does. */
const isHintsOfLargest = (method: Method, p: ParamDef): boolean =>
  method.name.startsWith('QueryMaxLunCreateSize') && p.type.kind === 'pointer' && p.type.to.kind === 'struct';

/** Arguments to which a wrong one is added: a list of drives goes with a type that is not automagic (10.2). */
export function validArguments(method: Method): Record<string, unknown> {
  const args = plausibleArguments(method);
  for (const p of method.ins) {
    // No array's smallest LUN, or piece, is larger by much, and most have room for one.
    if (p.name === 'sizeInBytes' || p.name === 'numberOfBytesToAdd') args[p.name] = GIB;
    if (isLunType(p)) args[p.name] = VDS_LUN_TYPE.VDS_LT_SIMPLE;
    if (isHintsOfLargest(method, p) && p.type.kind === 'pointer') args[p.name] = plausible(p.type.to, p);
    // The type of a provider is not a device's, and the provider may refuse it for that.
    if (method.name === 'GetObject' && p.name === 'type') args[p.name] = VDS_OBJECT_TYPE.VDS_OT_LUN;
  }
  return args;
}
