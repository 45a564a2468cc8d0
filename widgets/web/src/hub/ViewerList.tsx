import { useMemo, type ReactNode } from 'react';
import { Dialog, I18nProvider, Popover } from 'react-aria-components';
import { localeOf, useLang, useTexts } from '../text/text';
import { Avatar } from '../ui/Avatar';
import { SignOutIcon } from '../ui/icons';
import styles from './Viewers.module.css';

/** The names of those who are looking, beside their initials. */
export default function ViewerList(props: {
  anchor: HTMLElement;
  title: string;
  people: readonly { user: string; name: string; said: string }[];
  onSignOut: (() => void) | null;
  onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const lang = useLang();
  const { onSignOut } = props;
  const trigger = useMemo(() => ({ current: props.anchor }), [props.anchor]);
  return (
    <I18nProvider locale={localeOf(lang)}>
      <Popover
        isOpen
        triggerRef={trigger}
        placement="bottom end"
        onOpenChange={(open) => {
          if (!open) props.onClose();
        }}
      >
        <Dialog aria-label={props.title}>
          <div className={styles.panel}>
            <ul className={styles.list}>
              {props.people.map(({ user, name, said }) => (
                <li key={user} className={styles.person}>
                  <Avatar user={user} name={name} />
                  <span>{said}</span>
                </li>
              ))}
            </ul>
            {onSignOut && (
              <button
                type="button"
                className={styles.signOut}
                onClick={() => {
                  props.onClose();
                  onSignOut();
                }}
              >
                <SignOutIcon />
                {t.signOut}
              </button>
            )}
          </div>
        </Dialog>
      </Popover>
    </I18nProvider>
  );
}
