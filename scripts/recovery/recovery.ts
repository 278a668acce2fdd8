import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { AppError } from '#shared/errors/app-error.ts';
import { parseRequest } from '#desktop/vault/keys/recovery-seal.ts';
import { makeKeys, openPrivateKey } from './organization-key.ts';
import { askPassphrase } from './passphrase.ts';
import { release } from './release.ts';
import { verifyLog } from './release-log.ts';

/** The organization's recovery tool; see README.md. Works without a network. */
const USAGE = `Usage:
  recovery.ts keys --out DIR
  recovery.ts release --request FILE --key FILE --reason TEXT --by NAME --log FILE
  recovery.ts verify-log --log FILE [--key FILE] [--head HASH]
The passphrase of the private key is asked for, or taken from the file named by --passphrase-file.`;

const WORDS: Readonly<Record<string, string>> = {
  'not-a-request': 'This file holds no recovery request.',
  'changed-request': 'This request was changed on its way. Nothing was released.',
  'other-recovery-key': 'This request is for another recovery key of the organization.',
  'public-key': 'This is not a public recovery key.',
  'private-key': 'This is not a private recovery key.',
  passphrase: 'The passphrase does not open the private key.',
  log: 'The release log does not hold together. Nothing was released.',
};

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      request: { type: 'string' },
      key: { type: 'string' },
      reason: { type: 'string' },
      by: { type: 'string' },
      log: { type: 'string' },
      head: { type: 'string' },
      'passphrase-file': { type: 'string' },
    },
  });
  const need = (name: keyof typeof values): string => {
    const value = values[name];
    if (value === undefined || value.trim() === '')
      throw new Error(`--${name} is missing.\n${USAGE}`);
    return value;
  };
  const passphrase = (isNew = false): Promise<string> =>
    askPassphrase(values['passphrase-file'] ?? null, isNew);

  switch (positionals[0]) {
    case 'keys': {
      const made = await makeKeys(need('out'), await passphrase(true));
      console.log(
        `Recovery key ${made.id}\n  public:  ${made.publicFile}\n  private: ${made.privateFile}`,
      );
      return;
    }
    case 'release': {
      const request = parseRequest(readFileSync(need('request'), 'utf8'));
      const [reason, by, log] = [need('reason'), need('by'), need('log')];
      const key = await openPrivateKey(need('key'), await passphrase());
      const { answer, entry } = release({ request, key, reason, by, log, now: Date.now() });
      console.error(`Released as entry ${entry.number} of the log; head ${entry.hash}`);
      console.log(answer);
      return;
    }
    case 'verify-log': {
      const key =
        values.key === undefined ? null : await openPrivateKey(values.key, await passphrase());
      const result = verifyLog(need('log'), key);
      if (result.problem !== null) throw new Error(`Broken: ${result.problem}`);
      if (values.head !== undefined && values.head !== result.head) {
        throw new Error('Broken: the log does not end where it should; entries are missing.');
      }
      const sealed = key ? ', every seal genuine' : ' (seals not checked: no --key)';
      console.log(`${result.entries} entries hold together${sealed}; head ${result.head}`);
      return;
    }
    default:
      throw new Error(USAGE);
  }
}

try {
  await main();
} catch (error) {
  const reason = error instanceof AppError ? String(error.safe['reason'] ?? error.code) : null;
  console.error(reason === null ? (error as Error).message : (WORDS[reason] ?? reason));
  process.exitCode = 1;
}
