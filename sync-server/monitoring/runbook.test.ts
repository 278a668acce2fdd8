import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { ALERT_RULES } from '#shared/protocol/admin-monitor.ts';
import { createMetrics } from './metrics/metrics.ts';

const read = (path: string): string =>
  readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');
const pool = new pg.Pool({ max: 3 });
const metrics = createMetrics({ pool, liveConnections: () => 7, withProcess: true });
afterAll(() => metrics.stop());

test('every alert has its entry in the runbook, with what to do, and no entry is of another', () => {
  const [, alerts = ''] = read('operations.md').split('\n### Alerts\n');
  const entries = new Map(
    alerts
      .split('\n## ')[0]
      ?.split('\n#### ')
      .slice(1)
      .map((entry) => {
        const [head = '', ...body] = entry.split('\n');
        return [head.replaceAll('`', ''), body.join('\n').trim()] as const;
      }),
  );
  expect([...entries.keys()].toSorted()).toEqual([...ALERT_RULES].toSorted());
  for (const [rule, text] of entries) {
    expect(text, rule).toMatch(/^(Critical|Warning)/);
    expect(text.length, rule).toBeGreaterThan(100);
  }
});

test('the dashboard asks for figures that there are, and for all of ours', async () => {
  const dashboard = read('grafana-dashboard.json');
  const asked = new Set(
    [...dashboard.matchAll(/\b(?:ganger|process|nodejs)_\w+/g)].map(([name]) =>
      name.replace(/_(?:bucket|count|sum)$/, ''),
    ),
  );
  const { body } = await metrics.text();
  const known = new Set([...body.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name));
  expect([...asked].filter((name) => !known.has(name))).toEqual([]);
  expect(metrics.names().filter((name) => !asked.has(name))).toEqual([]);
});

test('figures are counted under names of ours', async () => {
  metrics.request('POST', '/v1/push', 200, 40);
  metrics.rows('push', 'refused', 2);
  metrics.statement(1_500, false, true);
  metrics.cacheLookup('patient', 'hit');
  metrics.system({
    outbox: { waiting: 4, failed: 1, oldestMs: 90_000 },
    devices: { active: 12, silent: 2, waiting: 30 },
    alerts: [{ rule: 'outbox-failed', severity: 'warning' }],
  });
  const { body, type } = await metrics.text();
  expect(type).toContain('text/plain');
  for (const line of [
    'ganger_http_request_duration_seconds_count{method="POST",route="/v1/push",status="200"} 1',
    'ganger_sync_rows_total{way="push",outcome="refused"} 2',
    'ganger_database_slow_statements_total 1',
    'ganger_database_statements_failed_total 1',
    'ganger_cache_lookups_total{type="patient",outcome="hit"} 1',
    'ganger_outbox_oldest_seconds 90',
    'ganger_devices{state="silent"} 2',
    'ganger_alerts_firing{rule="outbox-failed",severity="warning"} 1',
    'ganger_live_connections 7',
    'ganger_database_connections_max 3',
  ]) {
    expect(body.split('\n')).toContain(line);
  }
});
