import { useId, useState, type ReactNode } from 'react';
import { useTexts, type Texts } from '../text/text';
import controls from '../ui/controls.module.css';
import { useBoard } from './BoardContext';
import type { Card } from './model';
import styles from './RepeatField.module.css';

/** The rules that the list offers, with their names. */
const offeredIn = (t: Texts): readonly (readonly [string, string])[] => [
  ['FREQ=DAILY', t.repeatDaily],
  ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', t.repeatWorkdays],
  ['FREQ=WEEKLY', t.repeatWeekly],
  ['FREQ=WEEKLY;INTERVAL=2', t.repeatFortnight],
  ['FREQ=MONTHLY', t.repeatMonthly],
  ['FREQ=MONTHLY;INTERVAL=3', t.repeatQuarter],
  ['FREQ=YEARLY', t.repeatYearly],
];

const unitsIn = (t: Texts): readonly (readonly [string, string])[] => [
  ['DAILY', t.repeatDays],
  ['WEEKLY', t.repeatWeeks],
  ['MONTHLY', t.repeatMonths],
  ['YEARLY', t.repeatYears],
];

/** The days that stand for the end of a month that is too short are no matter of the list. */
const endOfMonth = /;BYMONTHDAY=28(,29)?(,30)?(,31)?;BYSETPOS=-1/;

/** How often and in which unit a rule repeats; null if it says more than that. */
export function everyOf(rule: string): { count: number; unit: string } | null {
  const found = /^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(?:;INTERVAL=(\d+))?$/.exec(
    rule.replace(/;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1/, '').replace(endOfMonth, ''),
  );
  return found?.[1] ? { unit: found[1], count: Number(found[2] ?? '1') } : null;
}

/** The rule that repeats so often in a unit. */
export function ruleEvery(count: number, unit: string): string {
  return count === 1 ? `FREQ=${unit}` : `FREQ=${unit};INTERVAL=${String(count)}`;
}

/** When a card comes again: a list of usual rules, or every so many days, weeks, months, years. */
export function RepeatField(props: { card: Card; onEdited: (act: string) => void }): ReactNode {
  const { card, onEdited } = props;
  const t = useTexts();
  const { acts, canEdit } = useBoard();
  const id = useId();
  const [custom, setCustom] = useState(false);
  const kept = card.repeat ?? '';
  const every = everyOf(kept);
  const rule = every ? ruleEvery(every.count, every.unit) : kept;
  const offered = offeredIn(t);
  const listed = rule === '' || offered.some(([known]) => known === rule);

  const choose = (next: string): void => {
    if (next !== rule) onEdited(acts.repeat(card.id, next));
  };
  const counted = (count: number, unit: string): void => {
    if (Number.isInteger(count) && count >= 1 && count <= 999) choose(ruleEvery(count, unit));
  };

  return (
    <div>
      <label className={controls.label} htmlFor={id}>
        {t.repeat}
      </label>
      <select
        id={id}
        className={controls.field}
        disabled={!canEdit}
        value={custom ? 'custom' : rule}
        aria-describedby={`${id}h`}
        onChange={(event) => {
          const next = event.target.value;
          setCustom(next === 'custom');
          if (next !== 'custom') choose(next);
          // What the two fields then show is what holds.
          else if (!every) choose(ruleEvery(1, 'WEEKLY'));
        }}
      >
        <option value="">{t.repeatNever}</option>
        {offered.map(([known, name]) => (
          <option key={known} value={known}>
            {name}
          </option>
        ))}
        {!listed && <option value={rule}>{every ? everyText(every, t) : rule}</option>}
        <option value="custom">{t.repeatCustom}</option>
      </select>
      {custom && (
        <div className={styles.custom}>
          <input
            type="number"
            min={1}
            max={999}
            className={controls.field}
            aria-label={t.repeatEvery}
            value={every?.count ?? 1}
            onChange={(event) => {
              counted(event.target.valueAsNumber, every?.unit ?? 'WEEKLY');
            }}
          />
          <select
            className={controls.field}
            aria-label={t.repeatUnit}
            value={every?.unit ?? 'WEEKLY'}
            onChange={(event) => {
              counted(every?.count ?? 1, event.target.value);
            }}
          >
            {unitsIn(t).map(([unit, name]) => (
              <option key={unit} value={unit}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
      <p id={`${id}h`} className={rule ? styles.help : 'visually-hidden'}>
        {t.repeatHelp}
      </p>
    </div>
  );
}

function everyText(every: { count: number; unit: string }, t: Texts): string {
  const name = unitsIn(t).find(([unit]) => unit === every.unit)?.[1] ?? t.repeatDays;
  return `${t.repeatEvery} ${String(every.count)} ${name}`;
}
