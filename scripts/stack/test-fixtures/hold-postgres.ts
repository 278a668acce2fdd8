// A process that starts Postgres, says where, and then only waits to be killed.
import { startPostgres } from '../postgres.ts';

const [dir = '', onParentDeath] = process.argv.slice(2);
const server = await startPostgres({
  dir,
  onParentDeath: onParentDeath === 'keep' ? 'keep' : 'stop',
});
console.log(JSON.stringify({ pid: server.pid, port: server.port }));
setInterval(() => {}, 1_000);
