import { useEffect, useMemo, useRef, type ReactNode, type RefObject } from 'react';
import { Menu, MenuItem, Popover, Separator, type Key } from 'react-aria-components';
import { useTexts } from '../text/text';
import { useBoard, useBoardView } from './BoardContext';
import { focusBeside, focusCard, focusColumn } from './focus';
import styles from './Menus.module.css';
import type { Column } from './model';
import type { FoundCard, OverlayRequest } from './Overlays';

type Request = (request: OverlayRequest) => void;

/**
 * Puts the focus on a menu's first entry. The library's own way leaves it on the menu as a whole
 * from the second opening on when the menu is mounted open; its entries come a frame later.
 */
function focusFirst(menu: RefObject<HTMLElement | null>): () => void {
  let tries = 10;
  let frame = 0;
  const attempt = (): void => {
    const entry = menu.current?.querySelector<HTMLElement>('[role^="menuitem"]');
    tries -= 1;
    if (entry) entry.focus();
    else if (tries > 0) frame = requestAnimationFrame(attempt);
  };
  frame = requestAnimationFrame(attempt);
  return () => {
    cancelAnimationFrame(frame);
  };
}

/** A menu at the control that opened it. */
export function MenuPopover(props: {
  anchor: HTMLElement;
  label: string;
  onAction: (key: Key) => void;
  onClose: () => void;
  disabled?: readonly string[];
  children: ReactNode;
}): ReactNode {
  const trigger = useMemo(() => ({ current: props.anchor }), [props.anchor]);
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => focusFirst(menu), []);
  // Cards and columns do not know of their open menu, and need not be drawn anew for it.
  const { anchor } = props;
  useEffect(() => {
    anchor.setAttribute('aria-expanded', 'true');
    return () => {
      anchor.removeAttribute('aria-expanded');
    };
  }, [anchor]);
  return (
    <Popover
      isOpen
      triggerRef={trigger}
      placement="bottom end"
      aria-label={props.label}
      className={styles.popover ?? ''}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <Menu
        ref={menu}
        aria-label={props.label}
        className={styles.menu ?? ''}
        disabledKeys={props.disabled ?? []}
        onAction={props.onAction}
        onClose={props.onClose}
      >
        {props.children}
      </Menu>
    </Popover>
  );
}

/** An entry of a menu. */
export function Entry(props: { id: string; danger?: boolean; children: ReactNode }): ReactNode {
  const look = `${styles.item ?? ''} ${props.danger ? (styles.danger ?? '') : ''}`;
  return (
    <MenuItem id={props.id} className={look}>
      {props.children}
    </MenuItem>
  );
}

/** What can be done with a card; every move is possible here without dragging. */
export function CardMenu(
  props: FoundCard & { anchor: HTMLElement; onRequest: Request; onClose: () => void },
): ReactNode {
  const { card, column, onRequest } = props;
  const t = useTexts();
  const { acts, did, canEdit } = useBoard();
  const position = column.cards.findIndex(({ id }) => id === card.id);
  const title = card.title || t.cardUntitled;

  const move = (before: string | null): void => {
    did(t.didMove(title, column.title), acts.moveCard(card.id, column.id, before));
    focusCard(card.id, column.id);
  };
  const act = (key: Key): void => {
    if (key === 'open') onRequest({ kind: 'card', card: card.id });
    if (key === 'move') {
      const lane = props.anchor.closest<HTMLElement>('[data-lane]')?.dataset.lane ?? null;
      onRequest({ kind: 'move', card: card.id, lane });
    }
    if (key === 'up') move(column.cards[position - 1]?.id ?? null);
    if (key === 'down') move(column.cards[position + 2]?.id ?? null);
    if (key === 'archive') did(t.didArchive(title), acts.archiveCard(card.id, true));
    if (key === 'delete') did(t.didDelete(title), acts.deleteCard(card.id));
    if (key === 'archive' || key === 'delete') focusBeside(card, column);
  };

  const ends = [
    ...(position === 0 ? ['up'] : []),
    ...(position === column.cards.length - 1 ? ['down'] : []),
  ];
  return (
    <MenuPopover
      anchor={props.anchor}
      label={t.cardActions(title)}
      disabled={ends}
      onAction={act}
      onClose={props.onClose}
    >
      <Entry id="open">{t.cardOpen}</Entry>
      {canEdit && (
        <>
          <Entry id="move">{t.cardMoveTo}</Entry>
          <Entry id="up">{t.cardUp}</Entry>
          <Entry id="down">{t.cardDown}</Entry>
          <Separator className={styles.line ?? ''} />
          <Entry id="archive">{t.cardArchive}</Entry>
          <Entry id="delete" danger>
            {t.cardDelete}
          </Entry>
        </>
      )}
    </MenuPopover>
  );
}

/** What can be done with a column. */
export function ColumnMenu(props: {
  column: Column;
  anchor: HTMLElement;
  onRequest: Request;
  onClose: () => void;
  onRename: (column: string) => void;
}): ReactNode {
  const { column, onRequest } = props;
  const t = useTexts();
  const { acts, did, index } = useBoard();
  const { columns } = useBoardView(index);
  const position = columns.findIndex(({ id }) => id === column.id);
  const { id, title } = column;

  const act = (key: Key): void => {
    if (key === 'rename') props.onRename(id);
    if (key === 'left') {
      did(t.didMoveColumn(title), acts.moveColumn(id, columns[position - 1]?.id ?? null));
    }
    if (key === 'right') {
      did(t.didMoveColumn(title), acts.moveColumn(id, columns[position + 2]?.id ?? null));
    }
    if (key === 'limit') onRequest({ kind: 'limit', column: id });
    if (key === 'done') did(t.didEditColumn(title), acts.editColumn(id, { done: !column.done }));
    if (key === 'remove') {
      if (column.cards.length > 0 || columns.length === 1) {
        onRequest({ kind: 'removeColumn', column: id });
      } else {
        did(t.didRemoveColumn(title), acts.removeColumn(id, null));
        const neighbour = columns[position + 1] ?? columns[position - 1];
        if (neighbour) focusColumn(neighbour.id);
      }
    }
  };

  const ends = [
    ...(position === 0 ? ['left'] : []),
    ...(position === columns.length - 1 ? ['right'] : []),
  ];
  return (
    <MenuPopover
      anchor={props.anchor}
      label={t.columnActions(title)}
      disabled={ends}
      onAction={act}
      onClose={props.onClose}
    >
      <Entry id="rename">{t.columnRename}</Entry>
      <Entry id="left">{t.columnLeft}</Entry>
      <Entry id="right">{t.columnRight}</Entry>
      <Entry id="done">
        {t.columnMarkDone}
        {column.done && ' ✓'}
      </Entry>
      <Entry id="limit">{t.columnLimit}</Entry>
      <Separator className={styles.line ?? ''} />
      <Entry id="remove" danger>
        {t.columnRemove}
      </Entry>
    </MenuPopover>
  );
}
