import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OLDEST_MS, WAKING, mayWriteTo } from './patient-gate.ts';
import type { GateFacts } from './patient-gate.ts';

const ZONE = 'America/New_York';
const noon = Date.parse('2026-11-30T17:00:00Z');
const facts = (over: Partial<GateFacts> = {}): GateFacts => ({
  channel: 'sms',
  text: 'Ganger Dermatology: something is ready for you.',
  queuedAt: noon - 60_000,
  templateStatus: 'approved',
  timeZone: ZONE,
  patient: {
    names: ['Ada', 'Lovelace'],
    birthDate: '1990-03-05',
    recordNumber: null,
    isDeceased: false,
    isMerged: false,
  },
  consents: [{ id: 'c1', decision: 'given', given_at: noon - 9e8 }],
  optOuts: [],
  medications: ['Dupilumab'],
  ...over,
});
const patient = (over: Partial<GateFacts['patient']>) => ({
  patient: { ...facts().patient, ...over },
});

describe('a message to a patient', () => {
  test('goes by day to who has agreed to it', () => {
    expect(mayWriteTo(facts(), noon)).toEqual({ may: true });
  });

  test.each<[string, Partial<GateFacts>, string]>([
    ['nobody was asked', { consents: [] }, 'MESSAGE_NO_CONSENT'],
    [
      'it was declined',
      { consents: [{ id: 'c1', decision: 'declined', given_at: 1 }] },
      'MESSAGE_NO_CONSENT',
    ],
    [
      'it was taken back',
      { consents: [{ id: 'c1', decision: 'revoked', given_at: 1 }] },
      'MESSAGE_OPTED_OUT',
    ],
    ['they opted out since', { optOuts: [{ id: 'o1', received_at: noon }] }, 'MESSAGE_OPTED_OUT'],
    ['they have died', patient({ isDeceased: true }), 'MESSAGE_NO_ADDRESS'],
    ['they are another record', patient({ isMerged: true }), 'MESSAGE_NO_ADDRESS'],
    ['the text was recalled', { templateStatus: 'recalled' }, 'MESSAGE_TEMPLATE_ENDED'],
    ['it names a drug', { text: 'Your dupilumab is here' }, 'MESSAGE_HAS_PHI'],
    ['it waited too long', { queuedAt: noon - OLDEST_MS - 1 }, 'MESSAGE_TOO_OLD'],
  ])('does not go when %s', (_why, over, code) => {
    expect(mayWriteTo(facts(over), noon)).toMatchObject({ may: false, code });
  });

  test('says what in it is protected', () => {
    expect(mayWriteTo(facts({ text: 'Ada, 40 mg' }), noon)).toEqual({
      may: false,
      code: 'MESSAGE_HAS_PHI',
      reasons: ['dose', 'patient-name'],
    });
    expect(mayWriteTo(facts({ text: 'Ada, 40 mg', channel: 'email' }), noon)).toEqual({
      may: true,
    });
  });

  test('waits for the morning of the site, over changes of the clock as well', () => {
    const at = (instant: string) =>
      mayWriteTo(facts({ queuedAt: Date.parse(instant) }), Date.parse(instant));
    const later = (instant: string) => ({ may: 'later', at: Date.parse(instant) });
    expect(at('2026-12-01T02:00:00Z')).toEqual(later('2026-12-01T13:00:00Z'));
    expect(at('2026-12-01T01:59:59Z')).toEqual({ may: true });
    expect(at('2026-12-01T12:59:59Z')).toEqual(later('2026-12-01T13:00:00Z'));
    expect(at('2026-12-01T13:00:00Z')).toEqual({ may: true });
    // The night in which the clocks go forward.
    expect(at('2027-03-14T03:30:00Z')).toEqual(later('2027-03-14T12:00:00Z'));
  });

  test('never goes at night or after an opt-out, whatever else is so', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: noon, max: noon + 400 * 86_400_000 }),
        fc.constantFrom(ZONE, 'Pacific/Honolulu', 'Asia/Kolkata'),
        fc.boolean(),
        (now, timeZone, isOut) => {
          const answer = mayWriteTo(
            facts({
              timeZone,
              queuedAt: now,
              optOuts: isOut ? [{ id: 'o', received_at: now }] : [],
            }),
            now,
          );
          if (isOut) {
            expect(answer.may).toBe(false);
            return;
          }
          const goes = answer.may === 'later' ? answer.at : now;
          const [hour = 0, minute = 0] = new Intl.DateTimeFormat('en-GB', {
            timeZone,
            hour: '2-digit',
            minute: '2-digit',
            hourCycle: 'h23',
          })
            .format(goes)
            .split(':')
            .map(Number);
          const at = hour * 60 + minute;
          expect(at).toBeGreaterThanOrEqual(WAKING.from);
          expect(at).toBeLessThan(WAKING.to);
          expect(goes).toBeGreaterThanOrEqual(now);
        },
      ),
    );
  });
});
