import { useId, useState, type ReactNode } from 'react';
import { useTexts } from '../../text/text';
import controls from '../../ui/controls.module.css';
import { SmallDialog } from '../../ui/SmallDialog';
import { useBoard, useBoardView } from '../BoardContext';
import { titleOf } from './names';
import { titleLimit } from '../limits';
import { focusBoards } from './focusBoards';
import { useFieldFocus } from './useFieldFocus';

/** Gives the board that is shown another title. */
export function RenameBoardDialog({ onClose }: { onClose: () => void }): ReactNode {
  const t = useTexts();
  const { index, wholes, did } = useBoard();
  const { board } = useBoardView(index);
  const [title, setTitle] = useState(titleOf(board, t.board));

  const rename = (): void => {
    const name = title.trim();
    if (!name) return;
    onClose();
    if (name !== board.title) did(t.didEditBoard(name), wholes.rename(board.id, name));
    focusBoards();
  };
  return (
    <SmallDialog
      title={t.boardRenameTitle}
      confirm={t.boardRenameDo}
      onConfirm={rename}
      onClose={onClose}
    >
      <TitleField label={t.boardTitle} value={title} onChange={setTitle} />
    </SmallDialog>
  );
}

/** Makes a template of the board that is shown. */
export function SaveBoardDialog({ onClose }: { onClose: () => void }): ReactNode {
  const t = useTexts();
  const { index, wholes, did } = useBoard();
  const { board } = useBoardView(index);
  const [title, setTitle] = useState(titleOf(board, t.board));
  const [cards, setCards] = useState(false);

  const save = (): void => {
    const name = title.trim();
    if (!name) return;
    onClose();
    did(t.didSaveBoard(name), wholes.save(board.id, name, cards));
    focusBoards();
  };
  return (
    <SmallDialog title={t.boardSaveTitle} confirm={t.save} onConfirm={save} onClose={onClose}>
      <TitleField label={t.templateTitle} value={title} onChange={setTitle} />
      <label>
        <input
          type="checkbox"
          checked={cards}
          onChange={(event) => {
            setCards(event.target.checked);
          }}
        />{' '}
        {t.boardSaveCards}
      </label>
      <p className={controls.hint}>{t.boardSaveHint}</p>
    </SmallDialog>
  );
}

function TitleField(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}): ReactNode {
  const id = useId();
  const field = useFieldFocus();
  return (
    <div>
      <label className={controls.label} htmlFor={id}>
        {props.label}
      </label>
      <input
        ref={field}
        id={id}
        className={controls.field}
        value={props.value}
        maxLength={titleLimit}
        required
        dir="auto"
        onChange={(event) => {
          props.onChange(event.target.value);
        }}
      />
    </div>
  );
}
