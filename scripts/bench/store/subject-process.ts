import { createSubject } from './subject.ts';
import type { SubjectName } from './subject.ts';
import { load, runStep } from './steps.ts';
import type { Order, Result } from './steps.ts';

/** A process of its own for one store, so that no heap of another weighs on it. */

/** What the process says: a result, or that it cannot do what it was told. */
export type Reply = { readonly result: Result } | { readonly failed: string };

const [name, peers] = process.argv.slice(2) as [SubjectName, string];
const subject = createSubject(name, peers);
let turn: Promise<void> = Promise.resolve();

async function obey(order: Order): Promise<void> {
  let reply: Reply;
  try {
    const it = await subject;
    reply = { result: order.kind === 'load' ? await load(it, order) : await runStep(it, order) };
  } catch (error) {
    reply = { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.send?.(reply);
}

process.on('message', (order: Order) => {
  turn = turn.then(() => obey(order));
});
process.on('disconnect', () => process.exit());
