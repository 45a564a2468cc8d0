/**
 * Every text that a person sees, in English. This is the shape that the other languages must fill:
 * a missing text does not compile, and `text.test.ts` finds empty and unused ones.
 */
export const en = {
  // The page
  surfaces: 'Views of this room',
  board: 'Board',
  loading: 'Loading the board…',
  waiting: 'One moment…',
  signingIn: 'Signing in…',
  close: 'Close',
  cancel: 'Cancel',
  add: 'Add',
  retry: 'Try again',
  messages: 'Messages',

  // Sign-in
  enterTitle: 'Open your board',
  enterIntro:
    'Enter your Matrix ID. Werkraum then sends you a direct message with a link that opens the board here, without a password.',
  enterLabel: 'Your Matrix ID',
  enterSend: 'Send me a link',
  enterSending: 'Sending…',
  enterBadID: 'A Matrix ID looks like this: @name:example.org',
  enterSentTitle: 'Look into your messages',
  enterSent: (id: string) =>
    `If ${id} is in a room with Werkraum, a direct message with the link is on its way. The link works once and for a short time.`,
  enterAgain: 'Use another Matrix ID',
  failedTitle: 'That did not work',
  failedNetwork: 'The server cannot be reached. Check your connection and try again.',
  failedOdd: 'The server answered something unexpected. Try again in a moment.',
  failedBlocked:
    'To open the board, Werkraum has to know who you are. Try again and allow the widget to verify your identity.',
  failedHost:
    'Your chat app did not answer. Reload the widget, or ask for a link to open the board in the browser.',
  failedNewLink: 'Ask for a new link',
  endedTitle: 'The session has ended',
  endedExpired: 'For your safety you are signed out after some hours. Sign in again to go on.',
  endedRemoved:
    'You are no longer a member of this room. Ask somebody in the room to invite you again.',
  endedMoved: 'This room has been replaced by a new one, and the board has moved along with it.',
  endedSignIn: 'Sign in again',
  endedOpenRoom: 'Open the new room',

  // Signing out
  signOut: 'Sign out',
  signingOut: 'Signing out…',
  signOutUnsaved: 'Not all of your changes are saved yet. Please sign out as soon as they are.',
  signedOutTitle: 'You are signed out',
  signedOut: 'You can close this tab. To open the board again, ask for a new link.',

  // State of the connection
  reconnecting: 'Reconnecting…',
  unsaved: (n: number) =>
    n === 1 ? '1 change not yet saved' : `${String(n)} changes not yet saved`,
  readOnly: 'You can look, but not change anything: your power level in this room is too low.',
  partMissing:
    'This part of the page could not be loaded: Werkraum has probably been updated. Please reload the page.',
  reload: 'Reload',
  othersChanged: (names: string) => `${names} changed the board.`,

  // Text that was refused
  copy: 'Copy text',
  copied: 'Text copied',
  typed: 'Your text',

  // Viewers
  viewers: (n: number) => (n === 1 ? '1 person is looking' : `${String(n)} people are looking`),
  you: (name: string) => `${name} (you)`,

  // Tools
  views: 'View',
  viewTable: 'Table',
  undo: 'Undo',
  undoKeys: 'Undo (Ctrl+Z)',
  filter: 'Filter',
  filterOn: 'Filter, active',
  filterText: 'Filter cards',
  filterPeople: 'Filter by person',
  filterEverybody: 'All cards',
  filterMe: 'My cards',
  filterNobody: 'Unassigned',
  filterClear: 'Clear filter',
  filterSeveral: (n: number) => `${String(n)} people`,
  filterMore: 'More filters',
  filterMoreOn: (n: number) =>
    n === 1 ? 'More filters, 1 chosen' : `More filters, ${String(n)} chosen`,
  filterDue: 'Due',
  filterDueAny: 'Whenever',
  filterDueOverdue: 'Overdue',
  filterDueToday: 'Today',
  filterDueWeek: 'This week',
  filterDueMonth: 'This month',
  filterDueNone: 'Without a date',
  filterLabelAdd: 'Filter by label',
  filterPersonAdd: 'Filter by more people',
  filterNone: 'No card matches the filter.',
  filterMatches: (n: number) =>
    n === 1 ? '1 card matches the filter.' : `${String(n)} cards match the filter.`,
  filterCount: (shown: number, all: number) => `${String(shown)} of ${String(all)}`,

  // Columns
  columnCount: (n: number) => (n === 1 ? '1 card' : `${String(n)} cards`),
  columnDone: 'Cards here are done',
  columnActions: (title: string) => `Actions for column ${title}`,
  columnAdd: 'Add column',
  columnNewTitle: 'Title of the new column',
  columnRename: 'Rename',
  columnTitle: 'Title of the column',
  columnLeft: 'Move left',
  columnRight: 'Move right',
  columnMarkDone: 'Cards here are done',
  columnRemove: 'Remove column',
  columnRemoveTitle: (title: string) => `Remove column “${title}”`,
  columnRemoveInto: 'Where should its cards go?',
  columnRemoveLast: 'This is the last column. Add another one before you remove it.',
  columnEmpty: 'No cards',
  boardEmpty: 'This board has no columns yet',
  boardEmptyHint: 'Add the first column, for example “To do”.',
  boardEmptyReadOnly: 'As soon as somebody adds columns and cards, you see them here.',

  // Cards
  cardAdd: 'Add card',
  cardAddTo: (column: string) => `Add card to ${column}`,
  cardNewTitle: 'Title of the new card',
  cardActions: (title: string) => `Actions for ${title}`,
  cardOpen: 'Open',
  cardMoveTo: 'Move to…',
  cardUp: 'Move up',
  cardDown: 'Move down',
  cardDelete: 'Delete',
  cardNumber: (number: string) => `#${number}`,
  cardUntitled: 'Untitled',
  cardAssigned: (names: string) => `Assigned to ${names}`,
  cardLabels: (labels: string) => `Labels: ${labels}`,
  comments: (n: number) => (n === 1 ? '1 comment' : `${String(n)} comments`),
  moveTitle: (title: string) => `Move “${title}”`,
  moveColumn: 'Column',
  movePosition: 'Position',
  moveTop: 'At the top',
  moveBottom: 'At the bottom',
  move: 'Move',

  // Due dates
  due: (date: string) => `Due ${date}`,
  dueOverdue: (date: string) => `Overdue: ${date}`,
  dueToday: 'Due today',
  dueTomorrow: 'Due tomorrow',

  // Table
  tableColumns: 'Columns',
  tableNumber: 'No.',
  tableDue: 'Due',
  tableCreated: 'Created',
  start: 'Start',
  priority: 'Priority',
  priorityUrgent: 'Urgent',
  priorityHigh: 'High',
  priorityNormal: 'Normal',
  priorityLow: 'Low',

  // The card dialog
  dialogTitle: 'Title',
  dialogDescription: 'Description',
  dialogDescriptionHint: 'What is to be done?',
  dialogDescriptionLong: 'The description is too long and is not saved like this.',
  dialogShorten: (n: number) =>
    `Shorten it by ${String(n)} ${n === 1 ? 'character' : 'characters'}.`,
  dialogRoomLeft: (n: number) => `Room for at most ${String(n)} more characters.`,
  dialogDiscard: 'Discard the change',
  dialogColumn: 'Column',
  dialogDue: 'Due date',
  dialogDueClear: 'No due date',
  dialogToday: 'Today',
  dialogTomorrow: 'Tomorrow',
  dialogNextWeek: 'In a week',
  dialogCalendar: 'Choose a date',
  dialogAssignees: 'Assigned to',
  dialogAssigneeAdd: 'Add person',
  dialogLabels: 'Labels',
  dialogLabelAdd: 'Add label',
  dialogLabelNew: (label: string) => `New label “${label}”`,
  dialogNothing: 'None',
  dialogNoMatch: 'Nothing found',
  dialogMore: (n: number) => `${String(n)} more. Type a name to find them.`,
  dialogThere: 'Already on this card',
  dialogRemove: (what: string) => `Remove ${what}`,
  dialogSuggestions: 'Show suggestions',
  dialogComments: 'Comments',
  dialogLoadingComments: 'Loading the comments…',
  dialogNoComments: 'No comments yet.',
  dialogCommentsHint: 'Replies in the thread of the card’s message in the chat become comments.',
  dialogOpenThread: 'Reply in the chat',
  dialogSource: 'Made from a message',
  dialogOpenSource: 'Show the message',
  dialogCreated: (name: string, date: string) => `Created by ${name} on ${date}`,
  erasedPerson: 'Erased person',
  dialogGone: 'This card has been deleted.',
  dialogTooLong: (max: number) => `At most ${String(max)} characters.`,
  dialogNoTitle: 'A card needs a title.',

  // After own changes
  didAdd: (title: string) => `Added “${title}”`,
  didMove: (title: string, column: string) => `Moved “${title}” to ${column}`,
  didDelete: (title: string) => `Deleted “${title}”`,
  didEdit: (title: string) => `Changed “${title}”`,
  didAddColumn: (title: string) => `Added column “${title}”`,
  didEditColumn: (title: string) => `Changed column “${title}”`,
  didMoveColumn: (title: string) => `Moved column “${title}”`,
  didRemoveColumn: (title: string) => `Removed column “${title}”`,
  didUndo: 'Undone',
  descriptionKept: (title: string) =>
    `The description of “${title}” is too long and was not saved. Open the card and shorten it.`,

  // Dragging by keyboard, for screen readers
  dragHelp:
    'Press Space to pick up, use the arrow keys to move, Space again to drop, Escape to cancel. Press Enter to open. The button after it offers a menu with “Move to…”.',
  dragLifted: (what: string, position: number, of: number) =>
    `Picked up ${what}, position ${String(position)} of ${String(of)}.`,
  dragMoved: (what: string, position: number, of: number) =>
    `${what}: position ${String(position)} of ${String(of)}.`,
  dragMovedTo: (what: string, column: string, position: number, of: number) =>
    `${what}: column ${column}, position ${String(position)} of ${String(of)}.`,
  dragNowhere: 'Not over a place where it can be dropped.',
  dragDropped: (what: string) => `Dropped ${what}.`,
  dragCancelled: (what: string) => `Cancelled. ${what} is back where it was.`,
};
