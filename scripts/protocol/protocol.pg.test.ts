import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CODES } from '#shared/errors/codes.ts';
import type { Code } from '#shared/errors/codes.ts';
import { createHlc, formatHlc, hlcNodeOf } from '#shared/kernel/hlc.ts';
import { derivedId, newId, uuidVersion } from '#shared/kernel/ids.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { joinRecords, stampedFields } from '#shared/merge/join.ts';
import { LIMITS, PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { startServer } from '#server/server.ts';
import type { RunningServer } from '#server/server.ts';
import { syncUrl } from '#server/testing/rig.suite.ts';
import { PUBLISHABLE_KEY, setUpAuth } from '#stack/test-fixtures/auth-setup.ts';
import type { AuthSetup } from '#stack/test-fixtures/auth-setup.ts';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import { PEOPLE } from '../../supabase/demo/people.ts';
import { ROOT } from '../dev/paths.ts';
import { Bindings } from './bindings.ts';
import { blocksOf } from './blocks.ts';
import type { Block } from './blocks.ts';
import { runExamples } from './run-examples.ts';

/** The code that stands on the page. */
interface PageCode {
  newVerifier(): string;
  challengeOf(verifier: string): string;
  derivedId(...parts: string[]): string;
  newId(now?: number): string;
  createClock(
    deviceId: string,
    last?: string | null,
    now?: () => number,
  ): { next(): string; follow(stamp: string): void; last(): string };
  canonicalJson(value: unknown): string;
  mergeRow(stamped: readonly string[], mine: Row, theirs: Row): Row;
}

let page: string;
let blocks: Block[];
let code: PageCode;
beforeAll(async () => {
  page = await readFile(path.join(ROOT, 'docs/protocol.md'), 'utf8');
  blocks = blocksOf(page);
  const imports = "import { createHash, randomBytes } from 'node:crypto';\n";
  const text = blocks
    .filter(({ kind }) => kind === 'js')
    .map((block) => block.text.replaceAll(/^import .*$/gm, ''))
    .join('\n');
  code = (await import(`data:text/javascript,${encodeURIComponent(imports + text)}`)) as PageCode;
});

describe('the examples of docs/protocol.md', () => {
  let db: TestDatabase;
  let auth: AuthSetup;
  let server: RunningServer;
  beforeAll(async () => {
    db = await openTestDatabase({ seed: true });
    const { email, name } = PEOPLE.manager;
    auth = await setUpAuth(db, {}, { accounts: [{ email, name }], auto: { email } });
    server = await startServer(
      {
        host: '127.0.0.1',
        port: 0,
        databaseUrl: await syncUrl(db),
        poolSize: 5,
        authUrl: `${auth.auth.url}/auth/v1`,
        redis: null,
        logLevel: 'silent',
        concurrency: 10,
        files: null,
      },
      silentLogger,
    );
  });
  afterAll(async () => {
    await server.stop();
    await auth.stop();
    await db.close();
  });

  test('are true, one after the other, against a real server', async () => {
    const clock = code.createClock(newId());
    const ahead = code.createClock(newId(), null, () => Date.now() + 3_600_000);
    const verifier = code.newVerifier();
    const bindings = new Bindings(
      {
        server: server.url,
        auth: `${auth.auth.url}/auth/v1`,
        key: PUBLISHABLE_KEY,
        verifier,
        challenge: code.challengeOf(verifier),
      },
      {
        id: () => code.newId(),
        stamp: () => clock.next(),
        ahead: () => ahead.next(),
      },
    );
    const shown = blocks.filter(({ kind }) => kind !== 'js' && kind !== 'text');
    // A block of a kind that cannot be run fails, so none is left out.
    expect(await runExamples(blocks, bindings)).toBe(shown.length);
    expect(shown.length).toBeGreaterThan(30);
  });
});

test('a page that is wrong is told from one that is right', () => {
  const bindings = new Bindings({ a: 1 }, {});
  expect(bindings.differences({ x: '{{=b}}' }, { x: 2, y: 3 })).toEqual([
    'body/y: is not in the example',
  ]);
  expect(bindings.differences({ x: '{{b}}', '...': '' }, { x: 3 })).toHaveLength(1);
  expect(bindings.differences(['{{a}}', '...'], [3, 2, 1])).toEqual([]);
  expect(bindings.differences(['{{a}}'], [1, 2])).toHaveLength(1);
  expect(() => bindings.fill('{{nobody}}')).toThrow('bound to nothing');
});

describe('the code of docs/protocol.md', () => {
  const Stamp = fc
    .record({ ms: fc.nat(1 << 30), counter: fc.nat(0xffff), node: fc.nat(3) })
    .map(({ node, ...rest }) => formatHlc({ ...rest, node: `00000000000${node}` }));

  test('makes the stamps that ours makes', () => {
    const deviceId = newId();
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(1 << 30), Stamp), { maxLength: 30 }), (steps) => {
        let now = 0;
        const theirs = code.createClock(deviceId, null, () => now);
        const ours = createHlc({ clock: { now: () => now }, node: hlcNodeOf(deviceId) });
        for (const step of steps) {
          if (typeof step === 'number') now = step;
          else {
            theirs.follow(step);
            ours.follow(step);
          }
          expect(theirs.next()).toBe(ours.next());
        }
        const again = createHlc({
          clock: { now: () => 0 },
          node: hlcNodeOf(deviceId),
          last: ours.last(),
        });
        expect(code.createClock(deviceId, theirs.last(), () => 0).next()).toBe(again.next());
      }),
    );
  });

  test('writes canonical JSON and ids as ours', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(code.canonicalJson(value)).toBe(canonicalJson(value));
      }),
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ minLength: 1 }).filter((s) => !s.includes('\u001f')),
          { minLength: 1 },
        ),
        (parts) => {
          expect(code.derivedId(...parts)).toBe(derivedId(...parts));
        },
      ),
    );
    expect(uuidVersion(code.newId())).toBe(7);
  });

  test('merges as the server does', () => {
    const fields = stampedFields('item_locations');
    const State = fc
      .record({
        par: fc.option(fc.nat(3)),
        bin: fc.option(fc.constantFrom('A', 'B')),
        is_stocked: fc.boolean(),
        stamps: fc.dictionary(fc.constantFrom(...fields), Stamp),
      })
      .map(({ stamps, ...rest }): Row => {
        const common = { id: 'x', created_at: 1, created_by: null, device_id: null };
        return { ...common, min: null, max: null, reorder_qty: null, ...rest, field_hlc: stamps };
      });
    fc.assert(
      fc.property(State, State, (a, b) => {
        expect(code.mergeRow(fields, a, b)).toEqual(joinRecords('item_locations', a, b));
      }),
    );
  });
});

describe('the tables of docs/protocol.md', () => {
  const rowsOf = (heading: string): string[][] => {
    const section = page.slice(page.indexOf(`\n## ${heading}`) + 1);
    const end = section.indexOf('\n## ');
    return section
      .slice(0, end < 0 ? undefined : end)
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
  };

  test('name every limit with its figure', () => {
    const limits = rowsOf('16.').map(([name = '', figure]) => [
      /`(\w+)`/.exec(name)?.[1],
      Number(figure),
    ]);
    expect(Object.fromEntries(limits)).toEqual(LIMITS);
  });

  test('name every code that crosses the wire, with its status', () => {
    const named = rowsOf('15.').map(([name = '', status]) => [name.slice(1, -1), Number(status)]);
    // What is said within a device, and by the sign-in service, is no matter of this protocol.
    const onDevice =
      /^(STORE|PIN|RECOVERY|BACKUP|KEYCHAIN|IMPORT)_|^FILE_DAMAGED$|^DEVICE_WIPED$|^ROW_|^AUTH_(WRONG|CODE_WRONG|TOO_MANY|CANCELLED|SESSION|ACCOUNT_CLOSED)|^SERVER_(UNREACHABLE|ANSWER|OLDER)/;
    const crossing = (Object.keys(CODES) as Code[]).filter((name) => !onDevice.test(name));
    expect(Object.fromEntries(named)).toEqual(
      Object.fromEntries(crossing.map((name) => [name, CODES[name].status])),
    );
  });

  test('are about the version that the server speaks', () => {
    expect(page).toMatch(new RegExp(`^# Protocol, version ${PROTOCOL_VERSION}\n`));
  });
});
