import type { AppError } from '#shared/errors/app-error.ts';
import { ErrorNote } from './error-note.tsx';
import { Loading } from './loading.tsx';
import { PageHeader } from './page-header.tsx';

/** A page whose data is not there: its title stands where it will stay, and below it why. */
export function PageWaits(props: { title: string; error?: AppError | null | undefined }) {
  return (
    <>
      <PageHeader title={props.title} />
      <div className="g-scroll">
        <div style={{ padding: 16 }}>
          {props.error ? <ErrorNote error={props.error} /> : <Loading />}
        </div>
      </div>
    </>
  );
}
