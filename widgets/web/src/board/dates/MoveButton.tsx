import type { ReactNode } from 'react';
import { useTexts } from '../../text/text';
import { MoreIcon } from '../../ui/icons';
import type { Card } from '../model';
import styles from './MoveButton.module.css';

/** Opens the menu by which a card gets other dates; for those who cannot or do not want to drag. */
export function MoveButton(props: {
  card: Card;
  className?: string | undefined;
  onOpen: (anchor: HTMLElement) => void;
}): ReactNode {
  const t = useTexts();
  const name = t.datesMenu(props.card.title || t.cardUntitled);
  return (
    <button
      type="button"
      className={`${styles.move ?? ''} ${props.className ?? ''}`}
      aria-label={name}
      title={name}
      aria-haspopup="menu"
      onClick={(event) => {
        props.onOpen(event.currentTarget);
      }}
    >
      <MoreIcon />
    </button>
  );
}
