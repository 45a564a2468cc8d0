import type { ReactNode } from 'react';
import { useTexts } from '../../text/text';
import controls from '../../ui/controls.module.css';
import { BackIcon, ForwardIcon } from '../../ui/icons';
import styles from './PeriodBar.module.css';

/** What lies above the calendar and the timeline: which time they show, and how much of it. */
export function PeriodBar<Scale extends string>(props: {
  scale: Scale;
  scales: readonly (readonly [scale: Scale, name: string])[];
  onScale: (scale: Scale) => void;
  /** Shows what lies before (-1) or after (1). */
  onTurn: (by: -1 | 1) => void;
  onToday: () => void;
  /** What is said of the time that is shown. */
  about: ReactNode;
  /** What else can be chosen. */
  more?: ReactNode;
}): ReactNode {
  const t = useTexts();
  return (
    <div className={styles.bar}>
      <button
        type="button"
        className={controls.icon}
        aria-label={t.calendarEarlier}
        onClick={() => {
          props.onTurn(-1);
        }}
      >
        <BackIcon />
      </button>
      <button
        type="button"
        className={controls.icon}
        aria-label={t.calendarLater}
        onClick={() => {
          props.onTurn(1);
        }}
      >
        <ForwardIcon />
      </button>
      <button
        type="button"
        className={`${controls.button ?? ''} ${controls.small ?? ''}`}
        onClick={props.onToday}
      >
        {t.dialogToday}
      </button>
      {props.about}
      <span className={styles.space} />
      {props.more}
      <div role="group" aria-label={t.scale} className={styles.scales}>
        {props.scales.map(([one, name]) => (
          <button
            key={one}
            type="button"
            className={`${controls.button ?? ''} ${controls.small ?? ''}`}
            aria-pressed={props.scale === one}
            onClick={() => {
              props.onScale(one);
            }}
          >
            {name}
          </button>
        ))}
      </div>
    </div>
  );
}
