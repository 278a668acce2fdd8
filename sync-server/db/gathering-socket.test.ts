import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { GatheringSocket } from './gathering-socket.ts';

/** Counts what really leaves. */
class Counted extends GatheringSocket {
  pieces: number[] = [];

  override _write(chunk: Uint8Array, encoding: BufferEncoding, done: () => void): void {
    this.pieces.push(1);
    super._write(chunk, encoding, done);
  }

  override _writev(chunks: { chunk: unknown; encoding: BufferEncoding }[], done: () => void): void {
    this.pieces.push(chunks.length);
    super._writev?.(chunks, done);
  }
}

test('what is written in one turn leaves as one piece, also where parts of it were corked', async () => {
  const server = createServer((peer) => peer.resume());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = new Counted();
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');

  const statement = (): void => {
    socket.cork();
    for (const part of ['parse', 'bind', 'execute']) socket.write(part);
    socket.uncork();
  };
  socket.write('begin');
  statement();
  statement();
  await new Promise(setImmediate);
  expect(socket.pieces).toEqual([7]);
  socket.write('commit');
  await new Promise(setImmediate);
  expect(socket.pieces).toEqual([7, 1]);
});
