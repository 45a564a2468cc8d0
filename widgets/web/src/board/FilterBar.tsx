import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { usePartMissing } from '../hub/hub';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { CloseIcon, FilterIcon, FunnelIcon } from '../ui/icons';
import { later } from '../ui/later';
import { nameOf, useBoard, useBoardView } from './BoardContext';
import styles from './FilterBar.module.css';
import { choices, everything, filters, nobody, type Filter, type Passes } from './filter';

const panel = later(() => import('./FilterPanel'));

/** Nobody wants to hear the count of every letter that is typed. */
const quietFor = 600;

/** Narrows the view to some cards. Where there is little room it hides behind a button. */
export function FilterBar(props: {
  filter: Filter;
  /** What the filter lets through; null if that is everything. */
  passes: Passes | null;
  onChange: (filter: Filter) => void;
}): ReactNode {
  const t = useTexts();
  const { filter } = props;
  const [open, setOpen] = useState(false);

  return (
    <>
      <button
        type="button"
        className={`${controls.icon ?? ''} ${styles.toggle ?? ''}`}
        aria-label={filters(filter) ? t.filterOn : t.filter}
        aria-expanded={open}
        data-search-toggle=""
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
          data-search-field=""
          value={filter.text}
          onChange={(event) => {
            props.onChange({ ...filter, text: event.target.value });
          }}
        />
        <PersonSelect filter={filter} onChange={props.onChange} />
        <MoreFilters filter={filter} onChange={props.onChange} />
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
      <MatchesHeard passes={props.passes} />
    </>
  );
}

interface PartProps {
  filter: Filter;
  onChange: (filter: Filter) => void;
}

/** The choice that most people make. More than one person are chosen in the panel. */
function PersonSelect({ filter, onChange }: PartProps): ReactNode {
  const t = useTexts();
  const { members, me } = useBoard();
  const { people } = filter;
  // A large room has thousands.
  const others = useMemo(
    () =>
      [...members.values()]
        .filter((member) => member.user_id !== me)
        .sort((a, b) => a.name.localeCompare(b.name)),
    [members, me],
  );
  const [one] = people;
  const gone = one !== undefined && one !== nobody && one !== me && !members.has(one);
  return (
    <select
      className={`${controls.field ?? ''} ${styles.person ?? ''}`}
      aria-label={t.filterPeople}
      value={people.length > 1 ? 'several' : (one ?? '')}
      onChange={(event) => {
        const user = event.target.value;
        onChange({ ...filter, people: user === '' ? [] : [user] });
      }}
    >
      <option value="">{t.filterEverybody}</option>
      {people.length > 1 && (
        <option value="several" disabled>
          {t.filterSeveral(people.length)}
        </option>
      )}
      {me && <option value={me}>{t.filterMe}</option>}
      <option value={nobody}>{t.filterNobody}</option>
      {gone && <option value={one}>{nameOf(one, members, t)}</option>}
      {others.map((member) => (
        <option key={member.user_id} value={member.user_id}>
          {member.name}
        </option>
      ))}
    </select>
  );
}

function MoreFilters({ filter, onChange }: PartProps): ReactNode {
  const t = useTexts();
  const partMissing = usePartMissing();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const chosen = choices(filter);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={`${controls.icon ?? ''} ${styles.more ?? ''}`}
        aria-label={chosen > 0 ? t.filterMoreOn(chosen) : t.filterMore}
        title={t.filterMore}
        aria-haspopup="dialog"
        aria-expanded={open}
        data-on={chosen > 0 ? '' : undefined}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <FunnelIcon />
        {chosen > 0 && (
          <span aria-hidden="true" className={styles.count}>
            {chosen}
          </span>
        )}
      </button>
      {open && (
        <panel.Part
          anchor={button}
          filter={filter}
          onChange={onChange}
          onClose={() => {
            setOpen(false);
          }}
          onMissing={() => {
            setOpen(false);
            partMissing();
          }}
        />
      )}
    </>
  );
}

/** Tells screen readers how many cards the filter leaves. */
function MatchesHeard({ passes }: { passes: Passes | null }): ReactNode {
  const t = useTexts();
  const { index } = useBoard();
  const { columns } = useBoardView(index);
  const [said, setSaid] = useState('');

  useEffect(() => {
    const timer = setTimeout(() => {
      if (!passes) {
        setSaid('');
        return;
      }
      let matches = 0;
      for (const column of columns) {
        for (const card of column.cards) if (passes(card)) matches += 1;
      }
      setSaid(t.filterMatches(matches));
    }, quietFor);
    return () => {
      clearTimeout(timer);
    };
  }, [columns, passes, t]);

  return (
    <p role="status" className="visually-hidden">
      {said}
    </p>
  );
}
