import { useEffect, useRef, useState, type ReactNode } from 'react';
import {
  Button,
  ComboBox,
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
}

const newKey = 'new:';

/** A set of people or labels: chips that can be removed, and a field that suggests more. */
export function Chooser(props: {
  label: string;
  addLabel: string;
  chosen: readonly Choice[];
  options: readonly Choice[];
  /** Names a new choice; null if only the options may be chosen. */
  nameNew: ((text: string) => string) | null;
  canEdit: boolean;
  show: (choice: Choice) => ReactNode;
  onAdd: (id: string) => void;
  onRemove: (id: string) => void;
}): ReactNode {
  const t = useTexts();
  const { chosen, nameNew } = props;
  const [added, setAdded] = useState(0);

  return (
    <div className={styles.chooser} role="group" aria-label={props.label}>
      <span className={controls.label} aria-hidden="true">
        {props.label}
      </span>
      {chosen.length > 0 ? (
        <ul className={styles.chosen}>
          {chosen.map((choice) => (
            <li key={choice.id} className={styles.chip}>
              {props.show(choice)}
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
        <Adder
          key={added}
          again={added > 0}
          label={props.addLabel}
          options={props.options.filter(({ id }) => chosen.every((choice) => choice.id !== id))}
          nameNew={nameNew}
          show={props.show}
          onAdd={(id) => {
            setAdded(added + 1);
            props.onAdd(id);
          }}
        />
      )}
    </div>
  );
}

/**
 * The field that adds one. A new one takes its place after each choice, with the focus and its
 * suggestions closed: emptied by hand, the library would open them again.
 */
function Adder(props: {
  again: boolean;
  label: string;
  options: readonly Choice[];
  nameNew: ((text: string) => string) | null;
  show: (choice: Choice) => ReactNode;
  onAdd: (id: string) => void;
}): ReactNode {
  const t = useTexts();
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const { again } = props;
  useEffect(() => {
    if (again) field.current?.focus();
  }, [again]);
  const typed = text.trim();
  const sought = typed.toLocaleLowerCase();
  const items = props.options.filter(
    ({ id, name }) => name.toLocaleLowerCase().includes(sought) || id.includes(sought),
  );
  const isNew = typed !== '' && props.options.every(({ name }) => name !== typed);
  if (props.nameNew && isNew) {
    items.push({ id: newKey + typed, name: props.nameNew(typed) });
  }

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
        <Input
          ref={field}
          className={`${controls.field ?? ''} ${styles.input ?? ''}`}
          placeholder={props.label}
          maxLength={100}
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
          renderEmptyState={() => <p className={styles.none}>{t.dialogNoMatch}</p>}
        >
          {(choice) => (
            <ListBoxItem id={choice.id} textValue={choice.name} className={menus.item ?? ''}>
              {choice.id.startsWith(newKey) ? choice.name : props.show(choice)}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
