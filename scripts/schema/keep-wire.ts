import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import { wireDigests } from '#shared/protocol/wire.ts';
import { ROOT } from '../dev/paths.ts';

/**
 * `npm run wire:keep`: writes down the wire of the version that this build speaks. To be run on
 * purpose only: a version that has been released never changes, a change of it is a new version.
 */
const digests = wireDigests((text) => createHash('sha256').update(text).digest('hex'));
const file = path.join(ROOT, `shared/protocol/wire/v${PROTOCOL_VERSION}.json`);
await writeFile(file, `${JSON.stringify(digests, null, 2)}\n`);
console.log(`${Object.keys(digests).length} schemas of version ${PROTOCOL_VERSION} written down`);
