import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { CloseIcon, PenIcon, LinkIcon } from '../ui/icons';
import { AddButton } from './AddButton';
import { useBoard } from './BoardContext';
import styles from './CardDialog.module.css';
import { safeAddress, shortAddress, type CardLink } from './cardParts';
import { addressLimit, titleLimit } from './limits';
import type { Card } from './model';
import { Section } from './Section';

/** Links of a card to pages and messages. */
export function LinksSection(props: {
  card: Card;
  /** The form that adds one is shown at once. */
  opened: boolean;
  /** The form that was shown at once is not wanted any more. */
  onClosed: () => void;
  onEdited: (act: string) => void;
}): ReactNode {
  const { card, onEdited } = props;
  const t = useTexts();
  const { acts, canEdit } = useBoard();
  const [edited, setEdited] = useState<string | null>(props.opened ? 'new' : null);
  const adder = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setEdited(null);
    requestAnimationFrame(() => adder.current?.focus());
    props.onClosed();
  };
  const form = (link: CardLink | null): ReactNode => (
    <LinkForm
      link={link}
      onClose={close}
      onSave={(url, title) => {
        onEdited(acts.setLink(card.id, link?.id ?? null, url, title));
        close();
      }}
    />
  );

  return (
    <Section title={t.links}>
      {card.links.length > 0 && (
        <ul className={styles.links} aria-label={t.links}>
          {card.links.map((link) =>
            edited === link.id ? (
              <li key={link.id}>{form(link)}</li>
            ) : (
              <LinkRow
                key={link.id}
                link={link}
                onEdit={() => {
                  setEdited(link.id);
                }}
                onRemove={() => {
                  onEdited(acts.removeLink(card.id, link.id));
                  requestAnimationFrame(() => adder.current?.focus());
                }}
              />
            ),
          )}
        </ul>
      )}
      {edited === 'new' && form(null)}
      {canEdit && edited === null && (
        <AddButton
          ref={adder}
          label={t.linkAdd}
          onPress={() => {
            setEdited('new');
          }}
        />
      )}
    </Section>
  );
}

function LinkRow(props: { link: CardLink; onEdit: () => void; onRemove: () => void }): ReactNode {
  const { url, title } = props.link;
  const t = useTexts();
  const { canEdit } = useBoard();
  const name = title || shortAddress(url);
  return (
    <li className={styles.related}>
      <a href={url} target="_blank" rel="noreferrer" title={url} className={styles.link} dir="auto">
        {name} <LinkIcon />
      </a>
      {canEdit && (
        <>
          <button
            type="button"
            className={controls.icon}
            aria-label={t.linkEdit(name)}
            onClick={props.onEdit}
          >
            <PenIcon />
          </button>
          <button
            type="button"
            className={controls.icon}
            aria-label={t.linkRemove(name)}
            onClick={props.onRemove}
          >
            <CloseIcon />
          </button>
        </>
      )}
    </li>
  );
}

function LinkForm(props: {
  link: CardLink | null;
  onSave: (url: string, title: string) => void;
  onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const id = useId();
  const [url, setURL] = useState(props.link?.url ?? '');
  const [title, setTitle] = useState(props.link?.title ?? '');
  const [bad, setBad] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
  }, []);
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    // It closes the form, not the card.
    event.stopPropagation();
    props.onClose();
  };

  return (
    <form
      className={styles.linkForm}
      onSubmit={(event) => {
        event.preventDefault();
        const address = addressOf(url);
        setBad(address === null);
        if (address === null) field.current?.focus();
        else props.onSave(address, title.replace(/\s+/g, ' ').trim());
      }}
    >
      <input
        ref={field}
        // Not of the type "url": that would refuse an address without https:// in front.
        inputMode="url"
        className={controls.field}
        aria-label={t.linkAddress}
        placeholder={t.linkAddress}
        value={url}
        maxLength={addressLimit}
        aria-invalid={bad}
        aria-describedby={`${id}e`}
        onChange={(event) => {
          setURL(event.target.value);
          setBad(false);
        }}
        onKeyDown={pressed}
      />
      <p id={`${id}e`} role="alert" className={controls.error}>
        {bad && t.linkBad}
      </p>
      <input
        className={controls.field}
        aria-label={t.linkTitle}
        placeholder={t.linkTitle}
        value={title}
        maxLength={titleLimit}
        dir="auto"
        onChange={(event) => {
          setTitle(event.target.value);
        }}
        onKeyDown={pressed}
      />
      <div className={styles.row}>
        <button
          type="submit"
          className={`${controls.button ?? ''} ${controls.primary ?? ''} ${controls.small ?? ''}`}
        >
          {t.save}
        </button>
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.plain ?? ''} ${controls.small ?? ''}`}
          onClick={props.onClose}
        >
          {t.cancel}
        </button>
      </div>
    </form>
  );
}

/** What was typed as the address of a page, "amt.example/plan" too; null if it is none. */
function addressOf(typed: string): string | null {
  const text = typed.trim();
  const whole = /^[a-z][a-z0-9+.-]*:(?!\d)/iu.test(text) ? text : `https://${text}`;
  const safe = safeAddress(whole);
  return safe !== null && /^https?:\/\/[^/]*[^/.]/u.test(safe) && !/\s/u.test(text) ? whole : null;
}
