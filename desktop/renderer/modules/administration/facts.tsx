import { Fragment } from 'react';
import type { ReactNode } from 'react';

/** A name, what holds of it, and under which name those who look from outside find it. */
export type Fact = readonly [title: string, value: ReactNode, testId?: string];

/** Facts in a card of their own. */
export function FactCard(props: {
  title: string;
  facts: readonly Fact[];
  wide?: boolean;
  children?: ReactNode;
}) {
  const { title, facts } = props;
  return (
    <section className={`g-card ${props.wide ? 'g-wide' : ''}`} aria-label={title}>
      <h2>{title}</h2>
      <dl className="g-facts">
        {facts.map(([name, value, testId]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd data-testid={testId}>{value}</dd>
          </Fragment>
        ))}
      </dl>
      {props.children}
    </section>
  );
}

/** Cards that fill a page. It scrolls, so the keyboard has to reach it. */
export function Figures(props: { label: string; testId: string; children: ReactNode }) {
  return (
    <section
      className="g-figures"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached
      tabIndex={0}
      aria-label={props.label}
      data-testid={props.testId}
    >
      {props.children}
    </section>
  );
}
