import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { LANGUAGES } from '#shared/i18n/format.ts';

/** What this machine does beside its windows. Holds nothing about anybody. */
export const DeskSettings = z.object({
  /** Language of the words beside the clock: that of the last window; null before there was one. */
  language: z.enum(LANGUAGES).nullable().catch(null),
  /** Notifications, silent ones, and only while no window of ours is in front. */
  notifies: z.boolean().catch(true),
});
export type DeskSettings = z.infer<typeof DeskSettings>;

const INITIAL: DeskSettings = { language: null, notifies: true };

/** What was set on this machine; what cannot be read is as at first. */
export function readDeskSettings(file: string): DeskSettings {
  try {
    const parsed = DeskSettings.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : INITIAL;
  } catch {
    return INITIAL;
  }
}

/** @throws Error of the file system */
export function writeDeskSettings(file: string, settings: DeskSettings): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(settings));
  renameSync(`${file}.new`, file);
}
