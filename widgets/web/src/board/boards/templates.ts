import type { Lang } from '../../live/protocol';

/** What a template would make of a board. */
export interface Template {
  /** What the server calls it: a built-in one's name, or an item's id. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly columns: readonly TemplateColumn[];
}

/** A column that a template makes. */
export interface TemplateColumn {
  readonly title: string;
  readonly limit: number;
  readonly done: boolean;
  /** Titles of the cards in it. */
  readonly cards: readonly string[];
}

/** The templates that every room has, as a room of that language gets them; none if the server cannot be asked. */
export async function builtInTemplates(lang: Lang): Promise<readonly Template[]> {
  try {
    const response = await fetch(`/api/v1/templates?lang=${lang}`);
    const answer: unknown = await response.json();
    const list = isRecord(answer) && response.ok ? answer.templates : null;
    return Array.isArray(list) ? list.flatMap(templateOf) : [];
  } catch {
    return [];
  }
}

function templateOf(value: unknown): Template[] {
  if (!isRecord(value) || !Array.isArray(value.columns)) return [];
  return [
    {
      name: textOf(value.name),
      title: textOf(value.title),
      about: textOf(value.about),
      columns: value.columns.filter(isRecord).map((column) => ({
        title: textOf(column.title),
        limit: typeof column.limit === 'number' ? column.limit : 0,
        done: column.done === true,
        cards: Array.isArray(column.cards) ? column.cards.map(textOf) : [],
      })),
    },
  ];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
