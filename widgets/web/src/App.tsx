import {
  useCallback,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import styles from './App.module.css';
import type { ViewState } from './board/viewState';
import { BoardSkeleton } from './board/BoardSkeleton';
import { guardLeaving, onWake } from './host/page';
import { copyOfDrawn } from './hub/drawn';
import { HubContext, usePartMissing, type Hub } from './hub/hub';
import { OthersHeard } from './hub/OthersHeard';
import { ToastRegion } from './hub/ToastRegion';
import { copyOfTyped, Toasts } from './hub/toasts';
import { LiveClient, type ClientOptions } from './live/client';
import { EndedPage } from './session/EndedPage';
import { EnterPage } from './session/EnterPage';
import { Screen } from './session/Screen';
import screens from './session/Screen.module.css';
import { isPassing, sentenceFor, type SignIn } from './session/signIn';
import { surfaces } from './surfaces';
import { LanguageContext, textsOf, useTexts } from './text/text';
import type { ExportFormat } from './transfer/format';
import controls from './ui/controls.module.css';
import { later } from './ui/later';

// Few pages are a person's own.
const mineSurface = later(() => import('./mine/MineSurface'));

interface AppProps {
  readonly signIn: SignIn;
  /** The room that the page was opened for, if its address named one. */
  readonly room: string | null;
  readonly live: ClientOptions;
  readonly sayAs?: Hub['sayAs'];
  /** What the private link by which the page was opened wants downloaded. */
  readonly download?: ExportFormat | null;
  /** The whiteboard that the page was opened for, if its address named one. */
  readonly whiteboard?: string | null;
}

type Stage =
  | { readonly at: 'signingIn' | 'enter' | 'open' | 'signingOut' | 'signedOut' }
  | { readonly at: 'failed'; readonly sentence: string; readonly again: boolean };

/** The whole page: signing in, then the surfaces of the room, then the end of the session. */
export function App(props: AppProps): ReactNode {
  const { signIn, room, live, sayAs = null, download = null, whiteboard = null } = props;
  const { lang } = live;
  const t = textsOf(lang);
  const [stage, setStage] = useState<Stage>({ at: 'signingIn' });
  const [surface, setSurface] = useState(whiteboard === null ? '' : 'whiteboard');
  const [{ client, toasts, lastViews, tabFocusRef, lastSurfaces, lastWhiteboards }] = useState(
    () => ({
      client: new LiveClient(live),
      toasts: new Toasts(),
      lastViews: new Map<string, ViewState>(),
      tabFocusRef: { current: false },
      lastSurfaces: new Map<string, string>(),
      lastWhiteboards: new Map(whiteboard === null ? [] : [['', whiteboard]]),
    }),
  );

  const enter = useCallback(async (): Promise<void> => {
    try {
      const session = await signIn.session();
      if (session === null) {
        setStage({ at: 'enter' });
        return;
      }
      client.start(session);
      setStage({ at: 'open' });
    } catch (error) {
      const again = signIn.repeatable || isPassing(error);
      setStage({ at: 'failed', sentence: sentenceFor(error, t), again });
    }
  }, [signIn, client, t]);

  const leave = useCallback(async (): Promise<void> => {
    if (client.state.unsaved > 0) {
      toasts.refused(t.signOutUnsaved);
      return;
    }
    setStage({ at: 'signingOut' });
    try {
      await signIn.signOut?.();
      client.stop();
      setStage({ at: 'signedOut' });
    } catch (error) {
      toasts.refused(sentenceFor(error, t));
      setStage({ at: 'open' });
    }
  }, [signIn, client, toasts, t]);

  const hub = useMemo<Hub>(
    () => ({
      client,
      toasts,
      surfaces,
      showSurface: setSurface,
      tabFocusRef,
      lastSurfaces,
      lastWhiteboards,
      lastViews,
      sayAs,
      signOut: signIn.signOut && (() => void leave()),
      download,
    }),
    [
      client,
      toasts,
      lastViews,
      tabFocusRef,
      lastSurfaces,
      lastWhiteboards,
      sayAs,
      signIn,
      leave,
      download,
    ],
  );

  const again = (): void => {
    setStage({ at: 'signingIn' });
    void enter();
  };

  useEffect(() => {
    // Answers come later; nothing is set while the effect runs.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void enter();
    const ends = [
      onWake(() => {
        client.wake();
      }),
      guardLeaving(() => client.state.unsaved > 0),
      client.onNotice((notice) => {
        if (notice.kind === 'refused') {
          const { args, error } = notice;
          const drawn = copyOfDrawn(args, (item) => client.items.known(item));
          toasts.refused(error.message, copyOfTyped(args) ?? drawn);
        }
      }),
    ];
    return () => {
      for (const end of ends) end();
      client.stop();
    };
  }, [enter, client, toasts]);

  return (
    <LanguageContext value={lang}>
      {stage.at === 'enter' && <EnterPage room={room} />}
      {stage.at === 'signingIn' && <BoardSkeleton label={t.signingIn} />}
      {stage.at === 'signingOut' && <BoardSkeleton label={t.signingOut} />}
      {stage.at === 'signedOut' && (
        <Screen title={t.signedOutTitle}>
          <p>{t.signedOut}</p>
          <button
            type="button"
            className={controls.button}
            onClick={() => {
              setStage({ at: 'enter' });
            }}
          >
            {t.failedNewLink}
          </button>
        </Screen>
      )}
      {stage.at === 'failed' && (
        <Screen title={t.failedTitle}>
          <p>{stage.sentence}</p>
          <div className={screens.buttons}>
            {stage.again && (
              <button
                type="button"
                className={`${controls.button ?? ''} ${controls.primary ?? ''}`}
                onClick={again}
              >
                {t.retry}
              </button>
            )}
            <button
              type="button"
              className={controls.button}
              onClick={() => {
                setStage({ at: 'enter' });
              }}
            >
              {t.failedNewLink}
            </button>
          </div>
        </Screen>
      )}
      {stage.at === 'open' && (
        <HubContext value={hub}>
          <OpenRoom
            hub={hub}
            surface={surface}
            onSignIn={() => {
              signIn.forget();
              if (signIn.repeatable) again();
              else setStage({ at: 'enter' });
            }}
          />
        </HubContext>
      )}
    </LanguageContext>
  );
}

function OpenRoom(props: { hub: Hub; surface: string; onSignIn: () => void }): ReactNode {
  const { client, lastSurfaces } = props.hub;
  const state = useSyncExternalStore(
    (listener) => client.onState(listener),
    () => client.state.ended,
  );
  const own = useSyncExternalStore(
    (listener) => client.onState(listener),
    () => client.state.room?.own ?? false,
  );
  const t = useTexts();
  const partMissing = usePartMissing();
  const room = useSyncExternalStore(
    (listener) => client.onState(listener),
    () => client.state.room?.id ?? '',
  );
  const chosen = props.surface === '' ? lastSurfaces.get(room) : props.surface;
  const shown = surfaces.find(({ id }) => id === chosen) ?? surfaces[0];
  useEffect(() => {
    if (room !== '' && props.surface !== '') lastSurfaces.set(room, props.surface);
  }, [lastSurfaces, room, props.surface]);
  const { View } = shown;
  if (state) return <EndedPage ended={state} onSignIn={props.onSignIn} />;
  return (
    <div className={styles.hub}>
      {own ? (
        <mineSurface.Part
          waiting={<BoardSkeleton label={t.mineLoading} />}
          onMissing={partMissing}
        />
      ) : (
        <View />
      )}
      <ToastRegion />
      <OthersHeard />
    </div>
  );
}
