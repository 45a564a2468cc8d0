/** The files that a board can be written to. */
export type ExportFormat = 'csv' | 'json' | 'ics';

/** Reads a format's name. */
export function formatNamed(name: string | null): ExportFormat | null {
  return name === 'csv' || name === 'json' || name === 'ics' ? name : null;
}
