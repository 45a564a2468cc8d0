import type { ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { ArchiveIcon } from '../ui/icons';
import { useBoard, useBoardView } from './BoardContext';

/** Leads to the cards that were put aside; there is none as long as no card was. */
export function ArchiveButton(): ReactNode {
  const t = useTexts();
  const { index, openArchive } = useBoard();
  const { archived } = useBoardView(index);
  if (archived.length === 0) return null;
  return (
    <button
      type="button"
      className={controls.icon}
      aria-label={t.archive}
      title={t.archiveCount(archived.length)}
      aria-haspopup="dialog"
      onClick={openArchive}
    >
      <ArchiveIcon />
    </button>
  );
}
