import { useState, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import { AddButton } from './AddButton';
import { useBoard } from './BoardContext';
import { DayField } from './DueField';

/** The day on which work begins; most cards have none, and then it is a button that adds one. */
export function StartField(props: { start: string; onChange: (start: string) => void }): ReactNode {
  const t = useTexts();
  const { today, canEdit } = useBoard();
  const [opened, setOpened] = useState(false);
  if (!props.start && !opened) {
    return (
      canEdit && (
        <div>
          <AddButton
            label={t.startAdd}
            onPress={() => {
              setOpened(true);
            }}
          />
        </div>
      )
    );
  }
  return (
    <DayField
      label={t.start}
      none={t.startNone}
      day={props.start}
      quick={[[t.dialogToday, today]]}
      focused={opened}
      onChange={props.onChange}
    />
  );
}
