// The problems that a zod schema finds, in one line with the members by name.
import type { z } from 'zod';

const MOST = 3;

/** `header.seed: expected string, received undefined; …`. */
export function problemsIn(error: z.ZodError): string {
  const lines = error.issues.map(({ path, message }) => {
    const at = path.join('.');
    const text = message.replace(/^Invalid input: /, '').replace('received undefined', 'and it is missing');
    return at === '' ? text : `${at}: ${text}`;
  });
  return lines.length <= MOST
    ? lines.join('; ')
    : `${lines.slice(0, MOST).join('; ')}; and ${lines.length - MOST} more`;
}
