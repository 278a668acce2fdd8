import { describe, expect, it } from 'vitest';
import { createRedirectCheck } from './redirects.ts';

const mayGoTo = createRedirectCheck('https://ganger.example/signed-in', [
  'ganger://auth/**',
  'https://*.apps.example/back',
  'https://exact.example/a?',
]);

describe('createRedirectCheck', () => {
  it.each([
    'https://ganger.example/',
    'https://ganger.example/other?x=1',
    'http://127.0.0.1:49152/callback',
    'http://127.8.9.1/',
    'http://[::1]:8080/callback',
    'ganger://auth/callback',
    'ganger://auth/deep/callback?x=1',
    'https://one.apps.example/back',
    'https://exact.example/ab',
  ])('lets the browser go to %s', (address) => {
    expect(mayGoTo(address)).toBe(true);
  });

  it.each([
    '',
    'callback',
    'https://ganger.example.evil.example/',
    'http://ganger.example/',
    'http://localhost:8080/',
    'http://127.0.0.1.evil.example/',
    'http://127.0.0.1@evil.example/',
    'http://evil.example\\@127.0.0.1/',
    'https://10.0.0.1/',
    'ganger://other/callback',
    'xganger://auth/callback',
    'https://one.two.apps.example/back',
    'https://one.apps.example/back/more',
    'https://exact.example/a',
    'https://exact.example/a/',
    'javascript:alert(1)//127.0.0.1',
    'data:text/html,ganger://auth/',
    'file://127.0.0.1/etc/passwd',
  ])('does not let it go to %j', (address) => {
    expect(mayGoTo(address)).toBe(false);
  });
});
