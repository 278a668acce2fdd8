import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';

/**
 * A root of React's real renderer for components that render nothing: all that it needs of a page is
 * an element that can be listened to.
 */
export function headlessRoot(): Root {
  const listen = { addEventListener: () => undefined, removeEventListener: () => undefined };
  const page = { ...listen, nodeType: 9, nodeName: '#document', activeElement: null };
  const view = { ...listen, document: page, event: undefined, HTMLIFrameElement: class {} };
  Object.assign(page, { defaultView: view, ownerDocument: null, body: null });
  Object.assign(globalThis, { window: view, document: page });
  const element = { ...listen, nodeType: 1, nodeName: 'DIV', tagName: 'DIV', ownerDocument: page };
  Object.assign(element, { namespaceURI: 'http://www.w3.org/1999/xhtml', textContent: '' });
  return createRoot(element as unknown as HTMLElement, { onRecoverableError: () => undefined });
}
