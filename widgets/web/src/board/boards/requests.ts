/** What is to be shown of whole boards, over the one that is there. */
export type BoardRequest =
  | { readonly kind: 'boardMenu'; readonly anchor: HTMLElement }
  | { readonly kind: 'addBoard' | 'renameBoard' | 'saveBoard' | 'boardArchive' };
