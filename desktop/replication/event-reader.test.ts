import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventReader } from './event-reader.ts';

/** Reads a text in pieces. */
function read(...pieces: string[]): string[] {
  const heard: string[] = [];
  const reader = createEventReader((data) => heard.push(data));
  for (const piece of pieces) reader.take(piece);
  return heard;
}

test('events are told by their data, whatever stands around it', () => {
  expect(read('event: hello\ndata: {"a":1}\n\n:\n\ndata:b\nid: 4\n\n')).toEqual(['{"a":1}', 'b']);
  expect(read('data: a\r\ndata: b\r\n\r\ndata: c\r\rdata: d\n')).toEqual(['a\nb', 'c']);
});

test('an event without an end, and one that is too long, is none; the next one is', () => {
  expect(read(`data: ${'x'.repeat(70_000)}\n\ndata: y\n\n`)).toEqual(['y']);
  const pieces = Array.from({ length: 100 }, () => 'x'.repeat(1_000));
  expect(read('data: ', ...pieces, '\n\ndata: y\n\n')).toEqual(['y']);
});

test('where the text is cut does not matter', () => {
  const Line = fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[\r\n]/g, '·'));
  const Event = fc
    .tuple(fc.array(Line, { minLength: 1, maxLength: 3 }), fc.constantFrom('\n', '\r\n', '\r'))
    .map(([lines, end]) => ({
      data: lines.join('\n'),
      text: `:${end}event: x${end}${lines.map((each) => `data: ${each}${end}`).join('')}${end}`,
    }));
  fc.assert(
    fc.property(fc.array(Event), fc.array(fc.nat(60)), (events, cuts) => {
      let text = events.map((each) => each.text).join('');
      const pieces: string[] = [];
      for (const cut of cuts) {
        pieces.push(text.slice(0, cut));
        text = text.slice(cut);
      }
      expect(read(...pieces, text, '\n')).toEqual(events.map(({ data }) => data));
    }),
  );
});
