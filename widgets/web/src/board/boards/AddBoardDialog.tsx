import { useEffect, useId, useMemo, useState, type ReactNode } from 'react';
import { useRoom } from '../../hub/hub';
import { useTexts } from '../../text/text';
import controls from '../../ui/controls.module.css';
import { SmallDialog } from '../../ui/SmallDialog';
import { useBoard, useBoardView } from '../BoardContext';
import { titleLimit } from '../limits';
import styles from './AddBoardDialog.module.css';
import { focusBoards } from './focusBoards';
import { useFieldFocus } from './useFieldFocus';
import { builtInTemplates, type Template } from './templates';

/** Adds a board: its title, and the template that it is made after. */
export function AddBoardDialog({ onClose }: { onClose: () => void }): ReactNode {
  const t = useTexts();
  const { index, wholes, did } = useBoard();
  const [title, setTitle] = useState('');
  const [chosen, setChosen] = useState('');
  const templates = useTemplates();
  const id = useId();
  const field = useFieldFocus();
  const template = templates.find(({ name }) => name === chosen);

  const add = (): void => {
    const name = title.trim() === '' ? (template?.title ?? '') : title.trim();
    if (!name) return;
    onClose();
    const { board, act } = wholes.add(name, chosen);
    index.show(board);
    did(t.didAddBoard(name), act);
    focusBoards();
  };

  return (
    <SmallDialog title={t.boardAddTitle} confirm={t.add} onConfirm={add} onClose={onClose}>
      <div>
        <label className={controls.label} htmlFor={id}>
          {t.boardTitle}
        </label>
        <input
          ref={field}
          id={id}
          className={controls.field}
          value={title}
          maxLength={titleLimit}
          required={!template}
          dir="auto"
          placeholder={template?.title}
          onChange={(event) => {
            setTitle(event.target.value);
          }}
        />
      </div>
      <fieldset className={styles.templates}>
        <legend className={controls.label}>{t.templates}</legend>
        <Choice name="" title={t.templateNone} about="" chosen={chosen} onChoose={setChosen} />
        {templates.map(({ name, title: called, about }) => (
          <Choice
            key={name}
            name={name}
            title={called}
            about={about}
            chosen={chosen}
            onChoose={setChosen}
          />
        ))}
      </fieldset>
      {template && <Preview template={template} />}
    </SmallDialog>
  );
}

function Choice(props: {
  name: string;
  title: string;
  about: string;
  chosen: string;
  onChoose: (name: string) => void;
}): ReactNode {
  const id = useId();
  return (
    <label className={styles.choice}>
      <input
        type="radio"
        name="template"
        checked={props.chosen === props.name}
        aria-describedby={props.about ? id : undefined}
        onChange={() => {
          props.onChoose(props.name);
        }}
      />
      <span>
        <span dir="auto">{props.title}</span>
        {props.about && (
          <span id={id} className={styles.about}>
            {props.about}
          </span>
        )}
      </span>
    </label>
  );
}

/** How the board would look. */
function Preview({ template }: { template: Template }): ReactNode {
  const t = useTexts();
  return (
    <section aria-label={t.templatePreview}>
      <ol className={styles.columns}>
        {template.columns.map((column, at) => (
          <li key={at} className={styles.column}>
            <p className={styles.columnTitle} dir="auto">
              {column.title}
              {column.done && ' ✓'}
            </p>
            {column.limit > 0 && <p className={styles.limit}>{t.columnAtMost(column.limit)}</p>}
            <ul>
              {column.cards.slice(0, 3).map((card, n) => (
                <li key={n} className={styles.card} dir="auto">
                  {card}
                </li>
              ))}
            </ul>
            {column.cards.length > 3 && (
              <p className={styles.limit}>{t.templateMore(column.cards.length - 3)}</p>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The room's own templates, then those that every room has. */
function useTemplates(): readonly Template[] {
  const { index } = useBoard();
  const view = useBoardView(index);
  const lang = useRoom((state) => state.room?.lang ?? 'de');
  const [builtIn, setBuiltIn] = useState<readonly Template[]>([]);
  useEffect(() => {
    let wanted = true;
    void builtInTemplates(lang).then((list) => {
      if (wanted) setBuiltIn(list);
    });
    return () => {
      wanted = false;
    };
  }, [lang]);
  return useMemo(
    () => [
      ...index.hidden('template').map(({ id, title }) => ({
        name: id,
        title,
        about: '',
        columns: index.columnsOn(id).map((column) => ({
          title: column.title,
          limit: column.limit,
          done: column.done,
          cards: column.cards.map((card) => card.title),
        })),
      })),
      ...builtIn,
    ],
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the view says when the index is another
    [index, builtIn, view],
  );
}
