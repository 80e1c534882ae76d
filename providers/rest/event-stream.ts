// The client's reader of server-sent events. It reconnects to nothing: without its socket there are no notifications.
import { createParser, type EventSourceMessage } from 'eventsource-parser';

/**
 * A reader to be fed with the stream's chunks, wherever they are cut. Calls `take` with each event. Throws RangeError
 * when one event is longer than `limit` characters, TypeError when the stream is not UTF-8.
 */
export function eventReader(take: (event: EventSourceMessage) => void, limit: number): (chunk: Buffer) => void {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parser = createParser({
    onEvent: take,
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') throw new RangeError(`an event is longer than ${limit} characters`);
    },
    maxBufferSize: limit,
  });
  let afterReturn = false;
  return (chunk) => {
    let text = decoder.decode(chunk, { stream: true });
    // An empty chunk, or a part of a character, does not come between a CR and its LF.
    if (text === '') return;
    // The parser waits for what follows a CR. Where lines end with CR alone, the latest event would be held back.
    if (afterReturn && text.startsWith('\n')) text = text.slice(1);
    afterReturn = text.endsWith('\r');
    parser.feed(text.replace(/\r\n?/g, '\n'));
  };
}
