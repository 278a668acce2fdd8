import { Button } from '@mantine/core';
import { IconAlertTriangle, IconBarcode, IconCheck } from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import { Dialog } from '../../../ui/dialog.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import type { Answer, OpenQuestion, Said } from './use-scan-flow.ts';

const ICONS: Readonly<Record<Said['tone'], Icon>> = {
  green: IconCheck,
  amber: IconAlertTriangle,
  red: IconAlertTriangle,
};

/** What became of the last scan; the question that it left open. */
export function ScanStatus(props: {
  said: (Said & { readonly n: number }) | null;
  question: OpenQuestion | null;
}) {
  const { said, question } = props;
  const { t } = useI18n();
  return (
    <>
      {said ? (
        // The same words twice are two scans: what is new appears anew.
        <div key={said.n} className="g-scan-said" data-n={said.n} data-testid="scan-said">
          <Note tone={said.tone} icon={ICONS[said.tone]} role="status">
            {said.text}{' '}
            {said.goToUnmatched === true && (
              <Link to="/inventory/unmatched">{t('scan.goToUnmatched')}</Link>
            )}
          </Note>
        </div>
      ) : (
        <p className="g-row g-small g-dim" data-testid="scan-hint">
          <IconBarcode size={18} stroke={1.5} aria-hidden />
          {t('scan.hint')}
        </p>
      )}
      {question && <QuestionDialog question={question} />}
    </>
  );
}

/** Which of several things was meant. */
export function QuestionDialog({ question }: { question: OpenQuestion }) {
  const { t } = useI18n();
  const { title, help, answers, none, answer } = question;
  const button = (value: Answer, label: string, detail: string | null, first: boolean) => (
    <button
      key={String(value)}
      type="button"
      className="g-answer"
      onClick={() => answer(value)}
      data-autofocus={first || undefined}
      data-testid="scan-answer"
    >
      <span className="g-strong">{label}</span>
      {detail !== null && detail !== '' && <span className="g-dim">{detail}</span>}
    </button>
  );
  return (
    <Dialog title={title} close={() => answer(null)} testId="scan-question">
      <p className="g-dim">{help}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- moves between its buttons */}
      <div className="g-answers" onKeyDown={moveFocus}>
        {answers.map(({ label, detail }, index) => button(index, label, detail, index === 0))}
        {none !== null && button('none', none, null, false)}
      </div>
      <div>
        <Button variant="default" onClick={() => answer(null)}>
          {t('scan.scanAgain')}
        </Button>
      </div>
    </Dialog>
  );
}

/** Up and down go from answer to answer, beside Tab. */
function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
}
