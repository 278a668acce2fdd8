import { answerRequest, idOfPublicKey, toText } from '#desktop/vault/keys/recovery-seal.ts';
import type { KeyPair, RecoveryRequest } from '#desktop/vault/keys/recovery-seal.ts';
import { appendToLog } from './release-log.ts';
import type { LogEntry } from './release-log.ts';

const SHORTEST_REASON = 10;

/**
 * Answers a request, after the release stands in the log: no answer without an entry.
 * @throws Error when the reason or the name says nothing
 * @throws AppError RECOVERY_INVALID: see `answerRequest` and `appendToLog`
 */
export function release(options: {
  request: RecoveryRequest;
  key: KeyPair;
  reason: string;
  by: string;
  log: string;
  now: number;
}): { answer: string; entry: LogEntry } {
  const { request, key, log, now } = options;
  const reason = options.reason.trim();
  const by = options.by.trim();
  if (reason.length < SHORTEST_REASON) {
    throw new Error(`--reason needs at least ${SHORTEST_REASON} characters: who asked, and why.`);
  }
  if (by.length < 2) throw new Error('--by needs the name of the person who releases.');
  const answer = toText('answer', answerRequest(request, key));
  const entry = appendToLog(log, key, {
    time: new Date(now).toISOString(),
    by,
    reason,
    request: request.id,
    profile: request.profile,
    keys: request.keys.map(({ keyId }) => keyId),
    recoveryKey: idOfPublicKey(key.publicKey),
  });
  return { answer, entry };
}
