import { useSyncExternalStore, type ReactNode } from 'react';
import { useHub } from '../hub/hub';
import { dueState, showDay } from '../text/dates';
import { useTexts } from '../text/text';
import { Avatar } from '../ui/Avatar';
import {
  AlertIcon,
  BlockedIcon,
  CheckIcon,
  ChecklistIcon,
  ClockIcon,
  CommentIcon,
  LinksIcon,
  PartIcon,
  PartsIcon,
  TextIcon,
} from '../ui/icons';
import { nameOf, useBoard } from './BoardContext';
import { BoardLabel } from './BoardLabel';
import styles from './CardView.module.css';
import type { Card } from './model';
import { PriorityMark } from './PriorityMark';

/** What a card's face says besides its title; nothing of what the card does not have. */
export function CardMeta({ card, done }: { card: Card; done: boolean }): ReactNode {
  const t = useTexts();
  const { client } = useHub();
  const { members, lang, today } = useBoard();
  const comments = useSyncExternalStore(
    (listener) => client.onState(listener),
    () => client.state.counts.get(card.id) ?? 0,
  );
  const names = card.assignees.map((user) => nameOf(user, members, t));
  const ticked = card.checklist.filter((entry) => entry.done).length;
  const all = card.checklist.length;

  return (
    <>
      {card.labels.length > 0 && (
        <span className={styles.labels}>
          <span className="visually-hidden">{t.cardLabels(card.labels.join(', '))}</span>
          <span aria-hidden="true" className={styles.labels}>
            {card.labels.map((label) => (
              <BoardLabel key={label} label={label} />
            ))}
          </span>
        </span>
      )}
      <span className={styles.meta}>
        <PriorityMark priority={card.priority} />
        {card.number && <span>{t.cardNumber(card.number)}</span>}
        <RelationMarks card={card} done={done} />
        {card.start && !done && (
          <Fact said={t.cardStart(showDay(card.start, lang, today))}>
            {t.cardStart(showDay(card.start, lang, today))}
          </Fact>
        )}
        {card.due && <Due due={card.due} done={done} />}
        {card.description && <TextIcon />}
        {all > 0 && (
          <Fact
            said={t.cardChecked(ticked, all)}
            icon={<ChecklistIcon />}
            finished={ticked === all}
          >
            {`${String(ticked)}/${String(all)}`}
          </Fact>
        )}
        {card.links.length > 0 && (
          <Fact said={t.cardLinks(card.links.length)} icon={<LinksIcon />}>
            {card.links.length}
          </Fact>
        )}
        {comments > 0 && (
          <Fact said={t.comments(comments)} icon={<CommentIcon />}>
            {comments}
          </Fact>
        )}
        {names.length > 0 && (
          <span className={styles.people}>
            <span className="visually-hidden">{t.cardAssigned(names.join(', '))}</span>
            {card.assignees.slice(0, 3).map((user) => (
              <Avatar key={user} small user={user} name={nameOf(user, members, t)} />
            ))}
            {card.assignees.length > 3 && (
              <span aria-hidden="true">+{card.assignees.length - 3}</span>
            )}
          </span>
        )}
      </span>
    </>
  );
}

/** Something short to see, and a whole sentence to hear. */
function Fact(props: {
  said: string;
  icon?: ReactNode;
  finished?: boolean;
  children?: ReactNode;
}): ReactNode {
  return (
    <span
      className={styles.fact}
      title={props.said}
      data-finished={props.finished ? '' : undefined}
    >
      {props.icon}
      {props.children !== undefined && <span aria-hidden="true">{props.children}</span>}
      <span className="visually-hidden">{props.said}</span>
    </span>
  );
}

/** Whether the card waits for another, is a part of one, or has parts itself. */
function RelationMarks({ card, done }: { card: Card; done: boolean }): ReactNode {
  const t = useTexts();
  const { index } = useBoard();
  const subscribe = (listener: () => void): (() => void) => index.subscribe(listener);
  const blocked = useSyncExternalStore(subscribe, () => index.isBlocked(card.id));
  const parts = useSyncExternalStore(subscribe, () => index.seenFromOthers.partsOf(card.id).size);
  const parent = useSyncExternalStore(subscribe, () => index.card(card.parent)?.title);
  return (
    <>
      {blocked && !done && (
        <span className={styles.blocked}>
          <BlockedIcon />
          {t.cardBlocked}
        </span>
      )}
      {parent !== undefined && (
        <Fact said={t.cardPartOf(parent || t.cardUntitled)} icon={<PartIcon />} />
      )}
      {parts > 0 && (
        <Fact said={t.cardHasParts(parts)} icon={<PartsIcon />}>
          {parts}
        </Fact>
      )}
    </>
  );
}

function Due({ due, done }: { due: string; done: boolean }): ReactNode {
  const t = useTexts();
  const { lang, today } = useBoard();
  const state = done ? 'done' : dueState(due, today);
  const day = showDay(due, lang, today);
  const said = {
    done: t.due(day),
    overdue: t.dueOverdue(day),
    today: t.dueToday,
    tomorrow: t.dueTomorrow,
    later: t.due(day),
  }[state];
  const Icon = {
    done: CheckIcon,
    overdue: AlertIcon,
    today: ClockIcon,
    tomorrow: ClockIcon,
    later: ClockIcon,
  }[state];
  return (
    <span className={styles.due} data-due={state} title={said}>
      <Icon />
      {state === 'later' || state === 'done' ? (
        <>
          <span aria-hidden="true">{day}</span>
          <span className="visually-hidden">{said}</span>
        </>
      ) : (
        said
      )}
    </span>
  );
}
