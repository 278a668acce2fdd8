import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findVendorSpec, loadContract } from '#stack/openapi-contract.ts';
import {
  TWILIO_NUMBERS,
  startMail,
  startSlack,
  startTwilio,
} from '../../testing/partners.suite.ts';
import type { FakeMail, FakeSlack, FakeTwilio, Mood } from '../../testing/partners.suite.ts';
import { HubFailure, networkFailure } from '../hub-failure.ts';
import { smtpTransport } from './email.ts';
import type { Envelope, Message, Transport } from './messages.ts';
import { slackTransport } from './slack.ts';
import { twilioTransport } from './sms.ts';

/** Each way to a partner, against a real server on this machine: what was sent, and what is known of it. */

let mail: FakeMail;
let slack: FakeSlack;
let sms: FakeTwilio;
beforeAll(async () => {
  [mail, slack, sms] = await Promise.all([startMail(), startSlack(), startTwilio()]);
});
afterEach(() => {
  for (const { moods } of [mail, slack, sms]) expect(moods).toEqual([]);
});
afterAll(() => Promise.all([mail, slack, sms].map((one) => one.close())));

const envelope: Envelope = { key: 'k-1', kind: 'order.summary', locationId: null, isPlain: true };
const LETTER = {
  channel: 'email',
  to: 'orders@vendor.example',
  subject: 'Order PO-1',
  text: '10 boxes of gauze\n.\nä',
} as const;
const POST = { channel: 'slack', site: 'AA', text: '10 boxes <gauze> & more' } as const;
const SMS = { channel: 'sms', to: '+17345550100', text: 'Your visit is tomorrow.' } as const;

/** What the hub would make of it. */
async function outcome<M extends Message>(
  transport: Transport<M>,
  message: M,
  signal = AbortSignal.timeout(1_000),
): Promise<string> {
  try {
    await transport.send(message, envelope, signal);
    return 'sent';
  } catch (error) {
    const failure = error instanceof HubFailure ? error : networkFailure(error);
    return `${failure.code}, done: ${failure.done}`;
  }
}

describe('mail', () => {
  const way = () => smtpTransport(mail.config);

  test('goes to one mailbox, under an id that follows from its key', async () => {
    expect(await outcome(way(), LETTER)).toBe('sent');
    const [taken] = mail.taken.splice(0);
    expect(taken?.to).toBe(LETTER.to);
    expect(taken?.raw).toContain('Message-ID: <k-1@ganger.example>');
    expect(taken?.raw).toContain('Subject: Order PO-1');
    expect(taken?.raw).toContain('Auto-Submitted: auto-generated');
    expect(taken?.raw).toMatch(/^10 boxes of gauze\r\n\.\r\n/m);
  });

  test.each<[Mood, string, number]>([
    ['sign-in', 'HUB_SIGN_IN, done: no', 0],
    ['refuses', 'HUB_REFUSED, done: no', 0],
    ['busy', 'HUB_BUSY, done: no', 0],
    ['drops', 'HUB_UNREACHABLE, done: no', 0],
    ['drops-after', 'HUB_FAILED, done: unknown', 1],
    ['hangs-after', 'HUB_FAILED, done: unknown', 1],
  ])('whose server %s is %s', async (mood, what, taken) => {
    mail.moods.push(mood);
    expect(await outcome(way(), LETTER)).toBe(what);
    expect(mail.taken.splice(0)).toHaveLength(taken);
  });

  test('to a server that is away was not sent, and so for a wrong password', async () => {
    const away = smtpTransport({ ...mail.config, port: 1 });
    expect(await outcome(away, LETTER)).toBe('HUB_UNREACHABLE, done: no');
    const wrong = smtpTransport({ ...mail.config, password: 'no' });
    expect(await outcome(wrong, LETTER)).toBe('HUB_SIGN_IN, done: no');
  });

  test('is not said in clear to a server elsewhere that offers no TLS', async () => {
    const open = smtpTransport({ ...mail.config, isHere: false });
    expect(await outcome(open, LETTER)).toBe('HUB_SIGN_IN, done: no');
    expect(mail.taken).toEqual([]);
  });
});

describe('a post to Slack', () => {
  const way = () => slackTransport(new Map([['AA', slack.url]]));

  test('goes to the channel of its site, and nothing in it is read as a link', async () => {
    expect(await outcome(way(), POST)).toBe('sent');
    expect(slack.posted.splice(0)).toEqual(['10 boxes &lt;gauze&gt; &amp; more']);
    expect(await outcome(way(), { ...POST, site: 'WX' })).toBe('HUB_OFF, done: no');
    const all = slackTransport(new Map([['*', slack.url]]));
    expect(await outcome(all, { ...POST, site: 'WX' })).toBe('sent');
    expect(slack.posted.splice(0)).toHaveLength(1);
  });

  test.each<[Mood, string, number]>([
    ['refuses', 'HUB_REFUSED, done: no', 0],
    ['busy', 'HUB_BUSY, done: no', 0],
    ['sign-in', 'HUB_SIGN_IN, done: no', 0],
    ['fault', 'HUB_FAILED, done: unknown', 0],
    ['fault-after', 'HUB_FAILED, done: unknown', 1],
    ['drops', 'HUB_FAILED, done: unknown', 0],
    ['drops-after', 'HUB_FAILED, done: unknown', 1],
    ['hangs-after', 'HUB_FAILED, done: unknown', 1],
  ])('that Slack answers with %s is %s', async (mood, what, posted) => {
    slack.moods.push(mood);
    expect(await outcome(way(), POST)).toBe(what);
    expect(slack.posted.splice(0)).toHaveLength(posted);
  });

  test('to an address where nobody is was not posted', async () => {
    const gone = await startSlack();
    await gone.close();
    const away = slackTransport(new Map([['*', gone.url]]));
    expect(await outcome(away, POST)).toBe('HUB_UNREACHABLE, done: no');
  });
});

describe('a text message', () => {
  let now = 0;
  const clock = { now: () => now };
  const way = (over = {}) =>
    twilioTransport({ ...sms.config, ...over }, clock, (config) => sms.connect(config));

  test('goes out by the service of the account', async () => {
    expect(await outcome(way(), SMS)).toBe('sent');
    expect(sms.messages.splice(0)).toMatchObject([{ to: SMS.to, body: SMS.text }]);
    expect(sms.forms.at(-1)).toEqual({
      To: SMS.to,
      Body: SMS.text,
      MessagingServiceSid: sms.config.from,
    });
  });

  test.each<[Mood, string, number]>([
    ['sign-in', 'HUB_SIGN_IN, done: no', 0],
    ['refuses', 'HUB_REFUSED, done: no', 0],
    ['busy', 'HUB_BUSY, done: no', 0],
    ['fault', 'HUB_FAILED, done: unknown', 0],
    ['fault-after', 'HUB_FAILED, done: unknown', 1],
    ['drops-after', 'HUB_FAILED, done: unknown', 1],
    ['hangs-after', 'HUB_FAILED, done: unknown', 1],
  ])('that Twilio answers with %s is %s', async (mood, what, taken) => {
    sms.moods.push(mood);
    expect(await outcome(way(), SMS)).toBe(what);
    expect(sms.messages.splice(0)).toHaveLength(taken);
  });

  test('to a number that does not exist is refused, to one that said STOP it is opted out', async () => {
    const to = (number: string) => outcome(way(), { ...SMS, to: number });
    expect(await to(TWILIO_NUMBERS.invalid)).toBe('HUB_REFUSED, done: no');
    expect(await to(TWILIO_NUMBERS.unsubscribed)).toBe('MESSAGE_OPTED_OUT, done: no');
    expect(await outcome(way({ secret: 'wrong' }), SMS)).toBe('HUB_SIGN_IN, done: no');
  });

  test('of which nobody knows is found in the list, or not, or not yet', async () => {
    const begunAt = Date.now();
    const lookUp = (message = SMS as typeof SMS & { readonly text: string }) =>
      way().lookUp?.(message, envelope, begunAt);
    now = begunAt + 1_000;
    await expect(lookUp()).rejects.toMatchObject({ code: 'HUB_BUSY', done: 'no' });
    now = begunAt + 60_000;
    expect(await lookUp()).toBe('not-sent');
    sms.moods.push('drops-after');
    await outcome(way(), SMS);
    expect(await lookUp()).toBe('sent');
    // Another text to the same number: what was sent may have been ours before it was changed.
    expect(await lookUp({ ...SMS, text: 'Something else' as typeof SMS.text })).toBe('unknown');
    sms.messages.splice(0);
  });
});

const spec = findVendorSpec('twilio_api_v2010.json');
// Without the vendor's description there is nothing to judge by: these checks do not exist then.
if (spec !== undefined) {
  describe('by Twilio’s own description of its API', () => {
    const LIST = '#/paths/~12010-04-01~1Accounts~1{AccountSid}~1Messages.json/get';
    const PAGE = `${LIST}/responses/200/content/application~1json/schema/properties`;

    test('the server that stands in for it answers as it does', async () => {
      const contract = await loadContract(spec, {
        // The description has no schema for errors; theirs is documented in prose.
        errorSchema: '#/components/schemas/api.v2010.account.message/properties/subresource_uris',
        // Addresses in a page are without the host, in the examples of the description too.
        unkeptFormats: ['first_page_uri', 'uri'].map((name) => `${PAGE}/${name}`),
      });
      const kinds = new Set(sms.replies.map(({ method, status }) => `${method} ${status}`));
      expect([...kinds].toSorted()).toEqual([
        'GET 200',
        'POST 201',
        'POST 400',
        'POST 401',
        'POST 429',
        'POST 500',
        'POST 503',
      ]);
      const verdicts = sms.replies.map((reply) => ({ ...reply, ...contract.judge(reply) }));
      expect(verdicts.filter((verdict) => !('kept' in verdict))).toEqual([]);
    });

    test('what it is asked is described there', () => {
      const document = JSON.parse(readFileSync(spec, 'utf8')) as Description;
      const form =
        document.paths['/2010-04-01/Accounts/{AccountSid}/Messages.json']?.post.requestBody.content[
          'application/x-www-form-urlencoded'
        ]?.schema;
      const asked = new Set(sms.forms.flatMap((one) => Object.keys(one)));
      expect([...asked].filter((name) => !(name in (form?.properties ?? {})))).toEqual([]);
      expect((form?.required ?? []).filter((name) => !asked.has(name))).toEqual([]);
    });
  });
}

interface Description {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly post: {
          readonly requestBody: {
            readonly content: Readonly<
              Record<
                string,
                {
                  readonly schema: {
                    readonly properties: object;
                    readonly required?: readonly string[];
                  };
                }
              >
            >;
          };
        };
      }
    >
  >;
}
