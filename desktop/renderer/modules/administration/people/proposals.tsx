import { IconUsersPlus } from '@tabler/icons-react';
import { mayDecide } from '#shared/access/administration.ts';
import type { ProposalView } from '#shared/ipc/administration.ts';
import { useSites } from '../../../shell/sites.tsx';
import { roleWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { AdminError } from '../admin-error.tsx';
import { ServerButton } from '../server-button.tsx';
import { useAdminActs, useOwnGrants } from '../use-admin.ts';

/** Roles that were proposed and wait for a second person. */
export function Proposals(props: {
  proposals: readonly ProposalView[];
  names: ReadonlyMap<string, string>;
  done: () => void;
}) {
  return (
    <div className="g-stack" style={{ gap: 8 }}>
      {props.proposals.map((proposal) => (
        <Proposal key={proposal.id} {...props} proposal={proposal} />
      ))}
    </div>
  );
}

function Proposal(props: {
  proposal: ProposalView;
  names: ReadonlyMap<string, string>;
  done: () => void;
}) {
  const { proposal, names } = props;
  const { t, fmt } = useI18n();
  const { byId } = useSites();
  const { userId, grants } = useOwnGrants();
  const { done } = useToasts();
  const { decideRole } = useAdminActs();
  const task = useTask();
  const role = roleWord(t, proposal.role);
  const site =
    proposal.locationId === null
      ? t('user.allSites')
      : (byId.get(proposal.locationId)?.name ?? t('admin.unknown'));
  const name = names.get(proposal.userId) ?? t('admin.unknown');
  const decide = async (give: boolean) => {
    const went = await task.run(async () => {
      await decideRole({ id: proposal.id, give });
    });
    props.done();
    if (went) done(t(give ? 'people.given' : 'people.declined', { name, role }));
  };
  return (
    <Note tone="violet" icon={IconUsersPlus} testId="proposal">
      <p style={{ margin: 0 }}>
        {t('people.proposal', {
          role,
          site,
          by: names.get(proposal.proposedBy) ?? t('admin.unknown'),
          date: fmt.exact(proposal.proposedAt),
        })}
      </p>
      {task.error && <AdminError error={task.error} />}
      {mayDecide(grants, userId, proposal) ? (
        <div className="g-row" style={{ marginTop: 8 }}>
          <ServerButton size="xs" testId="proposal-give" onClick={() => void decide(true)}>
            {t('people.giveDo')}
          </ServerButton>
          <ServerButton size="xs" testId="proposal-decline" onClick={() => void decide(false)}>
            {t('people.declineDo')}
          </ServerButton>
        </div>
      ) : (
        <p className="g-small g-dim" style={{ margin: 0 }}>
          {t('people.proposalOther')}
        </p>
      )}
    </Note>
  );
}
