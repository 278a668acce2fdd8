import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { IconCheck, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { newId } from '#shared/kernel/ids.ts';
import { formatQuantity, parseQuantity } from '#shared/kernel/quantity.ts';
import { useSites } from '../../../../shell/sites.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { useToasts } from '../../../../ui/toasts.tsx';
import { useTask } from '../../../../ui/use-task.ts';
import { ItemSelect } from '../../item-select.tsx';
import { useStockItems } from '../take/use-take.ts';
import { useMayTransfer, useTransferActs } from './use-transfers.ts';
import { PanelHead } from '../../../../ui/panel-head.tsx';

interface Line {
  readonly key: string;
  readonly itemId: string | null;
  readonly quantity: string;
}

/** From where to where, and what: a draft that the sending site ships. */
export function NewTransfer(props: {
  begin: {
    readonly item?: string | undefined;
    readonly qty?: number | undefined;
    readonly from?: string | undefined;
    readonly to?: string | undefined;
  };
  close: () => void;
  made: (id: string) => void;
}) {
  const { begin } = props;
  const { t } = useI18n();
  const { sites, site } = useSites();
  const mayTransfer = useMayTransfer();
  const items = useStockItems();
  const acts = useTransferActs();
  const task = useTask();
  const { done } = useToasts();
  const [tried, setTried] = useState(false);
  const [from, setFrom] = useState<string | null>(begin.from ?? site?.id ?? null);
  const [to, setTo] = useState<string | null>(begin.to ?? null);
  const [note, setNote] = useState('');
  const [lines, setLines] = useState<readonly Line[]>([
    {
      key: newId(),
      itemId: begin.item ?? null,
      quantity: begin.qty === undefined ? '' : formatQuantity(begin.qty),
    },
  ]);
  const names = (sites ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const set = (key: string, changes: Partial<Line>) =>
    setLines(lines.map((line) => (line.key === key ? { ...line, ...changes } : line)));
  const wanted = lines.flatMap(({ itemId, quantity }) => {
    const qty = parseQuantity(quantity);
    return itemId !== null && qty !== null && qty > 0 ? [{ item_id: itemId, qty_base: qty }] : [];
  });
  const twice = new Set(lines.map(({ itemId }) => itemId)).size < lines.length;
  const wrong = from === to ? t('transfers.sameSite') : null;
  const allowed = from !== null && to !== null && from !== to ? mayTransfer(from, to) : true;

  const make = () =>
    task.run(async () => {
      setTried(true);
      if (from === null || to === null || from === to || !allowed || twice) return;
      if (wanted.length < lines.length) return;
      const id = await acts.draft({
        from,
        to,
        wanted,
        note: note.trim() === '' ? null : note.trim(),
      });
      done(t('transfers.drafted'), () => acts.cancel(id));
      props.made(id);
    });
  return (
    <aside className="g-detail" aria-label={t('transfers.new')} data-testid="transfer-form">
      <PanelHead title={t('transfers.new')} close={props.close} />
      <form
        className="g-detail-body g-stack"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        {task.error && <ErrorNote error={task.error} />}
        <div className="g-row" style={{ alignItems: 'flex-start' }}>
          <Select
            label={t('transfers.from')}
            data={names}
            value={from}
            onChange={setFrom}
            allowDeselect={false}
            required
            data-testid="transfer-from"
          />
          <Select
            label={t('transfers.toSite')}
            data={names}
            value={to}
            onChange={setTo}
            allowDeselect={false}
            required
            error={
              allowed
                ? tried && (to === null ? t('transfers.toMissing') : wrong)
                : t('transfers.notBothSites')
            }
            data-testid="transfer-to"
          />
        </div>
        {lines.map((line) => (
          <div key={line.key} className="g-row" style={{ alignItems: 'flex-start' }}>
            <div className="g-spread">
              <ItemSelect
                register={noField}
                items={items ?? []}
                value={line.itemId}
                error={tried && line.itemId === null ? t('receive.problem.itemMissing') : null}
                onChoose={(itemId) => set(line.key, { itemId })}
                testId="transfer-item"
              />
            </div>
            <TextInput
              label={t('receive.quantity')}
              w={110}
              inputMode="decimal"
              value={line.quantity}
              onChange={(event) => set(line.key, { quantity: event.currentTarget.value })}
              error={
                tried && !((parseQuantity(line.quantity) ?? 0) > 0)
                  ? t('receive.problem.quantityNumber')
                  : null
              }
              description={items?.find(({ item_id }) => item_id === line.itemId)?.base_unit}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              maxLength={20}
              data-testid="transfer-qty"
            />
            {lines.length > 1 && (
              <ActionIcon
                size={32}
                mt={22}
                aria-label={t('transfers.removeLine')}
                onClick={() => setLines(lines.filter((other) => other !== line))}
              >
                <IconTrash size={16} stroke={1.5} />
              </ActionIcon>
            )}
          </div>
        ))}
        {tried && twice && (
          <p className="g-small" role="alert">
            {t('transfers.itemTwice')}
          </p>
        )}
        <div>
          <Button
            variant="subtle"
            leftSection={<IconPlus size={18} stroke={1.5} />}
            onClick={() => setLines([...lines, { key: newId(), itemId: null, quantity: '' }])}
          >
            {t('receive.addLine')}
          </Button>
        </div>
        <TextInput
          label={t('field.note')}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <div>
          <Button
            type="submit"
            leftSection={<IconCheck size={18} stroke={1.5} />}
            data-testid="transfer-make"
          >
            {t('transfers.make')}
          </Button>
        </div>
        <p className="g-small g-dim">{t('transfers.newHelp')}</p>
      </form>
    </aside>
  );
}

const noField = (): void => undefined;
