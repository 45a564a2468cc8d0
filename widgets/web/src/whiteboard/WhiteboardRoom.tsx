import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useHub, useRoom } from '../hub/hub';
import { TopBar } from '../hub/TopBar';
import { useTexts } from '../text/text';
import { WhiteboardActs } from './acts';
import { NoWhiteboards } from './NoWhiteboards';
import { whiteboardsOf, type Whiteboard } from './model';
import styles from './WhiteboardRoom.module.css';
import { WhiteboardStage } from './WhiteboardStage';
import { WhiteboardTools } from './WhiteboardTools';

/** The whiteboards of the room, one of them open. */
export default function WhiteboardRoom(): ReactNode {
  const t = useTexts();
  const { client, lastWhiteboards } = useHub();
  const room = useRoom((state) => state.room?.id ?? '');
  const known = useRoom((state) => state.loaded !== 'nothing');
  const canEdit = useRoom((state) => state.me?.can.edit ?? false);
  const moderates = useRoom((state) => state.me?.can.moderate ?? false);
  const loaded = useRoom((state) => state.whiteboard?.loaded ?? false);
  const [acts] = useState(() => new WhiteboardActs(client));
  const whiteboards = useWhiteboards();
  const [chosen, setChosen] = useState('');
  const wanted = chosen || (lastWhiteboards.get(room) ?? lastWhiteboards.get(''));
  const shown = whiteboards.find(({ id }) => id === wanted) ?? whiteboards[0];
  const open = shown?.id ?? null;

  const show = (id: string): void => {
    setChosen(id);
    lastWhiteboards.set(room, id);
  };

  useEffect(() => {
    client.openWhiteboard(open);
  }, [client, open]);
  useEffect(
    () => () => {
      client.openWhiteboard(null);
    },
    [client],
  );

  const canDraw = canEdit && (moderates || shown?.locked !== true);
  const waiting = (
    <p role="status" aria-busy="true" className={styles.waiting}>
      {t.whiteboardLoading}
    </p>
  );
  if (!shown) {
    return (
      <>
        <TopBar surface="whiteboard" undo={null} tools={null} />
        <main className={styles.main}>
          {known ? <NoWhiteboards acts={acts} onShow={show} /> : waiting}
        </main>
      </>
    );
  }
  const tools = (
    <WhiteboardTools whiteboards={whiteboards} shown={shown} acts={acts} onShow={show} />
  );
  return loaded ? (
    <WhiteboardStage
      key={shown.id}
      whiteboard={shown}
      acts={acts}
      canDraw={canDraw}
      tools={tools}
    />
  ) : (
    <>
      <TopBar surface="whiteboard" undo={null} tools={tools} />
      <main className={styles.main}>{waiting}</main>
    </>
  );
}

/** The whiteboards of the room, as they change; the same list until one of them does. */
function useWhiteboards(): readonly Whiteboard[] {
  const { client } = useHub();
  const [store] = useState(() => {
    let version = -1;
    let list: readonly Whiteboard[] = [];
    return {
      subscribe: (listener: () => void) =>
        client.onItems((changed) => {
          for (const id of changed) {
            const item = client.items.get(id);
            if (item && item.kind !== 'whiteboard') continue;
            listener();
            return;
          }
        }),
      read: () => {
        if (version === client.items.version) return list;
        version = client.items.version;
        const next = whiteboardsOf(client.items);
        if (JSON.stringify(next) !== JSON.stringify(list)) list = next;
        return list;
      },
    };
  });
  return useSyncExternalStore(store.subscribe, store.read);
}
