import type { ReactNode } from 'react';

/** One figure that matters, what it is, and what it means; with `open` the whole card leads on. */
export function StatCard(props: {
  label: string;
  /** As people write it, with its unit. */
  value: string;
  /** Beside or below: a pill, a sparkline, a comparison in words. */
  children?: ReactNode;
  open?: () => void;
  testId?: string;
}) {
  const { label, value, open } = props;
  const inside = (
    <>
      <span className="g-dim g-stat-label">{label}</span>
      <span className="g-stat-value">{value}</span>
      {props.children && <span className="g-stat-more g-small">{props.children}</span>}
    </>
  );
  if (!open) {
    return (
      <div className="g-card g-stat" data-testid={props.testId}>
        {inside}
      </div>
    );
  }
  return (
    <button type="button" className="g-card g-stat" onClick={open} data-testid={props.testId}>
      {inside}
    </button>
  );
}
