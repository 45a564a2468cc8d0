import {
  useCallback,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { BoardSkeleton } from '../board/BoardSkeleton';
import { useToday } from '../board/useToday';
import { useHub, useRoom } from '../hub/hub';
import { TopBar } from '../hub/TopBar';
import type { OwnCard } from '../live/protocol';
import { useTexts, type Texts } from '../text/text';
import controls from '../ui/controls.module.css';
import { CardRow } from './CardRow';
import styles from './Mine.module.css';
import { TodoForm, TodoRow } from './TodoRow';
import { TodoActs, TodoList, type Todo } from './todos';
import { whenOf, whens, type When } from './when';

/** The person's own to-dos, as a choice among the rooms. */
const personal = 'personal';

type Entry =
  | { readonly kind: 'todo'; readonly due: string; readonly todo: Todo }
  | { readonly kind: 'card'; readonly due: string; readonly card: OwnCard };

/**
 * What a person has to do in all of their rooms, with their personal to-dos: the page of their
 * direct chat with the bot.
 */
export default function MineSurface(): ReactNode {
  const t = useTexts();
  const today = useToday();
  const { client, toasts } = useHub();
  const work = useRoom((state) => state.mine);
  const canEdit = useRoom((state) => state.me?.can.edit ?? false);
  const loaded = useRoom((state) => state.loaded);
  const [{ list, acts }] = useState(() => ({
    list: new TodoList(client),
    acts: new TodoActs(client),
  }));
  const todos = useSyncExternalStore(
    useCallback((listener: () => void) => list.follow(listener), [list]),
    () => list.shown,
  );
  const [choice, setChoice] = useState('');
  const page = useRef<HTMLElement>(null);

  const places = useMemo(
    () => new Map((work?.rooms ?? []).map((room) => [room.id, nameOf(room, t)])),
    [work, t],
  );
  // A room that the person was put out of cannot stay chosen.
  const chosen = choice === personal || places.has(choice) ? choice : '';
  const open = useMemo(() => entriesOf(todos, work?.cards ?? [], chosen), [todos, work, chosen]);
  const soon = (work?.soon ?? []).filter((card) => chosen === '' || card.room === chosen);
  const done = chosen === '' || chosen === personal ? todos.filter((todo) => todo.done) : [];

  const undo = useCallback(() => {
    acts.undo();
    toasts.done(t.didUndo, null);
  }, [acts, toasts, t]);
  const did = (text: string, act: string): void => {
    toasts.done(text, () => {
      acts.undo(act);
      toasts.done(t.didUndo, null);
    });
  };
  /** Does something that takes a to-do from its place, and puts the focus on what is next there. */
  const leave = (todo: Todo, act: () => void): void => {
    const rows = [...(page.current?.querySelectorAll<HTMLElement>('[data-todo]') ?? [])];
    const at = rows.findIndex((row) => row.dataset.todo === todo.id);
    const next = rows[at + 1] ?? rows[at - 1];
    act();
    requestAnimationFrame(() => {
      const target = next?.isConnected ? next.querySelector('input') : null;
      (target ?? page.current)?.focus();
    });
  };
  const row = (todo: Todo): ReactNode => (
    <TodoRow
      key={todo.id}
      todo={todo}
      canEdit={canEdit}
      onTick={(ticked) => {
        leave(ticked, () => {
          if (ticked.done) did(t.mineDidReopen(ticked.title), acts.reopen(ticked.id));
          else did(t.mineDidFinish(ticked.title), acts.finish(ticked.id));
        });
      }}
      onEdit={(edited, change) => {
        did(t.didEdit(change.title), acts.edit(edited.id, change));
      }}
      onRemove={(removed) => {
        leave(removed, () => {
          did(t.didDelete(removed.title), acts.remove(removed.id));
        });
      }}
    />
  );

  if (work === null || loaded === 'nothing') {
    return (
      <>
        <TopBar surface="mine" title={t.mine} undo={undo} tools={null} />
        <BoardSkeleton label={t.mineLoading} />
      </>
    );
  }
  const nothing = open.length === 0 && soon.length === 0;
  return (
    <>
      <TopBar surface="mine" title={t.mine} undo={undo} tools={null} />
      <main ref={page} tabIndex={-1} className={styles.page}>
        {canEdit && (
          <TodoForm
            title=""
            due=""
            label={t.mineNew}
            submit={t.add}
            onSubmit={({ title, due }) => {
              did(t.didAdd(title), acts.add(title, due));
            }}
          />
        )}
        {places.size > 0 && (
          <div className={styles.filter}>
            <label className={controls.label} htmlFor="mine-room">
              {t.mineRoom}
            </label>
            <select
              id="mine-room"
              className={controls.field}
              value={chosen}
              onChange={(event) => {
                setChoice(event.target.value);
              }}
            >
              <option value="">{t.mineAllRooms}</option>
              <option value={personal}>{t.mineOwn}</option>
              {[...places].map(([id, name]) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </div>
        )}
        {nothing && (
          <div className={styles.empty}>
            <h2>{t.mineEmpty}</h2>
            <p>{chosen === '' ? t.mineEmptyHint : t.mineEmptyRoom}</p>
          </div>
        )}
        {whens.map((when) => {
          const entries = open.filter((entry) => whenOf(entry.due, today) === when);
          if (entries.length === 0) return null;
          return (
            <section key={when} className={styles.group} aria-labelledby={`mine-${when}`}>
              <h2 id={`mine-${when}`} data-when={when}>
                {headingOf(when, t)} <span className={styles.count}>{entries.length}</span>
              </h2>
              <ul>
                {entries.map((entry) =>
                  entry.kind === 'todo' ? (
                    row(entry.todo)
                  ) : (
                    <CardRow
                      key={`${entry.card.room} ${entry.card.id}`}
                      card={entry.card}
                      place={places.get(entry.card.room) ?? ''}
                    />
                  ),
                )}
              </ul>
            </section>
          );
        })}
        {work.more && <p className={controls.hint}>{t.mineMore}</p>}
        {soon.length > 0 && (
          <section className={styles.group} aria-labelledby="mine-soon">
            <h2 id="mine-soon">{t.mineSoon}</h2>
            <ul>
              {soon.map((card) => (
                <CardRow
                  key={`${card.room} ${card.id}`}
                  card={card}
                  place={places.get(card.room) ?? ''}
                />
              ))}
            </ul>
          </section>
        )}
        {done.length > 0 && (
          <details className={styles.group}>
            <summary>{t.mineDone(done.length)}</summary>
            <ul>{done.map(row)}</ul>
          </details>
        )}
      </main>
    </>
  );
}

function entriesOf(
  todos: readonly Todo[],
  cards: readonly OwnCard[],
  chosen: string,
): readonly Entry[] {
  const own: Entry[] =
    chosen === '' || chosen === personal
      ? todos.filter((todo) => !todo.done).map((todo) => ({ kind: 'todo', due: todo.due, todo }))
      : [];
  const others: Entry[] = cards
    .filter((card) => chosen === '' || card.room === chosen)
    .map((card) => ({ kind: 'card', due: card.due, card }));
  // Both lists have their order; what is due on the same day stays in it.
  return [...own, ...others].sort((a, b) => (a.due === b.due ? 0 : a.due < b.due ? -1 : 1));
}

function nameOf(room: { readonly name: string; readonly own: boolean }, t: Texts): string {
  if (room.own) return t.mineOwn;
  return room.name || t.mineUnnamed;
}

function headingOf(when: When, t: Texts): string {
  return {
    overdue: t.mineOverdue,
    today: t.mineToday,
    week: t.mineWeek,
    later: t.mineLater,
    undated: t.mineUndated,
  }[when];
}
