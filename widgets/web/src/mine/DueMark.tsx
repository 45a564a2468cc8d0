import type { ReactNode } from 'react';
import { useToday } from '../board/useToday';
import { dueState, showDay } from '../text/dates';
import { useLang, useTexts } from '../text/text';
import { AlertIcon, CheckIcon, ClockIcon } from '../ui/icons';
import styles from './Mine.module.css';

/** When something is due, in words for screen readers and in short for everybody. */
export function DueMark({ due, done }: { due: string; done: boolean }): ReactNode {
  const t = useTexts();
  const lang = useLang();
  const today = useToday();
  const day = showDay(due, lang, today);
  const state = done ? 'done' : dueState(due, today);
  const said = {
    done: t.due(day),
    overdue: t.dueOverdue(day),
    today: t.dueToday,
    tomorrow: t.dueTomorrow,
    later: t.due(day),
  }[state];
  const Icon = done ? CheckIcon : state === 'overdue' ? AlertIcon : ClockIcon;
  return (
    <span className={styles.due} data-due={state}>
      <Icon />
      {said}
    </span>
  );
}
