// The checks of SetFriendlyName, which subsystems, LUNs and targets have alike (semantics.md 10.13).
import {
  type Check,
  type Context,
  type IVdsSubSystemNaming,
  reportedMember,
  type Result,
  type VdsObject,
} from '../../src/checks/index.js';
import {
  formatHresult,
  HR,
  internationalNames,
  isBeginningOf,
  LENGTHS,
  specialNames,
  succeeded,
} from '../../src/contract/index.js';

interface Named {
  readonly named: VdsObject;
  readonly naming: Pick<IVdsSubSystemNaming, 'setFriendlyName'>;
}

const nameOf = async (ctx: Context, { named }: Named): Promise<string | null> =>
  (await reportedMember(ctx, named, 'friendlyName', 'VDS-10.13c')) as string | null;

/** Gives a name, which is put back when the check ends. Not applicable where names cannot be set. */
async function setName(ctx: Context, what: Named, friendlyName: string): Promise<Result<object>> {
  const before = await nameOf(ctx, what);
  ctx.onCleanUp('put a name back', async () => {
    if (before === null || (await nameOf(ctx, what)) === before) return;
    const { hr } = await what.naming.setFriendlyName({ friendlyName: before });
    if (!succeeded(hr)) throw new Error(`SetFriendlyName answered ${formatHresult(hr)}`);
  });
  return ctx.duties.supported(await what.naming.setFriendlyName({ friendlyName }));
}

/** The duty that is broken where a name that was set is not the one reported: that to say so, if it was shortened. */
const brokenBy = (told: string | null, name: string): string =>
  told !== null && (told === name || isBeginningOf(told, name)) ? 'VDS-10.13' : 'VDS-10.13c';

/** A name that was set with S_OK is reported as it was given. */
const mustBeWhole = (ctx: Context, result: Result<object>, told: string | null, name: string): boolean =>
  ctx.duties.equal(brokenBy(told, name), 'the friendly name after SetFriendlyName answered S_OK', told, name, result);

/** Sets a name; one that is taken with S_OK is reported. */
export async function mustKeepName(ctx: Context, what: Named): Promise<void> {
  const name = ctx.make.uniqueName();
  const result = await what.naming.setFriendlyName({ friendlyName: name });
  if (result.hr === HR.S_OK) mustBeWhole(ctx, result, await nameOf(ctx, what), name);
}

/** A name that was set is the name told. */
const keepsName = (suite: string, find: (ctx: Context) => Promise<Named>): Check => ({
  id: `${suite}.friendly-name`,
  title: 'GetProperties reports the name that SetFriendlyName was given with S_OK, and the earlier one when it is back',
  requirements: ['VDS-10.13', 'VDS-10.13c'],
  cost: { calls: 14, recoveries: 0 },
  async run(ctx) {
    const what = await find(ctx);
    const before = await nameOf(ctx, what);
    const name = ctx.make.uniqueName();
    const result = await setName(ctx, what, name);
    ctx.duties.ok('VDS-10.13c', result);
    const told = await nameOf(ctx, what);
    if (result.hr === HR.S_OK) mustBeWhole(ctx, result, told, name);
    else
      ctx.duties.holds(
        'VDS-10.13',
        told !== null && told.length < name.length,
        `SetFriendlyName answered ${formatHresult(result.hr)} for "${name}", and the name is "${told}"`,
        result,
      );
    if (before === null) return;
    // A provider may refuse the name that an array gave by itself.
    const back = await what.naming.setFriendlyName({ friendlyName: before });
    if (back.hr === HR.S_OK) mustBeWhole(ctx, back, await nameOf(ctx, what), before);
  },
});

/**
 * A name of as many characters as were kept of a longer one: all of it is kept with S_OK, or less of it, and that is
 * said.
 */
async function keepsAsMuch(ctx: Context, what: Named, length: number): Promise<void> {
  const name = ctx.make.uniqueName().padEnd(length, 'm').slice(0, length);
  const result = await setName(ctx, what, name);
  if (!succeeded(result.hr)) return;
  const told = await nameOf(ctx, what);
  ctx.duties.holds(
    brokenBy(told, name),
    told !== null && (told === name || isBeginningOf(told, name)) && (told === name) === (result.hr === HR.S_OK),
    `SetFriendlyName answered ${formatHresult(result.hr)} for "${name}", as long as what it kept of a longer name, ` +
      `and the name is "${told}"`,
    result,
  );
}

/** A name that was shortened is said to be. */
const truncatesName = (suite: string, find: (ctx: Context) => Promise<Named>): Check => ({
  id: `${suite}.long-name`,
  title:
    'SetFriendlyName of a very long name keeps all of it with S_OK, shortens it with VDS_S_NAME_TRUNCATED, or ' +
    'refuses it; one as long as what was kept is kept',
  requirements: ['VDS-10.13', 'VDS-10.13c'],
  cost: { calls: 18, recoveries: 0 },
  async run(ctx) {
    const what = await find(ctx);
    const before = await nameOf(ctx, what);
    const name = `${ctx.make.uniqueName()}-${'long'.repeat(250)}`;
    const { hr, told } = await judgeName(ctx, what, { name, before, for: 'a very long name' });
    if (succeeded(hr) && told !== null && told !== name) await keepsAsMuch(ctx, what, told.length);
  },
});

/**
 * Gives a name of which the array may not keep all: it is kept whole with S_OK, shortened with VDS_S_NAME_TRUNCATED, or
 * refused. Gives the answer, and the name that is reported.
 */
async function judgeName(
  ctx: Context,
  what: Named,
  { name, before, for: described }: { readonly name: string; readonly before: string | null; readonly for: string },
): Promise<{ readonly hr: number; readonly told: string | null }> {
  const result = await setName(ctx, what, name);
  const told = await nameOf(ctx, what);
  if (result.hr === HR.S_OK) mustBeWhole(ctx, result, told, name);
  else if (succeeded(result.hr)) {
    ctx.duties.code('VDS-10.13', result, HR.VDS_S_NAME_TRUNCATED, 'for a name that it shortened');
    ctx.duties.holds(
      brokenBy(told, name),
      told !== null && isBeginningOf(told, name),
      `SetFriendlyName answered VDS_S_NAME_TRUNCATED, and "${told}" does not begin the name given`,
      result,
    );
  } else {
    ctx.duties.permitted('VDS-10.13c', result, `for ${described}`);
    ctx.duties.equal('VDS-0.2b', 'the friendly name after SetFriendlyName failed', told, before, result);
  }
  return { hr: result.hr, told };
}

/** Names of which an array may keep less than it is given, or refuse any. */
const keepsNames =
  (
    id: string,
    title: string,
    calls: number,
    namesFrom: (unique: string) => readonly { readonly friendlyName: string; readonly how: string }[],
  ) =>
  (suite: string, find: (ctx: Context) => Promise<Named>): Check => ({
    id: `${suite}.${id}`,
    title,
    requirements: ['VDS-10.13', 'VDS-10.13c'],
    cost: { calls, recoveries: 0 },
    async run(ctx) {
      const what = await find(ctx);
      let before = await nameOf(ctx, what);
      for (const { friendlyName, how } of namesFrom(ctx.make.uniqueName()))
        before = (await judgeName(ctx, what, { name: friendlyName, before, for: `a name ${how}` })).told;
    },
  });

/** A name that an array keeps in fewer bytes than it takes is shortened as well. */
export const keepsLetters = keepsNames(
  'international-name',
  'SetFriendlyName of a name with many letters beyond ASCII keeps all of it with S_OK, shortens it with ' +
    'VDS_S_NAME_TRUNCATED, or refuses it',
  50,
  (unique) => LENGTHS.flatMap((length) => internationalNames(unique, length)),
);

/** A name is kept as it is given, whatever its characters mean elsewhere. */
export const keepsCharacters = keepsNames(
  'special-name',
  'SetFriendlyName of a name with characters that markup, URLs or patterns read otherwise keeps it as it is with ' +
    'S_OK, or refuses it',
  24,
  specialNames,
);

/** The checks of the names of a kind of object. */
export const namingChecks = (suite: string, find: (ctx: Context) => Promise<Named>): readonly Check[] =>
  [keepsName, truncatesName, keepsLetters, keepsCharacters].map((check) => check(suite, find));
