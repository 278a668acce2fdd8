import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_HEAD, linked } from '#shared/kernel/chain.ts';
import type { ChainLink } from '#shared/kernel/chain.ts';
import { newId } from '#shared/kernel/ids.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import { AUDIT_PATHS, EntriesReply } from '#shared/protocol/audit.ts';
import type { ReadEntry, SignedHead } from '#shared/protocol/audit.ts';
import { SITE, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import { sha256 } from './device-chains.ts';
import { createHeadSigner } from './head-signer.ts';

let rig: Rig;
let ana: Client;
beforeAll(async () => {
  rig = await openRig();
  ana = await rig.client(await rig.person(['FD', SITE.AA]));
});
afterAll(() => rig.close());

/** A device as the protocol has it, whose chain a test may bend. */
async function device(client: Client = ana) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  const chain = newId();
  const begin = (over: object = {}) => client.post(AUDIT_PATHS.begin, { chain, key, ...over });
  const sendText = async (payload: string, signature?: string) => {
    const response = await fetch(rig.server.url + AUDIT_PATHS.entries, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        payload,
        signature: signature ?? sign(null, Buffer.from(payload), privateKey).toString('hex'),
      }),
    });
    return { status: response.status, body: (await response.json()) as unknown };
  };
  const send = async (
    links: readonly ChainLink[],
    head = links.at(-1) ?? NO_HEAD,
    signed: SignedHead | null = null,
  ): Promise<EntriesReply> => {
    const { status, body } = await sendText(
      JSON.stringify({
        chain,
        head: { seq: head.seq, hash: head.hash },
        signed,
        entries: links.map((link) => [link.seq, link.hash, link.body]),
      }),
    );
    if (status !== 200) throw new Error(JSON.stringify(body));
    return EntriesReply.parse(body);
  };
  expect((await begin()).body).toEqual({ state: 'known' });
  const links = (n: number, after: ChainLink | typeof NO_HEAD = NO_HEAD): ChainLink[] =>
    linked(
      sha256,
      chain,
      after,
      Array.from({ length: n }, () => canonicalJson(entry())),
    );
  return { chain, key, begin, send, sendText, links };
}

const entry = (over: Partial<ReadEntry> = {}): ReadEntry => {
  const patient = newId();
  return {
    id: newId(),
    at: 1_790_000_000_000,
    actor: ana.userId,
    action: 'read',
    table: 'patients',
    rows: [patient],
    patients: [patient],
    screen: 'patients.timeline',
    ...over,
  };
};

const stored = async (chain: string): Promise<number> => {
  const { rows } = await rig.db.admin.query<{ n: number }>(
    'select count(*)::int as n from private.device_entries where chain_id = $1',
    [chain],
  );
  return rows[0]?.n ?? -1;
};
const verdict = async (chain: string): Promise<unknown> => {
  const { rows } = await rig.db.admin.query('select * from private.verify_device_chain($1)', [
    chain,
  ]);
  return rows[0];
};
const faultOf = async (chain: string): Promise<unknown> => {
  const { rows } = await rig.db.admin.query(
    'select fault, fault_seq from private.device_chains where id = $1',
    [chain],
  );
  return rows[0];
};
/** What the device's own audit and the log of the server say of a fault. */
const events = async (chain: string): Promise<string[]> => {
  const { rows } = await rig.db.admin.query<{ outcome: string }>(
    `select outcome from public.audit_logs where row_id = $1 and action = 'refuse'`,
    [chain],
  );
  expect(rig.log.some((line) => line.includes('security: ') && line.includes(chain))).toBe(
    rows.length > 0,
  );
  return rows.map(({ outcome }) => outcome);
};

describe('what a device hands over', () => {
  test('is kept in order, signed for, and whole', async () => {
    const { chain, send, links } = await device();
    const all = links(5);
    const first = await send(all.slice(0, 2), all.at(-1));
    expect(first).toMatchObject({ state: 'taken', seq: 2, hash: all[1]?.hash });
    const second = await send(all.slice(2));
    expect(second).toMatchObject({ state: 'taken', seq: 5, hash: all[4]?.hash });
    if (second.state !== 'taken' || second.signature === null) throw new Error('not signed');
    const signer = createHeadSigner('a5'.repeat(32));
    const { seq, hash, at, signature } = second;
    expect(second.key).toBe(signer.key);
    expect(signer.isOwn(chain, { seq, hash, at, signature })).toBe(true);
    expect(signer.isOwn(chain, { seq, hash, at: at + 1, signature })).toBe(false);
    expect(signer.isOwn(newId(), { seq, hash, at, signature })).toBe(false);
    expect(await verdict(chain)).toEqual({ checked: 5, broken_seq: null, fault: null });
    expect(await faultOf(chain)).toEqual({ fault: null, fault_seq: null });
  });

  test('changes nothing when it comes again, in whole or in part, or overlaps', async () => {
    const { chain, send, links } = await device();
    const all = links(4);
    const head = all.at(-1);
    await send(all.slice(0, 3), head);
    expect(await send(all.slice(0, 3), head)).toMatchObject({ state: 'taken', seq: 3 });
    expect(await send(all.slice(1, 2), head)).toMatchObject({ state: 'taken', seq: 3 });
    expect(await send([], all[2])).toMatchObject({ state: 'taken', seq: 3 });
    expect(await send([], head)).toEqual({ state: 'behind', seq: 3 });
    expect(await send(all, head)).toMatchObject({ state: 'taken', seq: 4 });
    expect(await send(all, head)).toMatchObject({ state: 'taken', seq: 4 });
    expect(await stored(chain)).toBe(4);
    expect(await events(chain)).toEqual([]);
  });

  test('is taken once when it comes many times at once', async () => {
    const { chain, send, links } = await device();
    const all = links(20);
    const replies = await Promise.all(Array.from({ length: 8 }, () => send(all)));
    expect(new Set(replies.map(({ state }) => state))).toEqual(new Set(['taken']));
    expect(await stored(chain)).toBe(20);
    expect(await verdict(chain)).toMatchObject({ checked: 20, fault: null });
  });

  test('says columns that follow from its text alone, under the site of the device', async () => {
    const { chain, send } = await device();
    const said = entry({ how: 'search', action: 'list', rows: [newId(), newId()] });
    const body = canonicalJson(said);
    await send(linked(sha256, chain, NO_HEAD, [body]));
    const { rows } = await rig.db.admin.query(
      `select id, actor_id, action, table_name, row_ids, patient_ids, device_id, body
         from private.device_entries where chain_id = $1`,
      [chain],
    );
    expect(rows[0]).toEqual({
      id: said.id,
      actor_id: said.actor,
      action: 'list',
      table_name: 'patients',
      row_ids: said.rows,
      patient_ids: said.patients,
      device_id: ana.deviceId,
      body,
    });
  });

  test('waits for its place: with a gap it is asked for what is missing', async () => {
    const { chain, send, links } = await device();
    const all = links(4);
    expect(await send(all.slice(2))).toEqual({ state: 'behind', seq: 0 });
    await send(all.slice(0, 1), all.at(-1));
    expect(await send(all.slice(2))).toEqual({ state: 'behind', seq: 1 });
    expect(await stored(chain)).toBe(1);
    expect(await events(chain)).toEqual([]);
  });

  test('of a chain that was never begun is nothing', async () => {
    const { send, links } = await device();
    const all = links(1);
    const { privateKey } = generateKeyPairSync('ed25519');
    const payload = JSON.stringify({
      chain: newId(),
      head: { seq: 0, hash: NO_HEAD.hash },
      signed: null,
      entries: [],
    });
    const response = await fetch(rig.server.url + AUDIT_PATHS.entries, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        payload,
        signature: sign(null, Buffer.from(payload), privateKey).toString('hex'),
      }),
    });
    expect(await response.json()).toEqual({ state: 'unknown' });
    expect(await send(all)).toMatchObject({ state: 'taken' });
  });
});

describe('who may', () => {
  test('nobody without the key of the chain, and nobody with another text', async () => {
    const { chain, send, sendText, links } = await device();
    const all = links(2);
    const payload = JSON.stringify({
      chain,
      head: { seq: 2, hash: all[1]?.hash },
      signed: null,
      entries: all.map((link) => [link.seq, link.hash, link.body]),
    });
    const { privateKey } = generateKeyPairSync('ed25519');
    const foreign = sign(null, Buffer.from(payload), privateKey).toString('hex');
    expect(await sendText(payload, foreign)).toMatchObject({
      status: 401,
      body: { error: { code: 'AUTH_TOKEN_INVALID' } },
    });
    expect(await stored(chain)).toBe(0);
    expect(await send(all)).toMatchObject({ state: 'taken' });
  });

  test('a chain keeps its key and its device; another one is refused and said', async () => {
    const { chain, key, begin } = await device();
    expect((await begin()).body).toEqual({ state: 'known' });
    expect((await begin({ key: 'ab'.repeat(32) })).body).toEqual({ state: 'refused' });
    const other = await rig.client(ana.userId);
    expect((await other.post(AUDIT_PATHS.begin, { chain, key })).body).toEqual({
      state: 'refused',
    });
    expect(rig.log.some((line) => line.includes('begun again') && line.includes(chain))).toBe(true);
  });

  test('a machine that is suspended begins none, and accounts for what was read before', async () => {
    const client = await rig.client(ana.userId);
    const { send, links } = await device(client);
    await rig.db.admin.query(`update public.devices set status = 'suspended' where id = $1`, [
      client.deviceId,
    ]);
    expect(await send(links(1))).toMatchObject({ state: 'taken' });
    const more = await client.post(AUDIT_PATHS.begin, { chain: newId(), key: 'cd'.repeat(32) });
    expect(more.status).toBe(403);
  });

  test('what is no entry, or not written as it is hashed, is no entry', async () => {
    const { chain, sendText } = await device();
    const bad = [
      'no json',
      '{}',
      JSON.stringify({ ...entry(), value: 'Jane' }),
      // Not sorted: the same content under another hash.
      JSON.stringify({ table: 'patients', ...entry() }),
      ` ${canonicalJson(entry())}`,
      canonicalJson({ ...entry(), rows: ['Jane Doe'] }),
    ];
    for (const body of bad) {
      const [link] = linked(sha256, chain, NO_HEAD, [body]);
      const { status, body: said } = await sendText(
        JSON.stringify({
          chain,
          head: { seq: 1, hash: link?.hash },
          signed: null,
          entries: [[1, link?.hash, body]],
        }),
      );
      expect([status, body]).toEqual([400, body]);
      expect(JSON.stringify(said)).not.toContain('Jane');
    }
    expect(await stored(chain)).toBe(0);
  });
});

describe('seven kinds of tampering', () => {
  type Bend = (
    all: readonly ChainLink[],
    links: (n: number, after?: ChainLink) => ChainLink[],
  ) => {
    links: readonly ChainLink[];
    head?: ChainLink | undefined;
  };
  /** Of eight entries the server has four; then comes what the device says in place of the rest. */
  const BENT: readonly (readonly [what: string, bend: Bend, fault: string, seq: number])[] = [
    [
      'a changed entry',
      (all) => ({
        links: all.slice(4).with(1, { ...(all[5] as ChainLink), body: canonicalJson(entry()) }),
      }),
      'changed',
      6,
    ],
    ['a deleted entry', (all) => ({ links: all.slice(4).toSpliced(1, 1) }), 'missing', 6],
    [
      'an inserted entry',
      (all, links) => ({
        links: all
          .slice(4)
          .toSpliced(1, 0, ...links(1, all[4]))
          .map((link, at) => ({ ...link, seq: 5 + at })),
      }),
      'changed',
      7,
    ],
    [
      'two entries that changed places',
      (all) => ({
        links: all
          .slice(4)
          .with(1, { ...(all[6] as ChainLink), seq: 6 })
          .with(2, { ...(all[5] as ChainLink), seq: 7 }),
      }),
      'changed',
      6,
    ],
    ['a tail that was cut off', (all) => ({ links: [], head: all[2] }), 'replayed', 4],
    ['an old copy that goes on', (all, links) => ({ links: links(2, all[1]) }), 'forked', 3],
    [
      'a fork behind the last entry',
      (all, links) => ({ links: links(3, links(1, all[2])[0]) }),
      'forked',
      5,
    ],
  ];

  test.each(BENT)(
    'finds %s on the way, keeps what it has, and says so',
    async (_, bend, fault, seq) => {
      const made = await device();
      const { chain, send } = made;
      const all = made.links(8);
      await send(all.slice(0, 4), all.at(-1));
      const bent = bend(all, made.links);
      expect(await send(bent.links, bent.head ?? bent.links.at(-1))).toEqual({
        state: 'refused',
        fault,
        seq,
      });
      expect(await stored(chain)).toBe(4);
      expect(await faultOf(chain)).toEqual({ fault, fault_seq: seq });
      expect(await events(chain)).toEqual([`chain of reads ${fault} at ${seq}`]);
      // Said once, however often it is tried.
      await send(bent.links, bent.head ?? bent.links.at(-1));
      expect(await events(chain)).toHaveLength(1);
      expect(await verdict(chain)).toMatchObject({ checked: 4, fault: null });
    },
  );

  const LIFTED: readonly (readonly [what: string, sql: string, seq: number, fault: string])[] = [
    [
      'a changed entry',
      `update private.device_entries set body = replace(body, 'read', 'list') where chain_id = $1 and seq = 3`,
      3,
      'changed',
    ],
    [
      'a deleted entry',
      'delete from private.device_entries where chain_id = $1 and seq = 3',
      4,
      'missing',
    ],
    ['a cut tail', 'delete from private.device_entries where chain_id = $1 and seq >= 5', 5, 'cut'],
    [
      'two entries that changed places',
      `update private.device_entries a set body = b.body from private.device_entries b
        where a.chain_id = $1 and b.chain_id = $1 and a.seq + b.seq = 7 and a.seq in (3, 4)`,
      3,
      'changed',
    ],
    [
      'an entry appended by hand',
      `insert into private.device_entries (chain_id, seq, hash, body, device_id)
       select chain_id, 7, private.link_hash(hash, chain_id, 7, body), body, device_id
         from private.device_entries where chain_id = $1 and seq = 6`,
      7,
      'beyond',
    ],
    [
      'an entry inserted, the later ones moved on',
      `with moved as (
         update private.device_entries set seq = seq + 100
          where chain_id = $1 and seq >= 4 returning *)
       insert into private.device_entries (chain_id, seq, hash, body, device_id)
       select chain_id, 4, repeat('a', 64), body, device_id from moved where seq = 104`,
      4,
      'changed',
    ],
    [
      'a chain forged to its end',
      `update private.device_entries e set body = replace(e.body, 'read', 'list'),
              hash = private.link_hash(b.hash, e.chain_id, 6, replace(e.body, 'read', 'list'))
         from private.device_entries b
        where e.chain_id = $1 and e.seq = 6 and b.chain_id = $1 and b.seq = 5`,
      6,
      'changed',
    ],
  ];

  test.each(LIFTED)(
    'finds %s in the database, by somebody who can lift the triggers',
    async (_, sql, seq, fault) => {
      const { chain, send, links } = await device();
      await send(links(6));
      expect(await verdict(chain)).toMatchObject({ checked: 6, fault: null });
      const client = await rig.db.postgres.connect();
      try {
        await client.query('alter table private.device_entries disable trigger append_only');
        await client.query(sql, [chain]);
      } finally {
        await client.query('alter table private.device_entries enable always trigger append_only');
        client.release();
      }
      expect(await verdict(chain)).toMatchObject({ broken_seq: seq, fault });
    },
  );

  test('and a tail that is gone together with its head: the device has the signature', async () => {
    const { chain, send, links } = await device();
    const all = links(6);
    const reply = await send(all);
    if (reply.state !== 'taken' || reply.signature === null) throw new Error('not signed');
    const { seq, hash, at, signature } = reply;
    const signed = { seq, hash, at, signature };
    const client = await rig.db.postgres.connect();
    try {
      await client.query('alter table private.device_entries disable trigger append_only');
      await client.query('delete from private.device_entries where chain_id = $1 and seq > 3', [
        chain,
      ]);
      await client.query('update private.device_chains set seq = 3, hash = $2 where id = $1', [
        chain,
        all[2]?.hash,
      ]);
    } finally {
      await client.query('alter table private.device_entries enable always trigger append_only');
      client.release();
    }
    // By itself the database says that all is well.
    expect(await verdict(chain)).toMatchObject({ checked: 3, fault: null });
    expect(await send([], all[5], signed)).toEqual({ state: 'behind', seq: 3 });
    expect(await faultOf(chain)).toEqual({ fault: 'cut', fault_seq: 4 });
    expect(await events(chain)).toEqual(['chain of reads cut at 4']);
    // What is lost comes back from the device.
    expect(await send(all.slice(3), all[5], signed)).toMatchObject({ state: 'taken', seq: 6 });
    expect(await verdict(chain)).toMatchObject({ checked: 6, fault: null });
  });
});

test('entries are never changed or removed, by whomever', async () => {
  const { chain, send, links } = await device();
  await send(links(2));
  for (const sql of [
    `update private.device_entries set body = body where chain_id = '${chain}'`,
    `delete from private.device_entries where chain_id = '${chain}'`,
    'truncate private.device_entries',
  ]) {
    await expect(rig.db.postgres.query(sql)).rejects.toMatchObject({ code: 'GN001' });
  }
  // The engine's own function takes nothing that does not follow.
  const [link] = linked(sha256, chain, NO_HEAD, [canonicalJson(entry())]);
  await expect(
    rig.db.admin.query('select private.append_device_entries($1, $2::jsonb)', [
      chain,
      JSON.stringify([[link?.seq, link?.hash, link?.body]]),
    ]),
  ).rejects.toMatchObject({ code: 'GN008' });
});
