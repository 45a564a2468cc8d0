import { convertToExcalidrawElements } from '@excalidraw/excalidraw';
import { useId, useState, type ReactNode } from 'react';
import { useHub } from '../hub/hub';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { SmallDialog } from '../ui/SmallDialog';
import { addElements } from './alter';
import { useStage } from './stage';
import { viewOf } from './viewport';

const [cardWidth, cardHeight] = [260, 120];

/** Shows a card of the board on the whiteboard, in the middle of what the person sees. */
export function PlaceCardDialog({ onClose }: { onClose: () => void }): ReactNode {
  const t = useTexts();
  const { client, toasts } = useHub();
  const { api } = useStage();
  const id = useId();
  const [cards] = useState(() =>
    [...client.items.all.values()]
      .filter(({ kind, fields }) => kind === 'card' && !fields.deleted && !fields.archived)
      .map((item) => ({
        id: item.id,
        title: String(item.fields.title ?? ''),
        number: Number(item.fields.number ?? 0),
      }))
      .sort((a, b) => b.number - a.number),
  );
  const [chosen, setChosen] = useState(cards[0]?.id ?? '');

  const place = (): void => {
    onClose();
    const card = cards.find((one) => one.id === chosen);
    if (!card) return;
    const view = viewOf(api.getAppState());
    const [shape] = convertToExcalidrawElements([
      {
        type: 'rectangle',
        x: view.x + (view.width - cardWidth) / 2,
        y: view.y + (view.height - cardHeight) / 2,
        width: cardWidth,
        height: cardHeight,
        // The card has a frame of its own.
        strokeColor: 'transparent',
        roughness: 0,
        link: `werkraum:card/${card.id}`,
        customData: { card: card.id },
      },
    ]);
    if (!shape) return;
    addElements(api, [{ ...shape, type: 'embeddable' }]);
    toasts.done(t.didPlaceCard(card.title), null);
  };
  return (
    <SmallDialog
      title={t.cardPlaceTitle}
      confirm={cards.length > 0 ? t.add : null}
      onConfirm={place}
      onClose={onClose}
    >
      {cards.length === 0 ? (
        <p>{t.cardPlaceNone}</p>
      ) : (
        <div>
          <label className={controls.label} htmlFor={id}>
            {t.cardPlaceLabel}
          </label>
          <select
            id={id}
            className={controls.field}
            value={chosen}
            onChange={(event) => {
              setChosen(event.target.value);
            }}
          >
            {cards.map((card) => (
              <option key={card.id} value={card.id}>
                {`${String(card.number)} ${card.title}`}
              </option>
            ))}
          </select>
        </div>
      )}
    </SmallDialog>
  );
}
