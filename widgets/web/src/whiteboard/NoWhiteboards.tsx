import { useState, type ReactNode } from 'react';
import { useRoom } from '../hub/hub';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { PlusIcon } from '../ui/icons';
import type { WhiteboardActs } from './acts';
import { AddWhiteboardDialog } from './dialogs';
import styles from './WhiteboardRoom.module.css';

/** Stands where the whiteboard will be as long as there is none. */
export function NoWhiteboards(props: {
  acts: WhiteboardActs;
  onShow: (id: string) => void;
}): ReactNode {
  const t = useTexts();
  const canEdit = useRoom((state) => state.me?.can.edit ?? false);
  const [adding, setAdding] = useState(false);
  return (
    <div className={styles.empty}>
      <h2>{t.whiteboardNone}</h2>
      <p>{canEdit ? t.whiteboardNoneHint : t.whiteboardNoneReadOnly}</p>
      {canEdit && (
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.primary ?? ''}`}
          onClick={() => {
            setAdding(true);
          }}
        >
          <PlusIcon />
          {t.whiteboardAdd}
        </button>
      )}
      {adding && (
        <AddWhiteboardDialog
          {...props}
          onClose={() => {
            setAdding(false);
          }}
        />
      )}
    </div>
  );
}
