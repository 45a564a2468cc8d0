import { useId, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { useBoard } from './BoardContext';
import { priorityChoices } from './filter';
import type { Priority } from './model';
import { priorityName } from './priorityName';

/** How urgent a card is. */
export function PriorityField(props: {
  priority: Priority;
  onChange: (priority: Priority) => void;
}): ReactNode {
  const t = useTexts();
  const { canEdit } = useBoard();
  const id = useId();
  return (
    <div>
      <label className={controls.label} htmlFor={id}>
        {t.priority}
      </label>
      <select
        id={id}
        className={controls.field}
        value={props.priority || 'normal'}
        disabled={!canEdit}
        onChange={(event) => {
          const chosen = priorityChoices.find((priority) => priority === event.target.value);
          if (chosen) props.onChange(chosen === 'normal' ? '' : chosen);
        }}
      >
        {priorityChoices.map((priority) => (
          <option key={priority} value={priority}>
            {priorityName(priority, t)}
          </option>
        ))}
      </select>
    </div>
  );
}
