import { useId, useMemo, useState, type ReactNode } from 'react';
import { useTexts, type Texts } from '../text/text';
import controls from '../ui/controls.module.css';
import { CloseIcon } from '../ui/icons';
import type { RelationName } from './acts';
import { AddButton } from './AddButton';
import { useBoard, useBoardView } from './BoardContext';
import styles from './CardDialog.module.css';
import { ChoiceAdder, type Choice } from './Chooser';
import { titleLimit } from './limits';
import type { Card } from './model';
import { relationsOf, type RelationKind } from './relatedCards';
import { Section } from './Section';

/** What a relation is called, as it is seen from the open card. */
function kindName(kind: RelationKind, t: Texts): string {
  return {
    blocks: t.relationBlocks,
    blockedBy: t.relationBlockedBy,
    parent: t.relationParent,
    parts: t.relationParts,
    relates: t.relationRelates,
  }[kind];
}

const kinds: readonly RelationKind[] = ['blockedBy', 'blocks', 'parent', 'parts', 'relates'];

/** How a card stands to others; each of them can be opened from here. */
export function RelationsSection(props: {
  card: Card;
  /** The field that adds one is shown at once. */
  opened: boolean;
  onEdited: (act: string) => void;
}): ReactNode {
  const { card, onEdited } = props;
  const t = useTexts();
  const { acts, canEdit, index } = useBoard();
  useBoardView(index); // other cards say something of this one
  const [adding, setAdding] = useState(props.opened);
  const groups = relationsOf(card, index);

  /** Says or takes back that another card stands so to this one, on the card that says it. */
  const relate = (kind: RelationKind, other: string, on: boolean): void => {
    const turned = kind === 'blockedBy' || kind === 'parts';
    const mine = kind === 'relates' && !on && !card.relates.includes(other);
    const [from, to] = turned || mine ? [other, card.id] : [card.id, other];
    const relation: RelationName =
      kind === 'relates' ? 'relates' : kind === 'parent' || kind === 'parts' ? 'parent' : 'blocks';
    onEdited(acts.relate(from, relation, to, on));
  };

  return (
    <Section title={t.relations}>
      {groups.map(({ kind, cards }) => (
        <div key={kind} className={styles.group}>
          <span className={controls.hint} aria-hidden="true">
            {kindName(kind, t)}
          </span>
          <ul aria-label={kindName(kind, t)}>
            {cards.map((other) => (
              <RelatedCard
                key={other.id}
                card={other}
                onRemove={
                  canEdit
                    ? () => {
                        relate(kind, other.id, false);
                      }
                    : null
                }
              />
            ))}
          </ul>
        </div>
      ))}
      {canEdit &&
        (adding ? (
          <RelationAdder
            card={card}
            onAdd={(kind, other) => {
              relate(kind, other, true);
            }}
          />
        ) : (
          <AddButton
            label={t.relationAdd}
            onPress={() => {
              setAdding(true);
            }}
          />
        ))}
    </Section>
  );
}

function RelatedCard(props: { card: Card; onRemove: (() => void) | null }): ReactNode {
  const { card } = props;
  const t = useTexts();
  const { index, openCard } = useBoard();
  const column = index.view.all.find(({ id }) => id === card.column);
  const name = nameOf(card, t);
  const state = card.archived ? t.relationArchived : column?.done ? t.relationDone : column?.title;
  return (
    <li className={styles.related}>
      <button
        type="button"
        className={styles.relatedCard}
        dir="auto"
        onClick={() => {
          openCard(card.id);
        }}
      >
        {name}
      </button>
      {state && <span className={controls.hint}>{state}</span>}
      {props.onRemove && (
        <button
          type="button"
          className={controls.icon}
          aria-label={t.relationRemove(name)}
          onClick={props.onRemove}
        >
          <CloseIcon />
        </button>
      )}
    </li>
  );
}

/** Chooses how, and which card, by its number or its title. */
function RelationAdder(props: {
  card: Card;
  onAdd: (kind: RelationKind, other: string) => void;
}): ReactNode {
  const t = useTexts();
  const { index } = useBoard();
  const { all: columns } = useBoardView(index);
  const id = useId();
  const [kind, setKind] = useState<RelationKind>('blockedBy');
  const { card } = props;
  const options = useMemo(
    () =>
      columns
        .flatMap(({ cards }) => cards)
        .filter((other) => other.id !== card.id)
        .sort((a, b) => Number(b.number) - Number(a.number))
        .map((other): Choice => ({ id: other.id, name: nameOf(other, t), short: other.number })),
    [columns, card.id, t],
  );
  const related = relationsOf(card, index).find((group) => group.kind === kind)?.cards ?? [];
  return (
    <div className={styles.relationAdder}>
      <label className="visually-hidden" htmlFor={id}>
        {t.relationKind}
      </label>
      <select
        id={id}
        className={controls.field}
        value={kind}
        onChange={(event) => {
          const chosen = kinds.find((known) => known === event.target.value);
          if (chosen) setKind(chosen);
        }}
      >
        {kinds.map((known) => (
          <option key={known} value={known}>
            {kindName(known, t)}
          </option>
        ))}
      </select>
      <ChoiceAdder
        label={t.relationChoose}
        chosen={related.map((other) => ({ id: other.id, name: nameOf(other, t) }))}
        options={options}
        nameNew={null}
        maxLength={titleLimit}
        show={({ name }) => <span dir="auto">{name}</span>}
        onAdd={(other) => {
          props.onAdd(kind, other);
        }}
      />
    </div>
  );
}

function nameOf(card: Card, t: Texts): string {
  const title = card.title || t.cardUntitled;
  return card.number ? `${t.cardNumber(card.number)} ${title}` : title;
}
