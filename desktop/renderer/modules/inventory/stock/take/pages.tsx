import { getRouteApi } from '@tanstack/react-router';
import { Loading } from '../../../../ui/loading.tsx';
import { TakePage } from './take-page.tsx';
import { useBegin } from './use-begin.ts';

const issue = getRouteApi('/inventory/issue');
const waste = getRouteApi('/inventory/waste');

/** Using stock, maybe with what another screen has chosen. */
export function IssuePage() {
  const begin = useBegin(issue.useSearch());
  return begin ? <TakePage kind="issue" begin={begin} /> : <Loading />;
}

/** Throwing stock away, maybe with what another screen has chosen. */
export function WastePage() {
  const begin = useBegin(waste.useSearch());
  return begin ? <TakePage kind="waste" begin={begin} /> : <Loading />;
}
