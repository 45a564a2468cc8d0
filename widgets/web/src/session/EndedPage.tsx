import type { ReactNode } from 'react';
import { roomLink } from '../host/address';
import type { RoomState } from '../live/client';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { Screen } from './Screen';

/** Says why the server ended the session and what to do now. */
export function EndedPage(props: {
  ended: NonNullable<RoomState['ended']>;
  onSignIn: () => void;
}): ReactNode {
  const t = useTexts();
  const { reason, message, room } = props.ended;
  const ours =
    reason === 'moved' ? t.endedMoved : reason === 'removed' ? t.endedRemoved : t.endedExpired;
  return (
    <Screen title={t.endedTitle}>
      <p>{message || ours}</p>
      {reason === 'moved' && room ? (
        <a
          className={`${controls.button ?? ''} ${controls.primary ?? ''}`}
          href={roomLink(room)}
          target="_blank"
          rel="noreferrer"
        >
          {t.endedOpenRoom}
        </a>
      ) : (
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.primary ?? ''}`}
          onClick={props.onSignIn}
        >
          {t.endedSignIn}
        </button>
      )}
    </Screen>
  );
}
