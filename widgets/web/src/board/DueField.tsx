import { parseDate, type CalendarDate } from '@internationalized/date';
import { useState, type ReactNode } from 'react';
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  Group,
  Heading,
  Label,
  Popover,
} from 'react-aria-components';
import { addDays, showDay } from '../text/dates';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { BackIcon, CalendarIcon, ForwardIcon } from '../ui/icons';
import { useBoard } from './BoardContext';
import styles from './DueField.module.css';
import menus from './Menus.module.css';
import { useDraft } from './useDraft';

/** Dates before it are half-typed years; the server takes none after the other. */
const firstDay = '1970-01-01';
const lastDay = '2999-12-31';

/** A due date; `due` is YYYY-MM-DD or empty. */
export function DueField(props: { due: string; onChange: (due: string) => void }): ReactNode {
  const t = useTexts();
  const { today } = useBoard();
  return (
    <DayField
      label={t.dialogDue}
      none={t.dialogDueClear}
      day={props.due}
      quick={[
        [t.dialogToday, today],
        [t.dialogTomorrow, addDays(today, 1)],
        [t.dialogNextWeek, addDays(today, 7)],
      ]}
      onChange={props.onChange}
    />
  );
}

/** A day that a card has; YYYY-MM-DD or empty. */
export function DayField(props: {
  label: string;
  /** What it is called to have none. */
  none: string;
  day: string;
  /** Days that can be chosen with one press, with their names. */
  quick: readonly (readonly [name: string, day: string])[];
  /** It has just been asked for. */
  focused?: boolean;
  onChange: (day: string) => void;
}): ReactNode {
  const { day: due, onChange } = props;
  const t = useTexts();
  const { today, canEdit, lang } = useBoard();
  // While a year is being typed every digit is a date; only a finished one is a change.
  const draft = useDraft(due, (day) => {
    if (day === '' || (day >= firstDay && day <= lastDay)) onChange(day);
  });
  const [open, setOpen] = useState(false);

  const choose = (day: string): void => {
    draft.reset();
    if (day !== due) onChange(day);
  };

  if (!canEdit) {
    return (
      <div>
        <span className={controls.label}>{props.label}</span>
        <p>{due ? showDay(due, lang, today) : props.none}</p>
      </div>
    );
  }
  return (
    <div className={styles.due}>
      <DatePicker
        value={dateOf(draft.value)}
        isOpen={open}
        onOpenChange={setOpen}
        shouldForceLeadingZeros
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus={props.focused ?? false}
        onChange={(date) => {
          // From the calendar a date is finished, from the keyboard not yet.
          const day = date?.toString() ?? '';
          if (open) choose(day);
          else draft.change(day);
        }}
        onBlur={draft.flush}
      >
        <Label className={controls.label ?? ''}>{props.label}</Label>
        <Group className={`${controls.field ?? ''} ${styles.field ?? ''}`}>
          <DateInput className={styles.input ?? ''}>
            {(segment) => <DateSegment segment={segment} className={styles.segment ?? ''} />}
          </DateInput>
          <Button className={controls.icon ?? ''} aria-label={t.dialogCalendar}>
            <CalendarIcon />
          </Button>
        </Group>
        <Popover className={menus.popover ?? ''}>
          <Dialog className={styles.dialog ?? ''} aria-label={t.dialogCalendar}>
            <Calendar>
              <header className={styles.header}>
                <Button slot="previous" className={controls.icon ?? ''}>
                  <BackIcon />
                </Button>
                <Heading className={styles.month ?? ''} />
                <Button slot="next" className={controls.icon ?? ''}>
                  <ForwardIcon />
                </Button>
              </header>
              <CalendarGrid weekdayStyle="short">
                <CalendarGridHeader>
                  {(day) => (
                    <CalendarHeaderCell className={styles.weekday ?? ''}>{day}</CalendarHeaderCell>
                  )}
                </CalendarGridHeader>
                <CalendarGridBody>
                  {(date) => <CalendarCell date={date} className={styles.cell ?? ''} />}
                </CalendarGridBody>
              </CalendarGrid>
            </Calendar>
          </Dialog>
        </Popover>
      </DatePicker>
      <div className={styles.quick}>
        {[...props.quick, ...(due ? ([[props.none, '']] as const) : [])].map(([name, day]) => (
          <button
            key={name}
            type="button"
            className={`${controls.button ?? ''} ${controls.small ?? ''}`}
            onClick={() => {
              choose(day);
            }}
          >
            {name}
          </button>
        ))}
      </div>
    </div>
  );
}

function dateOf(due: string): CalendarDate | null {
  try {
    return due ? parseDate(due) : null;
  } catch {
    return null;
  }
}
