import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpConfig } from '../../config/hubs-config.ts';
import { HubFailure, networkFailure } from '../hub-failure.ts';
import type { MessageOf, Transport } from './messages.ts';

/** What an error of nodemailer carries beside its words, which stay here: they may name addresses. */
interface SmtpError extends Error {
  readonly code?: string | undefined;
  readonly responseCode?: number | undefined;
}

/**
 * Sends mail by SMTP, one connection a message. Until the text is on its way nothing has been sent,
 * whatever breaks; from then on only an answer of the server tells. The id of the message follows from
 * its key, so that a mail server or a reader who gets it twice can see that it is one.
 */
export function smtpTransport(config: SmtpConfig): Transport<MessageOf<'email'>> {
  return {
    async send({ to, subject, text }, { key }, signal) {
      const mail = await new MailComposer({
        from: config.from,
        to,
        subject,
        text,
        messageId: `<${key}@${domainOf(config.from)}>`,
        // Vacation notes and lists leave it alone.
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      })
        .compile()
        .build();
      const connection = new SMTPConnection({
        host: config.host,
        port: config.port,
        secure: config.secure,
        requireTLS: !config.secure && !config.isHere,
        name: domainOf(config.from),
        connectionTimeout: 10_000,
        greetingTimeout: 10_000,
        socketTimeout: 15_000,
      });
      let isOnItsWay = false;
      const body = Readable.from(
        (function* read() {
          isOnItsWay = true;
          yield mail;
        })(),
      );
      const { promise, resolve, reject } = Promise.withResolvers<{ providerId: string | null }>();
      const fail = (error: SmtpError): void => reject(smtpFailure(error, isOnItsWay));
      const stop = (): void => connection.close();
      signal.addEventListener('abort', stop, { once: true });
      connection.once('error', fail);
      connection.once('end', () =>
        fail(Object.assign(new Error('closed'), { code: 'ECONNECTION' })),
      );
      const hand = (): void =>
        connection.send({ from: addressOf(config.from), to: [to] }, body, (error) => {
          if (error) fail(error);
          else resolve({ providerId: null });
        });
      connection.connect((error?: SmtpError) => {
        if (error) fail(error);
        else if (config.user === null) hand();
        else {
          connection.login({ user: config.user, pass: config.password ?? '' }, (refused) => {
            if (refused) fail(refused);
            else hand();
          });
        }
      });
      try {
        return await promise;
      } finally {
        signal.removeEventListener('abort', stop);
        connection.quit();
      }
    },
  };
}

/** An answer of the mail server says that it did not take the message; without one it may have. */
function smtpFailure(error: SmtpError, isOnItsWay: boolean): HubFailure {
  const { code, responseCode } = error;
  // Not even asked for a name: it would have gone in clear.
  if (code === 'ETLS') return new HubFailure('HUB_SIGN_IN', { done: 'no', theirs: code });
  if (responseCode !== undefined && responseCode >= 400) {
    const theirs = String(responseCode);
    if (code === 'EAUTH' || responseCode === 530 || responseCode === 535) {
      return new HubFailure('HUB_SIGN_IN', { done: 'no', theirs });
    }
    // 4yz: not now · 5yz: never.
    const mapped = responseCode >= 500 ? 'HUB_REFUSED' : 'HUB_BUSY';
    return new HubFailure(mapped, { done: 'no', theirs });
  }
  if (code === 'EAUTH') return new HubFailure('HUB_SIGN_IN', { done: 'no', theirs: code });
  const failure = networkFailure(error);
  if (isOnItsWay) return failure;
  return new HubFailure('HUB_UNREACHABLE', {
    done: 'no',
    cause: error,
    ...(code === undefined ? {} : { theirs: code }),
  });
}

/** The address in `Name <address>`. */
const addressOf = (from: string): string => /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();
const domainOf = (from: string): string => addressOf(from).split('@')[1] ?? randomUUID();
