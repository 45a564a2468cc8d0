import { useRef, useState, type ReactNode } from 'react';
import { Separator, type Key } from 'react-aria-components';
import menus from '../board/Menus.module.css';
import { Entry, MenuPopover } from '../board/Menus';
import { useHub, useRoom } from '../hub/hub';
import { newID } from '../live/ids';
import { postPicture } from '../session/pictures';
import { ServerRefusal } from '../session/server';
import { useLang, useTexts } from '../text/text';
import { saveFile } from '../ui/saveFile';
import controls from '../ui/controls.module.css';
import { ChecklistIcon, EyeIcon, TimelineIcon, TransferIcon } from '../ui/icons';
import { fileKinds, fileName, fileOf, pictureOf, type FileKind } from './exporting';
import { openFile } from './incoming';
import { PlaceCardDialog } from './PlaceCardDialog';
import { shownCard, wordsOf, type CardWords } from './shownCard';
import { slidesOf } from './slides';
import { usePresenting, useScene, useSelected, useStage } from './stage';
import { useDid } from './useDid';
import { showView } from './viewport';

/** What can stand beside the drawing area. */
export type Panel = 'outline' | 'slides' | null;

/** The tools of an open whiteboard beside those of the drawing program. */
export function StageTools(props: { panel: Panel; onPanel: (panel: Panel) => void }): ReactNode {
  const { panel, onPanel } = props;
  const t = useTexts();
  const { api, canDraw, presenting } = useStage();
  const state = usePresenting();
  const slides = slidesOf(useScene());
  const [menu, setMenu] = useState<HTMLElement | null>(null);
  const [placing, setPlacing] = useState(false);
  const transfer = useTransfer();
  const input = useRef<HTMLInputElement>(null);
  const lock = useLock();

  const toggle = (which: Panel): void => {
    onPanel(panel === which ? null : which);
  };
  const chosen = (key: Key): void => {
    if (key === 'import') input.current?.click();
    else if (key === 'card') setPlacing(true);
    else if (key === 'lock') lock?.act();
    else if (key === 'post') void transfer.post(null);
    else if (typeof key === 'string' && key.startsWith('post-')) void transfer.post(key.slice(5));
    else void transfer.save(key as FileKind);
  };
  const names: Readonly<Record<FileKind, string>> = {
    png: t.exportPng,
    svg: t.exportSvg,
    pdf: t.exportPdf,
    excalidraw: t.exportExcalidraw,
  };
  const label = t.transfer;

  return (
    <>
      <button
        type="button"
        className={controls.icon}
        aria-pressed={panel === 'outline'}
        aria-label={t.outline}
        title={t.outline}
        onClick={() => {
          toggle('outline');
        }}
      >
        <ChecklistIcon />
      </button>
      <button
        type="button"
        className={controls.icon}
        aria-pressed={panel === 'slides'}
        aria-label={t.slides}
        title={t.slides}
        onClick={() => {
          toggle('slides');
        }}
      >
        <TimelineIcon />
      </button>
      {canDraw && !state.own && state.other === null && (
        <button
          type="button"
          className={controls.icon}
          aria-label={t.present}
          title={t.present}
          onClick={() => {
            const [first] = slides;
            presenting.start(first?.id ?? null, Date.now());
            if (first) showView(api, first);
          }}
        >
          <EyeIcon />
        </button>
      )}
      <button
        type="button"
        className={controls.icon}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        onClick={(event) => {
          setMenu(event.currentTarget);
        }}
      >
        <TransferIcon />
      </button>
      {menu && (
        <MenuPopover
          anchor={menu}
          label={label}
          onClose={() => {
            setMenu(null);
          }}
          onAction={chosen}
        >
          {fileKinds.map((kind) => (
            <Entry key={kind} id={kind}>
              {names[kind]}
            </Entry>
          ))}
          <Separator className={menus.line ?? ''} />
          {transfer.mayPost && <Entry id="post">{t.post}</Entry>}
          {transfer.mayPost &&
            slides.slice(0, 20).map((slide, at) => (
              <Entry key={slide.id} id={`post-${slide.id}`}>
                {t.postFrame(slide.name || t.slideUnnamed(at + 1))}
              </Entry>
            ))}
          {canDraw && (
            <>
              <Separator className={menus.line ?? ''} />
              <Entry id="import">{t.importElements}</Entry>
              <Entry id="card">{t.cardPlace}</Entry>
            </>
          )}
          {lock && <Entry id="lock">{lock.on ? t.lockSelected : t.unlockSelected}</Entry>}
        </MenuPopover>
      )}
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t.importElements}
        accept=".excalidraw,.nwb,application/json"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void transfer.open(file);
        }}
      />
      {placing && (
        <PlaceCardDialog
          onClose={() => {
            setPlacing(false);
          }}
        />
      )}
    </>
  );
}

/** Locking what is selected, for moderators; null if there is nothing to lock. */
function useLock(): { on: boolean; act: () => void } | null {
  const t = useTexts();
  const { whiteboard, acts } = useStage();
  const { client } = useHub();
  const did = useDid(acts);
  const selected = useSelected();
  const moderates = useRoom((state) => state.me?.can.moderate ?? false);
  if (!moderates || selected.length === 0) return null;
  const ids = selected.map(({ id }) => id);
  const isLocked = (id: string): boolean =>
    client.items.get(`${whiteboard.id}-${id}`)?.fields.locked === true;
  const on = !ids.every(isLocked);
  return {
    on,
    act: () => {
      did(on ? t.didLock : t.didUnlock, acts.lockElements(whiteboard.id, ids, on));
    },
  };
}

/** Files out and in, and pictures into the chat. */
function useTransfer(): {
  readonly mayPost: boolean;
  save: (kind: FileKind) => Promise<void>;
  post: (frame: string | null) => Promise<void>;
  open: (file: File) => Promise<void>;
} {
  const t = useTexts();
  const lang = useLang();
  const { client, toasts } = useHub();
  const { api, whiteboard, pictures } = useStage();
  const mayPost = useRoom((state) => state.me?.can.comment ?? false);
  const words = (card: string): CardWords =>
    wordsOf(shownCard(client.items, card), client.state.members, t);

  return {
    mayPost,
    save: async (kind) => {
      try {
        const file = await fileOf(api, kind, null, whiteboard.title, words);
        saveFile(file, fileName(whiteboard.title, kind));
      } catch {
        toasts.refused(t.exportFailed);
      }
    },
    post: async (frame) => {
      try {
        const picture = await pictureOf(api, frame, words);
        await postPicture({ session: client.bearer, lang }, whiteboard.id, newID(), picture);
        toasts.done(t.didPost, null);
      } catch (error) {
        const said = error instanceof ServerRefusal ? error.message : '';
        toasts.refused(said || t.exportFailed);
      }
    },
    open: (file) => openFile(file, { api, pictures, toasts, t }),
  };
}
