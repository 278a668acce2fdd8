import type { Message } from './format.ts';
import type { SHELL_EN } from './messages.shell.en.ts';

/** The same in Spanish. */
export const SHELL_ES = {
  'palette.placeholder': 'Escriba un artículo, un número o un comando',
  'palette.nothing': 'No se encontró nada',
  'palette.goTo': 'Ir a {place}',
  'palette.dark': 'Usar colores oscuros',
  'palette.light': 'Usar colores claros',
  'palette.language': 'Cambiar el idioma a {language}',
  'palette.recent': 'Recientes',
  'palette.actions': 'Comandos',
  'palette.items': 'Artículos',
  'palette.review': 'Revisión: {name}',

  'shortcuts.title': 'Atajos de teclado',
  'shortcuts.open': 'Atajos',
  'shortcuts.group.make': 'Existencias',
  'shortcuts.group.go': 'Ir a',
  'shortcuts.group.data': 'Datos en este equipo',
  'shortcuts.group.window': 'Ventana',
  'shortcuts.group.account': 'Cuenta',
  'shortcuts.lists': 'En una lista',
  'shortcuts.listMove': 'Moverse por las filas',
  'shortcuts.listType': 'Ir a una fila por sus primeras letras',
  'shortcuts.closeNearest': 'Cerrar lo que está abierto junto a la lista',
  'shortcuts.search': 'Buscar en esta página',
  'shortcuts.label': 'Imprimir una etiqueta del artículo',
  'shortcuts.nextSite': 'Cambiar a la siguiente sede',
  'shortcuts.rail': 'Mostrar u ocultar los nombres de los módulos',
} as const satisfies Readonly<Record<keyof typeof SHELL_EN, Message>>;
