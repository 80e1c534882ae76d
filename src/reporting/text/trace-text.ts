// The entries of a trace as lines of text.
import { formatHresult } from '../../contract/hresult.js';
import { calledText, formatValue, valuesText } from '../../port/show-value.js';
import type { CallEntry, NotificationEntry, TraceEntry } from '../../port/trace-entry.js';

/** `VDS_E_OBJECT_DELETED (0x8004240D)`, or what happened instead of an answer. */
export const answerText = ({ hr, error }: CallEntry): string =>
  error ?? (hr === undefined ? '(no answer)' : formatHresult(hr));

/** The answer with the outputs. */
export function cameBackText(call: CallEntry): string {
  const outputs = valuesText(call.outputs);
  return outputs === '' ? answerText(call) : `${answerText(call)} ${outputs}`;
}

/** `OnNotify(numberOfNotifications: 1, notificationArray: […])` */
export const notifiedText = ({ count, notifications }: NotificationEntry): string =>
  `OnNotify(numberOfNotifications: ${count}, notificationArray: ${formatValue(notifications)})`;

/**
 * An entry on one line: ` 12 3.4 ms IVdsLun::Extend(numberOfBytesToAdd: 1048576) on lun#1 → S_OK (0x00000000) async:
 * async#1 [0.2 ms]`.
 */
export function entryText(entry: TraceEntry): string {
  const head = `${String(entry.number).padStart(4)}  ${entry.at.toFixed(1).padStart(8)} ms  `;
  switch (entry.type) {
    case 'call':
      return (
        `${head}${calledText(entry)} → ${cameBackText(entry)}  [${entry.ms} ` +
        `ms]${
          entry.mark === undefined ? '' : entry.mark === 'died' ? '  <== the provider was lost here' : '  <== shows it'
        }`
      );
    case 'fault':
      return `${head}fault: ${entry.kind} of ${entry.object} by the ${entry.route} route: ${entry.proof}`;
    case 'notification':
      return `${head}${notifiedText(entry)}${entry.mark === undefined ? '' : '  <== shows it'}`;
  }
}
