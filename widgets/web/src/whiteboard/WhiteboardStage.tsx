import { useState, type ReactNode } from 'react';
import { TopBar } from '../hub/TopBar';
import { useTexts } from '../text/text';
import type { WhiteboardActs } from './acts';
import type { Whiteboard } from './model';
import { Outline } from './Outline';
import { PresentBar } from './PresentBar';
import { Slides } from './Slides';
import { StageContext, type Stage } from './stage';
import { StageTools, type Panel } from './StageTools';
import { WhiteboardCanvas } from './WhiteboardCanvas';
import styles from './WhiteboardStage.module.css';

/** One whiteboard: its drawing area, and what is beside it. */
export function WhiteboardStage(props: {
  whiteboard: Whiteboard;
  acts: WhiteboardActs;
  canDraw: boolean;
  tools: ReactNode;
}): ReactNode {
  const { whiteboard, acts, canDraw, tools } = props;
  const t = useTexts();
  const [stage, setStage] = useState<Stage | null>(null);
  const [panel, setPanel] = useState<Panel>(null);
  const close = (): void => {
    setPanel(null);
  };
  return (
    <StageContext value={stage}>
      <TopBar
        surface="whiteboard"
        undo={null}
        tools={
          <>
            {tools}
            {stage && <StageTools panel={panel} onPanel={setPanel} />}
          </>
        }
      />
      <main className={styles.main}>
        {whiteboard.locked && <p className={styles.note}>{t.whiteboardLocked}</p>}
        <div className={styles.area}>
          <WhiteboardCanvas
            whiteboard={whiteboard}
            acts={acts}
            canDraw={canDraw}
            onReady={setStage}
          />
          {stage && <PresentBar />}
          {stage && panel === 'outline' && <Outline onClose={close} />}
          {stage && panel === 'slides' && <Slides onClose={close} />}
        </div>
      </main>
    </StageContext>
  );
}
