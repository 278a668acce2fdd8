import type { ReactNode } from 'react';
import { BrandMark } from './brand-mark.tsx';
import { LanguageSwitch } from './language-switch.tsx';

/** A page of its own outside of the frame: mark, title, language, and what stands in the card. */
export function Gate(props: {
  title: string;
  /** A line under the title. */
  lead?: ReactNode;
  wide?: boolean;
  testId: string;
  children: ReactNode;
}) {
  return (
    <main className="g-sign-in" data-testid={props.testId}>
      <div className="g-sign-in-card g-stack" data-wide={props.wide}>
        <div className="g-row g-gate-head">
          <BrandMark />
          <h1 className="g-spread">{props.title}</h1>
          <LanguageSwitch />
        </div>
        {props.lead}
        {props.children}
      </div>
    </main>
  );
}
