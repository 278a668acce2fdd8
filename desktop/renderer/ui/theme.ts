import { createTheme } from '@mantine/core';
import type { MantineColorsTuple } from '@mantine/core';

/** The one accent: a deep teal; shade 7 is #0F766E. */
const teal: MantineColorsTuple = [
  '#effbf9',
  '#d3f2ed',
  '#a6e3db',
  '#74cfc4',
  '#45b5a9',
  '#2a9b90',
  '#178479',
  '#0f766e',
  '#0d5f59',
  '#0b4c48',
];

/** Neutral greys: no tint, so that only status has a colour. */
const gray: MantineColorsTuple = [
  '#fafafa',
  '#f4f4f4',
  '#ebebeb',
  '#dedede',
  '#c9c9c9',
  '#a3a3a3',
  '#6b6b6b',
  '#525252',
  '#383838',
  '#1f1f1f',
];

const dark: MantineColorsTuple = [
  '#ededed',
  '#c4c4c4',
  '#9e9e9e',
  '#6e6e6e',
  '#474747',
  '#383838',
  '#2a2a2a',
  '#1c1c1c',
  '#161616',
  '#101010',
];

/** For what fails or destroys; dark enough for white letters. */
const red: MantineColorsTuple = [
  '#fdeeee',
  '#fad9d8',
  '#f3b1ae',
  '#ec8682',
  '#e5625d',
  '#dd4a45',
  '#c9302b',
  '#b01c1c',
  '#8f1616',
  '#6f1010',
];

/** Mantine with our tokens: 14 px type, 4 px grid, radius 6, borders instead of shadows. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 6 },
  colors: { teal, gray, dark, red },
  autoContrast: true,
  luminanceThreshold: 0.24,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '6px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'sm',
  shadows: {
    xs: 'none',
    sm: 'none',
    md: '0 4px 16px rgb(0 0 0 / 12%)',
    lg: '0 4px 16px rgb(0 0 0 / 12%)',
    xl: '0 4px 16px rgb(0 0 0 / 12%)',
  },
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '20px', lineHeight: '28px' }, h2: { fontSize: '16px' } },
  },
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm', h: 32, fz: 14, fw: 500 } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 32 } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    // Help stands below its field, as problems do.
    InputWrapper: {
      defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] },
    },
    // Arrow keys do the same; the two arrows are too small for a finger.
    NumberInput: { defaultProps: { size: 'sm', hideControls: true } },
    Textarea: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    // In its place and without what would be no entry of a menu, so that a screen reader hears entries only.
    Menu: {
      defaultProps: {
        transitionProps: { duration: 0 },
        withinPortal: false,
        withInitialFocusPlaceholder: false,
      },
    },
    Popover: { defaultProps: { transitionProps: { duration: 0 } } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false } },
    Modal: { defaultProps: { transitionProps: { duration: 0 }, centered: true } },
    Combobox: { defaultProps: { transitionProps: { duration: 0 } } },
  },
});
