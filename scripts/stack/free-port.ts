import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Returns a TCP port of 127.0.0.1 that was free a moment ago. Another process can take it before
 * its use, so whoever binds it should try again with the next one.
 */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}
