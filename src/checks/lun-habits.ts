// How LUNs are asked for in a run: of what size, by which type, with or without hints. An array may have a smallest
// LUN, give space in large pieces, want hints with an automagic type or have no such type; what the first creations of
// the run answer decides it for all that follow.
import { zeroStructure } from '../contract/codec.js';
import { HINT_MASK_FLAGS, VDS_LUN_TYPE } from '../contract/generated/enumerations.js';
import type { VDS_HINTS } from '../contract/generated/structures.js';
import { HR, succeeded } from '../contract/hresult.js';
import { NO_ROOM, OF_THE_LAB } from '../contract/want-of-room.js';
export { NO_ROOM, OF_THE_LAB } from '../contract/want-of-room.js';
import type { IVdsAsync, IVdsSubSystem } from '../port/generated/typed.js';
import type { Result } from '../port/objects.js';
import { MIB } from '../contract/sizes.js';

export type StartedLun = Result<{ readonly async: IVdsAsync | null }>;

/** Bytes that are asked for first, unless --lun-size is given. */
export const DEFAULT_LUN_SIZE = 64n * MIB;
/** The next request where an array refuses the first. */
const LARGER_SIZES: readonly bigint[] = [1024n * MIB, 8n * 1024n * MIB, 64n * 1024n * MIB];

/** Bytes. A larger reported piece is implausible: it is judged as it is, and not asked for again. */
const LARGEST_PIECE = 128n * 1024n * MIB;

/** One way to ask for a LUN, which differs from the next in type, hints or place. */
export interface LunRequestForm {
  readonly name: string;
  ask(sizeInBytes: bigint): Promise<StartedLun>;
}

/** The habits of the LUNs that a run makes. Empty until the first one was made. */
export interface LunHabits {
  /** The form that the array takes. */
  form?: string;
  /** Bytes of a LUN as it came out, so that a change by this is one that the array can make. */
  size?: bigint;
  /** Bytes for which it was asked. */
  asked?: bigint;
  /** Bytes to ask for first; DEFAULT_LUN_SIZE unless given. */
  readonly wanted?: bigint | undefined;
}

/**
 * Whether an answer may come before the arguments are looked at: the method is not supported, or nobody may change
 * anything.
 */
export const refusesAnyRequest = (hr: number): boolean =>
  hr === HR.VDS_E_NOT_SUPPORTED || (OF_THE_LAB.has(hr) && !NO_ROOM.includes(hr));

/** Whether an answer is about something that passes, or that comes before the request, of which it says nothing. */
export const isOfTheMoment = (hr: number): boolean =>
  OF_THE_LAB.has(hr) ||
  hr === HR.VDS_E_NOT_SUPPORTED ||
  hr === HR.E_OUTOFMEMORY ||
  hr === HR.VDS_E_ANOTHER_CALL_IN_PROGRESS ||
  hr === HR.VDS_E_OBJECT_STATUS_FAILED ||
  hr === HR.VDS_E_PROVIDER_CACHE_CORRUPT;

/** Hints that ask for nothing out of the way. */
export function modestHints(): VDS_HINTS {
  return { ...zeroStructure('VDS_HINTS'), hintMask: HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS, mostlyReads: false };
}

/** The name of the form that is left where no automagic type is taken. */
export const CONCRETE_FORM = 'simple';

/**
 * The ways to leave the rest to the provider, the one that the page of CreateLun wants first: an automagic type with
 * one or more hints.
 */
export function formsFor(
  subSystem: IVdsSubSystem,
  unmaskingList = '',
  wished?: VDS_HINTS,
): readonly [LunRequestForm, ...LunRequestForm[]] {
  const form = (name: string, type: number, hints: VDS_HINTS | null): LunRequestForm => ({
    name,
    ask: (sizeInBytes) => subSystem.createLun({ type, sizeInBytes, unmaskingList, hints: wished ?? hints }),
  });
  return [
    form('automagic with hints', VDS_LUN_TYPE.VDS_LT_DEFAULT, modestHints()),
    form('automagic without hints', VDS_LUN_TYPE.VDS_LT_DEFAULT, null),
    form(CONCRETE_FORM, VDS_LUN_TYPE.VDS_LT_SIMPLE, null),
  ];
}

/** The most that a new LUN can have, as the provider reports it; undefined where it does not. */
async function largest(subSystem: IVdsSubSystem): Promise<bigint | undefined> {
  const { hr, out } = await subSystem.queryMaxLunCreateSize({ type: VDS_LUN_TYPE.VDS_LT_SIMPLE, hints: modestHints() });
  return succeeded(hr) && typeof out.maxLunSize === 'bigint' && out.maxLunSize > 0n ? out.maxLunSize : undefined;
}

interface TakenRequest {
  readonly started: StartedLun;
  readonly form: LunRequestForm;
  readonly size: bigint;
}

/**
 * Asks in one form and size after the other until the array takes a request. Gives that one; where none is taken, the
 * answer to the first. An answer that is about something else than the request ends it at once: asking otherwise would
 * not help.
 */
export async function firstTaken(
  subSystem: IVdsSubSystem,
  forms: readonly [LunRequestForm, ...LunRequestForm[]],
  wanted: bigint,
): Promise<TakenRequest> {
  let first: TakenRequest | undefined;
  let limit: bigint | undefined;
  for (const size of [wanted, ...LARGER_SIZES.filter((each) => each > wanted)]) {
    if (size !== wanted) limit ??= await largest(subSystem);
    if (limit !== undefined && size > limit) break;
    for (const form of forms) {
      const taken = { started: await form.ask(size), form, size };
      first ??= taken;
      const { hr } = taken.started;
      if (succeeded(hr) || OF_THE_LAB.has(hr)) return taken;
      if (hr !== HR.E_INVALIDARG && hr !== HR.VDS_E_NOT_SUPPORTED) return taken;
    }
  }
  return first as TakenRequest;
}

/** The size to go by after a LUN for which `asked` bytes were asked for was made with `told`. */
export const pieceOf = (asked: bigint, told: bigint): bigint => (told >= asked && told <= LARGEST_PIECE ? told : asked);
