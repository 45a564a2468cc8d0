import { useEffect, useState, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import { useHub } from './hub';

/** Others' changes are said together, and seldom: a live board must not talk without end. */
const gathersFor = 5_000;
/** A sentence that is there already is not read again, so it goes before the next one comes. */
const staysFor = 4_000;

/** Tells screen readers, quietly, that others have changed something. */
export function OthersHeard(): ReactNode {
  const t = useTexts();
  const { client } = useHub();
  const [said, setSaid] = useState('');

  useEffect(() => {
    const people = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = client.onNotice((notice) => {
      if (notice.kind !== 'change' || notice.by === client.state.me?.user_id) return;
      people.add(client.state.members.get(notice.by)?.name ?? notice.by);
      timer ??= setTimeout(() => {
        setSaid(t.othersChanged([...people].join(', ')));
        people.clear();
        timer = undefined;
      }, gathersFor);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client, t]);

  useEffect(() => {
    if (said === '') return;
    const timer = setTimeout(() => {
      setSaid('');
    }, staysFor);
    return () => {
      clearTimeout(timer);
    };
  }, [said]);

  return (
    <p role="status" className="visually-hidden">
      {said}
    </p>
  );
}
