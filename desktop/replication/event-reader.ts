/** An event without an end is not one: more than this is thrown away, characters. */
const MAX_EVENT = 64 * 1024;

/**
 * Reads server-sent events out of text that comes in pieces of any size. Of an event only its data
 * counts; comments and other fields are passed over.
 * @param onData called with the data of each event
 */
export function createEventReader(onData: (data: string) => void): { take(text: string): void } {
  let rest = '';
  let data: string[] = [];
  let size = 0;
  const line = (text: string): void => {
    if (text === '') {
      const whole = data.join('\n');
      if (data.length > 0 && size <= MAX_EVENT) onData(whole);
      data = [];
      size = 0;
      return;
    }
    if (!text.startsWith('data:')) return;
    size += text.length;
    if (size <= MAX_EVENT) data.push(text.startsWith('data: ') ? text.slice(6) : text.slice(5));
  };
  return {
    take(text) {
      // A line break may be cut between its two characters: the first is kept until more comes.
      const all = rest + text;
      const whole = all.endsWith('\r') ? all.slice(0, -1) : all;
      const lines = whole.split(/\r\n|\n|\r/);
      rest = (lines.pop() ?? '') + all.slice(whole.length);
      if (rest.length > MAX_EVENT) {
        size = MAX_EVENT + 1;
        rest = 'data:';
      }
      for (const each of lines) line(each);
    },
  };
}
