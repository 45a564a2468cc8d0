import { useEffect, useId, useRef, useState, type ReactNode, type RefObject } from 'react';
import { Dialog, I18nProvider, Popover } from 'react-aria-components';
import { localeOf, useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { BoardIcon, CalendarIcon, CloseIcon, PenIcon, TableIcon, TimelineIcon } from '../ui/icons';
import { useBoard, useBoardView } from './BoardContext';
import { titleOf } from './boards/names';
import { titleLimit } from './limits';
import menus from './Menus.module.css';
import { sameView, type SavedView } from './savedViews';
import styles from './SavedViews.module.css';
import type { ViewState } from './viewState';

const icons = {
  board: BoardIcon,
  table: TableIcon,
  calendar: CalendarIcon,
  timeline: TimelineIcon,
};

/** The views that the room has saved; everybody in it sees the same ones. */
export default function SavedViews(props: {
  anchor: RefObject<HTMLElement | null>;
  shown: ViewState;
  onShow: (view: ViewState) => void;
  onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const { index, lang, canEdit } = useBoard();
  const { views } = useBoardView(index);
  return (
    <I18nProvider locale={localeOf(lang)}>
      <Popover
        isOpen
        triggerRef={props.anchor}
        placement="bottom start"
        className={`${menus.popover ?? ''} ${styles.panel ?? ''}`}
        onOpenChange={(open) => {
          if (!open) props.onClose();
        }}
      >
        <Dialog aria-label={t.savedViews} className={styles.dialog ?? ''}>
          {views.length > 0 ? (
            <ul className={styles.list}>
              {views.map((saved) => (
                <Entry
                  key={saved.id}
                  saved={saved}
                  shown={props.shown}
                  onShow={() => {
                    index.show(saved.board);
                    props.onShow(saved.view);
                    props.onClose();
                  }}
                />
              ))}
            </ul>
          ) : (
            <p className={controls.hint}>{t.savedViewsNone}</p>
          )}
          {canEdit && <SaveForm shown={props.shown} onClose={props.onClose} />}
        </Dialog>
      </Popover>
    </I18nProvider>
  );
}

function Entry(props: { saved: SavedView; shown: ViewState; onShow: () => void }): ReactNode {
  const t = useTexts();
  const { index, acts, did, canEdit } = useBoard();
  const { boards, board } = useBoardView(index);
  const [renaming, setRenaming] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const { saved } = props;
  const Icon = icons[saved.view.layout];
  const of = boards.find(({ id }) => id === saved.board);
  const current = sameView(saved.view, props.shown) && (!of || of.id === board.id);
  if (renaming) {
    return (
      <li>
        <NameForm
          label={t.savedViewRename(saved.title)}
          name={saved.title}
          taken={(there) => there !== null && there.id !== saved.id}
          hint={(there) => (there && there.id !== saved.id ? t.savedViewTaken : '')}
          onName={(title) => {
            if (title !== saved.title) {
              const act = acts.saveView(saved.id, title, saved.board, saved.view);
              did(t.didSaveView(title), act);
            }
          }}
          onClose={() => {
            setRenaming(false);
            requestAnimationFrame(() => opener.current?.focus());
          }}
        />
      </li>
    );
  }
  return (
    <li className={styles.entry}>
      <button
        type="button"
        className={styles.show}
        aria-current={current ? 'true' : undefined}
        onClick={props.onShow}
      >
        <Icon />
        <span className={styles.title} dir="auto">
          {saved.title}
        </span>
        {of && of.id !== board.id && (
          <span className={styles.board} dir="auto">
            {titleOf(of, t.board)}
          </span>
        )}
      </button>
      {canEdit && (
        <>
          <button
            ref={opener}
            type="button"
            className={controls.icon}
            aria-label={t.savedViewRename(saved.title)}
            title={t.savedViewRename(saved.title)}
            onClick={() => {
              setRenaming(true);
            }}
          >
            <PenIcon />
          </button>
          <button
            type="button"
            className={controls.icon}
            aria-label={t.savedViewRemove(saved.title)}
            title={t.savedViewRemove(saved.title)}
            onClick={() => {
              did(t.didRemoveView(saved.title), acts.removeView(saved.id));
            }}
          >
            <CloseIcon />
          </button>
        </>
      )}
    </li>
  );
}

/** Saves what is shown under a name; under one that there is already in its place. */
function SaveForm(props: { shown: ViewState; onClose: () => void }): ReactNode {
  const t = useTexts();
  const { index, acts, did } = useBoard();
  const { board } = useBoardView(index);
  return (
    <NameForm
      className={styles.save}
      label={t.savedViewName}
      name=""
      taken={() => false}
      hint={(there) => (there ? t.savedViewReplaces : t.savedViewHint)}
      onName={(title, there) => {
        did(t.didSaveView(title), acts.saveView(there?.id ?? null, title, board.id, props.shown));
      }}
      onClose={props.onClose}
    />
  );
}

/** Asks for the name of a view, and looks whether there is one of that name. */
function NameForm(props: {
  className?: string | undefined;
  label: string;
  /** What it is called now; empty of a new one. */
  name: string;
  taken: (there: SavedView | null) => boolean;
  hint: (there: SavedView | null) => string;
  onName: (name: string, there: SavedView | null) => void;
  onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const { index, lang } = useBoard();
  const { views } = useBoardView(index);
  const [name, setName] = useState(props.name);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const renames = props.name !== '';
  useEffect(() => {
    if (renames) field.current?.select();
  }, [renames]);
  const title = name.replace(/\s+/g, ' ').trim();
  const fold = (text: string): string => text.toLocaleLowerCase(localeOf(lang));
  const there = views.find((saved) => fold(saved.title) === fold(title)) ?? null;
  const hint = props.hint(there);
  return (
    <form
      className={props.className}
      onSubmit={(event) => {
        event.preventDefault();
        if (title === '' || props.taken(there)) return;
        props.onName(title, there);
        props.onClose();
      }}
    >
      <label className={controls.label} htmlFor={id}>
        {props.label}
      </label>
      <div className={styles.field}>
        <input
          ref={field}
          id={id}
          className={controls.field}
          value={name}
          maxLength={titleLimit}
          dir="auto"
          aria-describedby={`${id}h`}
          aria-invalid={props.taken(there)}
          onChange={(event) => {
            setName(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || !renames) return;
            event.stopPropagation(); // the list stays open
            props.onClose();
          }}
        />
        <button
          type="submit"
          className={`${controls.button ?? ''} ${controls.primary ?? ''}`}
          disabled={title === '' || props.taken(there)}
        >
          {t.savedViewSave}
        </button>
      </div>
      <p id={`${id}h`} className={props.taken(there) ? controls.error : controls.hint}>
        {hint}
      </p>
    </form>
  );
}
