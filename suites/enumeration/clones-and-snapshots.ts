// Clones of an enumeration object, and what it is a snapshot of.
import { type Check, RecoveryCase } from '../../src/checks/index.js';
import { HR, UNTOUCHED } from '../../src/contract/index.js';
import { lunEnumerator, next } from './enumerators.js';

export const cloneAndSnapshotChecks: readonly Check[] = [
  {
    id: 'enumeration.objects-outlive-it',
    title: 'Objects of an enumeration stay valid after the enumeration itself was released',
    requirements: ['VDS-6.1', 'VDS-12.3b'],
    cost: { calls: 30, recoveries: 0 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 2);
      const result = await enumerator.next({ celt: ids.length });
      const objects = result.out.objectArray === UNTOUCHED ? [] : (result.out.objectArray ?? []);
      await enumerator.release();
      for (const object of objects) {
        const lun = await object.as('IVdsLun');
        ctx.duties.holds(
          'VDS-12.3b',
          lun !== null,
          'a LUN has no IVdsLun any more after the enumeration that listed it was released',
        );
        if (lun !== null)
          ctx.duties.code(
            'VDS-12.3b',
            await lun.getProperties(),
            HR.S_OK,
            'on a LUN of an enumeration that was released',
          );
      }
      ctx.duties.equal('VDS-6.1', 'the number of objects returned', objects.length, ids.length, result);
    },
  },
  {
    id: 'enumeration.clone-outlives-it',
    title: 'A clone goes on after the enumerator that it was made from was released',
    requirements: ['VDS-6.4b', 'VDS-6.4c'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 2);
      const [first] = await next(ctx, enumerator, 1, ids.length);
      const copy = ctx.duties.output('VDS-6.4b', await enumerator.clone(), 'enum');
      await enumerator.release();
      const seen = await next(ctx, copy, ids.length, ids.length - 1, {
        by: 'its original',
        how: 'on a clone whose original was released',
      });
      ctx.duties.equal(
        'VDS-6.4c',
        'what the clone returns after the original was released',
        seen.toSorted(),
        ids.filter((id) => id !== first).toSorted(),
      );
    },
  },
  {
    id: 'enumeration.clone-at-the-end',
    title: 'A clone made at the end is at the end, and its Reset does not move the original',
    requirements: ['VDS-6.4', 'VDS-6.4b', 'VDS-6.4c', 'VDS-6.2a'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 1);
      await next(ctx, enumerator, ids.length, ids.length);
      const copy = ctx.duties.output('VDS-6.4b', await enumerator.clone(), 'enum');
      await next(ctx, copy, 1, 0, { by: 'Clone', how: 'on a clone made at the end' });
      ctx.duties.code('VDS-6.4', await copy.reset(), HR.S_OK, 'on a clone at the end');
      await next(ctx, copy, ids.length, ids.length, { by: 'Reset', how: 'on a clone after its Reset' });
      await next(ctx, enumerator, 1, 0, { by: 'its clone', how: 'on an enumerator at the end whose clone was reset' });
    },
  },
  {
    id: 'enumeration.reset-in-the-middle',
    title: 'Reset in the middle, and at the beginning, goes back to the beginning',
    requirements: ['VDS-6.4'],
    cost: { calls: 40, recoveries: 0 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 3);
      ctx.duties.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'at the beginning of an enumeration');
      const begun = await next(ctx, enumerator, 2, ids.length, { by: 'Reset', how: 'after Reset at the beginning' });
      ctx.duties.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'in the middle of an enumeration');
      const again = await next(ctx, enumerator, ids.length, ids.length, {
        by: 'Reset',
        how: 'after Reset in the middle',
      });
      ctx.duties.equal('VDS-6.4', 'what an enumeration returns after Reset in its middle', again, [
        ...begun,
        ...again.slice(2),
      ]);
    },
  },
  {
    id: 'enumeration.snapshot-of-targets',
    title: 'An enumeration of targets neither gains one that is created later nor loses one that is deleted',
    requirements: ['VDS-6.5a', 'VDS-6.5d', 'VDS-7.1a'],
    cost: { calls: 50, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const iscsi = await ctx.system.iscsi(subSystem);
      const { target, id } = await ctx.make.target(subSystem);
      const before = (await ctx.duties.list(await iscsi.queryTargets(), 'enum', 'IVdsIscsiTarget', 'VDS-6.7a')).length;
      const enumerator = ctx.duties.output('VDS-6.6a', await iscsi.queryTargets(), 'enum');
      await ctx.duties.completed(await target.delete());
      const later = await ctx.make.target(subSystem);
      const result = await enumerator.next({ celt: before });
      ctx.duties.code(
        'VDS-6.5d',
        result,
        HR.S_OK,
        `for Next(${before}) on an enumeration of ${before} targets of which one was deleted since`,
      );
      let deleted = 0;
      for (const object of result.out.objectArray === UNTOUCHED ? [] : (result.out.objectArray ?? [])) {
        const answer = await (await object.as('IVdsIscsiTarget'))?.getProperties();
        if (answer?.hr === HR.VDS_E_OBJECT_DELETED) deleted += 1;
        else if (answer !== undefined) {
          const told = ctx.duties.output('VDS-6.5a', answer, 'targetProp').id;
          ctx.duties.holds(
            'VDS-6.5a',
            told !== later.id,
            'a target created after QueryTargets appears in its enumeration',
            answer,
          );
          ctx.duties.holds('VDS-7.1a', told !== id, 'the deleted target still answers GetProperties', answer);
        }
      }
      ctx.duties.equal('VDS-6.5d', 'the number of deleted targets in the earlier enumeration', deleted, 1, result);
      const more = await enumerator.next({ celt: 1 });
      ctx.duties.holds(
        'VDS-6.5a',
        more.hr !== HR.S_OK,
        'an enumeration of targets has grown by the one that was created since',
        more,
      );
    },
  },
  {
    id: 'enumeration.snapshot-over-recovery',
    title: 'Reenumerate and Refresh leave an enumeration that exists as it is',
    requirements: ['VDS-6.5a'],
    cost: { calls: 50, recoveries: 1 },
    async run(ctx) {
      const { enumerator, ids } = await lunEnumerator(ctx, 2);
      const [first] = await next(ctx, enumerator, 1, ids.length);
      await new RecoveryCase(ctx).reenumerateAndRefresh();
      const seen = await next(ctx, enumerator, ids.length, ids.length - 1, {
        by: 'recovery',
        how: 'after Reenumerate and Refresh',
      });
      ctx.duties.equal(
        'VDS-6.5a',
        'what is left of an enumeration after Reenumerate and Refresh',
        seen.toSorted(),
        ids.filter((id) => id !== first).toSorted(),
      );
    },
  },
];
