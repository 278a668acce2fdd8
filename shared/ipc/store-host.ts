import { z } from 'zod';

/** What the store process needs to know at its start. */
export const StoreConfig = z.strictObject({
  /** Folder of this installation's data: one file a profile lies below it. */
  dataDir: z.string().min(1),
  serverUrl: z.url(),
  authUrl: z.url(),
  /** Publishable key of the project: not a secret. */
  authKey: z.string().min(1).max(300),
  deviceName: z.string().min(1).max(80),
  deviceKind: z.enum(['desktop', 'kiosk', 'tablet']),
  /** Native module of SQLite for an Electron that its prebuilt one does not fit; null otherwise. */
  nativeBinding: z.string().nullable(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
});
export type StoreConfig = z.infer<typeof StoreConfig>;

/** From the main process to the store process. */
export const HostToStore = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('start'), config: StoreConfig }),
  /** Two ports come along: RxDB's remote storage, then the typed calls. */
  z.strictObject({ kind: z.literal('ports'), windowId: z.int() }),
  z.strictObject({ kind: z.literal('key'), ask: z.int(), hex: z.string().nullable() }),
  z.strictObject({ kind: z.literal('key-failed'), ask: z.int(), code: z.string() }),
  /** The machine woke up: the network is likely another one than before. */
  z.strictObject({ kind: z.literal('woke') }),
  z.strictObject({ kind: z.literal('stop') }),
]);
export type HostToStore = z.infer<typeof HostToStore>;

/** From the store process to the main process. */
export const StoreToHost = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  /**
   * Asks for the key of a file. `create` is true only when the file does not exist yet: a key is
   * never made anew over old data.
   */
  z.strictObject({
    kind: z.literal('ask-key'),
    ask: z.int(),
    name: z.string().regex(/^[a-z0-9-]{1,60}$/),
    create: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('open-external'), url: z.url() }),
  /** The storage that windows hold has ended with its profile: they need new ports. */
  z.strictObject({ kind: z.literal('renew-ports') }),
  z.strictObject({ kind: z.literal('stopped') }),
]);
export type StoreToHost = z.infer<typeof StoreToHost>;
