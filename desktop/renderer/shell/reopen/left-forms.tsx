import { Button, CloseButton } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useLocation, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import type { MessageKey } from '#shared/i18n/messages.en.ts';
import { openForms } from '../../ui/draft.ts';
import { useI18n } from '../../ui/i18n.tsx';

const WORDS: Readonly<Record<string, Extract<MessageKey, 'receive.title' | 'counts.title'>>> = {
  'draft.receive': 'receive.title',
  'draft.count': 'counts.title',
};

/** A form that was left half filled the last time is offered again, until it is looked at. */
export function LeftForms() {
  const { t } = useI18n();
  const router = useRouter();
  const { pathname } = useLocation();
  const [forms, setForms] = useState(openForms);
  const left = forms.filter(({ address }) => address.split('?')[0] !== pathname);
  // Whoever stands at one has found it.
  if (left.length !== forms.length) setForms(left);
  const [first] = left;
  if (!first) return null;
  const word = WORDS[first.name];
  return (
    <div className="g-banner" data-tone="blue" role="status" data-testid="left-form">
      <IconPencil size={18} stroke={1.5} aria-hidden />
      <span className="g-spread">
        {word ? t('drafts.left', { what: t(word) }) : t('drafts.leftForm')}
      </span>
      <Button
        variant="default"
        onClick={() => router.history.push(first.address)}
        size="compact-sm"
        data-testid="left-form-open"
      >
        {t('drafts.continue')}
      </Button>
      <CloseButton
        size="sm"
        aria-label={t('drafts.notNow')}
        title={t('drafts.notNow')}
        onClick={() => setForms(forms.filter((form) => form !== first))}
      />
    </div>
  );
}
