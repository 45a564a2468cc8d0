import type { ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { localeOf } from '../text/text';
import { ArchiveDialog } from './ArchiveDialog';
import { useBoard, useBoardView } from './BoardContext';
import { BoardOverlay } from './boards/BoardOverlay';
import { focusBoards } from './boards/focusBoards';
import type { BoardRequest } from './boards/requests';
import { CardDialog } from './CardDialog';
import { goToCard, goToColumn, ifFocusIsLost } from './focus';
import { LimitDialog } from './LimitDialog';
import { CardMenu, ColumnMenu } from './Menus';
import type { Card, Column } from './model';
import { MoveDialog } from './MoveDialog';
import { RemoveColumnDialog } from './smallDialogs';

/** What is to be shown over the board. */
export type OverlayRequest =
  | { readonly kind: 'card'; readonly card: string }
  | { readonly kind: 'move'; readonly card: string; readonly lane: string | null }
  | { readonly kind: 'cardMenu'; readonly card: string; readonly anchor: HTMLElement }
  | { readonly kind: 'columnMenu'; readonly column: string; readonly anchor: HTMLElement }
  | { readonly kind: 'removeColumn' | 'limit'; readonly column: string }
  | { readonly kind: 'archive' }
  | BoardRequest;

export interface OverlaysProps {
  readonly request: OverlayRequest;
  /** Shows something else instead. */
  readonly onRequest: (request: OverlayRequest) => void;
  /** This one is done; if another has taken its place already, that one stays. */
  readonly onClose: (request: OverlayRequest) => void;
  /** Opens the field that renames a column. */
  readonly onRename: (column: string) => void;
}

/** Menus and dialogs of the board; in a file of their own, because they are fetched later. */
export default function Overlays(props: OverlaysProps): ReactNode {
  const { lang } = useBoard();
  return (
    <I18nProvider locale={localeOf(lang)}>
      <Overlay {...props} />
    </I18nProvider>
  );
}

function Overlay({ request, onRequest, onClose, onRename }: OverlaysProps): ReactNode {
  const { index } = useBoard();
  const { all: columns } = useBoardView(index);
  const close = (): void => {
    onClose(request);
    ifFocusIsLost(() => {
      if (request.kind === 'card' || request.kind === 'move') {
        const now = find(index.view.all, request.card);
        if (now) goToCard(now.card.id, now.column.id);
      } else if (request.kind === 'removeColumn' || request.kind === 'limit') {
        const stayed = index.view.columns.some(({ id }) => id === request.column);
        if (stayed) goToColumn(request.column);
      } else if (request.kind === 'archive') {
        const [first] = index.view.columns;
        if (first) goToColumn(first.id);
      } else if (isAboutBoards(request) && request.kind !== 'boardMenu') {
        focusBoards();
      }
    });
  };

  if (isAboutBoards(request)) {
    return <BoardOverlay request={request} onRequest={onRequest} onClose={close} />;
  }
  switch (request.kind) {
    case 'card':
      return <CardDialog id={request.card} onClose={close} />;
    case 'archive':
      return <ArchiveDialog onClose={close} />;
    case 'cardMenu': {
      const found = find(columns, request.card);
      return (
        found && (
          <CardMenu {...found} anchor={request.anchor} onRequest={onRequest} onClose={close} />
        )
      );
    }
    case 'move': {
      const found = find(columns, request.card);
      return found && <MoveDialog {...found} lane={request.lane} onClose={close} />;
    }
    case 'columnMenu': {
      const column = columns.find(({ id }) => id === request.column);
      return (
        column && (
          <ColumnMenu
            column={column}
            anchor={request.anchor}
            onRequest={onRequest}
            onClose={close}
            onRename={onRename}
          />
        )
      );
    }
    case 'limit': {
      const column = columns.find(({ id }) => id === request.column);
      return column && <LimitDialog column={column} onClose={close} />;
    }
    case 'removeColumn': {
      const column = columns.find(({ id }) => id === request.column);
      return column && <RemoveColumnDialog column={column} onClose={close} />;
    }
  }
}

const aboutBoards: readonly string[] = [
  'boardMenu',
  'addBoard',
  'renameBoard',
  'saveBoard',
  'boardArchive',
] satisfies BoardRequest['kind'][];

function isAboutBoards(request: OverlayRequest): request is BoardRequest {
  return aboutBoards.includes(request.kind);
}

/** A card with its column and the board's columns. */
export interface FoundCard {
  readonly card: Card;
  readonly column: Column;
  readonly columns: readonly Column[];
}

function find(columns: readonly Column[], id: string): FoundCard | null {
  for (const column of columns) {
    const card = column.cards.find((candidate) => candidate.id === id);
    if (card) return { card, column, columns };
  }
  return null;
}
