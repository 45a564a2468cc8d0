import { useState, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import { AddButton } from './AddButton';
import { useBoard } from './BoardContext';
import styles from './CardDialog.module.css';
import { Checklist } from './Checklist';
import { LinksSection } from './LinksSection';
import type { Card } from './model';
import { relationsOf } from './relatedCards';
import { RelationsSection } from './RelationsSection';

type Extra = 'checklist' | 'relations' | 'links';

/** What a card can have besides: what it has none of is a small button that adds it. */
export function CardExtras(props: { card: Card; onEdited: (act: string) => void }): ReactNode {
  const { card, onEdited } = props;
  const t = useTexts();
  const { canEdit, index } = useBoard();
  const [opened, setOpened] = useState<readonly Extra[]>([]);
  const shown: Record<Extra, boolean> = {
    checklist: card.checklist.length > 0 || opened.includes('checklist'),
    relations: relationsOf(card, index).length > 0 || opened.includes('relations'),
    links: card.links.length > 0 || opened.includes('links'),
  };
  const missing: Record<Extra, string> = {
    checklist: t.checklistAdd,
    relations: t.relationAdd,
    links: t.linkAdd,
  };
  const adders = (Object.keys(shown) as Extra[]).filter((extra) => !shown[extra]);

  return (
    <>
      {shown.checklist && (
        <Checklist card={card} opened={opened.includes('checklist')} onEdited={onEdited} />
      )}
      {shown.relations && (
        <RelationsSection card={card} opened={opened.includes('relations')} onEdited={onEdited} />
      )}
      {shown.links && (
        <LinksSection
          card={card}
          opened={opened.includes('links')}
          onClosed={() => {
            setOpened((extras) => extras.filter((extra) => extra !== 'links'));
          }}
          onEdited={onEdited}
        />
      )}
      {canEdit && adders.length > 0 && (
        <div className={styles.row}>
          {adders.map((extra) => (
            <AddButton
              key={extra}
              label={missing[extra]}
              onPress={() => {
                setOpened((extras) => [...extras, extra]);
              }}
            />
          ))}
        </div>
      )}
    </>
  );
}
