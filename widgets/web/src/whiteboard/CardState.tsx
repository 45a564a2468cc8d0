import { useSyncExternalStore, type ReactNode } from 'react';
import { useHub, useRoom } from '../hub/hub';
import { useTexts } from '../text/text';
import styles from './CardState.module.css';
import { shownCard, wordsOf, type ShownCard } from './shownCard';

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
  const { title, lines, done } = wordsOf(shown, members, t);
  if (!shown) return <div className={styles.face}>{title}</div>;
  return (
    <div className={styles.face} data-done={done ? '' : undefined}>
      <strong dir="auto">{title}</strong>
      {lines.map((line) => (
        <span key={line} className={styles.line}>
          {line}
        </span>
      ))}
    </div>
  );
}
