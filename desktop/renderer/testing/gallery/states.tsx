import type { ReactNode } from 'react';

/** One component with all its states. The name is that of its file in `ui`. */
export function Section(props: { name: string; children: ReactNode }) {
  return (
    <section className="s-section" aria-labelledby={`s-${props.name}`} data-component={props.name}>
      <h2 id={`s-${props.name}`}>{props.name}</h2>
      <div className="s-states">{props.children}</div>
    </section>
  );
}

/** One state of it, with its name above. */
export function State(props: { name: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className="s-state" data-wide={props.wide === true} data-state={props.name}>
      <p className="s-name">{props.name}</p>
      <div className="s-box">{props.children}</div>
    </div>
  );
}
