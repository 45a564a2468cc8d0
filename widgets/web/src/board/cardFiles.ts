import type { Fields } from '../live/protocol';

/** What an attachment is shown as; whether a picture is one, its bytes decide. */
export type FileType = 'image' | 'audio' | 'video' | 'file';

/** An attachment of a card. */
export interface CardFile {
  readonly id: string;
  readonly name: string;
  readonly type: FileType;
  /** Bytes; 0 if nobody has said. */
  readonly size: number;
  /** Who has attached it. */
  readonly by: string;
  /** Its message is in the room, so that it can be fetched. */
  readonly there: boolean;
}

/** Reads the attachments of a card, by name. */
export function filesOf(fields: Fields): CardFile[] {
  const found: CardFile[] = [];
  for (const [field, name] of Object.entries(fields)) {
    const [set, id, part, more] = field.split('/');
    if (set !== 'file' || !id || part !== 'name' || more !== undefined) continue;
    if (typeof name !== 'string' || !name) continue;
    const of = (what: string): unknown => fields[`file/${id}/${what}`];
    const [type, size, by] = [of('type'), of('size'), of('by')];
    found.push({
      id,
      name,
      type: type === 'image' || type === 'audio' || type === 'video' ? type : 'file',
      size: typeof size === 'number' && size > 0 ? size : 0,
      by: typeof by === 'string' ? by : '',
      there: typeof of('event') === 'string',
    });
  }
  return found.sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
}

/** The picture on a card's face, if it has one that can be fetched. */
export function coverOf(fields: Fields): CardFile | null {
  const { cover } = fields;
  if (typeof cover !== 'string' || typeof fields[`file/${cover}/name`] !== 'string') return null;
  const file = filesOf(fields).find(({ id }) => id === cover);
  return file?.type === 'image' && file.there ? file : null;
}

/** A size as people read it. */
export function showSize(bytes: number, locale: string): string {
  const [unit, size] =
    bytes < 1_000_000
      ? (['kilobyte', Math.max(bytes / 1_000, 0.1)] as const)
      : (['megabyte', bytes / 1_000_000] as const);
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    maximumFractionDigits: size < 10 ? 1 : 0,
  }).format(size);
}
