import './excalidraw';
import { CaptureUpdateAction, Excalidraw, MainMenu } from '@excalidraw/excalidraw';
import type { ExcalidrawImperativeAPI } from '@excalidraw/excalidraw/types';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useHub } from '../hub/hub';
import { useLang, useTexts } from '../text/text';
import type { WhiteboardActs } from './acts';
import type { Canvas } from './follower';
import type { Whiteboard } from './model';
import { collaboratorsOf } from './people';
import { Session } from './session';
import { SceneWatch, type Stage } from './stage';
import { useTheme } from './useTheme';
import styles from './WhiteboardCanvas.module.css';
import { showView, viewOf } from './viewport';

function canvasOf(api: ExcalidrawImperativeAPI): Canvas {
  return {
    elements: () => api.getSceneElementsIncludingDeleted(),
    show: (elements) => {
      // What others do is not for this person to undo.
      api.updateScene({ elements, captureUpdate: CaptureUpdateAction.NEVER });
    },
  };
}

/** The drawing area of a whiteboard. */
export function WhiteboardCanvas(props: {
  whiteboard: Whiteboard;
  acts: WhiteboardActs;
  canDraw: boolean;
  onReady: (stage: Stage | null) => void;
}): ReactNode {
  const { whiteboard, acts, canDraw, onReady } = props;
  const t = useTexts();
  const lang = useLang();
  const theme = useTheme();
  const { client } = useHub();
  const [api, setAPI] = useState<ExcalidrawImperativeAPI | null>(null);
  const [scene] = useState(() => new SceneWatch());
  const session = useRef<Session | null>(null);
  const mayDraw = useRef(canDraw);
  useEffect(() => {
    mayDraw.current = canDraw;
  }, [canDraw]);

  useEffect(() => {
    if (!api) return;
    let frame: number | null = null;
    const showOthers = (): void => {
      frame ??= requestAnimationFrame(() => {
        frame = null;
        const { page, members } = client.state;
        api.updateScene({ collaborators: collaboratorsOf(open.others.all, page, members) });
        const followed = api.getAppState().userToFollow?.socketId;
        const view = followed && open.others.all.get(followed)?.view;
        if (view) showView(api, view);
      });
    };
    const open = new Session(
      whiteboard.id,
      client,
      canvasOf(api),
      showOthers,
      () => mayDraw.current,
    );
    session.current = open;
    open.start();
    return () => {
      open.finish();
      open.stop();
      if (frame !== null) cancelAnimationFrame(frame);
      session.current = null;
    };
  }, [api, client, whiteboard.id]);

  useEffect(() => {
    const open = session.current;
    if (api && open) onReady({ api, session: open, whiteboard, acts, canDraw, scene });
  }, [api, onReady, whiteboard, acts, canDraw, scene]);
  useEffect(
    () => () => {
      onReady(null);
    },
    [onReady],
  );

  return (
    <section className={styles.canvas} aria-label={t.whiteboardCanvas(whiteboard.title)}>
      <Excalidraw
        excalidrawAPI={setAPI}
        langCode={lang === 'de' ? 'de-DE' : 'en'}
        theme={theme}
        name={whiteboard.title}
        viewModeEnabled={!canDraw}
        isCollaborating
        aiEnabled={false}
        validateEmbeddable={(link) => link.startsWith('werkraum:card/')}
        UIOptions={{
          canvasActions: {
            changeViewBackgroundColor: false,
            clearCanvas: true,
            export: false,
            loadScene: false,
            saveAsImage: false,
            saveToActiveFile: false,
            toggleTheme: false,
          },
        }}
        onChange={(elements, state, files) => {
          scene.take(elements);
          session.current?.changed(elements, state, files);
        }}
        onPointerUpdate={({ pointer, button }) => {
          session.current?.own.set({
            x: Math.round(pointer.x),
            y: Math.round(pointer.y),
            tool: pointer.tool,
            down: button === 'down' ? true : undefined,
          });
        }}
        onScrollChange={() => {
          if (api) session.current?.own.set({ view: viewOf(api.getAppState()) });
        }}
      >
        <MainMenu>
          <MainMenu.DefaultItems.SearchMenu />
          {canDraw && <MainMenu.DefaultItems.ClearCanvas />}
          <MainMenu.DefaultItems.Help />
        </MainMenu>
      </Excalidraw>
    </section>
  );
}
