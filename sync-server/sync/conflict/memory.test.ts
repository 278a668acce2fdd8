import { describe, expect, test } from 'vitest';
import { formatHlc } from '#shared/kernel/hlc.ts';
import type { Row } from '#shared/schema/define.ts';
import { clampAsBefore, effectiveBase, rememberPush } from './memory.ts';

const at = (ms: number): string => formatHlc({ ms, counter: 0, node: '00000000000a' });
const row = (stamps: Record<string, string>): Row => ({
  id: 'x',
  created_at: 1,
  created_by: null,
  device_id: null,
  field_hlc: stamps,
});
const pushed = (base: Record<string, string> | null, stamps: Record<string, string>) => ({
  base,
  sent: row(stamps),
  row: row(stamps),
});

describe('what a profile had seen', () => {
  const memory = rememberPush(pushed({ name: at(1) }, { name: at(5), bin: at(2) }), null, 'ana');

  test('is what it says when nothing is remembered', () => {
    expect(effectiveBase({ name: at(1) }, null, 'ana')).toEqual({ name: at(1) });
    expect(effectiveBase(null, null, 'ana')).toEqual({});
  });

  test('holds its own last push when it says no more than then', () => {
    const seen = { name: at(5), bin: at(2) };
    expect(effectiveBase({ name: at(1) }, memory, 'ana')).toEqual(seen);
    expect(effectiveBase(null, memory, 'ana')).toEqual(seen);
  });

  test('is what it says when it has seen more since', () => {
    expect(effectiveBase({ name: at(9) }, memory, 'ana')).toEqual({ name: at(9) });
  });

  test('has nothing to do with what another person pushed from the same device', () => {
    expect(effectiveBase({ name: at(1) }, memory, 'ben')).toEqual({ name: at(1) });
  });
});

describe('what is remembered', () => {
  test('grows with repeated pushes and starts anew when the device has seen more', () => {
    const first = rememberPush(pushed(null, { name: at(5) }), null, 'ana');
    const second = rememberPush(pushed(null, { name: at(3), bin: at(6) }), first, 'ana');
    expect(second).toEqual({
      base: null,
      pushed: { user: 'ana', stamps: { name: at(5), bin: at(6) } },
    });
    const third = rememberPush(pushed({ name: at(8) }, { name: at(8), bin: at(9) }), second, 'ana');
    expect(third).toEqual({
      base: { name: at(8) },
      pushed: { user: 'ana', stamps: { name: at(8), bin: at(9) } },
    });
  });

  test('includes how a stamp from the future was taken, and the same stamp is taken so again', () => {
    const sent = row({ name: at(999), bin: at(1) });
    const first = { base: null, sent, row: row({ name: at(10), bin: at(1) }) };
    const memory = rememberPush(first, null, 'ana');
    const again = { sent, row: row({ name: at(20), bin: at(1) }) };
    expect(clampAsBefore(again, memory).field_hlc).toEqual({ name: at(10), bin: at(1) });
    const other = { sent: row({ name: at(1000) }), row: row({ name: at(20) }) };
    expect(clampAsBefore(other, memory).field_hlc).toEqual({ name: at(20) });
  });
});
