import type { ReactNode } from 'react';
import { LabelChip } from '../ui/Avatar';
import { useBoard } from './BoardContext';
import { labelKey } from './labels';

/** A label in the colour that the room has given it. */
export function BoardLabel({ label }: { label: string }): ReactNode {
  const { colors } = useBoard();
  return <LabelChip label={label} color={colors.get(labelKey(label))?.color} />;
}
