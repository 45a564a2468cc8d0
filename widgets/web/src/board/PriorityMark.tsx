import type { ReactNode } from 'react';
import { useTexts } from '../text/text';
import { HighIcon, LowIcon, UrgentIcon } from '../ui/icons';
import type { Priority } from './model';
import { priorityName } from './priorityName';
import styles from './PriorityMark.module.css';

/** A priority as an arrow, told in words to who cannot see it; the normal one is not shown. */
export function PriorityMark({ priority }: { priority: Priority }): ReactNode {
  const t = useTexts();
  if (priority === '') return null;
  const Icon = { urgent: UrgentIcon, high: HighIcon, low: LowIcon }[priority];
  const said = t.cardPriority(priorityName(priority, t));
  return (
    <span className={styles.mark} data-priority={priority} title={said}>
      <Icon />
      <span className="visually-hidden">{said}</span>
    </span>
  );
}
