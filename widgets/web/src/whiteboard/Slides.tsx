import { useState, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { CloseIcon, HighIcon, LowIcon } from '../ui/icons';
import { alterElements } from './alter';
import styles from './Panel.module.css';
import { placesAfterMove, slidesOf, type Slide } from './slides';
import { usePresenting, useScene, useStage } from './stage';
import { showView } from './viewport';

/** The frames of the whiteboard as slides, in their order. */
export function Slides({ onClose }: { onClose: () => void }): ReactNode {
  const t = useTexts();
  const { api, canDraw, presenting } = useStage();
  const { own, frame } = usePresenting();
  const slides = slidesOf(useScene());
  const [dragged, setDragged] = useState<string | null>(null);

  const move = (id: string, to: number): void => {
    const places = placesAfterMove(slides, id, to);
    alterElements(api, (element) => {
      const slide = places.get(element.id);
      return slide === undefined ? null : { customData: { ...element.customData, slide } };
    });
  };
  const show = (slide: Slide): void => {
    if (own) presenting.show(slide.id);
    showView(api, slide);
  };

  return (
    <section className={styles.panel} aria-labelledby="whiteboard-slides">
      <div className={styles.head}>
        <h2 id="whiteboard-slides" className={styles.title}>
          {t.slides}
        </h2>
        <button type="button" className={controls.icon} aria-label={t.close} onClick={onClose}>
          <CloseIcon />
        </button>
      </div>
      {slides.length === 0 && <p className={styles.hint}>{t.slidesNone}</p>}
      <ol className={styles.list}>
        {slides.map((slide, at) => {
          const name = slide.name || t.slideUnnamed(at + 1);
          return (
            <li
              key={slide.id}
              className={styles.row}
              draggable={canDraw}
              data-dragged={dragged === slide.id ? '' : undefined}
              onDragStart={() => {
                setDragged(slide.id);
              }}
              onDragEnd={() => {
                setDragged(null);
              }}
              onDragOver={(event) => {
                if (dragged !== null) event.preventDefault();
              }}
              onDrop={(event) => {
                event.preventDefault();
                if (dragged !== null) move(dragged, at);
                setDragged(null);
              }}
            >
              <button
                type="button"
                className={styles.name}
                aria-current={frame === slide.id ? 'true' : undefined}
                onClick={() => {
                  show(slide);
                }}
              >
                <span aria-hidden="true" className={styles.number}>
                  {at + 1}
                </span>
                <span dir="auto">{name}</span>
              </button>
              {canDraw && (
                <>
                  <button
                    type="button"
                    className={controls.icon}
                    aria-label={t.slideUp(name)}
                    title={t.slideUp(name)}
                    disabled={at === 0}
                    onClick={() => {
                      move(slide.id, at - 1);
                    }}
                  >
                    <HighIcon />
                  </button>
                  <button
                    type="button"
                    className={controls.icon}
                    aria-label={t.slideDown(name)}
                    title={t.slideDown(name)}
                    disabled={at === slides.length - 1}
                    onClick={() => {
                      move(slide.id, at + 1);
                    }}
                  >
                    <LowIcon />
                  </button>
                </>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
