import { useState, type ReactNode } from 'react';
import { I18nProvider, Separator, type Key } from 'react-aria-components';
import { addDays } from '../../text/dates';
import { localeOf, useTexts } from '../../text/text';
import type { CardChange } from '../acts';
import { useBoard } from '../BoardContext';
import { focusCard } from '../focus';
import { Entry, MenuPopover } from '../Menus';
import menus from '../Menus.module.css';
import type { Card } from '../model';
import { moveBy } from '../schedule';
import { DatesDialog } from './DatesDialog';

/** How far each entry moves a card that has a date. */
const steps: Readonly<Record<string, number>> = {
  later: 1,
  earlier: -1,
  weekLater: 7,
  weekEarlier: -7,
};

/** The menu by which a card gets other dates without being dragged, and how it is opened. */
export function useDatesMenu(onChange: (card: Card, change: CardChange) => void): {
  readonly open: (card: Card, anchor: HTMLElement) => void;
  readonly menu: ReactNode;
} {
  const t = useTexts();
  const { index, lang, today } = useBoard();
  const [asked, setAsked] = useState<{ card: string; anchor: HTMLElement; dialog: boolean } | null>(
    null,
  );
  const card = asked && index.card(asked.card);
  const close = (): void => {
    setAsked((now) => (now === asked ? null : now));
  };
  const change = (to: CardChange | null): void => {
    if (!card) return;
    if (to) onChange(card, to);
    focusCard(card.id, card.column);
  };
  const act = (key: Key): void => {
    if (!asked || !card) return;
    const days = steps[String(key)];
    if (days !== undefined) change(moveBy(card, days));
    if (key === 'today') change({ due: today });
    if (key === 'tomorrow') change({ due: addDays(today, 1) });
    if (key === 'none') change({ due: '' });
    if (key === 'dates') setAsked({ ...asked, dialog: true });
  };

  const menu =
    asked &&
    card &&
    (asked.dialog ? (
      <DatesDialog card={card} onChange={change} onClose={close} />
    ) : (
      <MenuPopover
        anchor={asked.anchor}
        label={t.datesMenu(card.title || t.cardUntitled)}
        onAction={act}
        onClose={close}
      >
        {card.due === '' ? (
          <>
            <Entry id="today">{t.datesToday}</Entry>
            <Entry id="tomorrow">{t.datesTomorrow}</Entry>
          </>
        ) : (
          <>
            <Entry id="later">{t.datesDayLater}</Entry>
            <Entry id="earlier">{t.datesDayEarlier}</Entry>
            <Entry id="weekLater">{t.datesWeekLater}</Entry>
            <Entry id="weekEarlier">{t.datesWeekEarlier}</Entry>
          </>
        )}
        <Separator className={menus.line ?? ''} />
        <Entry id="dates">{t.datesChange}</Entry>
        {card.due !== '' && <Entry id="none">{t.dialogDueClear}</Entry>}
      </MenuPopover>
    ));
  return {
    open: (of, anchor) => {
      setAsked({ card: of.id, anchor, dialog: false });
    },
    menu: menu && <I18nProvider locale={localeOf(lang)}>{menu}</I18nProvider>,
  };
}
