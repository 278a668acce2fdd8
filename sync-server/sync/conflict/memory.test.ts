import { describe, expect, test } from 'vitest';
import { formatHlc } from '#shared/kernel/hlc.ts';
import type { Row } from '#shared/schema/define.ts';
import { clampAsBefore, effectiveBase, rememberPush } from './memory.ts';

const at = (ms: number): string => formatHlc({ ms, counter: 0, node: '00000000000a' });
const ANA = { userId: 'ana' };
const BEN = { userId: 'ben' };
const row = (stamps: Record<string, string>): Row => ({
  id: 'x',
  created_at: 1,
  created_by: null,
  device_id: null,
  field_hlc: stamps,
});
const pushed = (base: Record<string, string> | null, stamps: Record<string, string>) => ({
  base,
  table: 'inventory_items' as const,
  sent: row(stamps),
  clamps: new Map<string, string>(),
});
/** A row of which some stamps were brought back. */
const brought = (sent: Row, clamps: readonly (readonly [string, string])[]) => ({
  table: 'rocks' as const,
  base: null,
  sent,
  clamps: new Map(clamps),
});

describe('what a profile had seen', () => {
  const memory = rememberPush(pushed({ name: at(1) }, { name: at(5), bin: at(2) }), null, ANA);

  test('is what it says when nothing is remembered', () => {
    expect(effectiveBase({ name: at(1) }, null, ANA)).toEqual({ name: at(1) });
    expect(effectiveBase(null, null, ANA)).toEqual({});
  });

  test('holds its own last push when it says no more than then', () => {
    const seen = { name: at(5), bin: at(2) };
    expect(effectiveBase({ name: at(1) }, memory, ANA)).toEqual(seen);
    expect(effectiveBase(null, memory, ANA)).toEqual(seen);
  });

  test('is what it says when it has seen more since', () => {
    expect(effectiveBase({ name: at(9) }, memory, ANA)).toEqual({ name: at(9) });
  });

  test('has nothing to do with what another person pushed from the same device', () => {
    expect(effectiveBase({ name: at(1) }, memory, BEN)).toEqual({ name: at(1) });
  });
});

describe('what is remembered', () => {
  test('grows with repeated pushes and starts anew when the device has seen more', () => {
    const first = rememberPush(pushed(null, { name: at(5) }), null, ANA);
    const second = rememberPush(pushed(null, { name: at(3), bin: at(6) }), first, ANA);
    expect(second).toEqual({
      base: null,
      pushed: { user: 'ana', stamps: { name: at(5), bin: at(6) } },
    });
    const third = rememberPush(pushed({ name: at(8) }, { name: at(8), bin: at(9) }), second, ANA);
    expect(third).toEqual({
      base: { name: at(8) },
      pushed: { user: 'ana', stamps: { name: at(8), bin: at(9) } },
    });
  });

  test('includes how a stamp from the future was taken, and the same stamp is taken so again', () => {
    const sent = row({ title: at(999), quarter: at(1) });
    const memory = rememberPush(brought(sent, [[at(999), at(10)]]), null, ANA);
    const again = brought(sent, [[at(999), at(20)]]);
    expect(clampAsBefore(again, memory).field_hlc).toEqual({ title: at(10), quarter: at(1) });
    const other = brought(row({ title: at(1000) }), [[at(1000), at(20)]]);
    expect(clampAsBefore(other, memory).field_hlc).toEqual({ title: at(20) });
  });

  test('stays what it was however often the same stamp from the future comes', () => {
    const sent = row({ title: at(999) });
    const first = rememberPush(brought(sent, [[at(999), at(10)]]), null, ANA);
    const second = rememberPush(brought(sent, [[at(999), at(20)]]), first, ANA);
    expect(second).toEqual(first);
    const third = brought(sent, [[at(999), at(30)]]);
    expect(clampAsBefore(third, second).field_hlc).toEqual({ title: at(10) });
  });

  test('knows the stamps within sets, and those of pushes before the last one', () => {
    const dots = (stamp: string) => ({ Ana: { '00000000000a': [stamp, ''] } });
    const early = { ...row({}), shared_with: dots(at(900)) };
    const late = { ...row({}), shared_with: dots(at(999)) };
    const first = rememberPush(brought(early, [[at(900), at(10)]]), null, ANA);
    const second = rememberPush(brought(late, [[at(999), at(20)]]), first, ANA);
    expect(clampAsBefore(brought(early, [[at(900), at(30)]]), second)).toMatchObject({
      shared_with: dots(at(10)),
    });
    expect(clampAsBefore(brought(late, []), second)).toMatchObject({ shared_with: dots(at(20)) });
  });

  test('a request that a later one has overtaken stays behind it, in its own order', () => {
    const later = rememberPush(brought(row({ title: at(999) }), [[at(999), at(10)]]), null, ANA);
    const early = row({ title: at(900), quarter: at(910) });
    const stamps = [
      [at(900), at(20)],
      [at(910), at(21)],
    ] as const;
    const { title = '', quarter = '' } =
      clampAsBefore(brought(early, stamps), later).field_hlc ?? {};
    expect([title, quarter, at(10)].toSorted()).toEqual([title, quarter, at(10)]);
    expect(new Set([title, quarter, at(10)]).size).toBe(3);
    const between = brought(row({ title: at(999) }), []);
    expect(
      clampAsBefore(between, rememberPush(brought(early, stamps), later, ANA)).field_hlc,
    ).toEqual({
      title: at(10),
    });
  });

  test('is understood where an earlier build wrote it', () => {
    const clamps = { title: { sent: at(999), as: at(10) } };
    const memory = { base: null, pushed: { user: 'ana', stamps: { title: at(10) }, clamps } };
    const again = brought(row({ title: at(999) }), [[at(999), at(20)]]);
    expect(clampAsBefore(again, memory).field_hlc).toEqual({ title: at(10) });
  });
});
