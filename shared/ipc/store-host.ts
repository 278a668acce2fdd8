import { z } from 'zod';
import { SYNC_STATES } from './sync-status.ts';
import { FILE_ENDINGS } from '#shared/schema/file-types.ts';

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
  /** Version of the app, for what is kept longer than one. */
  appVersion: z.string().max(60),
  /** Public key of the organization to which profile keys are sealed for recovery; null: none. */
  recoveryKey: z.string().max(500).nullable(),
  /** Reports queries that need a scan. */
  queryLog: z.boolean(),
  /** Collector of traces of this device's requests; left out: none. */
  tracesUrl: z.url().optional(),
});
export type StoreConfig = z.infer<typeof StoreConfig>;

/** From the main process to the store process. */
export const HostToStore = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('start'), config: StoreConfig }),
  /** Two ports come along: RxDB's remote storage, then the typed calls. */
  z.strictObject({ kind: z.literal('ports'), windowId: z.int() }),
  /** What was asked of the keychain or of the person; null: nothing, or they changed their mind. */
  z.strictObject({ kind: z.literal('answer'), ask: z.int(), value: z.string().nullable() }),
  z.strictObject({
    kind: z.literal('failed'),
    ask: z.int(),
    code: z.string(),
    reason: z.string().max(60),
  }),
  /** The machine woke up: the network is likely another one than before. */
  z.strictObject({ kind: z.literal('woke') }),
  z.strictObject({ kind: z.literal('stop') }),
]);
export type HostToStore = z.infer<typeof HostToStore>;

/** Where the data stands, as the mark beside the clock says it: numbers, and nothing about anybody. */
export const DeskStatus = z.strictObject({
  isSignedIn: z.boolean(),
  state: z.enum(SYNC_STATES),
  waiting: z.int().nonnegative(),
  needsYou: z.int().nonnegative(),
  /** True until everything has been loaded once. */
  isFirstSync: z.boolean(),
});
export type DeskStatus = z.infer<typeof DeskStatus>;

const SecretName = z.string().regex(/^[a-z0-9-]{1,60}$/);

/** From the store process to the main process. */
export const StoreToHost = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  /**
   * Asks the keychain for a secret by name. `create` only where nothing is encrypted with it yet: a
   * secret is never made anew over old data.
   */
  z.strictObject({
    kind: z.literal('ask-secret'),
    ask: z.int(),
    name: SecretName,
    wish: z.enum(['find', 'create', 'forget']),
  }),
  /** Asks for the name of what keeps secrets here. */
  z.strictObject({ kind: z.literal('ask-keychain'), ask: z.int() }),
  /** Asks the person where a backup or a copy goes, or which backup to take. */
  z.strictObject({
    kind: z.literal('ask-path'),
    ask: z.int(),
    wish: z.enum(['save-backup', 'open-backup', 'save-copy']),
    /** Of a copy: what its name ends in. */
    ending: z.enum(FILE_ENDINGS).optional(),
  }),
  z.strictObject({ kind: z.literal('open-external'), url: z.url() }),
  /** The storage that windows hold has ended with its profile: they need new ports. */
  z.strictObject({ kind: z.literal('renew-ports') }),
  z.strictObject({ kind: z.literal('status'), status: DeskStatus }),
  z.strictObject({ kind: z.literal('stopped') }),
]);
export type StoreToHost = z.infer<typeof StoreToHost>;
