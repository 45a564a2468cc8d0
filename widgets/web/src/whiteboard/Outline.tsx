import { useId, useState, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { CloseIcon } from '../ui/icons';
import { addNote, removeText, writeText } from './alter';
import { CardState } from './CardState';
import { outlineOf, type OutlinePart, type OutlineText } from './outline';
import styles from './Panel.module.css';
import { useScene, useStage } from './stage';
import { useDid } from './useDid';

/**
 * What is written on the whiteboard, in the order in which one reads it: for those who cannot use
 * the drawing area.
 */
export function Outline({ onClose }: { onClose: () => void }): ReactNode {
  const t = useTexts();
  const parts = outlineOf(useScene());
  return (
    <section className={styles.panel} aria-labelledby="whiteboard-outline">
      <div className={styles.head}>
        <h2 id="whiteboard-outline" className={styles.title}>
          {t.outline}
        </h2>
        <button type="button" className={controls.icon} aria-label={t.close} onClick={onClose}>
          <CloseIcon />
        </button>
      </div>
      {parts.map((part, at) => (
        <Part
          key={part.frame?.id ?? ''}
          part={part}
          title={
            part.frame
              ? part.frame.name || t.slideUnnamed(at + 1)
              : parts.length > 1
                ? t.outlineRest
                : t.outlineAll
          }
        />
      ))}
    </section>
  );
}

function Part({ part, title }: { part: OutlinePart; title: string }): ReactNode {
  const t = useTexts();
  const { canDraw } = useStage();
  return (
    <section className={styles.part}>
      <h3 dir="auto">{title}</h3>
      {part.texts.length === 0 && <p className={styles.hint}>{t.outlineEmpty}</p>}
      <ul className={styles.list}>
        {part.texts.map((text) => (
          <Entry key={text.id} text={text} />
        ))}
      </ul>
      {canDraw && <NewNote part={part} title={title} />}
    </section>
  );
}

function Entry({ text }: { text: OutlineText }): ReactNode {
  const t = useTexts();
  const { api, canDraw, whiteboard, acts } = useStage();
  const did = useDid(acts);
  const [draft, setDraft] = useState<string | null>(null);
  const label = text.note ? t.outlineNote : t.outlineText;
  const editable = canDraw && !text.locked;
  const done = (): void => {
    if (draft !== null && draft.trim() !== '') writeText(api, text.id, draft);
    setDraft(null);
  };
  if (!editable) {
    return (
      <li className={styles.entry}>
        <p dir="auto">{text.text}</p>
        {text.card !== null && <CardState card={text.card} />}
      </li>
    );
  }
  return (
    <li className={styles.entry}>
      <textarea
        className={controls.field}
        aria-label={label}
        rows={Math.min(6, text.text.split('\n').length)}
        dir="auto"
        maxLength={10_000}
        value={draft ?? text.text}
        onChange={(event) => {
          setDraft(event.target.value);
        }}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setDraft(null);
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) done();
        }}
      />
      <div className={styles.buttons}>
        {text.card === null ? (
          <button
            type="button"
            className={`${controls.button ?? ''} ${controls.small ?? ''}`}
            onClick={() => {
              const act = acts.makeCard(whiteboard.id, text.on ?? text.id);
              did(t.didMakeCard, act);
            }}
          >
            {t.outlineCard}
          </button>
        ) : (
          <CardState card={text.card} />
        )}
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.small ?? ''} ${controls.danger ?? ''}`}
          onClick={() => {
            removeText(api, text.id, text.on);
          }}
        >
          {t.outlineRemove}
        </button>
      </div>
    </li>
  );
}

function NewNote({ part, title }: { part: OutlinePart; title: string }): ReactNode {
  const t = useTexts();
  const { api } = useStage();
  const [text, setText] = useState('');
  const id = useId();
  return (
    <form
      className={styles.entry}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        addNote(api, text.trim(), part.frame);
        setText('');
      }}
    >
      <label className={controls.label} htmlFor={id}>
        {t.outlineNew(title)}
      </label>
      <div className={styles.row}>
        <input
          id={id}
          className={controls.field}
          value={text}
          maxLength={1000}
          dir="auto"
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
        <button type="submit" className={controls.button}>
          {t.add}
        </button>
      </div>
    </form>
  );
}
