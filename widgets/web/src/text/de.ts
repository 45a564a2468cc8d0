import type { Texts } from './text';

/** Every text that a person sees, in German (“Sie”). */
export const de: Texts = {
  surfaces: 'Ansichten dieses Raums',
  board: 'Board',
  loading: 'Das Board wird geladen…',
  signingIn: 'Sie werden angemeldet…',
  close: 'Schließen',
  cancel: 'Abbrechen',
  add: 'Hinzufügen',
  retry: 'Erneut versuchen',
  messages: 'Meldungen',

  enterTitle: 'Ihr Board öffnen',
  enterIntro:
    'Geben Sie Ihre Matrix-ID ein. Werkraum schickt Ihnen dann eine Direktnachricht mit einem Link, der das Board hier öffnet – ohne Passwort.',
  enterLabel: 'Ihre Matrix-ID',
  enterSend: 'Link zusenden',
  enterSending: 'Wird gesendet…',
  enterBadID: 'Eine Matrix-ID sieht so aus: @name:beispiel.de',
  enterSentTitle: 'Sehen Sie in Ihre Nachrichten',
  enterSent: (id) =>
    `Wenn ${id} in einem Raum mit Werkraum ist, ist eine Direktnachricht mit dem Link unterwegs. Der Link gilt einmal und nur kurze Zeit.`,
  enterAgain: 'Andere Matrix-ID verwenden',
  failedTitle: 'Das hat nicht geklappt',
  failedNetwork:
    'Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
  failedOdd: 'Der Server hat etwas Unerwartetes geantwortet. Versuchen Sie es gleich noch einmal.',
  failedBlocked:
    'Um das Board zu öffnen, muss Werkraum wissen, wer Sie sind. Versuchen Sie es erneut und erlauben Sie dem Widget, Ihre Identität zu prüfen.',
  failedHost:
    'Ihr Chatprogramm hat nicht geantwortet. Laden Sie das Widget neu, oder fordern Sie einen Link an, um das Board im Browser zu öffnen.',
  failedNewLink: 'Neuen Link anfordern',
  endedTitle: 'Die Sitzung ist beendet',
  endedExpired:
    'Zu Ihrer Sicherheit werden Sie nach einigen Stunden abgemeldet. Melden Sie sich erneut an, um fortzufahren.',
  endedRemoved:
    'Sie sind nicht mehr Mitglied dieses Raums. Bitten Sie jemanden im Raum, Sie wieder einzuladen.',
  endedMoved: 'Dieser Raum wurde durch einen neuen ersetzt, und das Board ist mit umgezogen.',
  endedSignIn: 'Erneut anmelden',
  endedOpenRoom: 'Neuen Raum öffnen',

  signOut: 'Abmelden',
  signingOut: 'Sie werden abgemeldet…',
  signOutUnsaved:
    'Es sind noch nicht alle Ihre Änderungen gespeichert. Bitte melden Sie sich ab, sobald sie es sind.',
  signedOutTitle: 'Sie sind abgemeldet',
  signedOut:
    'Sie können diesen Tab schließen. Um das Board wieder zu öffnen, fordern Sie einen neuen Link an.',

  reconnecting: 'Verbindung wird wiederhergestellt…',
  unsaved: (n) =>
    n === 1
      ? '1 Änderung noch nicht gespeichert'
      : `${String(n)} Änderungen noch nicht gespeichert`,
  readOnly:
    'Sie können lesen, aber nichts ändern: Ihre Berechtigungsstufe in diesem Raum reicht dafür nicht aus.',
  partMissing:
    'Dieser Teil der Seite ließ sich nicht laden: Werkraum wurde vermutlich erneuert. Bitte laden Sie die Seite neu.',
  reload: 'Neu laden',
  othersChanged: (names) => `Änderungen am Board durch ${names}.`,

  copy: 'Text kopieren',
  copied: 'Text kopiert',
  typed: 'Ihr Text',

  viewers: (n) => (n === 1 ? '1 Person sieht zu' : `${String(n)} Personen sehen zu`),
  you: (name) => `${name} (Sie)`,

  undo: 'Rückgängig',
  undoKeys: 'Rückgängig (Strg+Z)',
  filter: 'Filter',
  filterText: 'Karten filtern',
  filterPeople: 'Nach Zuweisung filtern',
  filterEverybody: 'Alle Karten',
  filterMe: 'Meine Karten',
  filterNobody: 'Nicht zugewiesen',
  filterClear: 'Filter aufheben',
  filterNone: 'Keine Karte passt zum Filter.',
  filterMatches: (n) =>
    n === 1 ? '1 Karte passt zum Filter.' : `${String(n)} Karten passen zum Filter.`,
  filterCount: (shown, all) => `${String(shown)} von ${String(all)}`,

  columnCount: (n) => (n === 1 ? '1 Karte' : `${String(n)} Karten`),
  columnDone: 'Karten hier sind erledigt',
  columnActions: (title) => `Aktionen für Spalte ${title}`,
  columnAdd: 'Spalte hinzufügen',
  columnNewTitle: 'Titel der neuen Spalte',
  columnRename: 'Umbenennen',
  columnTitle: 'Titel der Spalte',
  columnLeft: 'Nach links',
  columnRight: 'Nach rechts',
  columnMarkDone: 'Karten hier sind erledigt',
  columnRemove: 'Spalte entfernen',
  columnRemoveTitle: (title) => `Spalte „${title}“ entfernen`,
  columnRemoveInto: 'Wohin sollen ihre Karten?',
  columnRemoveLast:
    'Das ist die letzte Spalte. Legen Sie eine andere an, bevor Sie diese entfernen.',
  columnEmpty: 'Keine Karten',
  boardEmpty: 'Dieses Board hat noch keine Spalten',
  boardEmptyHint: 'Legen Sie die erste Spalte an, zum Beispiel „Offen“.',
  boardEmptyReadOnly: 'Sobald jemand Spalten und Karten anlegt, sehen Sie sie hier.',

  cardAdd: 'Karte hinzufügen',
  cardAddTo: (column) => `Karte hinzufügen zu ${column}`,
  cardNewTitle: 'Titel der neuen Karte',
  cardActions: (title) => `Aktionen für ${title}`,
  cardOpen: 'Öffnen',
  cardMoveTo: 'Verschieben nach…',
  cardUp: 'Eins nach oben',
  cardDown: 'Eins nach unten',
  cardDelete: 'Löschen',
  cardNumber: (number) => `#${number}`,
  cardUntitled: 'Ohne Titel',
  cardAssigned: (names) => `Zugewiesen an ${names}`,
  cardLabels: (labels) => `Schlagwörter: ${labels}`,
  comments: (n) => (n === 1 ? '1 Kommentar' : `${String(n)} Kommentare`),
  moveTitle: (title) => `„${title}“ verschieben`,
  moveColumn: 'Spalte',
  movePosition: 'Position',
  moveTop: 'Ganz oben',
  moveBottom: 'Ganz unten',
  move: 'Verschieben',

  due: (date) => `Fällig ${date}`,
  dueOverdue: (date) => `Überfällig: ${date}`,
  dueToday: 'Heute fällig',
  dueTomorrow: 'Morgen fällig',

  dialogTitle: 'Titel',
  dialogDescription: 'Beschreibung',
  dialogDescriptionHint: 'Was ist zu tun?',
  dialogDescriptionLong: 'Die Beschreibung ist zu lang und wird so nicht gespeichert.',
  dialogShorten: (n) => `Kürzen Sie sie um ${String(n)} Zeichen.`,
  dialogRoomLeft: (n) => `Noch Platz für höchstens ${String(n)} Zeichen.`,
  dialogDiscard: 'Änderung verwerfen',
  dialogColumn: 'Spalte',
  dialogDue: 'Fällig am',
  dialogDueClear: 'Ohne Frist',
  dialogToday: 'Heute',
  dialogTomorrow: 'Morgen',
  dialogNextWeek: 'In einer Woche',
  dialogCalendar: 'Datum auswählen',
  dialogAssignees: 'Zugewiesen an',
  dialogAssigneeAdd: 'Person hinzufügen',
  dialogLabels: 'Schlagwörter',
  dialogLabelAdd: 'Schlagwort hinzufügen',
  dialogLabelNew: (label) => `Neues Schlagwort „${label}“`,
  dialogNothing: 'Keine',
  dialogNoMatch: 'Nichts gefunden',
  dialogMore: (n) => `${String(n)} weitere. Tippen Sie einen Namen, um sie zu finden.`,
  dialogThere: 'Steht schon auf der Karte',
  dialogRemove: (what) => `${what} entfernen`,
  dialogSuggestions: 'Vorschläge zeigen',
  dialogComments: 'Kommentare',
  dialogNoComments: 'Noch keine Kommentare.',
  dialogCommentsHint: 'Antworten im Thread der Kartennachricht im Chat werden hier zu Kommentaren.',
  dialogOpenThread: 'Im Chat antworten',
  dialogSource: 'Aus einer Nachricht entstanden',
  dialogOpenSource: 'Nachricht zeigen',
  dialogCreated: (name, date) => `Angelegt von ${name} am ${date}`,
  dialogGone: 'Diese Karte wurde gelöscht.',
  dialogTooLong: (max) => `Höchstens ${String(max)} Zeichen.`,
  dialogNoTitle: 'Eine Karte braucht einen Titel.',

  didAdd: (title) => `„${title}“ hinzugefügt`,
  didMove: (title, column) => `„${title}“ nach ${column} verschoben`,
  didDelete: (title) => `„${title}“ gelöscht`,
  didEdit: (title) => `„${title}“ geändert`,
  didAddColumn: (title) => `Spalte „${title}“ hinzugefügt`,
  didEditColumn: (title) => `Spalte „${title}“ geändert`,
  didMoveColumn: (title) => `Spalte „${title}“ verschoben`,
  didRemoveColumn: (title) => `Spalte „${title}“ entfernt`,
  didUndo: 'Rückgängig gemacht',
  descriptionKept: (title) =>
    `Die Beschreibung von „${title}“ ist zu lang und wurde nicht gespeichert. Öffnen Sie die Karte und kürzen Sie sie.`,

  dragHelp:
    'Mit der Leertaste aufnehmen, mit den Pfeiltasten bewegen, mit der Leertaste ablegen, mit Escape abbrechen. Mit der Eingabetaste öffnen. Die Schaltfläche danach bietet ein Menü mit „Verschieben nach…“.',
  dragLifted: (what, position, of) =>
    `${what} aufgenommen, Position ${String(position)} von ${String(of)}.`,
  dragMoved: (what, position, of) => `${what}: Position ${String(position)} von ${String(of)}.`,
  dragMovedTo: (what, column, position, of) =>
    `${what}: Spalte ${column}, Position ${String(position)} von ${String(of)}.`,
  dragNowhere: 'Nicht über einer Stelle, an der abgelegt werden kann.',
  dragDropped: (what) => `${what} abgelegt.`,
  dragCancelled: (what) => `Abgebrochen. ${what} ist wieder an der alten Stelle.`,
};
