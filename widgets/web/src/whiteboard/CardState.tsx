import { useSyncExternalStore, type ReactNode } from 'react';
import { useHub, useRoom } from '../hub/hub';
import type { Items } from '../live/items';
import { useTexts } from '../text/text';
import styles from './CardState.module.css';

/** What is shown of a card on the whiteboard. */
interface ShownCard {
  readonly number: string;
  readonly title: string;
  readonly column: string;
  readonly done: boolean;
  readonly due: string;
  readonly people: readonly string[];
}

/** A card of the board as it is now; null if there is none any more. */
function shownCard(items: Items, id: string): ShownCard | null {
  const item = items.get(id);
  if (item?.kind !== 'card' || item.fields.deleted === true) return null;
  const { number, title, column, due } = item.fields;
  const fields = items.get(typeof column === 'string' ? column : '')?.fields;
  const text = (value: unknown): string =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return {
    number: text(number),
    title: text(title),
    column: text(fields?.title),
    done: fields?.done === true,
    due: text(due),
    people: Object.keys(item.fields).flatMap((name) =>
      name.startsWith('assignee/') ? [name.slice('assignee/'.length)] : [],
    ),
  };
}

function useShownCard(id: string): ShownCard | null {
  const { client } = useHub();
  const told = useSyncExternalStore(
    (listener) => client.onItems(listener),
    () => JSON.stringify(shownCard(client.items, id)),
  );
  return JSON.parse(told) as ShownCard | null;
}

/** A card in one line: its number and where it is on the board. */
export function CardState({ card }: { card: string }): ReactNode {
  const t = useTexts();
  const shown = useShownCard(card);
  return (
    <span className={styles.line} data-done={shown?.done ? '' : undefined}>
      {shown ? t.cardOnBoard(shown.number, shown.column) : t.cardGone}
    </span>
  );
}

/** A card as it is shown on the drawing area. */
export function CardFace({ card }: { card: string }): ReactNode {
  const t = useTexts();
  const shown = useShownCard(card);
  const members = useRoom((state) => state.members);
  if (!shown) return <div className={styles.face}>{t.cardGone}</div>;
  const people = shown.people.map((user) => members.get(user)?.name ?? user);
  return (
    <div className={styles.face} data-done={shown.done ? '' : undefined}>
      <strong dir="auto">{shown.title}</strong>
      <span className={styles.line}>{t.cardOnBoard(shown.number, shown.column)}</span>
      {shown.due !== '' && <span className={styles.line}>{shown.due}</span>}
      {people.length > 0 && <span className={styles.line}>{people.join(', ')}</span>}
    </div>
  );
}
