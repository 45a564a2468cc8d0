import { useEffect, useState, type ReactNode } from 'react';
import { isolated, useTexts } from '../text/text';
import { Avatar } from '../ui/Avatar';
import { later } from '../ui/later';
import { useHub, usePartMissing, useRoom } from './hub';
import styles from './Viewers.module.css';

const viewerList = later(() => import('./ViewerList'));

const shownAtOnce = 4;

/**
 * Who has the room's work open: coloured initials, and on press a list of names, where the person
 * who is among them can sign out.
 */
export function Viewers(): ReactNode {
  const t = useTexts();
  const viewers = useRoom((state) => state.viewers);
  const members = useRoom((state) => state.members);
  const me = useRoom((state) => state.me?.user_id);
  const { signOut } = useHub();
  const partMissing = usePartMissing();
  const loaded = useRoom((state) => state.loaded !== 'nothing');
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (loaded) void viewerList.preload();
  }, [loaded]);
  const people = viewers.map((user) => ({ user, name: members.get(user)?.name ?? user }));
  if (people.length === 0) return null;
  const rest = people.length - shownAtOnce;

  return (
    <>
      <button
        type="button"
        className={styles.viewers}
        aria-label={t.viewers(people.length)}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => {
          setAnchor(event.currentTarget);
        }}
      >
        {people.slice(0, rest > 0 ? shownAtOnce - 1 : shownAtOnce).map(({ user, name }) => (
          <Avatar key={user} user={user} name={name} />
        ))}
        {rest > 0 && (
          <span aria-hidden="true" className={styles.more}>
            +{rest + 1}
          </span>
        )}
      </button>
      {anchor && (
        <viewerList.Part
          anchor={anchor}
          title={t.viewers(people.length)}
          people={people.map(({ user, name }) => ({
            user,
            name,
            said: user === me ? t.you(name) : isolated(name),
          }))}
          onSignOut={signOut}
          onClose={() => {
            setAnchor(null);
          }}
          onMissing={() => {
            setAnchor(null);
            partMissing();
          }}
        />
      )}
    </>
  );
}
