import { contextBridge, ipcRenderer } from 'electron';

/**
 * The bridge of every window: one typed call, and the hand-over of the two ports to the store. It
 * imports nothing but Electron and types, since a sandboxed preload can load nothing else.
 */
const PORTS_MESSAGE = 'ganger:ports';

ipcRenderer.on(PORTS_MESSAGE, (event) => {
  // A MessagePort cannot cross the context bridge; window.postMessage can transfer it.
  window.postMessage({ type: PORTS_MESSAGE }, window.origin, event.ports as MessagePort[]);
});

/** A link was opened outside of the app: the page may take it. */
const LINK_MESSAGE = 'ganger:link';
ipcRenderer.on(LINK_MESSAGE, () => {
  window.postMessage({ type: LINK_MESSAGE }, window.origin);
});

contextBridge.exposeInMainWorld('ganger', {
  call: (name: string, arg: unknown): Promise<unknown> => ipcRenderer.invoke(name, arg),
});
