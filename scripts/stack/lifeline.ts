import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

const SCRIPT = 'cat; read -r pid < "$2" && [ "$pid" = "$1" ] && kill -INT "$1"';

/**
 * Ties a server to this process: a tiny shell waits at the end of a pipe that only this process
 * holds, and interrupts the server when the pipe breaks, so that even SIGKILL of this process does
 * not leave it behind. The id is compared with the server's own pid file first, because the id
 * may belong to somebody else by then. Does nothing on Windows. Returns a function that unties it.
 */
export function tieToThisProcess(pid: number, pidFile: string): () => void {
  if (process.platform === 'win32') return () => {};
  const shell = spawn('sh', ['-c', SCRIPT, 'lifeline', String(pid), pidFile], {
    // A group of its own: Ctrl+C in the terminal must not reach it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell there is no lifeline; the exit guard still covers everything but SIGKILL.
  shell.on('error', () => {});
  shell.unref();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return () => {
    shell.kill('SIGKILL');
  };
}
