// Defects of who sees a LUN: unmasking lists, and active controllers.
import { VDS_SUB_SYSTEM_FLAG } from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { answers, asks, overriding, pretends, reports, together, unavailable } from '../answers.js';
import type { Defect } from '../defect.js';
import { ask, given, type MakeOverrides } from '../override.js';

const withoutMasking = reports('IVdsSubSystem.GetProperties', () => ({ subSystemProp }) => ({
  subSystemProp: { ...subSystemProp, flags: subSystemProp.flags & ~VDS_SUB_SYSTEM_FLAG.VDS_SF_LUN_MASKING_CAPABLE },
}));

/** Whoever was once let in stays so. */
const cumulative: MakeOverrides = (inner) => ({
  methods: {
    'IVdsLun.SetMask': async (call, next) => {
      const before =
        given((await ask(inner, call.object, 'IVdsLun.GetProperties', {})).out.lunProp)?.unmaskingList ?? '';
      const { unmaskingList } = call.args;
      const both = before === '' || before === '*' || unmaskingList === '' || unmaskingList === '*';
      return next({ args: { unmaskingList: both ? unmaskingList : `${before};${unmaskingList}` } });
    },
  },
});

/** What the list of before has in it somewhere is taken for what is unmasked already. */
const asBefore: MakeOverrides = (inner) => ({
  methods: {
    'IVdsLun.SetMask': async (call, next) => {
      const before = given((await ask(inner, call.object, 'IVdsLun.GetProperties', {})).out.lunProp)?.unmaskingList;
      const list = call.args.unmaskingList ?? '';
      return list !== '' && before?.includes(list) === true ? { hr: HR.S_OK, out: {} } : next();
    },
  },
});

/** There is one list for the whole array. */
const oneForAll: MakeOverrides = () => {
  let last: string | null | undefined;
  return {
    methods: {
      'IVdsLun.SetMask': async (call, next) => {
        const reply = await next();
        if (reply.hr === HR.S_OK) last = call.args.unmaskingList;
        return reply;
      },
      'IVdsLun.GetProperties': async (_call, next) => {
        const reply = await next();
        const prop = given(reply.out.lunProp);
        return prop === undefined || last === undefined
          ? reply
          : { ...reply, out: { lunProp: { ...prop, unmaskingList: last } } };
      },
    },
  };
};

const first = (list: string | null): string | null => (list === null ? null : (list.split(';')[0] ?? ''));

/** NULL in place of an enumerator without objects, which saves an allocation. */
class NoneIsNull extends LunObject {
  protected override queryActiveControllers(): ReturnType<LunObject['queryActiveControllers']> {
    const { controllers } = this.read();
    return controllers.length === 0 ? { hr: HR.S_OK, out: { enum: null } } : super.queryActiveControllers();
  }
}

export const MASKING: readonly Defect[] = [
  {
    name: 'set-mask-does-nothing',
    breaks: ['VDS-10.9a'],
    noticedBy: ['masking.one-entry'],
    says: 'SetMask answers S_OK and keeps the list of before.',
    overrides: pretends('IVdsLun.SetMask'),
  },
  {
    name: 'set-mask-to-a-part-does-nothing',
    breaks: ['VDS-10.9a'],
    noticedBy: ['masking.names-within-names'],
    says: 'SetMask answers S_OK and keeps the list of before where the text of that one holds the new one.',
    overrides: asBefore,
  },
  {
    name: 'set-mask-takes-the-first-entry',
    breaks: ['VDS-10.9a'],
    noticedBy: ['masking.several-entries'],
    says: 'SetMask keeps the first entry of the list only.',
    overrides: asks('IVdsLun.SetMask', ({ unmaskingList }) => ({ unmaskingList: first(unmaskingList) })),
  },
  {
    name: 'set-mask-is-cumulative',
    breaks: ['VDS-10.9f'],
    noticedBy: ['masking.last-call-wins'],
    says: 'SetMask adds to the list of before.',
    overrides: cumulative,
  },
  {
    name: 'one-mask-for-all-luns',
    breaks: ['VDS-10.9a'],
    noticedBy: ['masking.neighbour-keeps-its-list'],
    says: 'SetMask of one LUN sets the list of all.',
    overrides: oneForAll,
  },
  {
    name: 'set-mask-of-none-is-ignored',
    breaks: ['VDS-10.9a'],
    noticedBy: ['masking.none'],
    says: 'SetMask of "" answers S_OK and leaves everybody their access.',
    overrides: pretends('IVdsLun.SetMask', ({ unmaskingList }) => unmaskingList === ''),
  },
  {
    name: 'set-mask-of-all-is-ignored',
    breaks: ['VDS-10.9a'],
    noticedBy: ['masking.all'],
    says: 'SetMask of "*" answers S_OK and keeps the list of before.',
    overrides: pretends('IVdsLun.SetMask', ({ unmaskingList }) => unmaskingList === '*'),
  },
  {
    name: 'asterisk-among-others-accepted',
    breaks: ['VDS-10.9e'],
    noticedBy: ['masking.asterisk-among-others'],
    says: 'SetMask takes "*" among other entries for "*".',
    overrides: asks('IVdsLun.SetMask', ({ unmaskingList }) => ({
      unmaskingList: unmaskingList?.split(';').includes('*') === true ? '*' : unmaskingList,
    })),
  },
  {
    name: 'set-mask-drops-what-it-does-not-know',
    breaks: ['VDS-10.9e'],
    noticedBy: ['masking.no-initiator'],
    says: 'SetMask answers S_OK for a list with an entry that is not an initiator, and drops the entry.',
    overrides: overriding('IVdsLun.SetMask', () => async (call, next) => {
      const reply = await next();
      return reply.hr === HR.E_INVALIDARG && call.args.unmaskingList?.includes('*') === false
        ? next({ args: { unmaskingList: first(call.args.unmaskingList) } })
        : reply;
    }),
  },
  {
    name: 'set-mask-takes-the-last-digits',
    breaks: ['VDS-10.9e'],
    noticedBy: ['masking.no-initiator'],
    says: 'SetMask takes the last 16 of more hexadecimal digits for a World-Wide Name.',
    overrides: asks('IVdsLun.SetMask', ({ unmaskingList }) => ({
      unmaskingList: unmaskingList?.replaceAll(/(?<=^|;)[0-9A-F]+(?=[0-9A-F]{16}(?:;|$))/g, '') ?? null,
    })),
  },
  {
    name: 'new-lun-without-its-mask',
    breaks: ['VDS-10.9a'],
    noticedBy: ['masking.at-creation'],
    says: 'CreateLun does not keep the unmasking list that it is given.',
    overrides: asks('IVdsSubSystem.CreateLun', (args) => ({
      ...args,
      unmaskingList: args.unmaskingList === null ? null : '',
    })),
  },
  {
    name: 'no-masking-e-notimpl',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['enumeration.masked-luns-are-listed', 'masking.without-the-flag'],
    says: 'The subsystem cannot mask, as its flags say, and SetMask answers E_NOTIMPL.',
    overrides: together(withoutMasking, unavailable('IVdsLun.SetMask', HR.E_NOTIMPL)),
  },
  {
    name: 'active-and-inactive-mixed-up',
    breaks: ['VDS-10.10'],
    noticedBy: ['masking.active-controllers'],
    says: 'AssociateControllers takes its first list for the inactive ones.',
    overrides: asks('IVdsLun.AssociateControllers', (args) => ({
      activeControllerIdArray: args.inactiveControllerIdArray,
      numberOfActiveControllers: args.numberOfInactiveControllers,
      inactiveControllerIdArray: args.activeControllerIdArray,
      numberOfInactiveControllers: args.numberOfActiveControllers,
    })),
  },
  {
    name: 'associate-controllers-takes-any-lists',
    breaks: ['VDS-10.10b'],
    noticedBy: ['masking.controllers-left-out'],
    says: 'AssociateControllers answers S_OK for lists that are no partition of the controllers.',
    overrides: answers('IVdsLun.AssociateControllers', [HR.E_INVALIDARG], HR.S_OK),
  },
  {
    name: 'associate-unknown-controller-e-invalidarg',
    breaks: ['VDS-10.10c'],
    noticedBy: ['masking.controllers-unknown'],
    says: 'AssociateControllers answers E_INVALIDARG for a controller that does not exist.',
    overrides: answers('IVdsLun.AssociateControllers', [HR.VDS_E_OBJECT_NOT_FOUND], HR.E_INVALIDARG),
  },
  {
    name: 'empty-list-is-null',
    breaks: ['VDS-6.6a'],
    noticedBy: ['masking.no-active-controller'],
    says: 'QueryActiveControllers answers S_OK with a NULL enumerator when no controller is active.',
    parts: { Lun: NoneIsNull },
  },
  {
    name: 'mask-lost-with-hints-alone',
    says: 'A LUN that is created with hints, and with no drives, is shown to nobody, whatever list it is given.',
    breaks: ['VDS-10.9a'],
    noticedBy: ['creation.optional-arguments.create-lun'],
    overrides: overriding('IVdsSubSystem.CreateLun', () => async ({ args }, next) => {
      const { driveIdArray, hints } = args;
      return next(driveIdArray === null && hints !== null ? { args: { ...args, unmaskingList: '' } } : undefined);
    }),
  },
];
