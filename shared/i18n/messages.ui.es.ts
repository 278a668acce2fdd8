import type { Message } from './format.ts';
import type { UI_EN } from './messages.ui.en.ts';

/** Palabras de los componentes que usa cada módulo: tablas, formularios, fechas, firmas, gráficos. */
export const UI_ES = {
  'grid.columns': 'Columnas',
  'grid.views': 'Vistas',
  'grid.viewInitial': 'Como al principio',
  'grid.viewName': 'Nombre de esta vista',
  'grid.viewForget': 'Olvidar la vista {name}',
  'grid.filter': 'Filtrar',
  'grid.filterOn': { one: '{n} filtro', other: '{n} filtros' },
  'grid.filterAny': 'Cualquiera',
  'grid.filterNone': 'Sin filtro',
  'grid.filteredAway': 'Ninguna fila cumple el filtro',
  'grid.export': 'Exportar',
  'grid.selected': { one: '{n} seleccionado', other: '{n} seleccionados' },
  'grid.select': 'Seleccionar',
  'grid.selectAll': 'Seleccionar todo',
  'grid.clear': 'Quitar selección',
} as const satisfies Readonly<Record<keyof typeof UI_EN, Message>>;
