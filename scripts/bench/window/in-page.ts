/** Pieces of script that run in a page; as text, since a page has other globals than the benches. */

/**
 * Before any script of the page: notes the two ports to the store as they come, and the last message
 * that RxDB sends for each method, so that the same question can be asked again and timed.
 */
export const NOTE_PORTS = `
  window.benchPorts = null;
  window.benchAsked = [];
  window.addEventListener('message', (event) => {
    if (event.data?.type !== 'ganger:ports') return;
    const [storage, calls] = event.ports;
    window.benchPorts = { storage, calls };
    const send = storage.postMessage.bind(storage);
    storage.postMessage = (message, ...rest) => {
      window.benchAsked.push(message);
      return send(message, ...rest);
    };
  }, { capture: true });
`;

/** Sends a message so many times, one after the other, and times each answer. Milliseconds. */
const TIMED = `
  const timed = async (port, times, make, isAnswer) => {
    const took = [];
    for (let n = 0; n < times; n += 1) {
      const message = make(n);
      const begun = performance.now();
      await new Promise((resolve) => {
        const hear = ({ data }) => {
          if (!isAnswer(data, message)) return;
          port.removeEventListener('message', hear);
          resolve();
        };
        port.addEventListener('message', hear);
        port.postMessage(message);
      });
      took.push(performance.now() - begun);
    }
    return took;
  };
`;

/** A typed call that the store answers from its own file. */
export const timedCalls = (times: number): string => `(async () => {
  ${TIMED}
  return timed(window.benchPorts.calls, ${times},
    (n) => ({ kind: 'call', id: 1_000_000_000 + n, name: 'screen.recall', arg: { name: 'bench' } }),
    (data, { id }) => data.id === id);
})()`;

/** The question about documents that RxDB asked last, asked again. @param method of RxDB's storage */
export const timedStorage = (times: number, method: string): string => `(async () => {
  ${TIMED}
  const asked = window.benchAsked.findLast((message) => message.method === '${method}');
  if (!asked) throw new Error('the app has not asked ${method}');
  return timed(window.benchPorts.storage, ${times},
    (n) => ({ ...asked, requestId: 'bench-' + n }),
    (data, { requestId }) => data.answerTo === requestId);
})()`;

/** The first so many items by name, as RxDB's remote storage asks for them. */
export const timedItems = (times: number, limit: number): string => `(async () => {
  ${TIMED}
  const opened = window.benchAsked.findLast(
    ({ method, params }) => method === 'create' && params.collectionName === 'inventory_items');
  if (!opened) throw new Error('the app has not opened the items');
  const query = {
    selector: { _deleted: { $eq: false } }, sort: [{ name: 'asc' }, { id: 'asc' }], skip: 0,
    limit: ${limit},
  };
  return timed(window.benchPorts.storage, ${times},
    (n) => ({ connectionId: opened.connectionId, requestId: 'items-${limit}-' + n, method: 'query',
      params: [{ query, queryPlan: {} }] }),
    (data, { requestId }) => data.answerTo === requestId);
})()`;

/** The first answer of a view, each time as a watch of its own. */
export const timedView = (times: number, name: string): string => `(async () => {
  ${TIMED}
  const { calls } = window.benchPorts;
  const took = await timed(calls, ${times},
    (n) => ({ kind: 'watch', id: 1_100_000_000 + n, name: '${name}', arg: {} }),
    (data, { id }) => data.id === id && data.kind === 'next' && JSON.parse(data.json).length >= 0);
  for (let n = 0; n < ${times}; n += 1) calls.postMessage({ kind: 'unwatch', id: 1_100_000_000 + n });
  return took;
})()`;

/** Opens the port of the empty window, then times messages over it that are answered by so many bytes. */
export const timedEcho = (times: number, bytes: number): string => `(async () => {
  ${TIMED}
  const port = await (window.benchEcho ??= new Promise((resolve) => {
    window.addEventListener('message', (event) => {
      if (event.data !== 'port') return;
      event.ports[0].start();
      resolve(event.ports[0]);
    });
    window.echo();
  }));
  await timed(port, 1, () => ({ id: -1, fill: ${bytes} }), (data) => data.id === -1);
  return timed(port, ${times}, (n) => ({ id: n }), (data, { id }) => data.id === id);
})()`;

/** From now on notes how long keys and clicks took until they were drawn, long tasks, and shifts. */
export const WATCH_FEEL = `
  window.benchFeel = { events: [], tasks: [], shift: 0 };
  new PerformanceObserver((list) => {
    for (const { name, duration, interactionId } of list.getEntries()) {
      if (interactionId) window.benchFeel.events.push({ name, duration, interactionId });
    }
  }).observe({ type: 'event', durationThreshold: 16 });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.benchFeel.tasks.push(duration);
  }).observe({ type: 'longtask' });
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) {
      if (!hadRecentInput) window.benchFeel.shift += value;
    }
  }).observe({ type: 'layout-shift' });
`;

/** What was noted since the last time; the notes begin anew. */
export const TAKE_FEEL = `(() => {
  const noted = window.benchFeel;
  window.benchFeel = { events: [], tasks: [], shift: 0 };
  return noted;
})()`;

export interface Feel {
  readonly events: readonly { readonly duration: number; readonly interactionId: number }[];
  readonly tasks: readonly number[];
  readonly shift: number;
}
