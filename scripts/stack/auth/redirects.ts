/** Tells whether the browser may be sent to an address after a sign-in. */
export type RedirectCheck = (address: string) => boolean;

/**
 * Builds the check of redirect addresses: those of the site itself, any port of this machine given
 * as an IP address (a desktop app listens there), and those that match an allowed pattern. In a
 * pattern `*` stands for anything but `.` and `/`, `**` for anything, `?` for one such character.
 */
export function createRedirectCheck(siteUrl: string, patterns: readonly string[]): RedirectCheck {
  const site = new URL(siteUrl);
  const allowed = patterns.map(toRegExp);
  return (address) => {
    if (!URL.canParse(address)) return false;
    const url = new URL(address);
    const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
    if (isWeb && url.origin === site.origin) return true;
    if (isWeb && isLoopbackAddress(url.hostname)) return true;
    return allowed.some((pattern) => pattern.test(address));
  };
}

function isLoopbackAddress(hostname: string): boolean {
  return hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function toRegExp(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*|\*|\?|[^*?]+/g, (part) => {
    if (part === '**') return '.*';
    if (part === '*') return '[^./]*';
    if (part === '?') return '[^./]';
    return part.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${source}$`, 's');
}
