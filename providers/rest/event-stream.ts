// Server-sent events, as the HTML standard defines them, as far as a client needs them that does not reconnect: no socket, no notifications.

export interface ServerSentEvent {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/**
 * A reader to be fed with the stream's chunks, wherever they are cut. Calls `take` with each event. Throws RangeError when one event is longer than
 * `limit` characters, TypeError when the stream is not UTF-8.
 */
export function eventReader(take: (event: ServerSentEvent) => void, limit: number): (chunk: Buffer) => void {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let afterReturn = false;
  let id = '';
  let event = '';
  let data: string[] = [];
  let size = 0;

  const line = (text: string): void => {
    if (text === '') {
      if (data.length > 0) take({ event: event === '' ? 'message' : event, id, data: data.join('\n') });
      event = '';
      data = [];
      size = 0;
      return;
    }
    const colon = text.indexOf(':');
    const name = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? '' : text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'data') data.push(value);
    else if (name === 'event') event = value;
    else if (name === 'id') id = value;
    size += text.length;
  };

  return (chunk) => {
    let text = decoder.decode(chunk, { stream: true });
    // The other half of a CR LF that was cut in two; the CR has ended its line already.
    if (afterReturn && text.startsWith('\n')) text = text.slice(1);
    afterReturn = text.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/);
    const last = lines.length - 1;
    lines[0] = rest + lines[0];
    for (let i = 0; i < last; i++) line(lines[i] ?? '');
    rest = lines[last] ?? '';
    if (rest.length + size > limit) throw new RangeError(`an event is longer than ${limit} characters`);
  };
}
