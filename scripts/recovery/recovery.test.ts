import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  idOfPublicKey,
  makeRecoveryCopy,
  makeRequest,
  newKeyPair,
  openAnswer,
  parseAnswer,
  parseRecoveryPublicKey,
  toText,
} from '#desktop/vault/keys/recovery-seal.ts';
import { verifyLog } from './release-log.ts';
import { release } from './release.ts';

const TOOL = fileURLToPath(new URL('recovery.ts', import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), 'ganger-recovery-'));
const at = (name: string): string => path.join(folder, name);
const found = (end: string): string => at(readdirSync(folder).find((n) => n.endsWith(end)) ?? end);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tool(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [TOOL, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const options = (values: Record<string, string>): string[] =>
  Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);

/** A device's request, written to a file, and how it opens the answer. */
function ask(name: string, dataKey: Buffer, text?: string) {
  const to = parseRecoveryPublicKey(readFileSync(found('.pub'), 'utf8'));
  const copy = makeRecoveryCopy(to, 'a-profile', 'k1', dataKey);
  const { request, pair } = makeRequest('a-profile', [{ keyId: 'k1', copy }]);
  writeFileSync(at(name), text ?? `${toText('request', request)}\n`);
  return (answer: string) => openAnswer(parseAnswer(answer), request.id, pair)?.get('k1');
}

const releaseOf = (request: string, log = 'log.jsonl', reason = 'Ticket 4711, PIN forgotten') =>
  tool(
    'release',
    ...options({ request: at(request), key: found('.key'), by: 'IT Example', reason }),
    ...options({ log: at(log), 'passphrase-file': at('passphrase') }),
  );

beforeAll(() => {
  writeFileSync(at('passphrase'), 'nine lives have cats\n');
  const made = tool('keys', '--out', folder, '--passphrase-file', at('passphrase'));
  expect(made.stderr).toBe('');
  expect(made.status).toBe(0);
});

test('the private key lies under the passphrase, and no other opens it', () => {
  expect(readFileSync(found('.key'), 'utf8')).toContain('argon2id');
  ask('request', Buffer.alloc(32, 5));
  writeFileSync(at('wrong'), 'ten lives have cats\n');
  const { status, stderr, stdout } = tool(
    'release',
    ...options({ request: at('request'), key: found('.key'), by: 'IT Example' }),
    ...options({ reason: 'Ticket 4711, PIN forgotten', log: at('none.jsonl') }),
    ...options({ 'passphrase-file': at('wrong') }),
  );
  expect(status).toBe(1);
  expect(stderr).toContain('passphrase does not open');
  expect(stdout).toBe('');
  expect(existsSync(at('none.jsonl'))).toBe(false);
});

test('a short passphrase makes no key', () => {
  writeFileSync(at('short'), 'cats\n');
  const made = tool('keys', '--out', at('not-made'), '--passphrase-file', at('short'));
  expect(made.status).toBe(1);
  expect(made.stderr).toContain('at least 16');
  expect(existsSync(at('not-made'))).toBe(false);
});

test('a request is answered once its release stands in the log', () => {
  const dataKey = Buffer.alloc(32, 9);
  const open = ask('request', dataKey);
  const { status, stdout, stderr } = releaseOf('request');
  expect(stderr).toContain('entry 1');
  expect(status).toBe(0);
  expect(open(stdout)?.equals(dataKey)).toBe(true);
  expect(stdout.length).toBeLessThan(4000);
  const [line = ''] = readFileSync(at('log.jsonl'), 'utf8').split('\n');
  expect(JSON.parse(line)).toMatchObject({ number: 1, by: 'IT Example' });
  expect(line).not.toContain(dataKey.toString('hex'));
  expect(line).not.toContain(dataKey.toString('base64'));
  expect(line).not.toContain('a-profile');
});

test('no reason, no name, no request: no answer and no entry', () => {
  ask('request', Buffer.alloc(32, 9));
  expect(releaseOf('request', 'empty.jsonl', 'because').stderr).toContain('--reason');
  ask('torn', Buffer.alloc(32), 'ganger-recovery-request.e30');
  expect(releaseOf('torn', 'empty.jsonl').stderr).toContain('no recovery request');
  expect(existsSync(at('empty.jsonl'))).toBe(false);
});

test('the tool checks a log, with its seals and its head', () => {
  ask('request-2', Buffer.alloc(32, 1));
  expect(releaseOf('request-2', 'chain.jsonl').status).toBe(0);
  const log = ['verify-log', '--log', at('chain.jsonl')];
  const good = tool(...log, '--key', found('.key'), '--passphrase-file', at('passphrase'));
  expect(good.stdout).toContain('1 entries hold together, every seal genuine');
  const head = /head ([0-9a-f]{64})/.exec(good.stdout)?.[1] ?? '';
  expect(tool(...log, '--head', head).status).toBe(0);
  expect(tool(...log, '--head', '0'.repeat(64)).stderr).toContain('entries are missing');
});

test('a log that was changed, cut, reordered or added to is found out, and releases nothing', () => {
  const key = newKeyPair();
  const id = idOfPublicKey(key.publicKey);
  const to = { version: 1, kind: 'ganger-recovery-public', id, publicKey: key.publicKey } as const;
  const copy = makeRecoveryCopy(to, 'a-profile', 'k1', Buffer.alloc(32, 1));
  const { request } = makeRequest('a-profile', [{ keyId: 'k1', copy }]);
  const given = { request, key, by: 'IT Example', reason: 'Ticket 4711, PIN forgotten', now: 0 };
  const log = at('whole.jsonl');
  for (let number = 1; number <= 3; number += 1) {
    expect(release({ ...given, log }).entry.number).toBe(number);
  }
  expect(verifyLog(log, key)).toMatchObject({ entries: 3, problem: null });
  const whole = readFileSync(log, 'utf8');
  const [one = '', two = '', three = ''] = whole.split('\n');
  const broken: Record<string, string> = {
    changed: whole.replace('PIN forgotten', 'PIN mislaid'),
    removed: `${one}\n${three}\n`,
    reordered: `${two}\n${one}\n${three}\n`,
    doubled: `${one}\n${one}\n${two}\n${three}\n`,
    'cut short': whole.slice(0, -20),
    'not an entry': `${whole}{}\n`,
    'false seal': whole.replace(/"seal":"[0-9a-f]{64}"/, `"seal":"${'0'.repeat(64)}"`),
  };
  const file = at('broken.jsonl');
  for (const [what, text] of Object.entries(broken)) {
    writeFileSync(file, text);
    expect(verifyLog(file, key).problem, what).not.toBeNull();
    expect(() => release({ ...given, log: file }), what).toThrow('RECOVERY_INVALID');
    expect(readFileSync(file, 'utf8')).toBe(text);
  }
});
