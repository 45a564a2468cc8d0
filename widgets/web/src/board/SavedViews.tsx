import { useId, useState, type ReactNode, type RefObject } from 'react';
import { Dialog, I18nProvider, Popover } from 'react-aria-components';
import { localeOf, useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { BoardIcon, CalendarIcon, CloseIcon, TableIcon, TimelineIcon } from '../ui/icons';
import { useBoard, useBoardView } from './BoardContext';
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
  const { index, acts, did, lang, canEdit } = useBoard();
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
                  current={sameView(saved.view, props.shown)}
                  onShow={() => {
                    props.onShow(saved.view);
                    props.onClose();
                  }}
                  onRemove={
                    canEdit
                      ? () => {
                          did(t.didRemoveView(saved.title), acts.removeView(saved.id));
                        }
                      : null
                  }
                />
              ))}
            </ul>
          ) : (
            <p className={controls.hint}>{t.savedViewsNone}</p>
          )}
          {canEdit && <SaveForm views={views} shown={props.shown} onClose={props.onClose} />}
        </Dialog>
      </Popover>
    </I18nProvider>
  );
}

function Entry(props: {
  saved: SavedView;
  current: boolean;
  onShow: () => void;
  onRemove: (() => void) | null;
}): ReactNode {
  const t = useTexts();
  const { saved } = props;
  const Icon = icons[saved.view.layout];
  return (
    <li className={styles.entry}>
      <button
        type="button"
        className={styles.show}
        aria-current={props.current ? 'true' : undefined}
        onClick={props.onShow}
      >
        <Icon />
        <span className={styles.title} dir="auto">
          {saved.title}
        </span>
      </button>
      {props.onRemove && (
        <button
          type="button"
          className={controls.icon}
          aria-label={t.savedViewRemove(saved.title)}
          title={t.savedViewRemove(saved.title)}
          onClick={props.onRemove}
        >
          <CloseIcon />
        </button>
      )}
    </li>
  );
}

/** Saves what is shown under a name; under one that there is already in its place. */
function SaveForm(props: {
  views: readonly SavedView[];
  shown: ViewState;
  onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const { acts, did, lang } = useBoard();
  const [name, setName] = useState('');
  const id = useId();
  const title = name.replace(/\s+/g, ' ').trim();
  const fold = (text: string): string => text.toLocaleLowerCase(localeOf(lang));
  const there = props.views.find((saved) => fold(saved.title) === fold(title));
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (title === '') return;
        did(t.didSaveView(title), acts.saveView(there?.id ?? null, title, props.shown));
        props.onClose();
      }}
    >
      <label className={controls.label} htmlFor={id}>
        {t.savedViewName}
      </label>
      <div className={styles.field}>
        <input
          id={id}
          className={controls.field}
          value={name}
          maxLength={titleLimit}
          dir="auto"
          aria-describedby={`${id}h`}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
        <button
          type="submit"
          className={`${controls.button ?? ''} ${controls.primary ?? ''}`}
          disabled={title === ''}
        >
          {t.savedViewSave}
        </button>
      </div>
      <p id={`${id}h`} className={controls.hint}>
        {there ? t.savedViewReplaces : t.savedViewHint}
      </p>
    </form>
  );
}
