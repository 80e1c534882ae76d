// The findings of doctor as lines for people. Pure: it prints nothing. Text from a provider is made safe for a terminal
// here.
import { counted } from '../../contract/wording.js';
import type { Examination } from '../../run/survey.js';
import type { Forecast } from '../../run/forecast.js';
import { terminalLine } from '../../reporting/text/plain-text.js';
import { about } from '../../reporting/text/times.js';

export interface Diagnosis {
  readonly examination: Examination;
  readonly forecast: Forecast;
  /** Milliseconds of Reenumerate with Refresh, as the user gave them. */
  readonly recoveryTime: number | undefined;
}

const LONG = 240;
const text = (value: string): string => terminalLine(value, LONG);
const plural = (kind: string, count: number): string =>
  `${count} ${kind}${count === 1 ? '' : kind.endsWith('x') ? 'es' : 's'}`;

/** Calls times the measured latency, and recoveries times what the user said that one takes. */
export function estimateLines({
  forecast: { calls, recoveries },
  examination: { latency },
  recoveryTime,
}: Diagnosis): string[] {
  const reading = latency === undefined ? undefined : calls * latency;
  const scanning = recoveryTime === undefined ? undefined : recoveries * recoveryTime;
  return [
    '  about ' +
      `${counted(calls, 'call')}${
        latency === undefined
          ? '; GetProperties never succeeded, so their time is not known'
          : `: ${about(reading ?? 0)}, at the ${about(latency)} that GetProperties took (median); what creates or ` +
            'deletes takes longer'
      }`,
    '  about ' +
      `${counted(recoveries, 'recovery', 'recoveries')}${
        recoveries === 0
          ? ''
          : scanning === undefined
            ? '; doctor does not call Reenumerate and Refresh: say what both take with --recovery-time <milliseconds>'
            : `: ${about(scanning)}, at ${about(recoveryTime ?? 0)} each as given`
      }`,
    ...(reading !== undefined && scanning !== undefined ? [`  together ${about(reading + scanning)}`] : []),
  ];
}

/** All that doctor has to say, without line ends. */
export function doctorLines(diagnosis: Diagnosis, next: string): string[] {
  const { examination, forecast } = diagnosis;
  const { capabilities } = examination;
  const can = Object.entries(capabilities);
  return [
    'Provider',
    ...(examination.provider === undefined
      ? ['  properties cannot be read']
      : [
          `  ${text(examination.provider.name)}, version ${text(examination.provider.version)}, type ` +
            `${examination.provider.type}, id ${examination.provider.id}`,
          ...(examination.provider.flags.length === 0 ? [] : [`  flags: ${examination.provider.flags.join(', ')}`]),
        ]),
    `  the transport can: ${
      can
        .filter(([, has]) => has)
        .map(([name]) => name)
        .join(', ') || 'nothing beyond plain calls'
    }`,
    ...(can.every(([, has]) => has)
      ? []
      : [
          `  it cannot: ${can
            .filter(([, has]) => !has)
            .map(([name]) => name)
            .join(', ')}`,
        ]),
    '',
    'System',
    ...(examination.subSystems.length === 0
      ? ['  no subsystem is connected, so most checks will not be applicable: connect one, or create one for the test']
      : []),
    ...examination.subSystems.flatMap(({ id, name, flags, holds, importTarget }) => [
      `  subsystem ${text(name) || id}: ${
        Object.entries(holds)
          .map(([kind, count]) => plural(kind, count))
          .join(', ') || 'empty'
      }`,
      `    ${flags.length === 0 ? 'no flags' : flags.join(', ')}`,
      `    import target: ${importTarget}`,
    ]),
    '',
    'Interfaces',
    ...examination.interfaces.map(({ kind, present }) => `  ${kind}: ${present.join(', ') || 'none'}`),
    '',
    'Fault routes',
    ...examination.routes.map(({ name, kinds }) => `  ${name}: ${kinds.join(', ') || 'no kind'}`),
    ...(examination.routes.some(({ name }) => name === 'device' || name === 'cooperative')
      ? []
      : [
          '  Nothing can corrupt the cache: give --cache-file, or offer IVdsConformanceControl ' +
            '(docs/control-interface.md).',
        ]),
    ...(examination.problems.length === 0
      ? []
      : ['', 'Could not be read (a run will judge it)', ...examination.problems.map((p) => `  ${text(p)}`)]),
    '',
    `A run: ${forecast.runnable} of ${counted(forecast.selected, 'check')} can be run`,
    ...forecast.notBegun.map(
      ({ verdict, reason, checks }) =>
        `  ${checks.length} ${verdict}: ${reason} (${checks.slice(0, 2).join(', ')}${checks.length > 2 ? ', …' : ''})`,
    ),
    ...estimateLines(diagnosis),
    '',
    'Nothing was changed. Next: ' +
      `${next}${
        forecast.notBegun.some((n) => n.verdict === 'held back') ? ' (it only reads without --allow-destructive)' : ''
      }`,
  ];
}
