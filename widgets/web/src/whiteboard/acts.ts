import { rankBetween } from '../board/model';
import type { LiveClient } from '../live/client';
import { newID } from '../live/ids';
import { itemID } from './elements';
import { newWhiteboardID, whiteboardsOf, type Template } from './model';

/**
 * What a person can do with whiteboards beside drawing. Each sends an act and shows its expected
 * effect at once; each returns the act's id, by which it can be undone.
 */
export class WhiteboardActs {
  constructor(private readonly client: LiveClient) {}

  add(title: string, template: Template): { whiteboard: string; act: string } {
    const whiteboard = newWhiteboardID();
    const rank = rankBetween(whiteboardsOf(this.client.items).at(-1)?.rank ?? '', null);
    const args = { whiteboard, title, ...(template && { template }) };
    const act = this.client.act('whiteboard.add', args, [
      { item: whiteboard, kind: 'whiteboard', set: { title, rank } },
    ]);
    return { whiteboard, act };
  }

  rename(whiteboard: string, title: string): string {
    return this.client.act('whiteboard.edit', { whiteboard, title }, [
      { item: whiteboard, kind: 'whiteboard', set: { title } },
    ]);
  }

  remove(whiteboard: string): string {
    return this.client.act('whiteboard.remove', { whiteboard }, [
      { item: whiteboard, kind: 'whiteboard', set: { deleted: true } },
    ]);
  }

  /** Locks the whole whiteboard for all but moderators, or opens it again. */
  lock(whiteboard: string, on: boolean): string {
    return this.client.act('whiteboard.lock', { whiteboard, on }, [
      { item: whiteboard, kind: 'whiteboard', set: { locked: on ? true : null } },
    ]);
  }

  /** Locks elements for all but moderators, or opens them again. */
  lockElements(whiteboard: string, elements: readonly string[], on: boolean): string {
    const effect = elements.map((id) => ({
      item: itemID(whiteboard, id),
      kind: 'element',
      set: { locked: on ? true : null },
    }));
    return this.client.act('whiteboard.lock', { whiteboard, elements, on }, effect);
  }

  /** Makes a card of an element's text; the column is the first one if none is named. */
  makeCard(whiteboard: string, element: string): string {
    return this.client.act('whiteboard.card', { whiteboard, element, card: newID() }, []);
  }

  /** Keeps what lies on the whiteboard, by a name. It is shown once the server has it. */
  saveVersion(whiteboard: string, title: string): string {
    return this.client.act('whiteboard.save', { whiteboard, version: newID(), title }, []);
  }

  /** Deletes an earlier state. */
  forgetVersion(whiteboard: string, version: string): string {
    return this.client.act('whiteboard.forget', { whiteboard, version }, [
      { item: version, kind: 'version', set: { deleted: true } },
    ]);
  }

  /** Makes the whiteboard what it was in an earlier state. */
  restoreVersion(whiteboard: string, version: string): string {
    return this.client.act('whiteboard.restore', { whiteboard, version }, []);
  }

  undo(act: string): void {
    this.client.undo(act);
  }
}
