import type { ReactNode } from 'react';
import { messageLink, roomLink } from '../host/address';
import type { OwnCard } from '../live/protocol';
import { isolated, useTexts } from '../text/text';
import { LinkIcon } from '../ui/icons';
import { DueMark } from './DueMark';
import styles from './Mine.module.css';

/** A card of another room. It is worked on there, so it leads there. */
export function CardRow({ card, place }: { card: OwnCard; place: string }): ReactNode {
  const t = useTexts();
  const title = card.title || t.cardUntitled;
  const link = card.message ? messageLink(card.room, card.message) : roomLink(card.room);
  return (
    <li className={styles.entry} data-card={card.id}>
      <a
        className={styles.link}
        href={link}
        target="_blank"
        rel="noopener noreferrer"
        title={t.mineOpen(place)}
      >
        <span dir="auto">{title}</span>
        <LinkIcon />
      </a>
      <span className={styles.meta}>
        <span className={styles.place}>
          {isolated(place)} {card.number && t.cardNumber(card.number)}
        </span>
        <span dir="auto">{card.column}</span>
        {card.due && <DueMark due={card.due} done={false} />}
      </span>
    </li>
  );
}
