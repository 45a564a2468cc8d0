import { useRef, useState, type ReactNode } from 'react';
import { usePartMissing } from '../hub/hub';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { BookmarkIcon } from '../ui/icons';
import { later } from '../ui/later';
import type { ViewState } from './viewState';

const panel = later(() => import('./SavedViews'));

/** Opens the list of the views that the room has saved. */
export function ViewsButton(props: {
  shown: ViewState;
  onShow: (view: ViewState) => void;
}): ReactNode {
  const t = useTexts();
  const partMissing = usePartMissing();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const close = (): void => {
    setOpen(false);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={controls.icon}
        aria-label={t.savedViews}
        title={t.savedViews}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <BookmarkIcon />
      </button>
      {open && (
        <panel.Part
          anchor={button}
          shown={props.shown}
          onShow={props.onShow}
          onClose={close}
          onMissing={() => {
            close();
            partMissing();
          }}
        />
      )}
    </>
  );
}
