/** Puts the focus where whole boards are chosen and handled. */
export function focusBoards(): void {
  requestAnimationFrame(() => {
    requestAnimationFrame(() => {
      const tab = document.querySelector<HTMLElement>('[data-boards] [aria-selected=true]');
      (tab ?? document.querySelector<HTMLElement>('[data-board-menu]'))?.focus();
    });
  });
}
