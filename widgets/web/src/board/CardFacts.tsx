import { useMemo, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import { Avatar } from '../ui/Avatar';
import { nameOf, useBoard, useBoardView } from './BoardContext';
import { BoardLabel } from './BoardLabel';
import styles from './CardDialog.module.css';
import { Chooser } from './Chooser';
import { DueField } from './DueField';
import { LabelMenu } from './LabelMenu';
import { labelLimit, userLimit } from './limits';
import type { Card } from './model';
import { PriorityField } from './PriorityField';
import { RepeatField } from './RepeatField';
import { StartField } from './StartField';

/** What is said of a card in few words: how urgent, when, who, and its labels. */
export function CardFacts(props: { card: Card; onEdited: (act: string) => void }): ReactNode {
  const { card, onEdited } = props;
  const t = useTexts();
  const { acts, canEdit, index, members } = useBoard();
  const { labels } = useBoardView(index);
  const people = useMemo(
    () =>
      [...members.values()]
        .map(({ user_id, name }) => ({ id: user_id, name }))
        .sort((a, b) => a.name.localeCompare(b.name)),
    [members],
  );

  return (
    <>
      <PriorityField
        priority={card.priority}
        onChange={(priority) => {
          onEdited(acts.editCard(card.id, { priority }));
        }}
      />
      <StartField
        start={card.start}
        onChange={(start) => {
          onEdited(acts.editCard(card.id, { start }));
        }}
      />
      <DueField
        due={card.due}
        onChange={(due) => {
          onEdited(acts.editCard(card.id, { due }));
        }}
      />
      <RepeatField card={card} onEdited={onEdited} />
      <Chooser
        label={t.dialogAssignees}
        addLabel={t.dialogAssigneeAdd}
        chosen={card.assignees.map((user) => ({ id: user, name: nameOf(user, members, t) }))}
        options={people}
        nameNew={null}
        maxLength={userLimit}
        canEdit={canEdit}
        show={(person) => (
          <span className={styles.person}>
            <Avatar small user={person.id} name={person.name} />
            <span dir="auto">{person.name}</span>
          </span>
        )}
        onAdd={(user) => {
          onEdited(acts.assign(card.id, user, true));
        }}
        onRemove={(user) => {
          onEdited(acts.assign(card.id, user, false));
        }}
      />
      <Chooser
        label={t.dialogLabels}
        addLabel={t.dialogLabelAdd}
        chosen={card.labels.map((label) => ({ id: label, name: label }))}
        options={labels.map((label) => ({ id: label, name: label }))}
        nameNew={t.dialogLabelNew}
        maxLength={labelLimit}
        canEdit={canEdit}
        show={(label) => <BoardLabel label={label.name} />}
        {...(canEdit && { showChosen: (label) => <LabelMenu label={label.name} /> })}
        onAdd={(label) => {
          onEdited(acts.label(card.id, label, true));
        }}
        onRemove={(label) => {
          onEdited(acts.label(card.id, label, false));
        }}
      />
    </>
  );
}
