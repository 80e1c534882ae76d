// How this provider's code leaves a method early. The server turns it into the HRESULT that the caller sees (MS-VDS:
// methods throw no exceptions).
import { formatHresult, HR } from '../../src/contract/hresult.js';

/** Ends the VDS method under way with `hr`. Outputs are then null (interfaces and strings) or untouched. */
export class Failure extends Error {
  constructor(readonly hr: number) {
    // An ordinary way out, taken too often for where it began to be noted down each time.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(formatHresult(hr));
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'Failure';
  }
}

/** Verification failed: these bytes, or their absence, are not what this provider wrote. */
export class CacheCorrupt extends Failure {
  constructor() {
    super(HR.VDS_E_PROVIDER_CACHE_CORRUPT);
  }
}
