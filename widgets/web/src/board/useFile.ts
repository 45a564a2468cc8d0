import { useEffect, useState } from 'react';
import { useHub } from '../hub/hub';
import { fetchFile } from '../session/files';
import { ServerRefusal } from '../session/server';
import { useLang } from '../text/text';

/** An attached picture for an img element; null until it is here, and if it is none. */
export function usePicture(card: string, file: string | null): string | null {
  const { client } = useHub();
  const lang = useLang();
  const [url, setURL] = useState<string | null>(null);
  useEffect(() => {
    if (file === null) return undefined;
    const abort = new AbortController();
    let made: string | null = null;
    let again: ReturnType<typeof setTimeout> | undefined;
    const fetchIt = (attempts: number): void => {
      fetchFile({ session: client.bearer, lang }, card, file, true, abort.signal).then(
        (blob) => {
          if (abort.signal.aborted || !blob.type.startsWith('image/')) return;
          made = URL.createObjectURL(blob);
          setURL(made);
        },
        (error: unknown) => {
          // Without the picture there is its name; one that was just posted comes in a moment.
          const passes = error instanceof ServerRefusal && error.kind === 'unavailable';
          if (!passes || abort.signal.aborted || attempts <= 1) return;
          again = setTimeout(() => {
            fetchIt(attempts - 1);
          }, 3_000);
        },
      );
    };
    fetchIt(5);
    return () => {
      abort.abort();
      clearTimeout(again);
      if (made !== null) URL.revokeObjectURL(made);
      setURL(null);
    };
  }, [client, lang, card, file]);
  return url;
}
