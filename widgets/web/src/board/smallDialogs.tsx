import { useId, useState, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { SmallDialog } from '../ui/SmallDialog';
import { useBoard, useBoardView } from './BoardContext';
import { titleOf } from './boards/names';
import { focusColumn } from './focus';
import type { Column } from './model';

/** Removes a column that has cards; asks where they go. */
export function RemoveColumnDialog(props: { column: Column; onClose: () => void }): ReactNode {
  const { column } = props;
  const t = useTexts();
  const { acts, did, index } = useBoard();
  const others = useBoardView(index).columns.filter(({ id }) => id !== column.id);
  const [target, setTarget] = useState('');
  const into = (others.find((other) => other.id === target) ?? others[0])?.id ?? '';
  const id = useId();

  const remove = (): void => {
    props.onClose();
    did(t.didRemoveColumn(column.title), acts.removeColumn(column.id, into));
    focusColumn(into);
  };

  return (
    <SmallDialog
      title={t.columnRemoveTitle(column.title)}
      confirm={others.length > 0 ? t.columnRemove : null}
      danger
      onConfirm={remove}
      onClose={props.onClose}
    >
      {others.length > 0 ? (
        <div>
          <label className={controls.label} htmlFor={id}>
            {t.columnRemoveInto}
          </label>
          <ColumnSelect id={id} columns={others} value={into} onChange={setTarget} />
        </div>
      ) : (
        <p>{t.columnRemoveLast}</p>
      )}
    </SmallDialog>
  );
}

/** A choice of columns; the browser's own, which every phone knows how to show. */
export function ColumnSelect(props: {
  id: string;
  columns: readonly Column[];
  value: string;
  disabled?: boolean;
  onChange: (column: string) => void;
}): ReactNode {
  return (
    <select
      id={props.id}
      className={controls.field}
      value={props.value}
      disabled={props.disabled}
      onChange={(event) => {
        props.onChange(event.target.value);
      }}
    >
      <ColumnOptions columns={props.columns} />
    </select>
  );
}

/** The columns, under the names of their boards if they are of several. */
function ColumnOptions({ columns }: { columns: readonly Column[] }): ReactNode {
  const t = useTexts();
  const { index } = useBoard();
  const { boards } = useBoardView(index);
  const groups = boards
    .map((board) => ({ board, columns: columns.filter((column) => column.board === board.id) }))
    .filter((group) => group.columns.length > 0);
  const options = (list: readonly Column[]): ReactNode =>
    list.map(({ id, title }) => (
      <option key={id} value={id}>
        {title}
      </option>
    ));
  if (groups.length < 2) return options(columns);
  return groups.map((group) => (
    <optgroup key={group.board.id} label={titleOf(group.board, t.board)}>
      {options(group.columns)}
    </optgroup>
  ));
}
