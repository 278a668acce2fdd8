import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatHlc, hlcNodeOf } from '#shared/kernel/hlc.ts';
import type { Row } from '#shared/schema/define.ts';
import { UNIT, openCountRig } from '../testing/counts.suite.ts';
import type { CountRig } from '../testing/counts.suite.ts';
import { SITE, must } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

let rig: Rig;
let counter: Client;
let stocked: CountRig['stocked'];
let statusOf: CountRig['statusOf'];
let stepsOf: CountRig['stepsOf'];
beforeAll(async () => {
  const opened = await openCountRig();
  ({ rig, counter, stocked, statusOf, stepsOf } = opened);
});
afterAll(() => rig.close());

describe('a count that says how many lines it has', () => {
  const send = (row: Row) => ({ table: 'count_sessions' as const, row });
  const lines = (session: Row, items: readonly string[]) =>
    items.map((id) => ({
      table: 'count_lines' as const,
      row: make.countLine(counter, session, id, 10 * UNIT),
    }));

  test('is judged when the last of them has arrived, in whatever push', async () => {
    const items = [await stocked(), await stocked(), await stocked()];
    const session = make.countSession(counter, SITE.AA);
    const [first, second, third] = lines(session, items);
    const closed = make.edited(session, counter, { status: 'submitted', line_count: 3 });
    expect(await counter.push(send(closed), must(first))).toMatchObject([
      { outcome: 'ok' },
      { outcome: 'ok' },
    ]);
    expect(await statusOf(session)).toBe('submitted');
    await counter.push(must(second));
    expect(await statusOf(session)).toBe('submitted');
    // Its session pushed again, as after a lost answer, does not hurry it.
    expect(await counter.push(send(closed))).toMatchObject([{ outcome: 'ok' }]);
    expect(await statusOf(session)).toBe('submitted');
    await counter.push(must(third));
    expect(await statusOf(session)).toBe('posted');
    expect(
      await counter.push({
        table: 'count_lines',
        row: { ...make.countLine(counter, session, must(items[0]), 1), hlc: must(first).row.hlc },
      }),
    ).toMatchObject([{ outcome: 'refused', code: 'COUNT_CLOSED' }]);
  });

  test('is judged so too when the clock of its device is an hour fast', async () => {
    const ahead = (nth: number) =>
      formatHlc({
        ms: Date.now() + 3_600_000,
        counter: nth,
        node: hlcNodeOf(counter.deviceId),
      });
    const session = make.countSession(counter, SITE.AA);
    const [first, second] = lines(session, [await stocked(), await stocked()]).map((line, nth) => ({
      ...line,
      row: { ...line.row, hlc: ahead(nth) },
    }));
    const closed = make.edited(session, counter, { status: 'submitted', line_count: 2 });
    const stamps = { ...closed.field_hlc, status: ahead(2), line_count: ahead(2) };
    expect(await counter.push(send({ ...closed, field_hlc: stamps }), must(first))).toMatchObject([
      { outcome: 'master' },
      { outcome: 'master' },
    ]);
    expect(await counter.push(must(second))).toMatchObject([{ outcome: 'master' }]);
    expect(await statusOf(session)).toBe('posted');
  });

  test('is judged once when its last lines come at the same time', async () => {
    const items = await Promise.all(Array.from({ length: 8 }, () => stocked()));
    const session = make.countSession(counter, SITE.AA);
    const all = lines(session, items);
    await counter.push(send(make.edited(session, counter, { status: 'submitted', line_count: 8 })));
    await Promise.all(all.map((line) => counter.push(line)));
    expect(await statusOf(session)).toBe('posted');
    expect(await stepsOf(session)).toHaveLength(2);
  });

  test('takes no line that was seen after it was closed', async () => {
    const session = make.countSession(counter, SITE.AA);
    await counter.push(send(make.edited(session, counter, { status: 'submitted', line_count: 2 })));
    expect(await counter.push(...lines(session, [await stocked()]))).toMatchObject([
      { outcome: 'refused', code: 'COUNT_CLOSED' },
    ]);
  });

  test('goes on when the number is corrected, since one of its lines will never come', async () => {
    const session = make.countSession(counter, SITE.AA);
    const [line] = lines(session, [await stocked()]);
    const closed = make.edited(session, counter, { status: 'submitted', line_count: 2 });
    await counter.push(send(closed), must(line));
    expect(await statusOf(session)).toBe('submitted');
    const corrected = make.edited(closed, counter, { line_count: 1 });
    expect(
      await counter.push({ ...send(corrected), base: closed.field_hlc ?? null }),
    ).toMatchObject([{ outcome: 'master', row: { status: 'posted' } }]);
  });

  test('that was given up takes its late lines in peace', async () => {
    const session = make.countSession(counter, SITE.AA);
    const late = lines(session, [await stocked()]);
    await counter.push(send(make.edited(session, counter, { status: 'voided' })));
    expect(await counter.push(...late)).toMatchObject([{ outcome: 'ok' }]);
    expect(await statusOf(session)).toBe('voided');
  });
});
