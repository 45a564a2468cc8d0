import './excalidraw';
import { CaptureUpdateAction, Excalidraw, MainMenu } from '@excalidraw/excalidraw';
import type { ExcalidrawImperativeAPI } from '@excalidraw/excalidraw/types';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { copyOfDrawn } from '../hub/drawn';
import { useHub } from '../hub/hub';
import { ServerRefusal } from '../session/server';
import { newID } from '../live/ids';
import type { Item } from '../live/protocol';
import { useLang, useTexts } from '../text/text';
import type { WhiteboardActs } from './acts';
import { alterElements } from './alter';
import { CardFace } from './CardState';
import { cardOf, itemID, type Element } from './elements';
import type { Canvas } from './follower';
import { sayError, takeFile, whyNoPicture } from './incoming';
import type { Whiteboard } from './model';
import { fileForUs, fitPasted } from './pasting';
import { collaboratorsOf } from './people';
import { Pictures } from './pictures';
import { Presenting } from './presenting';
import { Session } from './session';
import { SceneWatch, type Stage } from './stage';
import { useTheme } from './useTheme';
import styles from './WhiteboardCanvas.module.css';
import { findContent, showView } from './viewport';

type Parts = Pick<Stage, 'session' | 'presenting' | 'pictures'>;

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
  const { client, toasts, showSurface } = useHub();
  const [api, setAPI] = useState<ExcalidrawImperativeAPI | null>(null);
  const [scene] = useState(() => new SceneWatch());
  const parts = useRef<Parts | null>(null);
  const area = useRef<HTMLElement>(null);
  const mayDraw = useRef(canDraw);
  useEffect(() => {
    mayDraw.current = canDraw;
  }, [canDraw]);

  useEffect(() => {
    if (!api) return;
    let frame: number | null = null;
    let seen = '';
    const showOthers = (): void => {
      frame ??= requestAnimationFrame(() => {
        frame = null;
        const { page, members } = client.state;
        const people = session.others.all;
        presenting.take({ ownPage: page, presenter: session.others.presenter, people }, Date.now());
        api.updateScene({ collaborators: collaboratorsOf(people, page, members) });
        follow();
      });
    };
    // Whom the person has chosen to follow, else who presents.
    const follow = (): void => {
      const chosen = api.getAppState().userToFollow?.socketId;
      const leader = chosen === undefined ? presenting.leader : session.others.all.get(chosen);
      const shown = chosen === undefined ? leader?.frame : undefined;
      const frame = api.getSceneElements().find((element) => element.id === shown);
      const view = frame ?? leader?.view;
      const mark = view ? [view.x, view.y, view.width, view.height].join(' ') : '';
      if (mark === seen) return;
      seen = mark;
      if (view) showView(api, view);
    };
    const session = new Session(
      whiteboard.id,
      client,
      canvasOf(api),
      showOthers,
      () => mayDraw.current,
      () => {
        toasts.refused(t.foreignRefused);
      },
      (elements) => {
        const field = area.current?.querySelector<HTMLElement>('.excalidraw-wysiwyg');
        field?.blur();
        const known = (item: string): Item | undefined => client.items.known(item);
        toasts.refused(t.drawingLost, copyOfDrawn({ whiteboard: whiteboard.id, elements }, known));
      },
    );
    const presenting = new Presenting((part) => {
      session.own.set(part);
    });
    const shows =
      (file: string) =>
      (change: object) =>
      (element: Element): object | null =>
        element.type === 'image' && element.fileId === file && !element.isDeleted ? change : null;
    const pictures = new Pictures(
      whiteboard.id,
      api,
      () => ({ session: client.bearer, lang }),
      (file, error) => {
        alterElements(api, shows(file)({ isDeleted: true }), 'unseen');
        const said = error instanceof ServerRefusal ? error.message : '';
        toasts.refused(said || whyNoPicture(error, t) || t.pictureRefused);
      },
      (file) => {
        alterElements(api, shows(file)({ status: 'saved' }), 'unseen');
      },
    );
    const ends = [
      presenting.subscribe(follow),
      // Whoever begins to follow somebody sees what they see, though that stands still.
      api.onUserFollow(() => {
        seen = '';
        follow();
      }),
    ];
    parts.current = { session, presenting, pictures };
    session.start(() => {
      findContent(api);
    });
    return () => {
      session.finish();
      session.stop();
      pictures.stop();
      for (const end of ends) end();
      if (frame !== null) cancelAnimationFrame(frame);
      parts.current = null;
    };
  }, [api, client, whiteboard.id, lang, toasts, t]);

  useEffect(() => {
    const { current } = parts;
    if (api && current) onReady({ api, ...current, whiteboard, acts, canDraw, scene });
  }, [api, onReady, whiteboard, acts, canDraw, scene]);
  useEffect(
    () => () => {
      onReady(null);
    },
    [onReady],
  );

  // A file that is for us: the drawing program is not to hear of it, for it would put what is in
  // the file in the place of the whiteboard.
  const takeOver = useCallback(
    (event: { preventDefault: () => void }, data: DataTransfer | null): boolean => {
      const file = fileForUs(data);
      const { current } = parts;
      if (!file || !api || !current) return false;
      event.preventDefault();
      if (mayDraw.current) takeFile(file, { api, pictures: current.pictures, toasts, t });
      return true;
    },
    [api, toasts, t],
  );
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      if (!area.current?.contains(document.activeElement)) return;
      if (takeOver(event, event.clipboardData)) event.stopImmediatePropagation();
    };
    window.addEventListener('paste', onPaste, true);
    return () => {
      window.removeEventListener('paste', onPaste, true);
    };
  }, [takeOver]);

  return (
    <section
      ref={area}
      className={styles.canvas}
      aria-label={t.whiteboardCanvas(whiteboard.title)}
      onDropCapture={(event) => {
        if (takeOver(event, event.dataTransfer)) event.stopPropagation();
      }}
    >
      <Excalidraw
        excalidrawAPI={setAPI}
        langCode={lang === 'de' ? 'de-DE' : 'en'}
        theme={theme}
        name={whiteboard.title}
        viewModeEnabled={!canDraw}
        isCollaborating
        aiEnabled={false}
        validateEmbeddable={(link) => link.startsWith('werkraum:card/')}
        renderEmbeddable={(element) => <CardFace card={cardOf(element) ?? ''} />}
        onLinkOpen={(element, event) => {
          if (!element.link?.startsWith('werkraum:card/')) return;
          event.preventDefault();
          showSurface('board');
        }}
        generateIdForFile={() => newID()}
        onPaste={(data) => {
          const hasCard = (id: string): boolean => {
            const card = client.items.get(id);
            return card?.kind === 'card' && card.fields.deleted !== true;
          };
          const hasPicture = (id: string): boolean =>
            client.items.get(itemID(whiteboard.id, id))?.kind === 'picture';
          if (fitPasted(data, { hasCard, hasPicture })) toasts.refused(t.pasteLeftOut);
          return true;
        }}
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
          if (api) sayError(state, api, toasts, t);
          scene.take(elements);
          // The only one of the program's buttons that has no name.
          area.current?.querySelector('.main-menu-trigger')?.setAttribute('aria-label', t.drawMenu);
          parts.current?.session.changed(elements, state);
          parts.current?.pictures.take(elements, files, mayDraw.current);
        }}
        onPointerDown={() => {
          // Then its keys are for it, wherever the focus was.
          const canvas = area.current?.querySelector<HTMLElement>('.excalidraw-container');
          if (!canvas?.contains(document.activeElement)) canvas?.focus({ preventScroll: true });
        }}
        onPointerUpdate={({ pointer, button }) => {
          parts.current?.session.own.set({
            x: Math.round(pointer.x),
            y: Math.round(pointer.y),
            tool: pointer.tool,
            down: button === 'down' ? true : undefined,
          });
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
