/** Puts the focus where whole boards are chosen and handled. */
export function focusBoards(): void {
  requestAnimationFrame(() => {
    requestAnimationFrame(() => {
      const tab = document.querySelector<HTMLElement>('[role=tab][aria-selected=true]');
      (tab ?? document.querySelector<HTMLElement>('[data-board-menu]'))?.focus();
    });
  });
}
