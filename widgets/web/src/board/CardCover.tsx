import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useHub } from '../hub/hub';
import { useTexts } from '../text/text';
import styles from './CardCover.module.css';
import { coverOf } from './cardFiles';
import type { Card } from './model';
import { usePicture } from './useFile';

/** The picture on a card's face; it is fetched when the card comes into view. */
export function CardCover({ card }: { card: Card }): ReactNode {
  const { client } = useHub();
  const cover = coverOf(client.items.get(card.id)?.fields ?? {});
  return cover && <Cover key={cover.id} card={card.id} file={cover.id} name={cover.name} />;
}

function Cover(props: { card: string; file: string; name: string }): ReactNode {
  const t = useTexts();
  const place = useRef<HTMLSpanElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const watch = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    });
    if (place.current) watch.observe(place.current);
    return () => {
      watch.disconnect();
    };
  }, []);
  const url = usePicture(props.card, seen ? props.file : null);
  return (
    <span ref={place} className={styles.cover}>
      {url && <img src={url} alt={t.coverOf(props.name)} draggable={false} />}
    </span>
  );
}
