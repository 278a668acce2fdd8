import { Button, NumberInput, SegmentedControl, Select, Textarea } from '@mantine/core';
import { IconCopy, IconDownload, IconPrinter } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { copyText, saveText } from '../../../ui/copy-text.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { QrCode } from '../../../ui/qr-code.tsx';
import { LABEL_SIZE_NAMES, LABEL_SIZES, labelText, MOST_COPIES } from './label-sizes.ts';
import type { LabelContent, LabelSize } from './label-sizes.ts';
import { DENSITIES, toZpl } from './zpl.ts';
import type { Density } from './zpl.ts';

type Way = 'paper' | 'zpl';
const DPI = Object.keys(DENSITIES).map(Number) as Density[];

/** Labels to look at and to print: by any printer, or as text for a label printer. */
export function LabelsDialog(props: { labels: readonly LabelContent[]; close: () => void }) {
  const { labels } = props;
  const { t } = useI18n();
  const [size, setSize] = useState<LabelSize>('62x29');
  const [copies, setCopies] = useState(1);
  const [way, setWay] = useState<Way>('paper');
  const [density, setDensity] = useState<Density>(203);
  const [copied, setCopied] = useState(false);
  const text = useRef<HTMLTextAreaElement>(null);
  const [first] = labels;
  const zpl = way === 'zpl' ? toZpl(labels, size, density, copies) : '';
  return (
    <Dialog title={t('label.title')} close={props.close} testId="item-label">
      {first && <Label label={first} size={size} />}
      <p className="g-dim">
        {labels.length > 1 ? t('labels.many', { n: labels.length }) : t('label.help')}
      </p>
      <div className="g-row" style={{ alignItems: 'flex-start', flexWrap: 'wrap' }}>
        <Select
          label={t('labels.size')}
          w={150}
          data={LABEL_SIZE_NAMES.map((name) => ({ value: name, label: sizeWords(name) }))}
          value={size}
          onChange={(value) => setSize(LABEL_SIZE_NAMES.find((name) => name === value) ?? '62x29')}
          allowDeselect={false}
          data-testid="label-size"
        />
        <NumberInput
          label={t('labels.copies')}
          w={110}
          min={1}
          max={MOST_COPIES}
          allowDecimal={false}
          clampBehavior="strict"
          value={copies}
          onChange={(value) => setCopies(Math.max(1, Number(value) || 1))}
          data-testid="label-copies"
        />
      </div>
      <SegmentedControl
        aria-label={t('labels.way')}
        size="xs"
        value={way}
        onChange={(value) => setWay(value === 'zpl' ? 'zpl' : 'paper')}
        data={[
          { value: 'paper', label: t('labels.paper') },
          { value: 'zpl', label: t('labels.zpl') },
        ]}
      />
      {way === 'paper' ? (
        <div>
          <Button
            leftSection={<IconPrinter size={18} stroke={1.5} />}
            onClick={() => window.print()}
            data-autofocus
            data-testid="label-print"
          >
            {t('label.print')}
          </Button>
        </div>
      ) : (
        <>
          <Select
            label={t('labels.density')}
            w={150}
            data={DPI.map((dpi) => ({ value: String(dpi), label: `${dpi} dpi` }))}
            value={String(density)}
            onChange={(value) => setDensity(DPI.find((dpi) => String(dpi) === value) ?? 203)}
            allowDeselect={false}
            data-testid="label-density"
          />
          <Textarea
            ref={text}
            label={t('labels.text')}
            description={t('labels.textHelp')}
            readOnly
            rows={6}
            classNames={CODE}
            value={zpl}
            data-testid="label-zpl"
          />
          <div className="g-row">
            <Button
              variant="default"
              leftSection={<IconCopy size={18} stroke={1.5} />}
              onClick={() => {
                if (text.current) void copyText(text.current).then(setCopied);
              }}
              data-testid="label-copy"
            >
              {t('labels.copy')}
            </Button>
            <Button
              leftSection={<IconDownload size={18} stroke={1.5} />}
              onClick={() => saveText(zpl, 'labels.zpl')}
              data-testid="label-save"
            >
              {t('labels.save')}
            </Button>
            {copied && <span role="status">{t('labels.copied')}</span>}
          </div>
        </>
      )}
      {/* Beside the page and not in it: on paper the labels stand alone. */}
      {createPortal(
        <div className="g-print" aria-hidden>
          {labels.flatMap((label) =>
            Array.from({ length: copies }, (_, n) => (
              <Label key={`${label.item_id} ${n}`} label={label} size={size} />
            )),
          )}
        </div>,
        document.body,
      )}
    </Dialog>
  );
}

const CODE = { input: 'g-code' };
const sizeWords = (name: LabelSize): string =>
  `${LABEL_SIZES[name].width} × ${LABEL_SIZES[name].height} mm`;

function Label(props: { label: LabelContent; size: LabelSize }) {
  const { label, size } = props;
  const { t } = useI18n();
  const { width, height } = LABEL_SIZES[size];
  return (
    <div
      className="g-label"
      data-size={size}
      style={{ width: `${width}mm`, height: `${height}mm` }}
    >
      <QrCode
        text={labelText(label)}
        label={t('label.qr', { item: label.name })}
        testId="label-qr"
      />
      <div className="g-label-words">
        <span className="g-strong">{label.name}</span>
        <span className="g-code">{label.sku}</span>
        {label.shelf && <span>{label.shelf.place}</span>}
        {label.shelf?.par && <span>{label.shelf.par}</span>}
      </div>
    </div>
  );
}
