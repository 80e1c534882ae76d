// ReplaceDrive of a drive with several LUNs, some of which are in another state.
import {
  bytesOfLun,
  type Check,
  emptyDrives,
  extentsOf,
  fullyAllocated,
  setStatus,
  VdsObject,
} from '../../src/checks/index.js';
import { formatHresult, OBJECT_STATUS, succeeded } from '../../src/contract/index.js';

export const replacingChecks: readonly Check[] = [
  {
    id: 'subsystem.replace-drive-under-offline-lun',
    title: 'ReplaceDrive moves a LUN that is OFFLINE, or lies in pieces, as it moves the others on the drive',
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
      const [inPieces, offline, other] = made;
      // Others lie behind it by now: it may come to lie in two pieces on the drive, or grow elsewhere, or not at all.
      const grown = await inPieces!.lun.extend({
        numberOfBytesToAdd: inPieces!.size,
        driveIdArray: [from.prop.id],
      });
      if (succeeded(grown.hr) && grown.out.async instanceof VdsObject) await grown.out.async.wait();
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
      if ((await left(inPieces!)) > 0n && (await left(other!)) > 0n)
        ctx.notApplicable('what lies on the drive moves in the background');
      if ((await left(inPieces!)) > 0n || (await left(offline!)) > 0n) await ctx.faults.recover();
      for (const [which, lun] of [
        ['that is OFFLINE', offline!],
        ['that was extended', inPieces!],
      ] as const)
        ctx.duties.equal(
          'VDS-10.26b',
          `the bytes of a LUN ${which} on the replaced drive, when another has left it`,
          await left(lun),
          0n,
          result,
        );
    },
  },
];
