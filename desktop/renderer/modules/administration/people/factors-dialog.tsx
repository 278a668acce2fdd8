import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { ActForm } from '../act-form.tsx';
import { useAdminActs } from '../use-admin.ts';
import type { Person } from './person.tsx';

/** Forgets the second factor of somebody who has lost it. */
export function FactorsDialog(props: { person: Person; done: () => void; close: () => void }) {
  const { name, id } = props.person;
  const { t } = useI18n();
  const { done } = useToasts();
  const { resetFactors } = useAdminActs();
  const task = useTask();
  const run = async () => {
    const went = await task.run(async () => {
      await resetFactors(id);
    });
    props.done();
    if (!went) return;
    done(t('people.factorsDone', { name }));
    props.close();
  };
  return (
    <ActForm
      title={t('people.factorsTitle', { name })}
      what={[t('people.factorsWhat'), t('people.factorsSure')]}
      act={t('people.factorsDo')}
      task={task}
      submit={() => void run()}
      close={props.close}
      isGrave
      testId="factors-dialog"
    />
  );
}
