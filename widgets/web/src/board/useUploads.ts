import { useEffect, useRef, useState } from 'react';
import { useHub } from '../hub/hub';
import { newID } from '../live/ids';
import { largestUpload, sendFile } from '../session/files';
import { ServerRefusal } from '../session/server';
import { useLang, useTexts } from '../text/text';

/** A file that is being attached, or could not be. */
export interface UploadState {
  readonly id: string;
  readonly file: File;
  /** From 0 to 1. */
  readonly part: number;
  /** Why it could not be attached; null while it is under way. */
  readonly problem: string | null;
  /** It may go better the next time. */
  readonly again: boolean;
}

/** The files that the person attaches to a card. */
export interface Uploads {
  readonly list: readonly UploadState[];
  readonly add: (files: Iterable<File>) => void;
  readonly retry: (upload: UploadState) => void;
  readonly dismiss: (id: string) => void;
}

/**
 * Sends files, one after the other. They go on when the card is closed; what then cannot be
 * attached is said in a message.
 */
export function useUploads(card: string): Uploads {
  const { client, toasts } = useHub();
  const lang = useLang();
  const t = useTexts();
  const [list, setList] = useState<readonly UploadState[]>([]);
  const aborts = useRef(new Map<string, AbortController>());
  const line = useRef<Promise<unknown>>(Promise.resolve());
  const open = useRef(true);
  useEffect(() => {
    open.current = true;
    return () => {
      open.current = false;
    };
  }, []);

  const change = (id: string, to: Partial<UploadState> | null): void => {
    setList((now) =>
      now.flatMap((entry) => (entry.id !== id ? [entry] : to ? [{ ...entry, ...to }] : [])),
    );
  };

  const send = async (id: string, file: File): Promise<void> => {
    const abort = aborts.current.get(id);
    if (!abort || abort.signal.aborted) return;
    const by = { session: client.bearer, lang };
    try {
      const most = await largestUpload(by);
      if (file.size > most) {
        throw new ServerRefusal('too_large', t.fileTooLarge(Math.floor(most / 1_048_576)));
      }
      const progress = (part: number): void => {
        change(id, { part });
      };
      await sendFile(by, card, id, file, progress, abort.signal);
      change(id, null);
    } catch (error) {
      if (!aborts.current.has(id)) return; // the person has stopped it
      const refused = error instanceof ServerRefusal ? error : null;
      const problem = refused?.message ?? t.failedNetwork;
      const again = !refused || refused.kind === 'unavailable' || refused.kind === 'rate_limited';
      change(id, { problem, again });
      if (!open.current) toasts.refused(t.fileFailed(file.name, problem));
    }
  };

  const start = (id: string, file: File): void => {
    aborts.current.set(id, new AbortController());
    line.current = line.current.then(() => send(id, file));
  };

  return {
    list,
    add: (files) => {
      for (const file of files) {
        const id = newID();
        setList((now) => [...now, { id, file, part: 0, problem: null, again: false }]);
        start(id, file);
      }
    },
    retry: ({ id, file }) => {
      change(id, { problem: null, part: 0 });
      start(id, file);
    },
    dismiss: (id) => {
      aborts.current.get(id)?.abort();
      aborts.current.delete(id);
      change(id, null);
    },
  };
}
