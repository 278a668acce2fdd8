import { Button } from '@mantine/core';
import { IconFlame, IconPlayerPlay, IconRotate2, IconTrashOff } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { TableRow } from '#shared/schema/tables.ts';
import { SharedField } from '../../../shell/presence.tsx';
import { useSession } from '../../../shell/session.tsx';
import { fieldWord } from '../../../ui/domain-words.ts';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { useItemRecord } from '../use-inventory.ts';
import { DecidedFields } from './decided-fields.tsx';
import { MergedHere } from './duplicates/merged-here.tsx';
import { fieldHelp } from './item-fields.tsx';
import { ItemLevels } from './item-levels.tsx';
import { PictureButton, Thumbnail } from './item-picture.tsx';
import { FROZEN, ITEM_FIELD_NAMES, ITEM_FIELDS } from './item-values.ts';
import type { ItemFieldName } from './item-values.ts';
import { PackFields } from './pack-fields.tsx';
import { packTexts, readPacks } from './pack-text.ts';
import { SavedField } from './saved-field.tsx';
import { useGtinOwner, useItemActs, usePictures } from './use-catalog.ts';

type Item = TableRow<'inventory_items'>;
type OpenName = Exclude<ItemFieldName, (typeof FROZEN)[number]>;
/** Fields in which nothing follows from a change. */
const OPEN = ITEM_FIELD_NAMES.filter(
  (name): name is OpenName => !(FROZEN as readonly string[]).includes(name),
);
const NO_PROBLEMS = new Map();

/** What an item is: every field saves itself; picture, packs, state, and what each site wants of it. */
export function ItemTab(props: { itemId: string; today: string }) {
  const { data: item, error } = useItemRecord(props.itemId);
  if (error && !item) return <ErrorNote error={error} />;
  if (!item) return <Loading lines={6} />;
  return <Loaded item={item} today={props.today} />;
}

function Loaded(props: { item: Item; today: string }) {
  const { item, today } = props;
  const { t } = useI18n();
  const { mayRow } = useSession();
  const { patch } = useItemActs();
  const mayEdit = mayRow('inventory_items', 'update', { ...item });
  return (
    <div className="g-stack" style={{ gap: 20 }}>
      <Head item={item} mayEdit={mayEdit} />
      <section className="g-stack" aria-label={t('catalog.what')}>
        {OPEN.map((name) => (
          <SharedField key={name} field={name}>
            <SavedField
              {...fieldHelp(t, name)}
              field={ITEM_FIELDS[name]}
              label={fieldWord(t, name)}
              value={item[name]}
              save={(value) => patch(item.id, { [name]: value })}
              mayEdit={mayEdit}
              today={today}
              testId={`item-${name}`}
            />
          </SharedField>
        ))}
      </section>
      <DecidedFields item={item} mayEdit={mayEdit} today={today} />
      <SavedPacks item={item} mayEdit={mayEdit} />
      <ItemLevels item={item} />
      <MergedHere item={item} />
    </div>
  );
}

/** Picture and state. */
function Head(props: { item: Item; mayEdit: boolean }) {
  const { item, mayEdit } = props;
  const { t } = useI18n();
  const { may, mayRow } = useSession();
  const { patch, setPicture } = useItemActs();
  const { done, failed } = useToasts();
  const task = useTask();
  const navigate = useNavigate();
  const picture = usePictures().get(item.id) ?? null;
  const mayApprove = mayRow('inventory_items', 'approve', { ...item });

  const step = async (status: 'active' | 'discontinued') => {
    const former = item.status;
    try {
      await patch(item.id, { status });
      const words =
        status === 'active'
          ? t('catalog.nowActive', { item: item.name })
          : t('catalog.nowDiscontinued', { item: item.name });
      // A draft that is in use cannot become one again.
      done(words, former === 'draft' ? undefined : () => patch(item.id, { status: former }));
    } catch (failure) {
      failed(failure);
    }
  };
  const take = (file: File) =>
    void task.run(async () => {
      const former = item.image_file_id;
      await setPicture(item.id, file);
      done(t('catalog.saved', { field: t('picture.title') }), () =>
        patch(item.id, { image_file_id: former }),
      );
    });
  const remove = async () => {
    const former = item.image_file_id;
    await patch(item.id, { image_file_id: null });
    done(t('picture.removed'), () => patch(item.id, { image_file_id: former }));
  };
  return (
    <div className="g-stack" style={{ gap: 8 }}>
      <div className="g-row" style={{ alignItems: 'flex-start', gap: 12 }}>
        <Thumbnail file={picture} size={96} alt={t('picture.of', { item: item.name })} />
        <div className="g-stack" style={{ gap: 8 }}>
          <span className="g-dim" data-testid="item-status" data-status={item.status}>
            {t(`catalog.status.${item.status}`)}
          </span>
          <div className="g-row" style={{ flexWrap: 'wrap' }}>
            {mayEdit && <PictureButton has={picture !== null} take={take} />}
            {mayEdit && picture && (
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => void remove()}
                data-testid="picture-remove"
              >
                {t('picture.remove')}
              </Button>
            )}
            {item.status === 'draft' && mayApprove && (
              <StateButton icon={IconPlayerPlay} testId="item-approve" act={() => step('active')}>
                {t('catalog.putIntoUse')}
              </StateButton>
            )}
            {item.status === 'active' && mayEdit && (
              <StateButton
                icon={IconTrashOff}
                testId="item-discontinue"
                act={() => step('discontinued')}
              >
                {t('catalog.discontinue')}
              </StateButton>
            )}
            {item.status === 'discontinued' && mayEdit && (
              <StateButton icon={IconRotate2} testId="item-bring-back" act={() => step('active')}>
                {t('catalog.bringBack')}
              </StateButton>
            )}
            {item.hazardous && may('sds_documents', 'read') && (
              <Button
                onClick={() => void navigate({ to: '/inventory/safety', search: { q: item.name } })}
                size="compact-sm"
                variant="default"
                leftSection={<IconFlame size={16} stroke={1.5} />}
                data-testid="item-safety"
              >
                {t('safety.card')}
              </Button>
            )}
          </div>
        </div>
      </div>
      {task.error &&
        (task.error.code === 'FILE_TYPE_REFUSED' ? (
          <p role="alert" className="g-small">
            {t('picture.unreadable')}
          </p>
        ) : (
          <ErrorNote error={task.error} />
        ))}
    </div>
  );
}

function StateButton(props: {
  icon: typeof IconRotate2;
  testId: string;
  act: () => Promise<void>;
  children: string;
}) {
  const { icon: Mark } = props;
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<Mark size={16} stroke={1.5} />}
      onClick={() => void props.act()}
      data-testid={props.testId}
    >
      {props.children}
    </Button>
  );
}

/** Packs save themselves once all of them can be read. */
function SavedPacks(props: { item: Item; mayEdit: boolean }) {
  const { item, mayEdit } = props;
  const { t } = useI18n();
  const { patch } = useItemActs();
  const { done, failed } = useToasts();
  const ownerOf = useGtinOwner(item.id);
  const key = JSON.stringify(item.packs);
  const [state, setState] = useState({ key, text: packTexts(item.packs, item.base_unit) });
  const [left, setLeft] = useState(false);
  // Somebody else's change shows, unless this one has begun to write.
  if (state.key !== key && !left) {
    setState({ key, text: packTexts(item.packs, item.base_unit) });
  }
  const read = readPacks(state.text, item.base_unit, ownerOf);

  const leave = async (text: typeof state.text) => {
    setLeft(true);
    const next = readPacks(text, item.base_unit, ownerOf);
    if (!next.ok || JSON.stringify(next.packs) === key) {
      if (next.ok) setLeft(false);
      return;
    }
    const former = item.packs;
    try {
      await patch(item.id, { packs: next.packs });
      setLeft(false);
      done(t('catalog.saved', { field: t('field.packs') }), () =>
        patch(item.id, { packs: former }),
      );
    } catch (failure) {
      failed(failure);
    }
  };
  return (
    <SharedField field="packs">
      <PackFields
        text={state.text}
        baseUnit={item.base_unit}
        problems={left && !read.ok ? read.problems : NO_PROBLEMS}
        change={(text) => setState((now) => ({ ...now, text }))}
        onLeave={(text) => void leave(text)}
        disabled={!mayEdit}
      />
    </SharedField>
  );
}
