import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { rootRoute } from '../../../shell/root-route.ts';
import { AlertsPage } from './alerts/alerts-page.tsx';
import { ExpiryPage } from './expiry/expiry-page.tsx';
import { LotsPage } from './lots/lots-page.tsx';
import { SamplesPage } from './samples/samples-page.tsx';
import { IssuePage, WastePage } from './take/pages.tsx';
import { TracePage } from './trace/trace-page.tsx';
import { ArrivePage } from './transfers/arrive-page.tsx';
import { ShipPage } from './transfers/ship-page.tsx';
import { TransfersPage } from './transfers/transfers-page.tsx';
import { VialsPage } from './vials/vials-page.tsx';

const text = z.string().optional().catch(undefined);
/** 1/10,000 base units. */
const quantity = z.int().positive().optional().catch(undefined);

/** What another screen chose: an item, so much of it, of a lot. */
const Begin = z.object({ item: text, lot: text, qty: quantity });
const OneTransfer = z.object({ transfer: text });

const under = <P extends string>(path: P) => ({ getParentRoute: () => rootRoute, path });

const issueRoute = createRoute({
  ...under('/inventory/issue'),
  validateSearch: Begin,
  component: IssuePage,
});
const wasteRoute = createRoute({
  ...under('/inventory/waste'),
  validateSearch: Begin,
  component: WastePage,
});
const transfersRoute = createRoute({
  ...under('/inventory/transfers'),
  validateSearch: z.object({
    transfer: text,
    new: z.boolean().optional().catch(undefined),
    item: text,
    qty: quantity,
    from: text,
    to: text,
  }),
  component: TransfersPage,
});
const shipRoute = createRoute({
  ...under('/inventory/ship'),
  validateSearch: OneTransfer,
  component: ShipPage,
});
const arriveRoute = createRoute({
  ...under('/inventory/arrive'),
  validateSearch: OneTransfer,
  component: ArrivePage,
});
const alertsRoute = createRoute({
  ...under('/inventory/alerts'),
  validateSearch: z.object({
    alert: text,
    view: z.enum(['open', 'mine', 'snoozed']).optional().catch(undefined),
  }),
  component: AlertsPage,
});
const lotRoute = createRoute({
  ...under('/inventory/lot'),
  validateSearch: z.object({ lot: text }),
  component: TracePage,
});
const lotsRoute = createRoute({
  ...under('/inventory/lots'),
  validateSearch: z.object({ q: text, missing: z.boolean().optional().catch(undefined) }),
  component: LotsPage,
});
const expiryRoute = createRoute({
  ...under('/inventory/expiry'),
  validateSearch: z.object({ site: text, week: z.int().min(0).optional().catch(undefined) }),
  component: ExpiryPage,
});

const vialsRoute = createRoute({
  ...under('/inventory/vials'),
  validateSearch: z.object({
    vial: text,
    view: z.enum(['open', 'closed']).optional().catch(undefined),
    open: z.boolean().optional().catch(undefined),
    item: text,
  }),
  component: VialsPage,
});

const samplesRoute = createRoute({
  ...under('/inventory/samples'),
  validateSearch: z.object({ view: z.enum(['log', 'months']).optional().catch(undefined) }),
  component: SamplesPage,
});

/** The screens of stock work. */
export const stockRoutes = [
  issueRoute,
  wasteRoute,
  transfersRoute,
  shipRoute,
  arriveRoute,
  alertsRoute,
  lotRoute,
  lotsRoute,
  expiryRoute,
  vialsRoute,
  samplesRoute,
] as const;
