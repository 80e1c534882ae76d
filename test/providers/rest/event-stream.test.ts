// The parser of server-sent events: the same events however the stream is cut and its lines end.
import type { EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventReader } from '../../../providers/rest/event-stream.js';

function read(chunks: readonly Uint8Array[], limit = 1_000): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  const feed = eventReader((event) => events.push(event), limit);
  for (const chunk of chunks) feed(Buffer.from(chunk));
  return events;
}

const text = fc.string({ unit: 'binary', maxLength: 20 }).map((s) => s.replace(/[\r\n\0]/g, ''));

describe('eventReader', () => {
  test('cuts and line endings make no difference', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            id: text,
            event: text.filter((s) => s !== ''),
            data: fc.array(text, { minLength: 1, maxLength: 3 }),
            comment: fc.boolean(),
          }),
          { maxLength: 5 },
        ),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat(400), { maxLength: 20 }),
        fc.boolean(),
        (events, eol, cuts, mark) => {
          const stream = events
            .flatMap((e) => [
              ...(e.comment ? [': quiet'] : []),
              `id: ${e.id}`,
              `event: ${e.event}`,
              ...e.data.map((d) => `data: ${d}`),
              '',
            ])
            .map((line) => line + eol)
            .join('');
          const bytes = Buffer.from((mark ? '\ufeff' : '') + stream);
          const at = [0, ...cuts.filter((c) => c <= bytes.length).sort((a, b) => a - b), bytes.length];
          const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
          expect(read(chunks)).toEqual(events.map((e) => ({ id: e.id, event: e.event, data: e.data.join('\n') })));
        },
      ),
    );
  });

  test('an empty chunk between CR and LF ends no event', () => {
    const stream = ['data: 1\r', '', '\ndata: 2\r\n\r\n'].map((each) => Buffer.from(each));
    expect(read(stream)).toMatchObject([{ data: '1\n2' }]);
  });

  test('an event without data is dropped; unknown fields and missing spaces do no harm', () => {
    expect(read([Buffer.from('event: x\n\nretry: 5\nfoo\n:c\ndata:1\nid:7\n\ndata\n\n')])).toEqual([
      { event: undefined, id: '7', data: '1' },
      { event: undefined, id: undefined, data: '' },
    ]);
  });

  test('what is not ended yet is not given', () => {
    expect(read([Buffer.from('data: 1\n')])).toEqual([]);
  });

  test('an event without end is refused, in one line or in many', () => {
    expect(() => read([Buffer.from(`data: ${'x'.repeat(2_000)}`)])).toThrow(RangeError);
    expect(() => read([Buffer.from('data: xxxxxxxx\n'.repeat(200))])).toThrow(RangeError);
    expect(read([Buffer.from('data: xxxxxxxx\n\n'.repeat(200))])).toHaveLength(200);
  });

  test('bytes that are not UTF-8 are refused', () => {
    expect(() => read([Buffer.from([0x64, 0xff, 0x0a])])).toThrow(TypeError);
  });
});
