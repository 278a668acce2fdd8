import { Button, Radio } from '@mantine/core';
import {
  IconArrowsJoin2,
  IconEqualNot,
  IconInfoCircle,
  IconSwitchHorizontal,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { MergedField } from '#shared/merge/item-merge.ts';
import { useSites } from '../../../../shell/sites.tsx';
import { fieldWord } from '../../../../ui/domain-words.ts';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { Loading } from '../../../../ui/loading.tsx';
import { Note } from '../../../../ui/note.tsx';
import { useToasts } from '../../../../ui/toasts.tsx';
import { useTask } from '../../../../ui/use-task.ts';
import { ItemSelect } from '../../item-select.tsx';
import { useItemRecord } from '../../use-inventory.ts';
import type { ListedItem } from '../../use-inventory.ts';
import { choiceWords } from '../catalog-words.ts';
import { Thumbnail } from '../item-picture.tsx';
import { isDraftSku } from '../item-values.ts';
import { usePictures } from '../use-catalog.ts';
import { differingFields, firstChoice, valueOf } from './merge-choice.ts';
import type { Choice, Choices, Item } from './merge-choice.ts';
import { useMergeActs } from './use-duplicates.ts';
import { PanelHead } from '../../../../ui/panel-head.tsx';

/** Two items side by side: which one stays, and of each field whose value. */
export function MergePanel(props: {
  a: string;
  /** Null while the other one is still to be chosen. */
  b: string | null;
  items: readonly ListedItem[];
  /** Where the two are listed, null where they are not: then there is nothing to say of the list. */
  found: 'open' | 'apart' | null;
  chooseOther: (itemId: string) => void;
  close: () => void;
}) {
  const { items, b } = props;
  const { t } = useI18n();
  const { data: first } = useItemRecord(props.a);
  const { data: second } = useItemRecord(b);
  return (
    <aside className="g-detail" aria-label={t('duplicates.compare')} data-testid="merge-panel">
      <PanelHead title={t('duplicates.compare')} close={props.close} />
      <div className="g-detail-body">
        {b === null ? (
          <div className="g-stack">
            <p>{t('duplicates.chooseHelp', { item: first?.name ?? '' })}</p>
            <ItemSelect
              register={() => undefined}
              items={items.filter(({ item_id }) => item_id !== props.a)}
              value={null}
              error={null}
              onChoose={(id) => id !== null && props.chooseOther(id)}
              testId="merge-other"
            />
          </div>
        ) : first && second ? (
          <Compared
            first={first}
            second={second}
            items={items}
            found={props.found}
            close={props.close}
          />
        ) : (
          <Loading lines={8} />
        )}
      </div>
    </aside>
  );
}

/** What has a real number stays before a draft, what is in use before what is not, the older before the newer. */
const staysFirst = (a: Item, b: Item): Item => {
  const rank = (item: Item): number =>
    (isDraftSku(item.sku) ? 2 : 0) + (item.status === 'active' ? 0 : 1);
  const order = rank(a) - rank(b) || a.created_at - b.created_at;
  return order <= 0 ? a : b;
};

function Compared(props: {
  first: Item;
  second: Item;
  items: readonly ListedItem[];
  found: 'open' | 'apart' | null;
  close: () => void;
}) {
  const { first, second, items, found } = props;
  const isApart = found === 'apart';
  const { t } = useI18n();
  const [stays, setStays] = useState(() => staysFirst(first, second).id);
  const [choices, setChoices] = useState<Choices>({});
  const survivor = stays === first.id ? first : second;
  const other = stays === first.id ? second : first;
  const { merge, undo, tellApart } = useMergeActs();
  const { done } = useToasts();
  const task = useTask();
  const navigate = useNavigate();
  if (survivor.status === 'merged' || other.status === 'merged') {
    return (
      <Note tone="blue" icon={IconInfoCircle} testId="merge-done">
        {t('duplicates.mergedAlready')}
      </Note>
    );
  }
  const sameUnit = survivor.base_unit.trim().toLowerCase() === other.base_unit.trim().toLowerCase();
  const finish = async () => {
    let mergeId = '';
    const isDone = await task.run(async () => {
      mergeId = await merge(survivor, other, choices);
    });
    if (!isDone) return;
    done(t('duplicates.done', { other: other.name, item: survivor.name }), () => undo(mergeId));
    await navigate({ to: '/inventory', search: { item: survivor.id } });
  };
  const tell = async (differs: boolean) => {
    const [a, b] = [first.id, second.id];
    const isDone = await task.run(() => tellApart(a, b, differs));
    if (!isDone) return;
    done(t(differs ? 'duplicates.toldApart' : 'duplicates.toldOpen'), () =>
      tellApart(a, b, !differs),
    );
    props.close();
  };
  return (
    <div className="g-stack" style={{ gap: 16 }}>
      {isApart && (
        <Note tone="blue" icon={IconEqualNot} testId="merge-apart">
          {t('duplicates.isApart')}
        </Note>
      )}
      <table className="g-table g-merge" data-testid="merge-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="g-hidden">{t('levels.field')}</span>
            </th>
            <th scope="col">{t('duplicates.stays')}</th>
            <th scope="col">{t('duplicates.goes')}</th>
          </tr>
        </thead>
        <tbody>
          <Fact label={t('field.sku')}>
            {[survivor, other].map((item) => (
              <span key={item.id} className="g-code">
                {item.sku}
              </span>
            ))}
          </Fact>
          <Fact label={fieldWord(t, 'base_unit')}>
            {[survivor, other].map((item) => (
              <span key={item.id}>{item.base_unit}</span>
            ))}
          </Fact>
          <Fact label={t('stock.onHand')}>
            {[survivor, other].map((item) => (
              <OnHand key={item.id} item={items.find(({ item_id }) => item_id === item.id)} />
            ))}
          </Fact>
          {differingFields(survivor, other).map((field) => (
            <FieldChoice
              key={`${field} ${survivor.id}`}
              field={field}
              survivor={survivor}
              other={other}
              choice={choices[field] ?? firstChoice(field, survivor, other)}
              choose={(choice) => setChoices((now) => ({ ...now, [field]: choice }))}
            />
          ))}
        </tbody>
      </table>
      <div>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconSwitchHorizontal size={16} stroke={1.5} />}
          onClick={() => {
            setStays(other.id);
            setChoices({});
          }}
          data-testid="merge-swap"
        >
          {t('duplicates.swap', { item: other.name })}
        </Button>
      </div>
      <p className="g-dim">{t('duplicates.what', { item: survivor.name, other: other.name })}</p>
      {!sameUnit && (
        <Note tone="red" icon={IconInfoCircle} role="alert" testId="merge-units">
          {t('duplicates.units', { unit: survivor.base_unit, other: other.base_unit })}
        </Note>
      )}
      {task.error && <ErrorNote error={task.error} testId="merge-error" />}
      <div className="g-row" style={{ flexWrap: 'wrap' }}>
        <Button
          leftSection={<IconArrowsJoin2 size={18} stroke={1.5} />}
          disabled={!sameUnit}
          loading={task.busy}
          onClick={() => void finish()}
          data-testid="merge-run"
        >
          {t('duplicates.merge', { item: survivor.sku })}
        </Button>
        {found !== null && (
          <Button
            variant="default"
            leftSection={<IconEqualNot size={18} stroke={1.5} />}
            disabled={task.busy}
            title={t(isApart ? 'duplicates.askHelp' : 'duplicates.differHelp')}
            onClick={() => void tell(!isApart)}
            data-testid="merge-differ"
          >
            {t(isApart ? 'duplicates.ask' : 'duplicates.differ')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** A line that says of both what nobody chooses. */
function Fact(props: { label: string; children: readonly ReactNode[] }) {
  return (
    <tr>
      <th scope="row">{props.label}</th>
      {props.children.map((cell, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- always the two of them, in this order
        <td key={at}>{cell}</td>
      ))}
    </tr>
  );
}

function OnHand({ item }: { item: ListedItem | undefined }) {
  const { fmt } = useI18n();
  const { sites } = useSites();
  if (!item) return <>–</>;
  const own = item.sites.filter(({ on_hand: quantity }) => quantity !== 0);
  if (own.length === 0) return <>0</>;
  return (
    <>
      {own
        .map(({ location_id: id, on_hand: quantity }) => {
          const code = sites?.find((site) => site.id === id)?.code ?? '';
          return `${code} ${fmt.quantity(quantity)}`;
        })
        .join(', ')}
    </>
  );
}

/** One field in which the two differ: a choice by keyboard, side by side. */
function FieldChoice(props: {
  field: MergedField;
  survivor: Item;
  other: Item;
  choice: Choice;
  choose: (choice: Choice) => void;
}) {
  const { field, survivor, other, choice, choose } = props;
  const { t } = useI18n();
  const name = useId();
  const label = fieldWord(t, field);
  const option = (value: Choice, sku: string) => (
    <Radio
      name={name}
      checked={choice === value}
      onChange={() => choose(value)}
      aria-label={t('duplicates.takeOf', { field: label, sku })}
      label={<Value field={field} value={valueOf(field, value, survivor, other)} />}
      data-testid={`merge-${field}-${value}`}
    />
  );
  return (
    <tr>
      <th scope="row">
        {label}
        {field === 'packs' && (
          <Radio
            name={name}
            mt={4}
            checked={choice === 'both'}
            onChange={() => choose('both')}
            label={t('duplicates.both')}
            data-testid="merge-packs-both"
          />
        )}
      </th>
      <td>{option('survivor', survivor.sku)}</td>
      <td>{option('other', other.sku)}</td>
    </tr>
  );
}

function Value({ field, value }: { field: MergedField; value: unknown }) {
  const { t, fmt } = useI18n();
  const picture = usePicture(field === 'image_file_id' ? value : null);
  if (value === null || (Array.isArray(value) && value.length === 0)) return <>–</>;
  if (field === 'image_file_id') return <Thumbnail file={picture} size={48} alt="" />;
  if (field === 'packs') {
    return (
      <>
        {(value as Item['packs']).map(({ unit, qty_per_base: quantity, gtin }) => (
          <div key={unit}>
            {unit} = {fmt.quantity(quantity)} <span className="g-code g-dim">{gtin}</span>
          </div>
        ))}
      </>
    );
  }
  return <>{choiceWords(t, field)(typeof value === 'string' ? value : JSON.stringify(value))}</>;
}

/** The picture of whichever item has this file. */
function usePicture(fileId: unknown) {
  const pictures = usePictures();
  return [...pictures.values()].find(({ id }) => id === fileId) ?? null;
}
