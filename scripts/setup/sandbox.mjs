import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Chromium's sandbox needs either a kernel that lets ordinary users make namespaces or a helper
 * that belongs to root; as root it refuses to start at all.
 *
 * @param {string} electronPath the binary
 * @returns {string | null} why the sandbox cannot be used here; null when it can
 */
export function whyNoSandbox(electronPath) {
  if (process.platform !== 'linux') return null;
  if (process.getuid?.() === 0) return 'the user is root';
  if (hasRootHelper(path.join(path.dirname(electronPath), 'chrome-sandbox'))) return null;
  if (setting('kernel/apparmor_restrict_unprivileged_userns') === '1') {
    return 'AppArmor restricts user namespaces';
  }
  const forbidden =
    setting('kernel/unprivileged_userns_clone') === '0' ||
    setting('user/max_user_namespaces') === '0';
  return forbidden ? 'the kernel forbids user namespaces' : null;
}

/**
 * @param {string} name
 * @returns {string} a kernel setting; empty when this kernel does not have it
 */
function setting(name) {
  try {
    return readFileSync(path.join('/proc/sys', name), 'utf8').trim();
  } catch {
    return '';
  }
}

/**
 * @param {string} file
 * @returns {boolean}
 */
function hasRootHelper(file) {
  try {
    const { uid, mode } = statSync(file);
    return uid === 0 && (mode & 0o4000) !== 0;
  } catch {
    return false;
  }
}
