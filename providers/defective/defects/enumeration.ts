// Defects of IEnumVdsObject.
import { HR } from '../../../src/contract/hresult.js';
import { Enumerator } from '../../in-memory/objects/enumerator.js';
import { Inventory, type MemberList } from '../../in-memory/cache/inventory.js';
import { DeviceObject } from '../../in-memory/objects/object.js';
import { ProviderObject } from '../../in-memory/objects/provider.js';
import type { Servant } from '../../../src/port/object-server.js';
import type { Defect } from '../defect.js';

type Next = ReturnType<Enumerator['next']>;
type Skip = ReturnType<Enumerator['skip']>;
type Reset = ReturnType<Enumerator['reset']>;
type Clone = ReturnType<Enumerator['clone']>;

/** Looks at the provider's list each time instead of at a list of its own. */
class Live extends Enumerator {
  protected override next(celt: number): Next {
    const [first] = this.objects;
    const parent = first instanceof DeviceObject && first.kind === 'lun' ? first.parent : null;
    const objects: readonly Servant[] =
      parent === null ? this.objects : this.provider.inventory.members(parent, 'luns');
    const taken = objects.slice(this.position, this.position + celt);
    this.position += taken.length;
    return { hr: taken.length === celt ? HR.S_OK : HR.S_FALSE, out: { objectArray: taken, fetched: taken.length } };
  }
}

/** Takes Reset for a refresh. */
class ResetLooksAgain extends Enumerator {
  protected override reset(): Reset {
    const [first] = this.objects;
    const parent = first instanceof DeviceObject && first.kind === 'lun' ? first.parent : null;
    if (parent !== null) Object.assign(this, { objects: this.provider.inventory.members(parent, 'luns') });
    return super.reset();
  }
}

class LeavesOutTheDeleted extends Enumerator {
  protected override next(celt: number): Next {
    const left = this.objects.slice(this.position).filter((o) => !(o instanceof DeviceObject && o.deleted));
    const taken = left.slice(0, celt);
    this.position = this.objects.length - (left.length - taken.length);
    return { hr: taken.length === celt ? HR.S_OK : HR.S_FALSE, out: { objectArray: taken, fetched: taken.length } };
  }
}

class LastBatchIsSOk extends Enumerator {
  protected override next(celt: number): Next {
    const answer = super.next(celt);
    return answer.out?.fetched === 0 ? answer : { ...answer, hr: HR.S_OK };
  }
}

class CloneGoesBackToWhereItBegan extends Enumerator {
  private begins = 0;
  protected override clone(): Clone {
    const answer = super.clone();
    const made = answer.out?.enum;
    if (made instanceof CloneGoesBackToWhereItBegan) made.begins = this.position;
    return answer;
  }
  protected override reset(): Reset {
    const answer = super.reset();
    this.position = this.begins;
    return answer;
  }
}

class HasRoomFor64 extends Enumerator {
  protected override next(celt: number): Next {
    const answer = super.next(Math.min(celt, 64));
    return celt > 64 ? { ...answer, hr: HR.S_FALSE } : answer;
  }
}

class SFalseTooEarly extends Enumerator {
  protected override next(celt: number): Next {
    const answer = super.next(celt);
    return this.position === this.objects.length ? { ...answer, hr: HR.S_FALSE } : answer;
  }
}

class CountOfWhatWasAsked extends Enumerator {
  protected override next(celt: number): Next {
    const answer = super.next(celt);
    return { ...answer, out: { ...answer.out, fetched: celt } };
  }
}

class RepeatsAtTheSeam extends Enumerator {
  protected override next(celt: number): Next {
    // The next batch begins at the index of the last object returned, not after it.
    if (this.position > 0 && this.position < this.objects.length) this.position -= 1;
    return super.next(celt);
  }
}

class SignedSkip extends Enumerator {
  protected override skip(celt: number): ReturnType<Enumerator['skip']> {
    if (celt < 2 ** 31) return super.skip(celt);
    this.position = Math.max(0, this.position + celt - 2 ** 32);
    return { hr: HR.S_OK };
  }
}

class NullAtTheSeam extends Enumerator {
  protected override next(celt: number): Next {
    const resumed = this.position > 0;
    const answer = super.next(celt);
    const objects = answer.out?.objectArray;
    // The contract's array holds pointers, and the type has no NULL in it; a provider in C has no such scruple.
    return resumed && Array.isArray(objects) && objects.length > 0
      ? { ...answer, out: { ...answer.out, objectArray: [null, ...objects.slice(1)] as unknown as Servant[] } }
      : answer;
  }
}

class EndIsAFailure extends Enumerator {
  protected override next(celt: number): Next {
    return celt > 0 && this.position >= this.objects.length && this.objects.length > 0
      ? { hr: HR.VDS_E_OBJECT_NOT_FOUND }
      : super.next(celt);
  }
}

class WrapsAround extends Enumerator {
  protected override next(celt: number): Next {
    const atEnd = this.position >= this.objects.length;
    const answer = super.next(celt);
    if (atEnd) this.position = 0;
    return answer;
  }
}

class ZeroIsOne extends Enumerator {
  protected override next(celt: number): Next {
    return super.next(celt === 0 ? 1 : celt);
  }
}

class ZeroMovesOn extends Enumerator {
  protected override next(celt: number): Next {
    const answer = super.next(celt);
    if (celt === 0) this.position += 1;
    return answer;
  }
}

class ZeroAnswersVary extends Enumerator {
  private asked = 0;

  protected override next(celt: number): Next {
    const answer = super.next(celt);
    return celt === 0 && ++this.asked % 2 === 0 ? { ...answer, hr: HR.S_FALSE } : answer;
  }
}

class OneTooMany extends Enumerator {
  protected override next(celt: number): Next {
    // The loop runs while the count is not above celt, and so writes one pointer behind the caller's array.
    const taken = this.objects.slice(this.position, this.position + (celt === 0 ? 0 : celt + 1));
    this.position += taken.length;
    return { hr: taken.length >= celt ? HR.S_OK : HR.S_FALSE, out: { objectArray: taken, fetched: taken.length } };
  }
}

class ResetDoesNothing extends Enumerator {
  protected override reset(): Reset {
    return { hr: HR.S_OK };
  }
}

class ResetTurnsAround extends Enumerator {
  private turned: readonly Servant[] | undefined;

  protected override next(celt: number): Next {
    const objects = this.turned ?? this.objects;
    const taken = objects.slice(this.position, this.position + celt);
    this.position += taken.length;
    return { hr: taken.length === celt ? HR.S_OK : HR.S_FALSE, out: { objectArray: taken, fetched: taken.length } };
  }

  protected override reset(): Reset {
    this.turned = [...(this.turned ?? this.objects)].reverse();
    return super.reset();
  }
}

class CloneIsTheOriginal extends Enumerator {
  protected override clone(): Clone {
    return { hr: HR.S_OK, out: { enum: this } };
  }
}

class CloneFromTheBeginning extends Enumerator {
  protected override clone(): Clone {
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate(this.objects) } };
  }
}

class SkipOneTooFew extends Enumerator {
  protected override skip(celt: number): Skip {
    const answer = super.skip(celt);
    if (answer.hr === HR.S_OK && celt > 0) this.position -= 1;
    return answer;
  }
}

class SkipAlwaysSOk extends Enumerator {
  protected override skip(celt: number): Skip {
    super.skip(celt);
    return { hr: HR.S_OK };
  }
}

class SkipTooFarMovesNothing extends Enumerator {
  protected override skip(celt: number): Skip {
    return celt > this.objects.length - this.position ? { hr: HR.S_FALSE } : super.skip(celt);
  }
}

class FirstTwice extends ProviderObject {
  /** Lists of enumerations, which their clones share. */
  private readonly lists = new WeakSet<object>();

  override enumerate(...[objects, position]: Parameters<ProviderObject['enumerate']>): Servant {
    if (this.lists.has(objects)) return super.enumerate(objects, position);
    const list = [...objects, ...objects.slice(0, 1)];
    this.lists.add(list);
    return super.enumerate(list, position);
  }
}

/** New LUNs stand in a list of their own until the next query merges it, which has already read them from the array. */
class ListsNewLunsTwice extends Inventory {
  private fresh: readonly DeviceObject[] = [];

  protected override takeIn(...[found, news]: Parameters<Inventory['takeIn']>): readonly string[] {
    const others = super.takeIn(found, news);
    if (found.kind === 'lun') this.fresh = [...this.fresh, this.device(found.id)];
    return others;
  }

  override members(subSystem: string, list: MemberList): readonly DeviceObject[] {
    if (list !== 'luns') return super.members(subSystem, list);
    const twice = this.fresh.filter((lun) => lun.parent === subSystem && !lun.deleted);
    this.fresh = this.fresh.filter((lun) => lun.parent !== subSystem);
    return [...super.members(subSystem, list), ...twice];
  }

  override refresh(): ReturnType<Inventory['refresh']> {
    this.fresh = [];
    return super.refresh();
  }
}

class NoSubSystemsFails extends ProviderObject {
  protected override querySubSystems(): ReturnType<ProviderObject['querySubSystems']> {
    return this.inventory.subSystems().length === 0 ? { hr: HR.VDS_E_OBJECT_NOT_FOUND } : super.querySubSystems();
  }
}

/** A clone starts anew where there is something new to see. */
class CloneSeesChanges extends Enumerator {
  private readonly known = this.provider.inventory.devices.size;

  protected override clone(): Clone {
    const hasChanged = this.provider.inventory.devices.size !== this.known;
    return hasChanged ? { hr: HR.S_OK, out: { enum: this.provider.enumerate(this.objects, 0) } } : super.clone();
  }
}

export const ENUMERATION: readonly Defect[] = [
  {
    name: 'clone-after-a-change-begins-anew',
    breaks: ['VDS-6.4b'],
    noticedBy: ['interactions.luns'],
    says: 'A clone that is made after an object has come or gone starts at the beginning.',
    parts: { Enumerator: CloneSeesChanges },
  },
  {
    name: 'enumerator-shows-later-objects',
    breaks: ['VDS-6.5a', 'VDS-6.5d'],
    noticedBy: ['enumeration.snapshot-after-reset', 'enumeration.snapshot-of-removals'],
    says: "An enumerator reads the provider's list when Next is called, so LUNs created meanwhile appear in it.",
    parts: { Enumerator: Live },
  },
  {
    name: 'enumerator-drops-deleted-objects',
    breaks: ['VDS-6.5d'],
    noticedBy: ['enumeration.snapshot-of-removals'],
    says: 'An enumerator leaves out objects that were deleted since it was made.',
    parts: { Enumerator: LeavesOutTheDeleted },
  },
  {
    name: 'enumerator-ends-with-s-ok',
    breaks: ['VDS-6.1'],
    noticedBy: ['enumeration.snapshot-of-additions'],
    says: 'Next answers S_OK although it returned fewer objects than were asked for.',
    parts: { Enumerator: LastBatchIsSOk },
  },
  {
    name: 'enumerator-ends-too-early',
    breaks: ['VDS-6.1'],
    noticedBy: ['enumeration.clone-at-the-end'],
    says: 'Next answers S_FALSE together with the last object, although it returned as many as were asked for.',
    parts: { Enumerator: SFalseTooEarly },
  },
  {
    name: 'enumerator-count-of-what-was-asked',
    breaks: ['VDS-6.1'],
    noticedBy: ['enumeration.empty.luns-of-a-new-target'],
    says: 'Next reports in *pcFetched how many objects were asked for, not how many it returned.',
    parts: { Enumerator: CountOfWhatWasAsked },
  },
  {
    name: 'enumerator-repeats-an-object',
    breaks: ['VDS-6.1'],
    noticedBy: ['enumeration.counts'],
    says: 'A second Next begins with the last object of the first one.',
    parts: { Enumerator: RepeatsAtTheSeam },
  },
  {
    name: 'enumerator-returns-null',
    breaks: ['VDS-6.6a'],
    noticedBy: ['enumeration.clone-outlives-it'],
    says: 'The first object of a second Next is NULL.',
    parts: { Enumerator: NullAtTheSeam },
  },
  {
    name: 'enumerator-end-is-a-failure',
    breaks: ['VDS-6.2a'],
    noticedBy: ['enumeration.clone-at-the-end'],
    strict: true,
    says: 'At the end Next answers VDS_E_OBJECT_NOT_FOUND instead of S_FALSE.',
    parts: { Enumerator: EndIsAFailure },
  },
  {
    name: 'enumerator-wraps-around',
    breaks: ['VDS-6.2a'],
    noticedBy: ['enumeration.counts'],
    strict: true,
    says: 'After Next has told the end once, the enumeration begins again.',
    parts: { Enumerator: WrapsAround },
  },
  {
    name: 'enumerator-next-zero-fetches',
    breaks: ['VDS-6.2b'],
    noticedBy: ['enumeration.next-zero'],
    says: 'Next(0) returns one object.',
    parts: { Enumerator: ZeroIsOne },
  },
  {
    name: 'enumerator-next-zero-moves-on',
    breaks: ['VDS-6.2b'],
    noticedBy: ['enumeration.next-zero'],
    says: 'Next(0) returns nothing and passes over one object.',
    parts: { Enumerator: ZeroMovesOn },
  },
  {
    name: 'enumerator-next-zero-varies',
    breaks: ['VDS-6.2b'],
    noticedBy: ['enumeration.next-zero'],
    says: 'Next(0) answers S_OK the first time and S_FALSE the next, at the same place.',
    parts: { Enumerator: ZeroAnswersVary },
  },
  {
    name: 'enumerator-returns-one-too-many',
    breaks: ['VDS-6.1'],
    noticedBy: ['enumeration.clone-outlives-it'],
    says: 'Next returns one object more than was asked for, where there is one.',
    parts: { Enumerator: OneTooMany },
  },
  {
    name: 'no-subsystems-is-a-failure',
    breaks: ['VDS-3.4'],
    noticedBy: ['enumeration.empty.no-subsystems'],
    says: 'QuerySubSystems answers VDS_E_OBJECT_NOT_FOUND while no subsystem is connected.',
    parts: { Provider: NoSubSystemsFails },
  },
  {
    name: 'enumerator-ignores-reset',
    breaks: ['VDS-6.4'],
    noticedBy: ['enumeration.of.IVdsSubSystem.QueryDrives'],
    says: 'Reset answers S_OK and leaves the position where it is.',
    parts: { Enumerator: ResetDoesNothing },
  },
  {
    name: 'enumerator-reset-changes-the-order',
    breaks: ['VDS-6.5b'],
    noticedBy: ['enumeration.reset'],
    strict: true,
    says: 'After Reset the objects come in another order.',
    parts: { Enumerator: ResetTurnsAround },
  },
  {
    name: 'enumerator-reset-looks-again',
    breaks: ['VDS-6.5a'],
    noticedBy: ['enumeration.snapshot-after-reset'],
    says: 'Reset takes a new list: what was made since appears, and what was deleted is gone.',
    parts: { Enumerator: ResetLooksAgain },
  },
  {
    name: 'enumerator-shares-its-clones-position',
    breaks: ['VDS-6.4c'],
    noticedBy: ['enumeration.clone'],
    says: 'Clone hands out the enumerator itself, so that a clone and its original move together.',
    parts: { Enumerator: CloneIsTheOriginal },
  },
  {
    name: 'enumerator-clone-begins-anew',
    breaks: ['VDS-6.4b'],
    noticedBy: ['enumeration.clone-at-the-end'],
    says: 'A clone starts at the beginning instead of where its original is.',
    parts: { Enumerator: CloneFromTheBeginning },
  },
  {
    name: 'clone-goes-back-to-where-it-began',
    breaks: ['VDS-6.4'],
    noticedBy: ['enumeration.walks'],
    says: 'Reset of a clone goes back to where its original was when it was cloned.',
    parts: { Enumerator: CloneGoesBackToWhereItBegan },
  },
  {
    name: 'next-has-room-for-64',
    breaks: ['VDS-6.1'],
    noticedBy: ['enumeration.many.targets.70'],
    says: 'Next returns at most 64 objects, and answers S_FALSE as if they were the last.',
    parts: { Enumerator: HasRoomFor64 },
  },
  {
    name: 'enumerator-skip-off-by-one',
    breaks: ['VDS-6.3'],
    noticedBy: ['enumeration.skip'],
    says: 'Skip passes over one object fewer than asked.',
    parts: { Enumerator: SkipOneTooFew },
  },
  {
    name: 'enumerator-skip-at-the-end-s-ok',
    breaks: ['VDS-6.3'],
    noticedBy: ['enumeration.skip'],
    says: 'Skip answers S_OK however few objects are left.',
    parts: { Enumerator: SkipAlwaysSOk },
  },
  {
    name: 'enumerator-skip-too-far-stays',
    breaks: ['VDS-6.3'],
    noticedBy: ['enumeration.skip', 'interactions.queries'],
    says: 'A Skip over more objects than are left moves nothing.',
    parts: { Enumerator: SkipTooFarMovesNothing },
  },
  {
    name: 'enumerations-begin-again',
    breaks: ['VDS-6.5c'],
    noticedBy: ['enumeration.of.IVdsSubSystem.QueryDrives'],
    says: 'Each enumeration lists its first object once more at its end.',
    parts: { Provider: FirstTwice },
  },
  {
    name: 'new-lun-listed-twice',
    breaks: ['VDS-6.5c'],
    noticedBy: ['creation.create-lun2', 'luns.one-object'],
    says: 'The first QueryLuns after a creation lists the new LUN twice.',
    parts: { Inventory: ListsNewLunsTwice },
  },
  {
    name: 'skip-of-a-signed-count',
    breaks: ['VDS-6.3'],
    noticedBy: ['interactions.luns'],
    says: 'Skip takes its count for a signed number: 0xFFFFFFFF goes back by one object, and answers S_OK.',
    parts: { Enumerator: SignedSkip },
  },
];
