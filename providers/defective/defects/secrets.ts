// Defects of CHAP secrets and names of targets.
import { VDS_SUB_SYSTEM_FLAG } from '../../../src/contract/generated/enumerations.js';
import { HR, succeeded } from '../../../src/contract/hresult.js';
import type { Defect } from '../defect.js';
import { TargetObject } from '../../in-memory/objects/target.js';
import { asks } from '../answers.js';
import { answering } from '../follow.js';
import { ask, given } from '../override.js';

const CLEARED = { targetSharedSecret: null, initiatorName: null };

/** Finds the target whose secret is set by the name that people gave it. */
class SetsSecretsByName extends TargetObject {
  protected override setSharedSecret(
    ...given: Parameters<TargetObject['setSharedSecret']>
  ): ReturnType<TargetObject['setSharedSecret']> {
    const { subSystem, target } = this.reach();
    const named = [...subSystem.targets.values()].find((t) => t.friendlyName === target.friendlyName) ?? target;
    if (named === target) return super.setSharedSecret(...given);
    const { chapEnabled } = target;
    const answer = super.setSharedSecret(...given);
    named.chapEnabled = target.chapEnabled;
    target.chapEnabled = chapEnabled;
    this.provider.learn(named.id, target.id);
    return answer;
  }
}

export const SECRETS: readonly Defect[] = [
  {
    name: 'secret-of-a-namesake',
    breaks: ['VDS-11.5e'],
    noticedBy: ['interactions.targets'],
    says: 'SetSharedSecret sets the secret of the first target of the subsystem that has the same friendly name.',
    parts: { Target: SetsSecretsByName },
  },
  {
    name: 'chap-refused-secret-clears',
    breaks: ['VDS-0.2b'],
    noticedBy: ['iscsi.secret-refused-changes-nothing'],
    strict: true,
    says: 'A secret of a wrong length is refused, and the one that was set is gone.',
    overrides: (inner) => ({
      methods: {
        'IVdsIscsiTarget.SetSharedSecret': async (call, next) => {
          const reply = await next();
          if (reply.hr === HR.E_INVALIDARG) await ask(inner, call.object, 'IVdsIscsiTarget.SetSharedSecret', CLEARED);
          return reply;
        },
      },
    }),
  },
  {
    name: 'chap-null-with-a-size-taken',
    breaks: ['VDS-11.5c'],
    noticedBy: ['iscsi.secret-null-with-a-size'],
    says: 'SetSharedSecret takes NULL with a size of 14 bytes.',
    overrides: () => ({
      methods: {
        'IVdsIscsiTarget.SetSharedSecret': async (call, next) => {
          const { targetSharedSecret: secret } = call.args;
          return secret !== null && secret.sharedSecret === null && secret.sharedSecretSize > 0
            ? { hr: HR.S_OK, out: {} }
            : next();
        },
      },
    }),
  },
  {
    name: 'chap-nothing-to-clear-not-found',
    breaks: ['VDS-11.5d'],
    noticedBy: ['iscsi.secret-cleared-twice'],
    says: 'SetSharedSecret answers VDS_E_OBJECT_NOT_FOUND when there is no secret to be cleared.',
    overrides: (inner) => ({
      methods: {
        'IVdsIscsiTarget.SetSharedSecret': async (call, next) => {
          const { targetSharedSecret: secret } = call.args;
          const clears = secret === null || (secret.sharedSecret === null && secret.sharedSecretSize === 0);
          const { out } = await ask(inner, call.object, 'IVdsIscsiTarget.GetProperties', {});
          return clears && given(out.targetProp)?.chapEnabled === false
            ? { hr: HR.VDS_E_OBJECT_NOT_FOUND, out: {} }
            : next();
        },
      },
    }),
  },
  {
    name: 'chap-enabled-for-all-targets',
    breaks: ['VDS-11.5e'],
    noticedBy: ['iscsi.secret-of-one-target'],
    says: 'Whether a secret is needed is kept for all targets together.',
    overrides: () => {
      let enabled: boolean | undefined;
      return {
        methods: {
          'IVdsIscsiTarget.SetSharedSecret': async (call, next) => {
            const reply = await next();
            if (succeeded(reply.hr)) enabled = (call.args.targetSharedSecret?.sharedSecret ?? null) !== null;
            return reply;
          },
          'IVdsIscsiTarget.GetProperties': async (_call, next) => {
            const reply = await next();
            const prop = given(reply.out.targetProp);
            return prop === undefined || enabled === undefined
              ? reply
              : { ...reply, out: { targetProp: { ...prop, chapEnabled: enabled } } };
          },
        },
      };
    },
  },
  {
    name: 'remembered-secret-of-16-refused',
    breaks: ['VDS-11.6a'],
    noticedBy: ['iscsi.remember-initiator-secret'],
    says: 'RememberInitiatorSharedSecret takes secrets of 12 to 15 bytes.',
    overrides: () => ({
      methods: {
        'IVdsIscsiTarget.RememberInitiatorSharedSecret': async (call, next) =>
          (call.args.initiatorSharedSecret?.sharedSecretSize ?? 0) > 15 ? { hr: HR.E_INVALIDARG, out: {} } : next(),
      },
    }),
  },
  {
    name: 'remembered-secret-without-a-name',
    breaks: ['VDS-11.6a'],
    noticedBy: ['iscsi.remember-needs-a-name'],
    says: "RememberInitiatorSharedSecret takes NULL for the initiator's name.",
    overrides: () => ({
      methods: {
        'IVdsIscsiTarget.RememberInitiatorSharedSecret': async (call, next) =>
          call.args.initiatorName === null ? { hr: HR.S_OK, out: {} } : next(),
      },
    }),
  },
  {
    name: 'mutual-chap-flag-lies',
    breaks: ['VDS-11.6b'],
    noticedBy: ['iscsi.remember-initiator-secret'],
    says:
      'A subsystem has VDS_SF_SUPPORTS_AUTH_MUTUAL_CHAP, but its targets answer VDS_E_NOT_SUPPORTED to ' +
      'RememberInitiatorSharedSecret.',
    overrides: () => ({
      methods: {
        'IVdsSubSystem.GetProperties': async (_call, next) => {
          const reply = await next();
          const prop = given(reply.out.subSystemProp);
          return prop === undefined
            ? reply
            : {
                ...reply,
                out: {
                  subSystemProp: { ...prop, flags: prop.flags | VDS_SUB_SYSTEM_FLAG.VDS_SF_SUPPORTS_AUTH_MUTUAL_CHAP },
                },
              };
        },
        'IVdsIscsiTarget.RememberInitiatorSharedSecret': async () => ({ hr: HR.VDS_E_NOT_SUPPORTED, out: {} }),
      },
    }),
  },
  {
    name: 'target-name-malformed-e-fail',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['iscsi.malformed-names'],
    says: 'CreateTarget answers E_FAIL for a malformed iSCSI name.',
    overrides: answering(['IVdsSubSystemIscsi.CreateTarget'], HR.E_INVALIDARG, HR.E_FAIL),
  },
  {
    name: 'target-name-never-free-again',
    breaks: ['VDS-11.1'],
    noticedBy: ['iscsi.name-free-again'],
    says: 'The name of a target that was deleted cannot be used again.',
    overrides: () => {
      const used = new Set<string>();
      return {
        methods: {
          'IVdsSubSystemIscsi.CreateTarget': async (call, next) => {
            const name = call.args.iscsiName ?? '';
            if (used.has(name)) return { hr: HR.VDS_E_NAME_NOT_UNIQUE, out: { async: null } };
            const reply = await next();
            if (succeeded(reply.hr) && name !== '') used.add(name);
            return reply;
          },
        },
      };
    },
  },
  {
    name: 'target-friendly-name-ignored',
    breaks: ['VDS-10.13c'],
    noticedBy: ['iscsi.friendly-name-truncated'],
    says: 'SetFriendlyName of a target answers S_OK and does nothing.',
    overrides: () => ({ methods: { 'IVdsIscsiTarget.SetFriendlyName': async () => ({ hr: HR.S_OK, out: {} }) } }),
  },
  {
    name: 'target-friendly-name-cut-silently',
    breaks: ['VDS-10.13'],
    noticedBy: ['iscsi.friendly-name-truncated'],
    says: 'SetFriendlyName of a target shortens a long name and answers S_OK.',
    overrides: answering(['IVdsIscsiTarget.SetFriendlyName'], HR.VDS_S_NAME_TRUNCATED, HR.S_OK),
  },
  {
    name: 'backslashes-of-target-names-doubled',
    breaks: ['VDS-10.13c'],
    noticedBy: ['iscsi.special-name'],
    says: 'SetFriendlyName of a target doubles the backslashes of a name, and answers S_OK.',
    overrides: asks('IVdsIscsiTarget.SetFriendlyName', ({ friendlyName }) => ({
      friendlyName: friendlyName?.replaceAll('\\', '\\\\') ?? null,
    })),
  },
];
