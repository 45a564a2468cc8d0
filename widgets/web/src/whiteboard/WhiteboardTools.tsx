import { useId, useState, type ReactNode } from 'react';
import { Entry, MenuPopover } from '../board/Menus';
import { useRoom } from '../hub/hub';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { MoreIcon, PlusIcon } from '../ui/icons';
import type { WhiteboardActs } from './acts';
import { AddWhiteboardDialog, RenameWhiteboardDialog } from './dialogs';
import type { Whiteboard } from './model';
import { useDid } from './useDid';
import { VersionsDialog } from './VersionsDialog';
import styles from './WhiteboardTools.module.css';

/** Chooses among the whiteboards of the room, and what can be done with the one that is shown. */
export function WhiteboardTools(props: {
  whiteboards: readonly Whiteboard[];
  shown: Whiteboard;
  acts: WhiteboardActs;
  onShow: (id: string) => void;
}): ReactNode {
  const { whiteboards, shown, acts, onShow } = props;
  const t = useTexts();
  const did = useDid(acts);
  const canEdit = useRoom((state) => state.me?.can.edit ?? false);
  const moderates = useRoom((state) => state.me?.can.moderate ?? false);
  const [dialog, setDialog] = useState<'add' | 'rename' | 'versions' | null>(null);
  const [menu, setMenu] = useState<HTMLElement | null>(null);
  const id = useId();
  const close = (): void => {
    setDialog(null);
  };

  return (
    <>
      <label className="visually-hidden" htmlFor={id}>
        {t.whiteboards}
      </label>
      <select
        id={id}
        className={`${controls.field ?? ''} ${styles.choice ?? ''}`}
        value={shown.id}
        onChange={(event) => {
          onShow(event.target.value);
        }}
      >
        {whiteboards.map((one) => (
          <option key={one.id} value={one.id}>
            {one.title}
          </option>
        ))}
      </select>
      {canEdit && (
        <button
          type="button"
          className={controls.icon}
          aria-label={t.whiteboardAdd}
          title={t.whiteboardAdd}
          onClick={() => {
            setDialog('add');
          }}
        >
          <PlusIcon />
        </button>
      )}
      <button
        type="button"
        className={controls.icon}
        aria-label={t.whiteboardActions(shown.title)}
        title={t.whiteboardActions(shown.title)}
        aria-haspopup="menu"
        onClick={(event) => {
          setMenu(event.currentTarget);
        }}
      >
        <MoreIcon />
      </button>
      {menu && (
        <MenuPopover
          anchor={menu}
          label={t.whiteboardActions(shown.title)}
          onClose={() => {
            setMenu(null);
          }}
          onAction={(key) => {
            if (key === 'rename') setDialog('rename');
            if (key === 'versions') setDialog('versions');
            if (key === 'remove') {
              did(t.didRemoveWhiteboard(shown.title), acts.remove(shown.id));
            }
            if (key === 'lock') {
              did(shown.locked ? t.didUnlock : t.didLock, acts.lock(shown.id, !shown.locked));
            }
          }}
        >
          {canEdit && <Entry id="rename">{t.whiteboardRename}</Entry>}
          <Entry id="versions">{t.versionsOpen}</Entry>
          {moderates && (
            <Entry id="lock">{shown.locked ? t.whiteboardUnlock : t.whiteboardLock}</Entry>
          )}
          {canEdit && (
            <Entry id="remove" danger>
              {t.whiteboardRemove}
            </Entry>
          )}
        </MenuPopover>
      )}
      {dialog === 'add' && <AddWhiteboardDialog acts={acts} onShow={onShow} onClose={close} />}
      {dialog === 'versions' && <VersionsDialog whiteboard={shown} acts={acts} onClose={close} />}
      {dialog === 'rename' && (
        <RenameWhiteboardDialog whiteboard={shown} acts={acts} onClose={close} />
      )}
    </>
  );
}
