import type { ReactNode } from 'react';
import { AddBoardDialog } from './AddBoardDialog';
import { ArchiveDialog } from './ArchiveDialog';
import { BoardMenu } from './BoardMenu';
import { RenameBoardDialog, SaveBoardDialog } from './boardDialogs';
import type { BoardRequest } from './requests';

/** Menus and dialogs about whole boards. */
export function BoardOverlay(props: {
  request: BoardRequest;
  onRequest: (request: BoardRequest) => void;
  onClose: () => void;
}): ReactNode {
  const { request, onRequest, onClose } = props;
  switch (request.kind) {
    case 'boardMenu':
      return <BoardMenu anchor={request.anchor} onRequest={onRequest} onClose={onClose} />;
    case 'addBoard':
      return <AddBoardDialog onClose={onClose} />;
    case 'renameBoard':
      return <RenameBoardDialog onClose={onClose} />;
    case 'saveBoard':
      return <SaveBoardDialog onClose={onClose} />;
    case 'boardArchive':
      return <ArchiveDialog onClose={onClose} />;
  }
}
