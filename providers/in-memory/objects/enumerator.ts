// IEnumVdsObject: a snapshot of objects of one kind. Devices that come later are not in it; those that go answer
// VDS_E_OBJECT_DELETED.
import { HR } from '../../../src/contract/hresult.js';
import type { Answer, InterfaceMap, Servant } from '../../../src/port/object-server.js';
import { HelperObject } from './object.js';
import type { ProviderInstance } from './instance.js';

export class Enumerator extends HelperObject {
  readonly interfaces: InterfaceMap = {
    IEnumVdsObject: {
      Next: ({ celt }) => this.next(celt),
      Skip: ({ celt }) => this.skip(celt),
      Reset: () => this.reset(),
      Clone: () => this.clone(),
    },
  };

  constructor(
    provider: ProviderInstance,
    protected readonly objects: readonly Servant[],
    protected position = 0,
  ) {
    super(provider);
  }

  // celt 0 is not described; by MS-VDS's rule "at least celt remain" it is S_OK, also at the end.
  protected next(celt: number): Answer<'IEnumVdsObject.Next'> {
    const taken = this.objects.slice(this.position, this.position + celt);
    this.position += taken.length;
    return { hr: taken.length === celt ? HR.S_OK : HR.S_FALSE, out: { objectArray: taken, fetched: taken.length } };
  }

  protected skip(celt: number): Answer<'IEnumVdsObject.Skip'> {
    const skipped = Math.min(celt, this.objects.length - this.position);
    this.position += skipped;
    return { hr: skipped === celt ? HR.S_OK : HR.S_FALSE };
  }

  protected reset(): Answer<'IEnumVdsObject.Reset'> {
    this.position = 0;
    return { hr: HR.S_OK };
  }

  protected clone(): Answer<'IEnumVdsObject.Clone'> {
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate(this.objects, this.position) } };
  }
}
