import { expect, test } from 'vitest';
import { optOutIn } from './opt-out-words.ts';

test.each(['STOP', ' stop. ', 'Unsubscribe', 'STOPALL', 'Baja', 'Opt out', 'ALTO!'])(
  '%j alone is a word that ends messages',
  (text) => {
    expect(optOutIn(text)).toBe('keyword');
  },
);

test.each([
  'please leave me alone',
  'Stop texting me',
  'stop sending me these messages',
  'Do not contact me again',
  'don’t text this number',
  'Take me off your list',
  'remove my number please',
  'You have the wrong number',
  'I want to opt out of this',
  'No quiero recibir más mensajes',
  'Dejen de escribirme',
  'no me manden mensajes',
  'Número equivocado',
])('%j says so in words of their own', (text) => {
  expect(optOutIn(text)).toBe('any_words');
});

test.each([
  'Yes, I will be there',
  'Can I stop by at 3?',
  'I need to cancel my appointment on Friday',
  'The end of the week is better',
  'Please text me the address',
  'When does my prescription end?',
  'Sí, gracias',
  'No puedo ir mañana',
  '',
])('%j says nothing of the kind', (text) => {
  expect(optOutIn(text)).toBeNull();
});
