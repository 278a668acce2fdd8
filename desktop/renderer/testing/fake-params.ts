/**
 * The parameters of the address. They are taken out of it, since the router's addresses behind the
 * `#` would take them for their own.
 */
export const params = new URLSearchParams(window.location.search);
window.history.replaceState(null, '', `${window.location.pathname}${window.location.hash}`);
