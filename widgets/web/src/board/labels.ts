import type { Item } from '../live/protocol';

/** The colours that a label can be given. */
export const labelColors = [
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'purple',
  'pink',
  'grey',
] as const;

/** A colour of a label. */
export type LabelColor = (typeof labelColors)[number];

/** What the room says of a label. */
export interface LabelItem {
  readonly id: string;
  readonly title: string;
  readonly color: LabelColor;
}

/** The labels that the room has given a colour, by `labelKey`. */
export type ColoredLabels = ReadonlyMap<string, LabelItem>;

/** The same for all spellings of a label. */
export function labelKey(label: string): string {
  return label.toLowerCase();
}

/** Reads a label from its item; null if it is none or says nothing. */
export function labelOf(item: Item): LabelItem | null {
  const { title, color, deleted } = item.fields;
  if (item.kind !== 'label' || deleted === true || typeof title !== 'string') return null;
  const known = labelColors.find((name) => name === color);
  return known ? { id: item.id, title, color: known } : null;
}
