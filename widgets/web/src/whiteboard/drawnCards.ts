import { convertToExcalidrawElements } from '@excalidraw/excalidraw';
import { cardOf, type Element } from './elements';
import type { CardWords } from './shownCard';
import { widthOf, wrapped } from './wrapping';

const nunito = 6;
const [padding, gap] = [12, 4];
const titleSize = 15;
const lineSize = 13;
const lineHeight = 1.3;
const colors = {
  ground: '#ffffff',
  edge: '#8d97a5',
  accent: '#0b7a5c',
  title: '#1b1d22',
  line: '#5c6470',
};

type Skeletons = NonNullable<Parameters<typeof convertToExcalidrawElements>[0]>;

/**
 * The elements with cards drawn as they are now instead of being shown by the page: a picture holds
 * only what is drawn.
 */
export async function withCardsDrawn<E extends Element>(
  elements: readonly E[],
  wordsOf: (card: string) => CardWords,
): Promise<readonly E[]> {
  if (!elements.some(({ type }) => type === 'embeddable')) return elements;
  // What is not there in time is measured as what stands in for it, which is about as wide.
  await document.fonts.load(`${String(titleSize)}px Nunito`).catch(() => []);
  return elements.flatMap((element) => {
    if (element.type !== 'embeddable') return [element];
    return drawnCard(element, wordsOf(cardOf(element) ?? '')) as E[];
  });
}

function drawnCard(card: Element, words: CardWords): Element[] {
  const { x, y, width, height } = card;
  const skeletons: Skeletons = [
    {
      ...plain,
      type: 'rectangle',
      ...{ x, y, width, height },
      strokeColor: colors.edge,
      backgroundColor: colors.ground,
      strokeWidth: 1,
    },
    {
      ...plain,
      type: 'rectangle',
      ...{ x, y, width: Math.min(4, width), height },
      strokeColor: colors.accent,
      backgroundColor: colors.accent,
      strokeWidth: 1,
    },
  ];
  let top = y + padding;
  const bottom = y + height - gap;
  const write = (text: string, size: number, color: string, struck: boolean): void => {
    for (const line of wrapped(text, size, width - 2 * padding)) {
      if (top + size * lineHeight > bottom) return;
      const font = { fontSize: size, fontFamily: nunito, strokeColor: color };
      skeletons.push({ ...plain, ...font, type: 'text', x: x + padding, y: top, text: line });
      if (struck) {
        skeletons.push({
          ...plain,
          type: 'line',
          x: x + padding,
          y: top + size * 0.7,
          points: [
            [0, 0],
            [widthOf(line, size), 0],
          ] as never,
          strokeColor: color,
          strokeWidth: 1,
        });
      }
      top += size * lineHeight;
    }
    top += gap;
  };
  write(words.title, titleSize, colors.title, words.done);
  for (const line of words.lines) write(line, lineSize, colors.line, false);
  const drawn = convertToExcalidrawElements(skeletons);
  return drawn.map((part) => ({ ...turned(part, card), frameId: card.frameId }));
}

const plain = { roughness: 0, fillStyle: 'solid' } as const;

/** A part of a card, turned as the card is. */
function turned(part: Element, card: Element): Element {
  const angle = card.angle as unknown as number;
  if (angle === 0) return part;
  const [cx, cy] = [card.x + card.width / 2, card.y + card.height / 2];
  const [dx, dy] = [part.x + part.width / 2 - cx, part.y + part.height / 2 - cy];
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return {
    ...part,
    x: cx + dx * cos - dy * sin - part.width / 2,
    y: cy + dx * sin + dy * cos - part.height / 2,
    angle: card.angle,
  };
}
