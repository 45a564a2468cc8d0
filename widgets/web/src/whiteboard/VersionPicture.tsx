import './excalidraw';
import { exportToCanvas } from '@excalidraw/excalidraw';
import type { BinaryFiles } from '@excalidraw/excalidraw/types';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useHub } from '../hub/hub';
import { ServerRefusal } from '../session/server';
import { useLang, useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import type { Element } from './elements';
import { filesOf } from './pictures';
import { useTheme } from './useTheme';
import styles from './VersionsDialog.module.css';
import { fetchVersion } from './versions';

/** Excalidraw's own type of this names a package that it does not bring along. */
const paint = exportToCanvas as unknown as (what: {
  elements: readonly Element[];
  appState: { exportBackground: boolean; exportWithDarkMode: boolean };
  files: BinaryFiles;
  exportPadding: number;
  maxWidthOrHeight: number;
}) => Promise<HTMLCanvasElement>;

/** So many pixels a picture has at most on its longer side. */
const largestSide = 1400;

/** What lay on a whiteboard in an earlier state, as a picture. */
export function VersionPicture(props: {
  whiteboard: string;
  version: string;
  name: string;
}): ReactNode {
  const { whiteboard, version, name } = props;
  const t = useTexts();
  const lang = useLang();
  const theme = useTheme();
  const { client } = useHub();
  const place = useRef<HTMLDivElement>(null);
  const [says, setSays] = useState<string | null>(t.versionLoading);
  const [loading, empty, failed] = [t.versionLoading, t.versionEmpty, t.failedNetwork];

  useEffect(() => {
    const abort = new AbortController();
    const gone = (): boolean => abort.signal.aborted;
    const show = async (): Promise<void> => {
      setSays(loading);
      const by = { session: client.bearer, lang };
      const elements = await fetchVersion(by, whiteboard, version, abort.signal);
      if (gone()) return;
      if (elements.length === 0) {
        setSays(empty);
        return;
      }
      const canvas = await paint({
        elements,
        appState: { exportBackground: true, exportWithDarkMode: theme === 'dark' },
        files: await filesOf(by, whiteboard, elements, abort.signal),
        exportPadding: 20,
        maxWidthOrHeight: largestSide,
      });
      if (gone()) return;
      canvas.removeAttribute('style');
      place.current?.replaceChildren(canvas);
      setSays(null);
    };
    show().catch((error: unknown) => {
      if (!gone()) setSays(error instanceof ServerRefusal ? error.message : failed);
    });
    return () => {
      abort.abort();
    };
  }, [client, lang, theme, whiteboard, version, loading, empty, failed]);

  return (
    <div className={styles.picture}>
      <div ref={place} role="img" aria-label={t.versionPicture(name)} hidden={says !== null} />
      {says !== null && (
        <p role="status" className={controls.hint}>
          {says}
        </p>
      )}
    </div>
  );
}
