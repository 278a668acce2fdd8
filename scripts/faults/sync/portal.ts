import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultKind } from '../fault-kind.ts';
import { ALWAYS_CHECKED, checkAll } from './checks.ts';
import { keepWorking } from './kills.ts';
import { caseIn } from './with-clinic.ts';
import type { InClinic } from './with-clinic.ts';

/** What something between a device and the server answers in its place. */
const PORTALS = ['html', 'redirect', 'json', 'list', 'error', 'empty'] as const;
type Portal = (typeof PORTALS)[number];

const PAGE = '<!doctype html><title>Welcome</title><form>Accept the terms</form>';

/** A captive portal in front of everything, answers of the wrong shape, answers cut in the middle. */
export const portal: FaultKind = {
  name: 'portal',
  mustCheck: [...ALWAYS_CHECKED, 'portals', 'answers of portals', 'answers cut'],
  async start(context) {
    return { cases: [caseIn(context, 'all answers', run)] };
  },
};

/** A server that answers everything with one thing, and notes tokens that were shown to a stranger. */
async function startPortal(): Promise<{
  readonly port: number;
  say(what: Portal): void;
  readonly answers: () => number;
  readonly followed: () => number;
  stop(): void;
}> {
  let what: Portal = 'html';
  let answers = 0;
  let followed = 0;
  const server = createServer((request, response) => {
    answers += 1;
    if (request.url?.startsWith('/terms') && request.headers.authorization) followed += 1;
    const type = what === 'json' || what === 'list' ? 'application/json' : 'text/html';
    const status = what === 'redirect' ? 302 : what === 'error' ? 502 : 200;
    const { port } = server.address() as AddressInfo;
    response.writeHead(status, {
      'content-type': type,
      ...(what === 'redirect' ? { location: `http://127.0.0.1:${port}/terms` } : {}),
    });
    const bodies = { json: '{"ok":true,"results":"none","tables":{}}', list: '[]', empty: '' };
    response.end(what in bodies ? bodies[what as keyof typeof bodies] : PAGE);
  });
  server.on('upgrade', (_request, socket) => {
    answers += 1;
    socket.end(`HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n${PAGE}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    say: (next) => (what = next),
    answers: () => answers,
    followed: () => followed,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function run(inClinic: InClinic): Promise<void> {
  const { found, clinic, pool, rng, small, device } = inClinic;
  const one = await device('behind-portal');
  const between = await startPortal();
  keepWorking(one, pool, rng.uint32(), 40);
  try {
    for (const what of PORTALS) {
      between.say(what);
      one.network.server.divert(between.port);
      one.network.auth.divert(between.port);
      await one.call('sync', null);
      await sleep(small ? 500 : 6_000);
      const { state, auth } = await one.status();
      found.checked('portals');
      if (auth !== 'signed-in') found.problem(`${what}: signed out by a portal`);
      if (state === 'synced') found.silent(`${what}: synced with a portal`);
      one.network.server.divert(null);
      one.network.auth.divert(null);
      if (!small) await sleep(2_000);
    }
    found.checked('answers of portals', between.answers());
    if (between.followed() > 0) found.problem(`${between.followed()} tokens shown to a portal`);
  } finally {
    between.stop();
  }
  for (let round = 0; round < (small ? 4 : 40); round += 1) {
    one.network.server.breakAfter(rng.int(20, 1_500));
    await one.call('sync', null);
    await sleep(rng.int(50, 400));
    found.checked('answers cut');
  }
  one.network.server.breakAfter(null);
  await one.call('rest', null);
  await one.call('sync', null);
  await checkAll(found, clinic, [one]);
}
