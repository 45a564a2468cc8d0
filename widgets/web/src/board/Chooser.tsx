import {
  useContext,
  useEffect,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import {
  Button,
  ComboBox,
  ComboBoxStateContext,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
} from 'react-aria-components';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { ChevronIcon, CloseIcon } from '../ui/icons';
import styles from './Chooser.module.css';
import menus from './Menus.module.css';

/** One thing that can be chosen. */
export interface Choice {
  readonly id: string;
  readonly name: string;
  /** A short form that stands for it when it is typed, such as a card's number. */
  readonly short?: string;
}

const newKey = 'new:';

/** A large room has thousands of members; nobody reads so long a list. */
const shownAtOnce = 50;

/** A set of people or labels: chips that can be removed, and a field that suggests more. */
export function Chooser(props: {
  label: string;
  addLabel: string;
  chosen: readonly Choice[];
  options: readonly Choice[];
  /** Names a new choice; null if only the options may be chosen. */
  nameNew: ((text: string) => string) | null;
  /** How many characters may be typed. */
  maxLength: number;
  canEdit: boolean;
  show: (choice: Choice) => ReactNode;
  /** How one that is chosen is shown, if otherwise than among the suggestions. */
  showChosen?: (choice: Choice) => ReactNode;
  onAdd: (id: string) => void;
  onRemove: (id: string) => void;
}): ReactNode {
  const t = useTexts();
  const { chosen, nameNew } = props;
  const showChosen = props.showChosen ?? props.show;

  return (
    <div className={styles.chooser} role="group" aria-label={props.label}>
      <span className={controls.label} aria-hidden="true">
        {props.label}
      </span>
      {chosen.length > 0 ? (
        <ul className={styles.chosen}>
          {chosen.map((choice) => (
            <li key={choice.id} className={styles.chip}>
              {showChosen(choice)}
              {props.canEdit && (
                <button
                  type="button"
                  className={`${controls.icon ?? ''} ${styles.remove ?? ''}`}
                  aria-label={t.dialogRemove(choice.name)}
                  onClick={() => {
                    props.onRemove(choice.id);
                  }}
                >
                  <CloseIcon />
                </button>
              )}
            </li>
          ))}
        </ul>
      ) : (
        !props.canEdit && <p className={controls.hint}>{t.dialogNothing}</p>
      )}
      {props.canEdit && (
        <ChoiceAdder
          label={props.addLabel}
          chosen={chosen}
          options={props.options}
          nameNew={nameNew}
          maxLength={props.maxLength}
          show={props.show}
          onAdd={props.onAdd}
        />
      )}
    </div>
  );
}

interface AdderProps {
  readonly label: string;
  readonly chosen: readonly Choice[];
  readonly options: readonly Choice[];
  readonly nameNew: ((text: string) => string) | null;
  readonly maxLength: number;
  readonly show: (choice: Choice) => ReactNode;
  readonly onAdd: (id: string) => void;
}

/** A field that suggests what can be added. */
export function ChoiceAdder(props: AdderProps): ReactNode {
  const [added, setAdded] = useState(0);
  return (
    <Adder
      {...props}
      key={added}
      again={added > 0}
      onAdd={(id) => {
        setAdded(added + 1);
        props.onAdd(id);
      }}
      onEmpty={() => {
        setAdded(added + 1);
      }}
    />
  );
}

/**
 * The field that adds one. A new one takes its place after each choice, with the focus and its
 * suggestions closed: emptied by hand, the library would open them again.
 */
function Adder(
  props: AdderProps & {
    again: boolean;
    /** Throws away what was typed. */
    onEmpty: () => void;
  },
): ReactNode {
  const t = useTexts();
  const { again, nameNew, chosen } = props;
  const id = useId();
  const [text, setText] = useState('');
  const typed = text.replace(/\s+/g, ' ').trim();
  const matches = matching(
    typed,
    props.options.filter(({ id }) => chosen.every((choice) => choice.id !== id)),
  );
  const there = chosen.some(({ name }) => name === typed);
  const isNew =
    nameNew !== null && typed !== '' && !there && matches.every(({ name }) => name !== typed);
  const items = matches.slice(0, shownAtOnce);
  if (isNew) items.push({ id: newKey + typed, name: nameNew(typed) });
  const more = matches.length - shownAtOnce;
  const full = nameNew !== null && text.length >= props.maxLength;

  return (
    <ComboBox
      className={styles.combo ?? ''}
      items={items}
      inputValue={text}
      value={null}
      menuTrigger={again ? 'input' : 'focus'}
      allowsEmptyCollection
      onInputChange={setText}
      onChange={(key) => {
        if (typeof key !== 'string') return;
        props.onAdd(key.startsWith(newKey) ? key.slice(newKey.length) : key);
      }}
    >
      <Label className="visually-hidden">{props.label}</Label>
      <div className={styles.field}>
        <AdderField
          focused={again}
          label={props.label}
          text={text}
          maxLength={props.maxLength}
          describedBy={`${id}f ${id}m`}
          meant={meant(typed, matches, isNew)}
          onAdd={props.onAdd}
          onEmpty={props.onEmpty}
        />
        <Button
          className={`${controls.icon ?? ''} ${styles.open ?? ''}`}
          aria-label={t.dialogSuggestions}
        >
          <ChevronIcon />
        </Button>
      </div>
      <Popover
        className={`${menus.popover ?? ''} ${styles.popover ?? ''}`}
        render={(element) => <div {...element} role="region" aria-label={t.dialogSuggestions} />}
      >
        <ListBox<Choice>
          className={menus.menu ?? ''}
          renderEmptyState={() => (
            <p className={styles.none}>{there ? t.dialogThere : t.dialogNoMatch}</p>
          )}
        >
          {(choice) => (
            <ListBoxItem id={choice.id} textValue={choice.name} className={menus.item ?? ''}>
              {choice.id.startsWith(newKey) ? choice.name : props.show(choice)}
            </ListBoxItem>
          )}
        </ListBox>
        {full && (
          <p id={`${id}f`} className={styles.full}>
            {t.dialogTooLong(props.maxLength)}
          </p>
        )}
        {more > 0 && (
          <p id={`${id}m`} className={styles.more}>
            {t.dialogMore(more)}
          </p>
        )}
      </Popover>
    </ComboBox>
  );
}

/**
 * The text field. The library chooses with Enter only what the arrow keys have reached, and closes
 * its list over what was typed as if that had been entered; here Enter takes what is meant. Escape
 * empties the field: the library would open the list again over the text that stays.
 */
function AdderField(props: {
  focused: boolean;
  label: string;
  text: string;
  maxLength: number;
  describedBy: string;
  /** What the text stands for; null if that is not clear. */
  meant: string | null;
  onAdd: (id: string) => void;
  onEmpty: () => void;
}): ReactNode {
  const list = useContext(ComboBoxStateContext);
  const field = useRef<HTMLInputElement>(null);
  const { focused, meant } = props;
  useEffect(() => {
    if (focused) field.current?.focus();
  }, [focused]);

  const pressed = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || props.text === '') return;
    if (event.key === 'Enter' && list?.selectionManager.focusedKey == null) {
      event.preventDefault();
      event.stopPropagation();
      if (meant !== null) props.onAdd(meant);
      else list?.open(null, 'manual');
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      props.onEmpty();
    }
  };

  return (
    <Input
      ref={field}
      className={`${controls.field ?? ''} ${styles.input ?? ''}`}
      placeholder={props.label}
      maxLength={props.maxLength}
      aria-describedby={props.describedBy}
      onKeyDownCapture={pressed}
    />
  );
}

function matching(typed: string, options: readonly Choice[]): Choice[] {
  const sought = typed.toLocaleLowerCase();
  const found = options.filter(
    ({ id, name }) => name.toLocaleLowerCase().includes(sought) || id.includes(sought),
  );
  const exact = found.filter((choice) => isShortFor(choice, typed));
  return exact.length > 0 ? [...exact, ...found.filter((one) => !exact.includes(one))] : found;
}

function isShortFor(choice: Choice, typed: string): boolean {
  return choice.short !== undefined && typed.replace(/^#/u, '') === choice.short;
}

/** What a text stands for: the one that is called so, the new one, or the only one that fits. */
function meant(typed: string, matches: readonly Choice[], isNew: boolean): string | null {
  if (typed === '') return null;
  const called = typed.toLocaleLowerCase();
  const named = matches.filter(
    (choice) =>
      choice.id === typed ||
      choice.name.toLocaleLowerCase() === called ||
      isShortFor(choice, typed),
  );
  if (named.length === 1) return named[0]?.id ?? null;
  if (isNew) return typed;
  return matches.length === 1 ? (matches[0]?.id ?? null) : null;
}
