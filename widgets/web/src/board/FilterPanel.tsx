import { useId, useMemo, type ReactNode, type RefObject } from 'react';
import { Dialog, I18nProvider, Popover } from 'react-aria-components';
import { localeOf, useTexts, type Texts } from '../text/text';
import { Avatar } from '../ui/Avatar';
import controls from '../ui/controls.module.css';
import { nameOf, useBoard, useBoardView } from './BoardContext';
import { BoardLabel } from './BoardLabel';
import { Chooser, type Choice } from './Chooser';
import styles from './FilterBar.module.css';
import {
  dueChoices,
  everything,
  filters,
  nobody,
  priorityChoices,
  type DueChoice,
  type Filter,
} from './filter';
import { labelLimit, userLimit } from './limits';
import menus from './Menus.module.css';
import { priorityName } from './priorityName';

function dueName(due: DueChoice, t: Texts): string {
  return {
    '': t.filterDueAny,
    overdue: t.filterDueOverdue,
    today: t.filterDueToday,
    week: t.filterDueWeek,
    month: t.filterDueMonth,
    none: t.filterDueNone,
  }[due];
}

/** Everything by which cards can be chosen beside their text; fetched when it is opened. */
export default function FilterPanel(props: {
  anchor: RefObject<HTMLElement | null>;
  filter: Filter;
  onChange: (filter: Filter) => void;
  onClose: () => void;
}): ReactNode {
  const { filter, onChange } = props;
  const t = useTexts();
  const { index, lang, members } = useBoard();
  const { labels } = useBoardView(index);
  const id = useId();
  const people = useMemo<Choice[]>(
    () => [
      { id: nobody, name: t.filterNobody },
      ...[...members.values()]
        .map(({ user_id, name }) => ({ id: user_id, name }))
        .sort((a, b) => a.name.localeCompare(b.name)),
    ],
    [members, t],
  );
  const nameOfChoice = (user: string): string =>
    user === nobody ? t.filterNobody : nameOf(user, members, t);

  return (
    <I18nProvider locale={localeOf(lang)}>
      <Popover
        isOpen
        triggerRef={props.anchor}
        placement="bottom end"
        className={`${menus.popover ?? ''} ${styles.panel ?? ''}`}
        onOpenChange={(open) => {
          if (!open) props.onClose();
        }}
      >
        <Dialog aria-label={t.filterMore} className={styles.dialog ?? ''}>
          <fieldset className={styles.group}>
            <legend className={controls.label}>{t.filterDue}</legend>
            {(['', ...dueChoices] as const).map((due) => (
              <label key={due} className={styles.choice}>
                <input
                  type="radio"
                  name={`${id}d`}
                  checked={filter.due === due}
                  onChange={() => {
                    onChange({ ...filter, due });
                  }}
                />
                {dueName(due, t)}
              </label>
            ))}
          </fieldset>
          <fieldset className={styles.group}>
            <legend className={controls.label}>{t.priority}</legend>
            {priorityChoices.map((priority) => (
              <label key={priority} className={styles.choice}>
                <input
                  type="checkbox"
                  checked={filter.priorities.includes(priority)}
                  onChange={({ target }) => {
                    const priorities = withEntry(filter.priorities, priority, target.checked);
                    onChange({ ...filter, priorities });
                  }}
                />
                {priorityName(priority, t)}
              </label>
            ))}
          </fieldset>
          <Chooser
            label={t.dialogLabels}
            addLabel={t.filterLabelAdd}
            chosen={filter.labels.map((label) => ({ id: label, name: label }))}
            options={labels.map((label) => ({ id: label, name: label }))}
            nameNew={null}
            maxLength={labelLimit}
            canEdit
            show={({ name }) => <BoardLabel label={name} />}
            onAdd={(label) => {
              onChange({ ...filter, labels: withEntry(filter.labels, label, true) });
            }}
            onRemove={(label) => {
              onChange({ ...filter, labels: withEntry(filter.labels, label, false) });
            }}
          />
          <Chooser
            label={t.dialogAssignees}
            addLabel={t.filterPersonAdd}
            chosen={filter.people.map((user) => ({ id: user, name: nameOfChoice(user) }))}
            options={people}
            nameNew={null}
            maxLength={userLimit}
            canEdit
            show={(person) => (
              <span className={styles.choice}>
                {person.id !== nobody && <Avatar small user={person.id} name={person.name} />}
                <span dir="auto">{person.name}</span>
              </span>
            )}
            onAdd={(user) => {
              onChange({ ...filter, people: withEntry(filter.people, user, true) });
            }}
            onRemove={(user) => {
              onChange({ ...filter, people: withEntry(filter.people, user, false) });
            }}
          />
          <div className={styles.buttons}>
            <button
              type="button"
              className={`${controls.button ?? ''} ${controls.small ?? ''}`}
              disabled={!filters(filter)}
              onClick={() => {
                onChange(everything);
              }}
            >
              {t.filterClear}
            </button>
            <button
              type="button"
              className={`${controls.button ?? ''} ${controls.small ?? ''} ${controls.primary ?? ''}`}
              onClick={props.onClose}
            >
              {t.close}
            </button>
          </div>
        </Dialog>
      </Popover>
    </I18nProvider>
  );
}

function withEntry<T>(list: readonly T[], entry: T, on: boolean): T[] {
  const others = list.filter((other) => other !== entry);
  return on ? [...others, entry] : others;
}
