import { addDays, today } from '../../src/text/dates';
import type { ProjectRoom } from './room';
import type { Seat } from './seat';

/** What the people of a showroom are called, beside Anna. */
export const showroomCast = {
  name: 'Neues Bürgerbüro am Rathausplatz',
  colleagues: ['Jonas Lindner', 'Mia Brandt'],
};

/** Furnishes a room as people do who work in it: nothing is missing that a board can show. */
export async function furnish(room: ProjectRoom): Promise<void> {
  const { seat, anna } = room;
  const [jonas, mia] = room.colleagues;
  if (!jonas || !mia) throw new Error('nobody is there');
  const day = (days: number): string => addDays(today(), days);
  const offer = await seat.addCard('Angebot für Möbel einholen', 'doing', {
    description:
      'Sechs höhenverstellbare Tische, zwölf Stühle, **Wartebereich für 20 Personen**.\n\n- Rahmenvertrag des Landes prüfen\n- Lieferung in die Obergeschosse einrechnen',
    start: day(-3),
    due: day(1),
    priority: 'high',
    assignees: [jonas.id, anna.id],
    labels: ['vergabe'],
  });
  const plan = await seat.addCard('Grundriss Erdgeschoss abstimmen', 'doing', {
    start: day(-1),
    due: day(4),
    assignees: [anna.id, mia.id],
    labels: ['bau'],
  });
  await seat.addCard('Aufrufanlage: Angebote vergleichen', 'doing', {
    due: day(-7),
    priority: 'urgent',
    assignees: [jonas.id],
    labels: ['it', 'vergabe'],
  });
  await seat.addCard('Öffnungszeiten mit dem Personalrat abstimmen', 'doing', {
    due: day(8),
    assignees: [anna.id],
    labels: ['personal'],
  });
  await seat.addCard('Netzwerkdosen in allen Räumen messen', 'open', {
    start: day(6),
    due: day(9),
    assignees: [jonas.id],
    labels: ['it'],
  });
  await seat.addCard('Brandschutzkonzept einreichen', 'open', {
    due: day(5),
    assignees: [mia.id],
    labels: ['bau'],
  });
  const wayIn = await seat.addCard(
    'Eingang mit der Beauftragten für Barrierefreiheit begehen',
    'open',
    {
      due: day(0),
      assignees: [anna.id, mia.id],
      labels: ['barrierefreiheit', 'bau'],
    },
  );
  await seat.addCard('Umzugswagen reservieren', 'open', {
    due: day(18),
    priority: 'low',
    labels: ['umzug'],
  });
  await seat.addCard('Pressemitteilung zum neuen Standort entwerfen', 'open', {
    assignees: [anna.id],
    labels: ['presse'],
  });
  for (const [title, who, label] of [
    ['Alte Akten ins Zwischenarchiv geben', jonas.id, 'umzug'],
    ['Protokoll der ersten Baustellenbegehung', mia.id, 'bau'],
  ] as const) {
    await seat.addCard(title, 'done', { due: day(-2), assignees: [who], labels: [label] });
  }
  await paint(seat);
  await seat.do('card.relate', { card: plan, relation: 'blocks', other: offer, on: true });
  await seat.do('card.relate', { card: offer, relation: 'relates', other: wayIn, on: true });
  const link = {
    card: offer,
    link: 'rahmenvertrag',
    url: 'https://vergabe.land.example/rahmen/117',
  };
  await seat.do('card.link', { ...link, title: 'Rahmenvertrag' });
  const checks = ['Drei Firmen anfragen', 'Angebote vergleichen', 'Personalrat anhören'];
  for (const [i, title] of checks.entries()) {
    const entry = { card: offer, entry: `schritt${String(i)}`, title };
    await seat.do('card.check', { ...entry, ...(i === 0 && { done: true }) });
  }
  await seat.do('comment.add', {
    card: offer,
    text: 'Zwei Angebote sind da, das dritte kommt bis Donnerstag.',
  });
}

async function paint(seat: Seat): Promise<void> {
  const colors = {
    vergabe: 'pink',
    bau: 'blue',
    it: 'teal',
    personal: 'purple',
    umzug: 'orange',
    presse: 'grey',
    barrierefreiheit: 'green',
  };
  for (const [label, color] of Object.entries(colors)) {
    await seat.do('label.edit', { label, color });
  }
}
