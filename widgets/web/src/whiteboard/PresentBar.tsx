import type { ReactNode } from 'react';
import { useRoom } from '../hub/hub';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { BackIcon, ForwardIcon } from '../ui/icons';
import styles from './PresentBar.module.css';
import { slidesOf } from './slides';
import { usePresenting, useScene, useStage } from './stage';
import { showView } from './viewport';

/** Says who presents, and lets them lead and the others follow, look away and come back. */
export function PresentBar(): ReactNode {
  const t = useTexts();
  const { api, presenting } = useStage();
  const state = usePresenting();
  const slides = slidesOf(useScene());
  const members = useRoom((room) => room.members);
  const moderates = useRoom((room) => room.me?.can.moderate ?? false);
  const at = slides.findIndex(({ id }) => id === state.frame);
  const go = (to: number): void => {
    const slide = slides[to];
    if (!slide) return;
    presenting.show(slide.id);
    showView(api, slide);
  };
  const small = `${controls.button ?? ''} ${controls.small ?? ''}`;

  if (state.own) {
    return (
      <div role="group" aria-label={t.presenting} className={styles.bar}>
        <span role="status">{at < 0 ? t.presentYou : t.presentSlide(at + 1, slides.length)}</span>
        {slides.length > 0 && (
          <>
            <button
              type="button"
              className={controls.icon}
              aria-label={t.slidePrevious}
              title={t.slidePrevious}
              disabled={at === 0}
              onClick={() => {
                go(Math.max(0, at - 1));
              }}
            >
              <BackIcon />
            </button>
            <button
              type="button"
              className={controls.icon}
              aria-label={t.slideNext}
              title={t.slideNext}
              disabled={at === slides.length - 1}
              onClick={() => {
                go(at + 1);
              }}
            >
              <ForwardIcon />
            </button>
          </>
        )}
        <button
          type="button"
          className={small}
          onClick={() => {
            presenting.stop();
          }}
        >
          {t.presentStop}
        </button>
      </div>
    );
  }
  if (state.other === null) return null;
  const name = members.get(state.other)?.name ?? state.other;
  return (
    <div role="group" aria-label={t.presenting} className={styles.bar}>
      <span role="status">{state.away ? t.presentAway(name) : t.presentFollow(name)}</span>
      <button
        type="button"
        className={small}
        onClick={() => {
          presenting.look(!state.away);
        }}
      >
        {state.away ? t.presentBack : t.presentLookAway}
      </button>
      {moderates && (
        <button
          type="button"
          className={small}
          onClick={() => {
            presenting.start(state.frame, Date.now());
          }}
        >
          {t.presentTakeOver}
        </button>
      )}
    </div>
  );
}
