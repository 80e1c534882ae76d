// Lawful readings of IVdsSubSystemImportTarget.
import { VDS_ASYNC_OUTPUT_TYPE } from '../../../src/contract/generated/enumerations.js';
import { formatGuidBraced, NULL_GUID, parseGuid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { lacks, overriding, together } from '../../defective/answers.js';
import type { ImportTargetDialect } from '../../in-memory/objects/import-target.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import type { Variant } from '../variant.js';

/** Takes object ids in one form, GUID_NULL in that form alone. */
const inForm = (write: (id: string) => string): new () => ImportTargetDialect =>
  class {
    parse(given: string | null): string | null | undefined {
      if (given === null) return undefined;
      const id = parseGuid(given);
      if (id === undefined || given.toLowerCase() !== write(id).toLowerCase()) return undefined;
      return id === NULL_GUID ? null : given;
    }
  };

/** Keeps whatever it is given and acts on object ids. */
class KeepsAnything implements ImportTargetDialect {
  parse(given: string | null): string | null | undefined {
    return given === null || given === '' || parseGuid(given) === NULL_GUID ? null : given;
  }
}

class ForgetsAtUnload extends ProviderObject {
  protected override onUnload(): ReturnType<ProviderObject['onUnload']> {
    for (const subSystem of this.array.subSystems.values()) subSystem.importTarget = null;
    return super.onUnload();
  }
}

class TakesTheSettingAlong extends TargetObject {
  protected override operation(
    ...[type, commit, abandon]: Parameters<TargetObject['operation']>
  ): ReturnType<TargetObject['operation']> {
    const { target, subSystem } = this.reach();
    const commitAll = (): ReturnType<typeof commit> => {
      const made = commit();
      if (type === VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_DELETETARGET && subSystem.importTarget === target.iscsiName) {
        subSystem.importTarget = null;
        this.provider.learn(subSystem.id);
      }
      return made;
    };
    return super.operation(type, commitAll, abandon);
  }
}

const isOfAnotherClass = (name: string | null): boolean =>
  name !== null && (/^(?:eui|naa)\./i.test(name) || /[^\x20-\x7e]/.test(name) || Buffer.byteLength(name) > 200);

export const IMPORT_TARGET: readonly Variant[] = [
  {
    name: 'ids-in-braces-only',
    says: 'SetImportTarget takes object ids in braces, as CLSIDFromString does, GUID_NULL as well, and refuses NULL.',
    parts: { ImportTargetDialect: inForm(formatGuidBraced) },
  },
  {
    name: 'ids-without-braces-only',
    says: 'SetImportTarget takes object ids without braces, GUID_NULL as well, and refuses NULL.',
    parts: { ImportTargetDialect: inForm((id) => id) },
  },
  {
    name: 'keeps-any-import-target',
    says:
      'SetImportTarget keeps any string, and an import goes by an object id or a name: whether the value names a ' +
      'target is open.',
    parts: { ImportTargetDialect: KeepsAnything },
  },
  {
    name: 'string-after-a-failure',
    says:
      'GetImportTarget hands out an empty string along with ' +
      'VDS_E_NO_IMPORT_TARGET, which its page does not rule out.',
    overrides: overriding('IVdsSubSystemImportTarget.GetImportTarget', () => async (_call, next) => {
      const reply = await next();
      return reply.hr === HR.VDS_E_NO_IMPORT_TARGET ? { ...reply, out: { iscsiName: '' } } : reply;
    }),
  },
  {
    name: 'import-target-not-supported-after-arguments',
    says:
      'Does not support import targets, and looks at the value first: a ' +
      'value that names no target is an invalid request.',
    decides: ['import target'],
    overrides: together(
      lacks('IVdsSubSystemImportTarget.GetImportTarget', HR.VDS_E_NOT_SUPPORTED),
      lacks('IVdsSubSystemImportTarget.SetImportTarget', HR.E_INVALIDARG),
    ),
  },
  {
    name: 'import-target-goes-at-unload',
    says: 'Keeps the import target for as long as the provider is loaded: how long it lasts is not said.',
    finds: ['VDS-1.8'],
    everywhere: true,
    parts: { Provider: ForgetsAtUnload },
  },
  {
    name: 'import-target-goes-with-its-target',
    says: 'Clears the import target when the target that it names is deleted.',
    parts: { Target: TakesTheSettingAlong },
  },
  {
    name: 'iqn-names-only',
    says: 'Takes targets under iqn. names of ASCII letters only, and refuses the other classes.',
    overrides: together(
      lacks('IVdsSubSystemIscsi.CreateTarget', HR.E_INVALIDARG, ({ iscsiName }) => isOfAnotherClass(iscsiName)),
      lacks('IVdsSubSystemImportTarget.SetImportTarget', HR.E_INVALIDARG, ({ iscsiName }) =>
        isOfAnotherClass(iscsiName),
      ),
    ),
  },
];
