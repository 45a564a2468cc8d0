import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useHub, usePartMissing, useRoom } from '../hub/hub';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { TransferIcon } from '../ui/icons';
import { later } from '../ui/later';

const transfer = later(() => import('./Transfer'));

/** The button that opens what brings work in and takes it along. */
export function TransferButton(): ReactNode {
  const t = useTexts();
  const partMissing = usePartMissing();
  const { download } = useHub();
  const known = useRoom((state) => state.room !== null);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  // A private link of “!export” downloads once, as soon as there is a room.
  const [asked, setAsked] = useState(download);

  useEffect(() => {
    if (known) void transfer.preload();
  }, [known]);

  return (
    <>
      <button
        ref={button}
        type="button"
        className={controls.icon}
        aria-label={t.transfer}
        title={t.transfer}
        aria-haspopup="menu"
        onClick={() => {
          setOpen(true);
        }}
      >
        <TransferIcon />
      </button>
      {known && (open || asked) && (
        <transfer.Part
          anchor={button}
          download={asked}
          onClose={() => {
            setOpen(false);
            setAsked(null);
          }}
          onMissing={() => {
            setOpen(false);
            setAsked(null);
            partMissing();
          }}
        />
      )}
    </>
  );
}
