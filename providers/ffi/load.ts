// Finding a provider's class: a library's DllGetClassObject, or on Windows the registry by way of COM.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatGuidBraced, guidToBytes, type Guid } from '../../src/contract/guid.js';
import { formatHresult, failed, toHresult } from '../../src/contract/hresult.js';
import { ProviderNotLoaded, messageOf } from '../../src/port/errors.js';
import type { Koffi } from './koffi.js';
import { allocate, pointerAt, type Address } from './memory.js';

const IID_ICLASSFACTORY = '00000001-0000-0000-c000-000000000046';

type Library = ReturnType<Koffi['load']>;

/** Never unloaded: a provider's threads, and objects that somebody still holds, need its code. */
const pinned = new Map<string, Library>();
const COINIT_MULTITHREADED = 0;
const RPC_E_CHANGED_MODE = 0x80010106;
const CLSCTX_INPROC_SERVER = 1;
const CLSCTX_LOCAL_SERVER = 4;

let initialized = false;
/**
 * Joins the multithreaded apartment. With one thread in it, all threads of koffi's pool that have no apartment belong
 * to it.
 */
function initializeCom(koffi: Koffi): void {
  if (initialized || process.platform !== 'win32') return;
  const hr = toHresult(
    koffi.load('ole32.dll').func('CoInitializeEx', 'int32', ['uint64', 'uint32'])(0, COINIT_MULTITHREADED) as number,
  );
  if (failed(hr)) {
    throw new ProviderNotLoaded(`CoInitializeEx answered ${formatHresult(hr)}`, {
      hint:
        hr === RPC_E_CHANGED_MODE
          ? 'Something else put this thread into a single-threaded apartment: let the provider run in a provider host.'
          : '',
    });
  }
  initialized = true;
}

function loadLibrary(koffi: Koffi, path: string): Library {
  const known = pinned.get(path);
  if (known !== undefined) return known;
  if (!existsSync(path))
    throw new ProviderNotLoaded(`the library ${path} does not exist`, {
      hint:
        "Pass the path of the provider's .so or .dll as --library; it is looked up in the current folder, not along " +
        'a search path.',
    });
  try {
    const library = koffi.load(path);
    pinned.set(path, library);
    return library;
  } catch (error) {
    throw new ProviderNotLoaded(`the library ${path} could not be loaded: ${messageOf(error)}`, {
      hint: `It and all libraries it needs must be built for ${process.platform}-${process.arch}.`,
      cause: error,
    });
  }
}

/** The class object of `clsid` as an IClassFactory pointer. Throws ProviderNotLoaded. */
export function classFactory(koffi: Koffi, library: string | undefined, clsid: Guid): Address {
  initializeCom(koffi);
  const memory = allocate(koffi, 64);
  memory.buffer.set(guidToBytes(clsid), 0);
  memory.buffer.set(guidToBytes(IID_ICLASSFACTORY), 16);
  const path = library === undefined ? undefined : resolve(library);
  let hr: number;
  if (path === undefined) {
    const getClassObject = koffi
      .load('ole32.dll')
      .func('CoGetClassObject', 'int32', ['uint64', 'uint32', 'uint64', 'uint64', 'uint64']);
    hr = toHresult(
      getClassObject(
        memory.base,
        CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER,
        0,
        memory.base + 16,
        memory.base + 32,
      ) as number,
    );
  } else {
    const loaded = loadLibrary(koffi, path);
    let getClassObject;
    try {
      getClassObject = loaded.func('DllGetClassObject', 'int32', ['uint64', 'uint64', 'uint64']);
    } catch (error) {
      throw new ProviderNotLoaded(`the library ${path} exports no DllGetClassObject`, {
        hint: 'A COM server exports it with C linkage; check the .def file or the visibility of its symbols.',
        cause: error,
      });
    }
    hr = toHresult(getClassObject(memory.base, memory.base + 16, memory.base + 32) as number);
  }
  const factory = pointerAt(memory, 32);
  const what = path === undefined ? 'CoGetClassObject' : 'DllGetClassObject';
  if (failed(hr)) {
    throw new ProviderNotLoaded(`${what} answered ${formatHresult(hr)} for the class ${formatGuidBraced(clsid)}`, {
      hint:
        path === undefined
          ? 'Is the provider registered on this machine (regsvr32), for 64-bit ' +
            'processes? Or pass its path as --library.'
          : "Is this the provider's own CLSID, the one its installer gives to IVdsAdmin::RegisterProvider?",
    });
  }
  if (factory === 0) throw new ProviderNotLoaded(`${what} answered ${formatHresult(hr)} without a class object`);
  return factory;
}
