import { useState, type ReactNode } from 'react';
import { usePartMissing } from '../hub/hub';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { later } from '../ui/later';
import dialog from './CardDialog.module.css';
import styles from './History.module.css';
import type { Card } from './model';

const past = later(() => import('./History'));

/** Who did what to a card; fetched when somebody wants to know. */
export function HistorySection({ card }: { card: Card }): ReactNode {
  const t = useTexts();
  const partMissing = usePartMissing();
  const [open, setOpen] = useState(false);
  return (
    <section className={styles.past} aria-label={t.past}>
      <h3 className={dialog.subtitle}>{t.past}</h3>
      <button
        type="button"
        className={`${controls.button ?? ''} ${controls.small ?? ''}`}
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        {open ? t.pastHide : t.pastShow}
      </button>
      {open && (
        <past.Part
          card={card}
          waiting={<p className={controls.hint}>{t.pastLoading}</p>}
          onMissing={() => {
            setOpen(false);
            partMissing();
          }}
        />
      )}
    </section>
  );
}
