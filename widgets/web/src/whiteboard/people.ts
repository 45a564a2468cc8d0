import type { Collaborator, SocketId } from '@excalidraw/excalidraw/types';
import type { Member, PersonHere } from '../live/protocol';

/** The others at the whiteboard, as Excalidraw shows them; this page is not among them. */
export function collaboratorsOf(
  people: ReadonlyMap<string, PersonHere>,
  ownPage: string,
  members: ReadonlyMap<string, Member>,
): Map<SocketId, Collaborator> {
  const shown = new Map<SocketId, Collaborator>();
  for (const person of people.values()) {
    if (person.page === ownPage) continue;
    const { x, y, selected = [] } = person;
    shown.set(person.page as SocketId, {
      id: person.user_id,
      socketId: person.page as SocketId,
      username: members.get(person.user_id)?.name ?? person.user_id,
      button: person.down ? 'down' : 'up',
      selectedElementIds: Object.fromEntries(selected.map((id) => [id, true])),
      ...(x !== undefined &&
        y !== undefined && {
          pointer: { x, y, tool: person.tool ?? 'pointer' },
        }),
    });
  }
  return shown;
}
