// ReplaceDrive of a drive with several LUNs, some of which are in another state.
import { bytesOfLun, type Check, emptyDrives, extentsOf, fullyAllocated, setStatus } from '../../src/checks/index.js';
import { formatHresult, OBJECT_STATUS, succeeded } from '../../src/contract/index.js';

export const replacingChecks: readonly Check[] = [
  {
    id: 'subsystem.replace-drive-under-offline-lun',
    title: 'ReplaceDrive moves a LUN that is OFFLINE as it moves the others on the drive',
    requirements: ['VDS-10.26', 'VDS-10.26b'],
    // Whoever uses the LUN would be cut off.
    capabilities: ['disposable'],
    effort: 'standard',
    cost: { calls: 80, recoveries: 1 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const [a, b] = await emptyDrives(ctx, subSystem, 2);
      const [from, to] = a.prop.size > b!.prop.size ? [b!, a] : [a, b!];
      const made = [];
      for (let i = 0; i < 3; i++)
        made.push(
          await fullyAllocated(ctx, subSystem, await ctx.make.simpleLun(subSystem, { drives: [from.prop.id] })),
        );
      const [, offline, ...others] = made;
      others.push(made[0]!);
      const { hr } = ctx.duties.supported(await setStatus(ctx, offline!.lun, OBJECT_STATUS.STATUS_OFFLINE));
      if (!succeeded(hr)) ctx.notApplicable(`SetStatus(STATUS_OFFLINE) answered ${formatHresult(hr)}`);
      const left = async ({ id }: { readonly id: string }): Promise<bigint> =>
        bytesOfLun(await extentsOf(ctx, from.drive), id);
      if ((await left(offline!)) === 0n) ctx.notApplicable('the LUN does not lie on the drive that was given');
      const result = ctx.duties.supported(
        await subSystem.replaceDrive({ driveToBeReplaced: from.prop.id, replacementDrive: to.prop.id }),
      );
      // It may be refused while a LUN of the drive cannot be used.
      if (!succeeded(result.hr)) return void ctx.duties.permitted('VDS-10.26', result, 'with a LUN that is OFFLINE');
      // A migration in the background is not waited for; where another has moved when the method returns, this has.
      const remains: bigint[] = [];
      for (const other of others) remains.push(await left(other));
      if (remains.every((bytes) => bytes > 0n)) ctx.notApplicable('what lies on the drive moves in the background');
      if ((await left(offline!)) > 0n) await ctx.faults.recover();
      ctx.duties.equal(
        'VDS-10.26b',
        'the bytes of a LUN that is OFFLINE on the replaced drive, when another as large has left it',
        await left(offline!),
        0n,
        result,
      );
    },
  },
];
