import { readFileSync } from 'node:fs';

/**
 * The passphrase: the first line of a file, or typed unseen; a new one is typed twice.
 * @throws Error when there is neither a file nor a terminal, or the two differ
 */
export async function askPassphrase(file: string | null, isNew: boolean): Promise<string> {
  if (file !== null) return readFileSync(file, 'utf8').split(/\r?\n/)[0] ?? '';
  if (!process.stdin.isTTY) throw new Error('There is no terminal to ask: use --passphrase-file.');
  const first = await typed('Passphrase: ');
  if (isNew && (await typed('Once more:  ')) !== first)
    throw new Error('The two are not the same.');
  return first;
}

function typed(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(prompt);
  stdin.setRawMode(true);
  stdin.resume();
  return new Promise((resolve, reject) => {
    let text = '';
    const end = (finish: () => void): void => {
      stdin.setRawMode(false);
      stdin.pause();
      stdin.off('data', onData);
      stderr.write('\n');
      finish();
    };
    const onData = (data: Buffer): void => {
      for (const character of data.toString('utf8')) {
        if (character === '\r' || character === '\n') return end(() => resolve(text));
        if (character === '\u0003') return end(() => reject(new Error('Cancelled.')));
        text = character === '\u007f' || character === '\b' ? text.slice(0, -1) : text + character;
      }
    };
    stdin.on('data', onData);
  });
}
