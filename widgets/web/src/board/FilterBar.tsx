import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { CloseIcon, FilterIcon } from '../ui/icons';
import { useBoard, useBoardView } from './BoardContext';
import styles from './FilterBar.module.css';
import { everything, filters, passes, type Filter } from './filter';

/** Nobody wants to hear the count of every letter that is typed. */
const quietFor = 600;

/** Narrows the board to some cards. Where there is little room it hides behind a button. */
export function FilterBar(props: {
  filter: Filter;
  onChange: (filter: Filter) => void;
}): ReactNode {
  const t = useTexts();
  const { members, me } = useBoard();
  const { filter } = props;
  const [open, setOpen] = useState(false);
  // A large room has thousands.
  const others = useMemo(
    () =>
      [...members.values()]
        .filter((member) => member.user_id !== me)
        .sort((a, b) => a.name.localeCompare(b.name)),
    [members, me],
  );

  return (
    <>
      <button
        type="button"
        className={`${controls.icon ?? ''} ${styles.toggle ?? ''}`}
        aria-label={filters(filter) ? t.filterOn : t.filter}
        aria-expanded={open}
        data-on={filters(filter) ? '' : undefined}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <FilterIcon />
      </button>
      <search className={styles.filter} data-open={open ? '' : undefined} aria-label={t.filter}>
        <input
          type="search"
          className={`${controls.field ?? ''} ${styles.text ?? ''}`}
          aria-label={t.filterText}
          placeholder={t.filterText}
          value={filter.text}
          onChange={(event) => {
            props.onChange({ ...filter, text: event.target.value });
          }}
        />
        <select
          className={`${controls.field ?? ''} ${styles.person ?? ''}`}
          aria-label={t.filterPeople}
          value={filter.person ?? ''}
          onChange={(event) => {
            props.onChange({ ...filter, person: event.target.value || null });
          }}
        >
          <option value="">{t.filterEverybody}</option>
          {me && <option value={me}>{t.filterMe}</option>}
          <option value="nobody">{t.filterNobody}</option>
          {others.map((member) => (
            <option key={member.user_id} value={member.user_id}>
              {member.name}
            </option>
          ))}
        </select>
        {filters(filter) && (
          <button
            type="button"
            className={controls.icon}
            aria-label={t.filterClear}
            title={t.filterClear}
            onClick={() => {
              props.onChange(everything);
            }}
          >
            <CloseIcon />
          </button>
        )}
      </search>
      <MatchesHeard filter={filter} />
    </>
  );
}

/** Tells screen readers how many cards the filter leaves. */
function MatchesHeard({ filter }: { filter: Filter }): ReactNode {
  const t = useTexts();
  const { index, members } = useBoard();
  const { columns } = useBoardView(index);
  const [said, setSaid] = useState('');

  useEffect(() => {
    const timer = setTimeout(() => {
      const cards = columns.flatMap((column) => column.cards);
      const matches = cards.filter((card) => passes(card, filter, members)).length;
      setSaid(filters(filter) ? t.filterMatches(matches) : '');
    }, quietFor);
    return () => {
      clearTimeout(timer);
    };
  }, [columns, filter, members, t]);

  return (
    <p role="status" className="visually-hidden">
      {said}
    </p>
  );
}
