import { StandInBoard } from './standInBoard.ts';

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** A believable board of a small town's administration. */
export function exampleBoard(): StandInBoard {
  const board = new StandInBoard();
  board.roomName = 'Bürgerbüro: Umzug ins neue Rathaus';
  for (const [user, name] of [
    ['@anna:amt.example', 'Anna Petersen'],
    ['@jens:amt.example', 'Jens Müller'],
    ['@miriam:partner.example', 'Miriam Kowalski'],
    ['@werkraum:amt.example', 'Werkraum'],
  ] as const) {
    board.members.set(user, name);
  }
  const columns = [
    ['ideen', 'Ideen', false],
    ['offen', 'Offen', false],
    ['arbeit', 'In Arbeit', false],
    ['pruefung', 'Wartet auf Freigabe durch die Amtsleitung', false],
    ['fertig', 'Erledigt', true],
  ] as const;
  columns.forEach(([id, title, done], i) => {
    board.put('column', id, { title, done, rank: String((i + 1) * 1e8).padStart(12, '0') });
  });
  const cards: [column: string, title: string, extra?: Record<string, string | true>][] = [
    ['ideen', 'Wegweiser auch in Leichter Sprache', { priority: 'low', start: inDays(12) }],
    ['ideen', 'Selbstbedienungsterminal für Ausweise', { 'label/technik': true }],
    [
      'offen',
      'Angebot für Umzugsfirma einholen',
      {
        due: inDays(-2),
        start: inDays(-9),
        priority: 'urgent',
        'assignee/@anna:amt.example': true,
        'label/vergabe': true,
        description: [
          'Mindestens **drei Angebote**, Frist der Vergabestelle: 14 Tage.',
          '## Was dazugehört',
          '- Möbel und Akten (siehe [Inventar](https://intern.amt.example/inventar))',
          '- [x] Vorlage vom letzten Umzug',
          '- [ ] Zeitplan *Erdgeschoss*',
          '',
          '> Bitte an die `Vergabe-Nr.` denken.',
        ].join('\n'),
        source: '$quelle',
        'check/a/title': 'Leistungsverzeichnis schreiben',
        'check/a/rank': '000000000100',
        'check/a/done': true,
        'check/b/title': 'Drei Firmen anschreiben',
        'check/b/rank': '000000000200',
        'check/b/done': true,
        'check/c/title': 'Angebote vergleichen und dem Personalrat vorlegen',
        'check/c/rank': '000000000300',
        'blocks/karte4': true,
        'relates/karte9': true,
        parent: 'karte6',
        'link/a/url': 'https://vergabe.amt.example/vorgaenge/2026-117',
        'link/a/title': 'Vergabeakte 2026-117',
        'link/b/url': 'https://www.amt.example/umzug',
      },
    ],
    [
      'offen',
      'Öffnungszeiten während des Umzugs abstimmen und auf der Webseite, im Amtsblatt und am Eingang bekanntgeben',
      {
        due: inDays(0),
        'assignee/@jens:amt.example': true,
        'assignee/@miriam:partner.example': true,
      },
    ],
    ['offen', 'Telefonnummern umziehen', { 'label/technik': true, 'label/eilt': true }],
    [
      'arbeit',
      'Raumplan mit dem Personalrat besprechen',
      {
        due: inDays(3),
        start: inDays(-1),
        priority: 'high',
        'assignee/@anna:amt.example': true,
        'assignee/@miriam:partner.example': true,
        'assignee/@jens:amt.example': true,
        'label/personal': true,
      },
    ],
    ['arbeit', 'מסמך 🏛️ <b>Hinweis</b> für Besucher', { 'label/öffentlichkeit': true }],
    ['pruefung', 'Brandschutzordnung', { due: inDays(20), 'assignee/@jens:amt.example': true }],
    ['fertig', 'Mietvertrag unterschreiben', { due: inDays(-30) }],
    ['fertig', 'Kick-off mit allen Ämtern'],
  ];
  cards.forEach(([column, title, extra], i) => {
    const id = `karte${String(i + 1)}`;
    board.put('card', id, {
      title,
      column,
      rank: String((i + 1) * 1e8).padStart(12, '0'),
      number: String(i + 1),
      message: `$nachricht${String(i + 1)}`,
      created: '2026-11-16T08:30:00Z',
      created_by: '@anna:amt.example',
      ...extra,
    });
  });
  board.put('label', 'hash-vergabe', { title: 'vergabe', color: 'orange' });
  board.put('label', 'hash-technik', { title: 'technik', color: 'teal' });
  board.put('label', 'hash-eilt', { title: 'eilt', color: 'red' });
  board.put('card', 'abgelegt', {
    title: 'Umzugskartons bestellen',
    column: 'fertig',
    rank: '000000000001',
    number: '99',
    'label/vergabe': true,
    archived: true,
  });
  board.comments.set('karte3', [
    {
      event_id: '$k1',
      by: '@jens:amt.example',
      name: 'Jens Müller',
      body: 'Firma Hansen hat abgesagt.\nIch frage noch Brügge & Sohn.',
      at: Date.now() - 86_400_000,
    },
    {
      event_id: '$k2',
      by: '@miriam:partner.example',
      name: 'Miriam Kowalski',
      body: 'Wir hatten gute Erfahrungen mit dem Rahmenvertrag des Kreises.',
      at: Date.now() - 3_600_000,
    },
  ]);
  return board;
}

/** A board with very many cards in one column. */
export function longBoard(cards: number): StandInBoard {
  const board = exampleBoard();
  for (let i = 0; i < cards; i += 1) {
    board.put('card', `viele${String(i)}`, {
      title:
        i % 7 === 0
          ? `Vorgang ${String(i)} mit einem Titel, der über zwei Zeilen geht`
          : `Vorgang ${String(i)}`,
      column: 'ideen',
      rank: String(1e10 + i * 1000).padStart(12, '0'),
      number: String(100 + i),
    });
  }
  return board;
}
