import type { z } from 'zod';
import type { Code } from '#shared/errors/codes.ts';
import { ADMIN_CALLS } from '#shared/protocol/admin.ts';
import type { AdminCall, AdminIn, AdminOut } from '#shared/protocol/admin.ts';
import type { AdminDeps } from '../../admin/admin-session.ts';
import { checkChain, noteExport, readAudit } from '../../admin/audit.ts';
import { listDevices, setChannel, setDevice } from '../../admin/devices.ts';
import { readHealth } from '../../admin/health.ts';
import type { ProcessState } from '../../admin/health.ts';
import { noteArrived, readOutbox, sendAgain } from '../../admin/outbox.ts';
import type { OutboxState } from '../../admin/outbox.ts';
import { endSilence, readMonitor, silenceAlert, takeUpAlert } from '../../admin/monitor.ts';
import type { MonitorState } from '../../admin/monitor.ts';
import { compareNow, lookAtPayment, readPayments, replayEvents } from '../../admin/payments.ts';
import { checkReadChain, listReadChains } from '../../admin/reads.ts';
import {
  editPerson,
  invitePerson,
  lookAtPerson,
  resetFactors,
  setPerson,
} from '../../admin/people.ts';
import { decideRole, endRole, giveRole, listProposals } from '../../admin/roles.ts';
import { recallPatients } from '../../admin/recall.ts';
import { setSetting } from '../../admin/settings.ts';
import { saveSite } from '../../admin/sites.ts';
import { defineRoute } from '../route.ts';
import type { Caller, Route } from '../route.ts';

/** People click; more often than this only a program asks. */
const RATE = { perSecond: 10, burst: 100 };

const OF_ADMIN: readonly Code[] = ['AUTH_NO_ACCESS', 'CALL_NOT_ALLOWED'];

/** Of calls that change people, roles and sites. */
const WRITES: readonly Code[] = ['AUTH_MFA_NEEDED', 'ADMIN_OWN'];

/** What people of the administration ask. Who may is judged by the work of each, on the grants of now. */
export function adminRoutes(
  deps: AdminDeps,
  state: ProcessState,
  outbox: OutboxState,
  monitor: MonitorState,
): Route[] {
  const route = <C extends AdminCall>(
    name: C,
    summary: string,
    errors: readonly Code[],
    run: (deps: AdminDeps, caller: Caller, body: AdminIn<C>) => Promise<AdminOut<C>>,
  ): Route => {
    const { path, in: body, out } = ADMIN_CALLS[name];
    return defineRoute({
      method: 'POST',
      url: path,
      authorize: 'device',
      body: body as z.ZodType as z.ZodType<AdminIn<C>>,
      reply: out,
      bodyBytes: 8 * 1024,
      words: { summary, errors: [...OF_ADMIN, ...errors] },
      rate: RATE,
      run: ({ caller, body: asked }) => run(deps, caller, asked),
    });
  };
  return [
    route('admin.devices', 'Lists machines, with when they were seen last.', [], listDevices),
    route(
      'admin.setDevice',
      'Suspends a machine, lets it in again, or retires it.',
      ['NOT_FOUND', 'AUTH_MFA_NEEDED', 'SYNC_TRANSITION_REFUSED'],
      setDevice,
    ),
    route(
      'admin.setChannel',
      'Says from which versions of the app a machine takes its updates.',
      ['NOT_FOUND', 'AUTH_MFA_NEEDED'],
      setChannel,
    ),
    route('admin.person', 'What only the server knows of a person.', ['NOT_FOUND'], lookAtPerson),
    route(
      'admin.invitePerson',
      'Makes an account and a person who is invited.',
      [...WRITES, 'ACCOUNTS_OFF', 'SYNC_UNIQUE_TAKEN', 'SYNC_PARENT_MISSING'],
      invitePerson,
    ),
    route(
      'admin.editPerson',
      'Changes name, home site and whether a second factor is needed.',
      [...WRITES, 'NOT_FOUND', 'SYNC_PARENT_MISSING'],
      editPerson,
    ),
    route(
      'admin.setPerson',
      'Suspends a person, lets them in again, leave or come back.',
      [...WRITES, 'NOT_FOUND', 'ADMIN_LAST', 'SYNC_TRANSITION_REFUSED'],
      setPerson,
    ),
    route(
      'admin.resetFactors',
      'Forgets the second factors of a person.',
      [...WRITES, 'NOT_FOUND', 'ACCOUNTS_OFF'],
      resetFactors,
    ),
    route(
      'admin.giveRole',
      'Gives a role, or proposes it to a second person.',
      [...WRITES, 'ADMIN_PERIOD', 'ADMIN_HELD', 'SYNC_PARENT_MISSING', 'SYNC_TRANSITION_REFUSED'],
      giveRole,
    ),
    route(
      'admin.endRole',
      'Lets a role end.',
      [...WRITES, 'NOT_FOUND', 'ADMIN_LAST', 'ADMIN_PERIOD'],
      endRole,
    ),
    route('admin.proposals', 'Roles that wait for a second person.', [], listProposals),
    route(
      'admin.decideRole',
      'Gives a role that was proposed, or declines it.',
      [
        ...WRITES,
        'NOT_FOUND',
        'SYNC_OWN_APPROVAL',
        'SYNC_TRANSITION_REFUSED',
        'ADMIN_PERIOD',
        'ADMIN_HELD',
        'SYNC_PARENT_MISSING',
      ],
      decideRole,
    ),
    route(
      'admin.saveSite',
      'Makes a site or changes one.',
      [...WRITES, 'SYNC_UNIQUE_TAKEN'],
      saveSite,
    ),
    route(
      'admin.setSetting',
      'Lets a setting hold from an instant on.',
      ['AUTH_MFA_NEEDED', 'SYNC_PARENT_MISSING', 'SYNC_UNIQUE_TAKEN'],
      setSetting,
    ),
    route('admin.audit', 'One page of the audit, newest first.', [], readAudit),
    route('admin.auditChain', 'Reckons the chain of a machine again.', [], checkChain),
    route('admin.readChains', 'Lists the chains of reads of machines.', [], listReadChains),
    route('admin.readChain', 'Reckons a chain of reads again.', ['NOT_FOUND'], checkReadChain),
    route('admin.auditExport', 'Notes that entries leave the audit as a file.', [], noteExport),
    route('recall.patients', 'For which patients a lot was used.', [], recallPatients),
    route('admin.health', 'How this server is, and what waits.', [], (own, caller) =>
      readHealth(own, state, caller),
    ),
    route('admin.outbox', 'What leaves the house, and what was given up.', [], (own, caller) =>
      readOutbox(own, outbox, caller),
    ),
    route(
      'admin.outboxAgain',
      'Has something carried out again that was given up.',
      ['NOT_FOUND', 'SYNC_TRANSITION_REFUSED', 'HUB_OFF'],
      (own, caller, body) => sendAgain(own, outbox, caller, body),
    ),
    route(
      'admin.outboxArrived',
      'Says that something has arrived of which nobody knew.',
      ['NOT_FOUND', 'SYNC_TRANSITION_REFUSED', 'HUB_OFF'],
      (own, caller, body) => noteArrived(own, outbox, caller, body),
    ),
    route('admin.payments', 'Card payments that a person should look at.', [], readPayments),
    route(
      'admin.paymentLook',
      'Asks Stripe what became of a payment.',
      ['NOT_FOUND', 'HUB_OFF'],
      (own, caller, body) => lookAtPayment(own, outbox, caller, body),
    ),
    route(
      'admin.paymentsCompare',
      "Compares Stripe's books with ours.",
      ['HUB_OFF', 'HUB_UNREACHABLE', 'HUB_TIMEOUT', 'HUB_FAILED', 'HUB_PAUSED'],
      (own, caller) => compareNow(own, outbox, caller),
    ),
    route(
      'admin.paymentsReplay',
      'Takes stored events of Stripe in again.',
      ['HUB_OFF'],
      (own, caller, body) => replayEvents(own, outbox, caller, body),
    ),
    route(
      'admin.monitor',
      'How the system fares over time, what fires, who was told.',
      [],
      (own, caller, body) => readMonitor(own, monitor, caller, body),
    ),
    route('admin.silenceAlert', 'Lets nobody be told of a rule.', [], (own, caller, body) =>
      silenceAlert(own, monitor, caller, body),
    ),
    route('admin.endSilence', 'Ends a silence.', [], (own, caller, body) =>
      endSilence(own, monitor, caller, body),
    ),
    route('admin.takeUpAlert', 'Says that somebody looks after it.', [], (own, caller, body) =>
      takeUpAlert(own, monitor, caller, body),
    ),
  ];
}
