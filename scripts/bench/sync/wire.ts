import { Agent, request } from 'node:http';
import { DEVICE_HEADER, PROTOCOL_HEADER, PROTOCOL_VERSION } from '#shared/protocol/messages.ts';

/** Who speaks, as the headers of a request say it. */
export interface Speaker {
  readonly deviceId: string;
  readonly token: string;
}

export interface WireReply {
  readonly status: number;
  readonly text: string;
}

export const headersOf = ({ deviceId, token }: Speaker): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  [PROTOCOL_HEADER]: String(PROTOCOL_VERSION),
  [DEVICE_HEADER]: deviceId,
});

/** Connections that many light devices of one process share. */
export const createAgent = (devices: number): Agent =>
  new Agent({ keepAlive: true, maxSockets: devices });

/** One request, with as little work as Node's own client makes of it. */
export function post(
  agent: Agent,
  url: string,
  speaker: Speaker,
  body: string,
): Promise<WireReply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      agent,
      method: 'POST',
      headers: {
        ...headersOf(speaker),
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    });
    sent.on('response', (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
      );
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
