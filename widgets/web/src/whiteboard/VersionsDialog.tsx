import { useState, useSyncExternalStore, type ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import dialogs from '../board/CardDialog.module.css';
import { titleLimit } from '../board/limits';
import { useHub, useRoom } from '../hub/hub';
import { showMoment } from '../text/dates';
import { useLang, useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { CloseIcon } from '../ui/icons';
import small from '../ui/SmallDialog.module.css';
import type { WhiteboardActs } from './acts';
import type { Whiteboard } from './model';
import { useDid } from './useDid';
import { VersionPicture } from './VersionPicture';
import styles from './VersionsDialog.module.css';
import { versionsOf, type Version } from './versions';

/**
 * The earlier states of a whiteboard: to be looked at by everybody, and to be kept by a name,
 * brought back and deleted by those who may change the whiteboard.
 */
export function VersionsDialog(props: {
  whiteboard: Whiteboard;
  acts: WhiteboardActs;
  onClose: () => void;
}): ReactNode {
  const { whiteboard, acts, onClose } = props;
  const t = useTexts();
  const did = useDid(acts);
  const versions = useVersions(whiteboard.id);
  const canEdit = useRoom((state) => state.me?.can.edit ?? false);
  const moderates = useRoom((state) => state.me?.can.moderate ?? false);
  const canRestore = canEdit && (moderates || !whiteboard.locked);
  const [title, setTitle] = useState('');
  const [looked, setLooked] = useState<string | null>(null);

  const save = (): void => {
    const name = title.trim();
    if (!name) return;
    setTitle('');
    did(t.didSaveVersion(name), acts.saveVersion(whiteboard.id, name));
  };
  return (
    <ModalOverlay
      isOpen
      isDismissable
      className={`${small.shade ?? ''} ${dialogs.shade ?? ''}`}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={dialogs.window ?? ''}>
        <Dialog className={dialogs.dialog ?? ''}>
          <header className={dialogs.header}>
            <Heading slot="title" className={styles.heading ?? ''}>
              {t.versions}
            </Heading>
            <button type="button" className={controls.icon} aria-label={t.close} onClick={onClose}>
              <CloseIcon />
            </button>
          </header>
          <div className={styles.body}>
            {canEdit && (
              <form
                className={styles.save}
                onSubmit={(event) => {
                  event.preventDefault();
                  save();
                }}
              >
                <input
                  className={controls.field}
                  aria-label={t.versionTitle}
                  placeholder={t.versionTitle}
                  value={title}
                  maxLength={titleLimit}
                  dir="auto"
                  onChange={(event) => {
                    setTitle(event.target.value);
                  }}
                />
                <button type="submit" className={controls.button} disabled={!title.trim()}>
                  {t.versionSave}
                </button>
              </form>
            )}
            <p className={controls.hint}>
              {versions.length > 0
                ? t.versionsHint
                : canEdit
                  ? t.versionsNone
                  : t.versionsNoneReadOnly}
            </p>
            <ul className={styles.versions} aria-label={t.versions}>
              {versions.map((version) => (
                <Entry
                  key={version.id}
                  version={version}
                  whiteboard={whiteboard.id}
                  looked={version.id === looked}
                  onLook={(on) => {
                    setLooked(on ? version.id : null);
                  }}
                  onRestore={
                    canRestore &&
                    ((name) => {
                      onClose();
                      did(
                        t.didRestoreVersion(name),
                        acts.restoreVersion(whiteboard.id, version.id),
                      );
                    })
                  }
                  onForget={
                    canEdit &&
                    ((name) => {
                      did(t.didForgetVersion(name), acts.forgetVersion(whiteboard.id, version.id));
                    })
                  }
                />
              ))}
            </ul>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Entry(props: {
  version: Version;
  whiteboard: string;
  looked: boolean;
  onLook: (on: boolean) => void;
  /** False for those who may not. */
  onRestore: ((name: string) => void) | false;
  onForget: ((name: string) => void) | false;
}): ReactNode {
  const { version, whiteboard, looked, onLook, onRestore, onForget } = props;
  const t = useTexts();
  const lang = useLang();
  const by = useRoom((state) => state.members.get(version.by)?.name ?? version.by);
  const when = showMoment(version.created, lang);
  const name = version.title || when;
  const button = `${controls.button ?? ''} ${controls.small ?? ''}`;
  return (
    <li className={styles.version}>
      <div className={styles.what}>
        <span dir="auto">{version.title || t.versionAuto}</span>
        <span className={controls.hint}>{version.title ? `${when} · ${by}` : when}</span>
      </div>
      <div className={styles.buttons}>
        <button
          type="button"
          className={button}
          aria-expanded={looked}
          aria-label={looked ? t.versionCover(name) : t.versionLook(name)}
          onClick={() => {
            onLook(!looked);
          }}
        >
          {looked ? t.versionHide : t.versionShow}
        </button>
        {onRestore && (
          <button
            type="button"
            className={button}
            aria-label={t.versionRestore(name)}
            onClick={() => {
              onRestore(name);
            }}
          >
            {t.dialogRestore}
          </button>
        )}
        {onForget && (
          <button
            type="button"
            className={button}
            aria-label={t.versionForget(name)}
            onClick={() => {
              onForget(name);
            }}
          >
            {t.versionDelete}
          </button>
        )}
      </div>
      {looked && <VersionPicture whiteboard={whiteboard} version={version.id} name={name} />}
    </li>
  );
}

/** The earlier states of a whiteboard as they change; the same list until one of them does. */
function useVersions(whiteboard: string): readonly Version[] {
  const { client } = useHub();
  const [store] = useState(() => {
    let at = -1;
    let list: readonly Version[] = [];
    return {
      subscribe: (listener: () => void) => client.onItems(listener),
      read: () => {
        if (at === client.items.version) return list;
        at = client.items.version;
        const next = versionsOf(client.items, whiteboard);
        if (JSON.stringify(next) !== JSON.stringify(list)) list = next;
        return list;
      },
    };
  });
  return useSyncExternalStore(store.subscribe, store.read);
}
