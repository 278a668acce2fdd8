import { fold } from '../../../ui/fold.ts';

/** Words for choices as files have them, in English and Spanish. */
const WORDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  kind: {
    supply: ['supply', 'supplies', 'insumo', 'suministro'],
    treatment: ['treatment', 'tratamiento', 'used in treatment'],
    retail: ['retail', 'venta', 'for sale'],
    sample: ['sample', 'muestra'],
    device: ['device', 'dispositivo', 'equipo'],
  },
  policy: {
    none: ['none', 'no', 'n', 'false', '0', 'ninguno', 'ninguna'],
    optional: ['optional', 'opcional'],
    required: ['required', 'yes', 'y', 'true', '1', 'si', 'obligatorio', 'obligatoria'],
  },
  controlled_schedule: {
    none: ['none', 'no', '0', 'ninguna', 'ninguno'],
    II: ['ii', '2', 'c-ii', 'cii'],
    III: ['iii', '3', 'c-iii', 'ciii'],
    IV: ['iv', '4', 'c-iv', 'civ'],
    V: ['v', '5', 'c-v', 'cv'],
  },
  bool: {
    yes: ['yes', 'y', 'true', '1', 'x', 'si', 'verdadero'],
    no: ['no', 'n', 'false', '0', 'falso'],
  },
  status: {
    active: ['active', 'activo', 'activa', 'in use', 'en uso'],
    discontinued: ['discontinued', 'inactive', 'descontinuado', 'inactivo'],
  },
};

/**
 * What a word of a file means for a field.
 * @returns undefined when it means nothing: then somebody is asked, nothing is guessed
 */
export function readWord(field: string, text: string): string | undefined {
  const list = field === 'lot_policy' || field === 'expiry_policy' ? 'policy' : field;
  const wanted = fold(text.trim());
  return Object.entries(WORDS[list] ?? {}).find(([, words]) => words.includes(wanted))?.[0];
}
