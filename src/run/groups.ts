// Recoveries are dear: checks that need the same fault and the same recovery are judged by one playing. Where that
// shows something wrong, the checks are run one by one, as if there were no group, so that what is reported is a check
// that fails by itself.
import { counted } from '../contract/wording.js';
import type { Check, Group } from '../checks/check.js';
import type { Context } from '../checks/context.js';
import { isSettled, NotApplicable } from '../checks/outcome.js';
import type { Ending } from './ending.js';

interface Judged {
  readonly first: string;
  readonly count: number;
  readonly notApplicable: ReadonlyMap<string, string>;
  /** The requirements of which the playing has judged something. */
  readonly requirements: readonly string[];
}

interface TakenApart {
  /** How the whole group ended; undefined where it said nothing against the provider. */
  readonly ending: Ending | undefined;
  /** Checks that have not been run by themselves yet. */
  readonly left: Set<string>;
  hasFailed: boolean;
}

export class Groups {
  private readonly members = new Map<Group, readonly Check[]>();
  private readonly judged = new Map<Group, Judged>();
  private readonly apart = new Map<Group, TakenApart>();
  /** The check whose turn it was when its group was played. */
  private playing: Check | undefined;

  /** @param selected the checks of the run */
  constructor(selected: readonly Check[]) {
    for (const check of selected)
      if (check.group !== undefined) this.members.set(check.group, [...(this.members.get(check.group) ?? []), check]);
  }

  /**
   * Runs a check: by itself, together with its group, or not at all where the group was judged before. Rejects as a
   * check's body does.
   */
  async run(check: Check, context: Context): Promise<void> {
    this.playing = undefined;
    const { group } = check;
    const members = group === undefined ? [] : (this.members.get(group) ?? []);
    if (group === undefined || members.length < 2 || this.apart.has(group)) return check.run(context);
    const known = this.judged.get(group);
    if (known === undefined) {
      this.playing = check;
      const notApplicable = await group.play(context, members);
      const requirements = [...context.duties.judged];
      this.judged.set(group, { first: check.id, count: members.length, notApplicable, requirements });
    }
    const { first, count, notApplicable, requirements } = this.judged.get(group) as Judged;
    const reason = notApplicable.get(check.id);
    if (reason !== undefined) throw new NotApplicable(reason);
    context.duties.judging(...requirements);
    context.note(
      `one fault and its recovery judged ${counted(count, 'check')}${check.id === first ? '' : `, with ${first}`}`,
    );
  }

  /**
   * Whether the group of the check that has just ended was played and did not end well, so that the check is to be run
   * again, by itself.
   */
  mustRunAlone(check: Check, ending: Ending): boolean {
    const { group } = check;
    if (group === undefined || this.playing !== check) return false;
    this.playing = undefined;
    const isJudged = this.judged.get(group) !== undefined;
    if (isJudged && isSettled(ending.verdict)) return false;
    this.judged.delete(group);
    this.apart.set(group, {
      ending: isSettled(ending.verdict) || ending.verdict === 'inconclusive' ? undefined : ending,
      left: new Set(this.members.get(group)?.map((c) => c.id)),
      hasFailed: false,
    });
    return true;
  }

  /**
   * How a check of a group that was taken apart ends: the last of them with the failure of the group, where none fails
   * by itself.
   */
  afterAlone(check: Check, ending: Ending): Ending {
    const group = check.group === undefined ? undefined : this.apart.get(check.group);
    if (group === undefined || !group.left.delete(check.id)) return ending;
    if (!isSettled(ending.verdict) && ending.verdict !== 'inconclusive') group.hasFailed = true;
    if (group.left.size > 0 || group.hasFailed || group.ending === undefined) return ending;
    const count = this.members.get(check.group as Group)?.length ?? 0;
    const together = group.ending.reason ?? '';
    const reason = `by itself none of the ${count} checks of its group fails, together they do: ${together}`;
    const { finding } = group.ending;
    return { ...group.ending, reason, ...(finding === undefined ? {} : { finding: { ...finding, message: reason } }) };
  }
}
