// CHAP secrets and names of targets (semantics.md 10.13, 11.1, 11.5 and 11.6).
import {
  type Check,
  type Context,
  type CreatedTarget,
  ended,
  judgeIscsiName,
  reportedMember,
  type Result,
} from '../../src/checks/index.js';
import { HR, method, succeeded, VDS_SUB_SYSTEM_FLAG } from '../../src/contract/index.js';
import { keepsCharacters, keepsLetters } from '../shared/naming.js';

const secret = (length: number) => ({ sharedSecret: new Uint8Array(length).fill(0x61), sharedSecretSize: length });
const INITIATOR = 'iqn.1991-05.com.microsoft:an-initiator';
const NO_SECRET = { sharedSecret: null, sharedSecretSize: 0 };

const chapEnabled = async (ctx: Context, { target }: CreatedTarget): Promise<boolean> =>
  ctx.duties.output('VDS-11.5e', await target.getProperties(), 'targetProp').chapEnabled;

/** A target with a secret. Not applicable where secrets are not supported. */
async function targetWithSecret(ctx: Context): Promise<CreatedTarget> {
  const made = await ctx.make.target(await ctx.system.subSystem());
  const result = ctx.duties.supported(await made.target.setSharedSecret({ targetSharedSecret: secret(14) }));
  ctx.duties.ok('VDS-11.5a', result);
  return made;
}

/** A method is supported where the flag of its subsystem says so. Not applicable where it is not. */
export function mustSupportAsSaid(
  ctx: Context,
  flags: number,
  flag: keyof typeof VDS_SUB_SYSTEM_FLAG,
  result: Result<object>,
): void {
  if (result.hr !== HR.VDS_E_NOT_SUPPORTED) return ctx.duties.judging('VDS-11.6b');
  const { name } = method(result.record.method);
  ctx.duties.holds(
    'VDS-11.6b',
    (flags & VDS_SUB_SYSTEM_FLAG[flag]) === 0,
    `the subsystem has ${flag}, but ${name} is not supported`,
    result,
  );
  ctx.notApplicable(`${name} answered VDS_E_NOT_SUPPORTED`);
}

export const secretChecks: readonly Check[] = [
  {
    id: 'iscsi.secret-lengths',
    title: 'SetSharedSecret takes secrets of 12 to 16 bytes',
    requirements: ['VDS-11.5a', 'VDS-11.5e'],
    cost: { calls: 20, recoveries: 0 },
    async run(ctx) {
      const made = await targetWithSecret(ctx);
      for (let length = 12; length <= 16; length++) {
        ctx.duties.code(
          'VDS-11.5a',
          await made.target.setSharedSecret({ targetSharedSecret: secret(length) }),
          HR.S_OK,
          `for a secret of ${length} bytes`,
        );
      }
      ctx.duties.equal('VDS-11.5e', 'bChapEnabled after secrets were set', await chapEnabled(ctx, made), true);
    },
  },
  {
    id: 'iscsi.secret-refused-changes-nothing',
    title: 'A secret of a wrong length leaves the one that is set, and none where none is set',
    requirements: ['VDS-11.5c', 'VDS-0.2b'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const made = await targetWithSecret(ctx);
      for (const set of [true, false]) {
        if (!set) ctx.duties.ok('VDS-11.5d', await made.target.setSharedSecret({ targetSharedSecret: NO_SECRET }));
        for (const length of [3, 40]) {
          ctx.duties.refused(
            'VDS-11.5c',
            await made.target.setSharedSecret({ targetSharedSecret: secret(length) }),
            `for a secret of ${length} bytes`,
          );
          ctx.duties.equal('VDS-0.2b', 'bChapEnabled after a secret was refused', await chapEnabled(ctx, made), set);
        }
      }
    },
  },
  {
    id: 'iscsi.secret-null-with-a-size',
    title: 'SetSharedSecret refuses a NULL secret with a size that is not 0',
    requirements: ['VDS-11.5c', 'VDS-0.2b'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const made = await targetWithSecret(ctx);
      ctx.duties.refused(
        'VDS-11.5c',
        await made.target.setSharedSecret({ targetSharedSecret: { sharedSecret: null, sharedSecretSize: 14 } }),
        'for NULL with the size 14',
      );
      ctx.duties.equal('VDS-0.2b', 'bChapEnabled after a secret was refused', await chapEnabled(ctx, made), true);
    },
  },
  {
    id: 'iscsi.secret-cleared-twice',
    title: "Clearing a target's secret succeeds, even without one, and one can be set again",
    requirements: ['VDS-11.5a', 'VDS-11.5d', 'VDS-11.5e'],
    cost: { calls: 24, recoveries: 0 },
    async run(ctx) {
      const made = await targetWithSecret(ctx);
      for (const when of ['with a secret set', 'with none set']) {
        ctx.duties.code(
          'VDS-11.5d',
          await made.target.setSharedSecret({ targetSharedSecret: NO_SECRET }),
          HR.S_OK,
          `for NULL and size 0 ${when}`,
        );
        ctx.duties.equal('VDS-11.5e', 'bChapEnabled after the secret was cleared', await chapEnabled(ctx, made), false);
      }
      ctx.duties.code(
        'VDS-11.5a',
        await made.target.setSharedSecret({ targetSharedSecret: secret(12) }),
        HR.S_OK,
        'after the secret was cleared',
      );
      ctx.duties.equal('VDS-11.5e', 'bChapEnabled after a secret was set again', await chapEnabled(ctx, made), true);
    },
  },
  {
    id: 'iscsi.secret-of-one-target',
    title: "A target's secret is its own: setting and clearing it leaves another target as it was",
    requirements: ['VDS-11.5a', 'VDS-11.5d', 'VDS-11.5e'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const first = await targetWithSecret(ctx);
      const second = await ctx.make.target(await ctx.system.subSystem());
      ctx.duties.equal(
        'VDS-11.5e',
        'bChapEnabled of a target that was given no secret',
        await chapEnabled(ctx, second),
        false,
      );
      ctx.duties.ok('VDS-11.5a', await second.target.setSharedSecret({ targetSharedSecret: secret(12) }));
      ctx.duties.ok('VDS-11.5d', await first.target.setSharedSecret({ targetSharedSecret: NO_SECRET }));
      ctx.duties.equal(
        'VDS-11.5e',
        "bChapEnabled of a target after another one's secret was cleared",
        await chapEnabled(ctx, second),
        true,
      );
      ctx.duties.equal(
        'VDS-11.5e',
        'bChapEnabled of the target whose secret was cleared',
        await chapEnabled(ctx, first),
        false,
      );
    },
  },
  {
    id: 'iscsi.remember-initiator-secret',
    title:
      "RememberInitiatorSharedSecret takes an initiator's secret where mutual CHAP is supported, or answers " +
      'VDS_E_NOT_SUPPORTED',
    requirements: ['VDS-11.6a', 'VDS-11.6b'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { flags } = ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
      const { target } = await ctx.make.target(subSystem);
      for (const length of [12, 16]) {
        const result = await target.rememberInitiatorSharedSecret({
          initiatorName: INITIATOR,
          initiatorSharedSecret: secret(length),
        });
        mustSupportAsSaid(ctx, flags, 'VDS_SF_SUPPORTS_AUTH_MUTUAL_CHAP', result);
        ctx.duties.code('VDS-11.6a', result, HR.S_OK, `for a name and a secret of ${length} bytes`);
      }
    },
  },
  {
    id: 'iscsi.remember-needs-a-name',
    title: "RememberInitiatorSharedSecret refuses NULL for the initiator's name",
    requirements: ['VDS-11.6a'],
    cost: { calls: 12, recoveries: 0 },
    async run(ctx) {
      const { target } = await ctx.make.target(await ctx.system.subSystem());
      ctx.duties.refused(
        'VDS-11.6a',
        await target.rememberInitiatorSharedSecret({ initiatorName: null, initiatorSharedSecret: secret(12) }),
        'without the name that is required',
      );
    },
  },
  {
    id: 'iscsi.malformed-names',
    title: 'CreateTarget refuses a malformed iSCSI name, or makes a target with a well-formed one',
    requirements: ['VDS-0.2a', 'VDS-0.2c'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const iscsi = await ctx.system.iscsi(subSystem);
      for (const iscsiName of [
        'a target',
        'iqn',
        'iqn.',
        'iqn.2026-11',
        'iqn.2026-13.example.vds-conformance:month',
        'eui.0123456789ABCDE',
        'naa.xyz',
        `iqn.2026-11.example:${'n'.repeat(230)}`,
        'iqn.2026-11.example:with space',
      ]) {
        const started = ctx.duties.supported(
          await iscsi.createTarget({ iscsiName, friendlyName: ctx.make.uniqueName() }),
        );
        if (!succeeded(started.hr)) {
          ctx.duties.permitted('VDS-0.2a', started, `for "${iscsiName.slice(0, 60)}"`);
          continue;
        }
        const target = await ctx.duties.made(started, 'target');
        const prop = ctx.duties.output('VDS-11.1', await target.getProperties(), 'targetProp');
        ctx.make.deleteOnCleanUp(prop.id, 'target');
        judgeIscsiName(ctx, prop.iscsiName, started);
      }
    },
  },
  {
    id: 'iscsi.name-free-again',
    title: 'The name of a target that was deleted can be used again',
    requirements: ['VDS-11.1', 'VDS-11.1b', 'VDS-11.2a'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { target, iscsiName, id } = await ctx.make.target(subSystem);
      const deleted = await ended(ctx, await target.delete());
      ctx.duties.code('VDS-11.2a', deleted, HR.S_OK, 'for a target without LUNs');
      const again = await (
        await ctx.system.iscsi(subSystem)
      ).createTarget({ iscsiName, friendlyName: ctx.make.uniqueName() });
      ctx.duties.code('VDS-11.1', again, HR.S_OK, 'for the name of a target that was deleted');
      const prop = ctx.duties.output(
        'VDS-11.1',
        await (await ctx.duties.made(again, 'target')).getProperties(),
        'targetProp',
      );
      ctx.make.deleteOnCleanUp(prop.id, 'target');
      ctx.duties.equal('VDS-11.1', 'the iSCSI name of the second target', prop.iscsiName, iscsiName);
      // A provider may take the name for a target's identity.
      ctx.duties.reading(
        'the object id of a target that is made again under its name',
        prop.id === id ? 'the one of before' : 'another one',
        'VDS-11.1b',
      );
    },
  },
  {
    id: 'iscsi.friendly-name',
    title: 'SetFriendlyName of a target sets the name that GetProperties reports, on that target alone',
    requirements: ['VDS-10.13c'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const { target } = await ctx.make.target(subSystem);
      const other = await ctx.make.target(subSystem);
      const name = async (of: CreatedTarget['target']): Promise<string | null> =>
        (await reportedMember(ctx, of, 'friendlyName', 'VDS-10.13c')) as string | null;
      const before = await name(other.target);
      const friendlyName = ctx.make.uniqueName();
      const result = ctx.duties.supported(await target.setFriendlyName({ friendlyName }));
      ctx.duties.ok('VDS-10.13c', result);
      const told = await name(target);
      const cut = result.hr === HR.VDS_S_NAME_TRUNCATED;
      ctx.duties.holds(
        'VDS-10.13c',
        cut ? told !== null && friendlyName.startsWith(told) && told !== friendlyName : told === friendlyName,
        `the friendly name is "${told}" after SetFriendlyName("${friendlyName}")`,
        result,
      );
      ctx.duties.equal('VDS-10.13c', 'the friendly name of another target', await name(other.target), before);
    },
  },
  {
    id: 'iscsi.friendly-name-truncated',
    title:
      'SetFriendlyName of a target that shortens a name answers VDS_S_NAME_TRUNCATED, and otherwise keeps all of it',
    requirements: ['VDS-10.13', 'VDS-10.13c'],
    cost: { calls: 16, recoveries: 0 },
    async run(ctx) {
      const { target } = await ctx.make.target(await ctx.system.subSystem());
      const friendlyName = `${ctx.make.uniqueName()}-${'x'.repeat(2000)}`;
      const result = ctx.duties.supported(await target.setFriendlyName({ friendlyName }));
      if (!succeeded(result.hr)) {
        ctx.duties.permitted('VDS-0.2a', result, 'for a name of 2,000 characters');
        return;
      }
      const told = String((await reportedMember(ctx, target, 'friendlyName', 'VDS-10.13c')) ?? '');
      ctx.duties.holds(
        'VDS-10.13c',
        friendlyName.startsWith(told) && told !== '',
        'the friendly name does not begin the one that was set',
        result,
      );
      ctx.duties.equal(
        'VDS-10.13',
        'whether SetFriendlyName answered VDS_S_NAME_TRUNCATED',
        result.hr === HR.VDS_S_NAME_TRUNCATED,
        told !== friendlyName,
        result,
      );
    },
  },
  ...[keepsLetters, keepsCharacters].map((check) =>
    check('iscsi', async (ctx) => {
      const { target } = await ctx.make.target(await ctx.system.subSystem());
      return { named: target, naming: target };
    }),
  ),
];
