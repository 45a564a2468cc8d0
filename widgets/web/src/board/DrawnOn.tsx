import type { ReactNode } from 'react';
import { useHub } from '../hub/hub';
import type { Items } from '../live/items';
import { useTexts } from '../text/text';
import { useBoard } from './BoardContext';
import styles from './CardDialog.module.css';

/** The whiteboards of the room that show a card, by id and title, each once. */
export function whiteboardsOf(items: Items, card: string): { id: string; title: string }[] {
  const found = new Map<string, string>();
  for (const [name, on] of Object.entries(items.get(card)?.fields ?? {})) {
    const id = /^drawn\/([a-z0-9]{20})-/.exec(name)?.[1];
    const whiteboard = id === undefined ? undefined : items.get(id);
    if (on !== true || whiteboard?.kind !== 'whiteboard' || whiteboard.fields.deleted) continue;
    found.set(whiteboard.id, String(whiteboard.fields.title ?? ''));
  }
  return [...found]
    .map(([id, title]) => ({ id, title }))
    .sort((a, b) => a.title.localeCompare(b.title) || a.id.localeCompare(b.id));
}

/** Where else the card is to be seen: each of the whiteboards can be opened from here. */
export function DrawnOn(props: { card: string; onClose: () => void }): ReactNode {
  const t = useTexts();
  const { client, lastWhiteboards, showSurface } = useHub();
  const { room } = useBoard();
  return whiteboardsOf(client.items, props.card).map(({ id, title }) => (
    <p key={id}>
      {t.dialogDrawn}
      {': '}
      <button
        type="button"
        className={styles.drawn}
        dir="auto"
        onClick={() => {
          props.onClose();
          lastWhiteboards.set(room, id);
          showSurface('whiteboard');
        }}
      >
        {title}
      </button>
    </p>
  ));
}
