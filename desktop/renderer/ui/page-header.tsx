import type { ReactNode } from 'react';

/** Title, count and at most one primary action. */
export function PageHeader(props: {
  title: string;
  count?: string | undefined;
  children?: ReactNode;
}) {
  return (
    <div className="g-page-head">
      <h1>{props.title}</h1>
      {props.count !== undefined && (
        <span className="g-dim" data-testid="page-count">
          {props.count}
        </span>
      )}
      <span className="g-spread" />
      {props.children}
    </div>
  );
}
