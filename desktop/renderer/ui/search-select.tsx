import { CloseButton, Combobox, Loader, TextInput, useCombobox } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import { useI18n } from './i18n.tsx';

/** Something that can be chosen. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  /** A second line that tells namesakes apart. */
  readonly detail?: string;
}

/** Pause in typing after which is sought, milliseconds. */
const PAUSE_MS = 120;

/**
 * A field that seeks while somebody types, wherever the answers come from. Arrows and Enter choose;
 * an answer that is late for what was typed since is thrown away.
 */
export function SearchSelect(props: {
  label: string;
  value: Choice | null;
  onChange: (choice: Choice | null) => void;
  /** @param signal aborted when the answer is not wanted any more */
  search: (text: string, signal: AbortSignal) => Promise<readonly Choice[]>;
  placeholder?: string;
  required?: boolean;
  disabled?: boolean;
  help?: string;
  error?: string | null;
  testId: string;
}) {
  const { value, onChange, search } = props;
  const { t, say } = useI18n();
  const [found, setFound] = useState<readonly Choice[] | null>(null);
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      // The next time is a new question.
      setFound(null);
    },
  });
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const asked = useRef<AbortController | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      asked.current?.abort();
    },
    [],
  );

  // Enter takes the first, once it is in the page.
  const { selectFirstOption } = combobox;
  useEffect(() => {
    if (found !== null && found.length > 0) selectFirstOption();
  }, [found, selectFirstOption]);

  const seek = (text: string): void => {
    clearTimeout(timer.current);
    asked.current?.abort();
    const mine = new AbortController();
    asked.current = mine;
    setProblem(null);
    timer.current = setTimeout(() => {
      search(text, mine.signal).then(
        (choices) => {
          if (mine.signal.aborted) return;
          setFound(choices);
        },
        (error: unknown) => {
          if (mine.signal.aborted) return;
          setFound([]);
          setProblem(say(toAppError(error).code));
        },
      );
    }, PAUSE_MS);
  };
  const open = (): void => {
    combobox.openDropdown();
    if (found === null) seek(typed ?? '');
  };
  const choose = (id: string): void => {
    const choice = found?.find((one) => one.id === id);
    if (choice) onChange(choice);
    setTyped(null);
    combobox.closeDropdown();
  };
  const isSeeking = combobox.dropdownOpened && found === null && problem === null;
  return (
    <Combobox store={combobox} onOptionSubmit={choose}>
      <Combobox.Target>
        <TextInput
          label={props.label}
          description={props.help}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder={props.placeholder ?? t('search.placeholder')}
          required={props.required ?? false}
          disabled={props.disabled ?? false}
          error={props.error ?? null}
          autoComplete="off"
          value={typed ?? value?.label ?? ''}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onClick={open}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value);
            setFound(null);
            combobox.openDropdown();
            seek(currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' && !combobox.dropdownOpened) open();
            if (event.key === 'Escape' && combobox.dropdownOpened) {
              event.stopPropagation();
              setTyped(null);
            }
          }}
          onBlur={() => {
            combobox.closeDropdown();
            // An emptied field means nobody; any other text that was not chosen means nothing.
            if (typed !== null && typed.trim() === '' && value !== null) onChange(null);
            setTyped(null);
          }}
          rightSectionPointerEvents="all"
          rightSection={
            isSeeking ? (
              <Loader size={14} color="gray" aria-hidden />
            ) : value !== null && props.disabled !== true ? (
              <CloseButton
                size="sm"
                aria-label={t('common.clear')}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => {
                  onChange(null);
                  setTyped(null);
                }}
              />
            ) : null
          }
          data-testid={props.testId}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={props.label} mah={280} style={SCROLLS}>
          {found?.map(({ id, label, detail }) => (
            <Combobox.Option key={id} value={id} active={id === value?.id}>
              <div className="g-cut">{label}</div>
              {detail !== undefined && <div className="g-cut g-small g-dim">{detail}</div>}
            </Combobox.Option>
          ))}
          {found === null && <Combobox.Empty>{t('search.seeking')}</Combobox.Empty>}
          {found?.length === 0 && <Combobox.Empty>{problem ?? t('search.none')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
      <span className="g-hidden" role="status">
        {combobox.dropdownOpened && found !== null ? t('search.found', { n: found.length }) : ''}
      </span>
    </Combobox>
  );
}

const SCROLLS = { overflowY: 'auto' } as const;
