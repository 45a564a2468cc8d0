import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { useTexts } from '../text/text';
import { Avatar } from '../ui/Avatar';
import controls from '../ui/controls.module.css';
import { useBoard } from './BoardContext';
import styles from './CommentField.module.css';
import { plainLines } from './limits';
import { allNamedIn, commentLimit, namedIn, namingIn, peopleLike, type Nameable } from './saying';

/** What was typed and not sent when its card was closed; until the page is closed. */
const unsent = new Map<string, string>();

/** So many people are suggested. */
const suggested = 6;

const encoder = new TextEncoder();

/** Says what was written, and whom it names; false if it is not known whether it was said. */
export type Say = (text: string, named: readonly Nameable[]) => Promise<boolean>;

/** The field in which a comment is written, or written anew. */
export function CommentField(props: {
  /** What it belongs to: what was typed there and not sent is kept under it. */
  id: string;
  label: string;
  /** What is said so far, of a comment that is written anew. */
  said?: string;
  send: string;
  say: Say;
  /** Leaves the comment as it is. */
  cancel?: () => void;
}): ReactNode {
  const { say, said = '', cancel } = props;
  const t = useTexts();
  const { me, members } = useBoard();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => unsent.get(props.id) ?? said);
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState<readonly Nameable[]>(() =>
    allNamedIn(said, [...members.values()]),
  );
  const [marked, setMarked] = useState(0);
  const [dismissed, setDismissed] = useState(-1);
  const [sending, setSending] = useState(false);

  useEffect(() => {
    if (text && text !== said) unsent.set(props.id, text);
    else unsent.delete(props.id);
  }, [props.id, text, said]);

  const focusAtFirst = useRef(cancel !== undefined);
  useEffect(() => {
    if (!focusAtFirst.current) return;
    const end = field.current?.value.length ?? 0;
    field.current?.focus();
    field.current?.setSelectionRange(end, end);
  }, []);

  // Behind a name that was filled in, before anything more is typed.
  const caretTo = useRef<number | null>(null);
  useLayoutEffect(() => {
    const place = caretTo.current;
    caretTo.current = null;
    if (place !== null) field.current?.setSelectionRange(place, place);
  });

  const naming = namingIn(text, caret);
  const people =
    naming && naming.at !== dismissed
      ? peopleLike(
          [...members.values()].filter(({ user_id }) => user_id !== me),
          naming.typed.trimEnd(),
          suggested,
        )
      : [];
  const current = Math.min(marked, people.length - 1);
  const beyond = encoder.encode(plainLines(text)).length - commentLimit;
  const empty = plainLines(text) === '';

  const choose = (person: Nameable): void => {
    if (!naming) return;
    const front = `${text.slice(0, naming.at)}@${person.name} `;
    setText(front + text.slice(caret));
    setChosen([...chosen, person]);
    setCaret(front.length);
    caretTo.current = front.length;
  };
  const send = (): void => {
    if (empty || beyond > 0 || sending) return;
    const words = plainLines(text);
    setSending(true);
    void say(words, namedIn(words, chosen)).then((done) => {
      setSending(false);
      if (!done) return;
      unsent.delete(props.id);
      if (cancel) return;
      setText('');
      setChosen([]);
      field.current?.focus();
    });
  };
  const leave = (): void => {
    unsent.delete(props.id);
    cancel?.();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
      return;
    }
    const person = people[current];
    if (!person) {
      if (event.key !== 'Escape' || !cancel) return;
      event.stopPropagation(); // the card stays open
      leave();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setMarked((current + step + people.length) % people.length);
    else if (event.key === 'Enter' || event.key === 'Tab') choose(person);
    else if (event.key === 'Escape') setDismissed(naming?.at ?? -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={styles.write}>
      <label className="visually-hidden" htmlFor={id}>
        {props.label}
      </label>
      <textarea
        ref={field}
        id={id}
        className={`${controls.field ?? ''} ${styles.field ?? ''}`}
        rows={2}
        value={text}
        readOnly={sending}
        dir="auto"
        placeholder={props.label}
        aria-invalid={beyond > 0}
        aria-describedby={`${id}h`}
        aria-autocomplete="list"
        aria-controls={people.length > 0 ? `${id}l` : undefined}
        aria-activedescendant={people.length > 0 ? `${id}o${String(current)}` : undefined}
        onChange={(event) => {
          setText(event.target.value);
          setCaret(event.target.selectionStart);
          setMarked(0);
          setDismissed(-1);
        }}
        onSelect={(event) => {
          setCaret(event.currentTarget.selectionStart);
        }}
        onBlur={() => {
          setDismissed(naming?.at ?? -1);
        }}
        onKeyDown={onKeyDown}
      />
      {people.length > 0 && (
        <div id={`${id}l`} className={styles.people} role="listbox" aria-label={t.commentPeople}>
          {people.map((person, i) => (
            // The keys are those of the field, which keeps the focus.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={person.user_id}
              id={`${id}o${String(i)}`}
              role="option"
              tabIndex={-1}
              className={styles.person}
              aria-selected={i === current}
              onMouseDown={(event) => {
                event.preventDefault();
              }}
              onClick={() => {
                choose(person);
              }}
            >
              <Avatar small user={person.user_id} name={person.name} />
              <span dir="auto">{person.name}</span>
            </div>
          ))}
        </div>
      )}
      <p role="status" className="visually-hidden">
        {people.length > 0 && t.commentSuggestions(people.length)}
      </p>
      <p id={`${id}h`} className={beyond > 0 ? controls.error : controls.hint}>
        {beyond > 0 ? t.commentTooLong : t.commentHint}
      </p>
      <div className={styles.buttons}>
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.small ?? ''} ${controls.primary ?? ''}`}
          disabled={empty || beyond > 0 || sending}
          onClick={send}
        >
          {sending ? t.commentSending : props.send}
        </button>
        {cancel && (
          <button
            type="button"
            className={`${controls.button ?? ''} ${controls.small ?? ''} ${controls.plain ?? ''}`}
            onClick={leave}
          >
            {t.cancel}
          </button>
        )}
      </div>
    </div>
  );
}
